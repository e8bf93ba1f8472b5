import RuleAnalysis
import RuleProgram
import RuleSyntax

/// The tests of a case as constants: what remains of FEEL unary tests before keys exist.
struct ConstantTests {
  /// The case takes what none of `ranges` holds.
  var isNegated: Bool
  var ranges: [ConstantRange]

  /// A range of values; nil ends are infinite.
  struct ConstantRange {
    var low: Program.Bound?
    var high: Program.Bound?
    /// True for `!= value`: everything outside the range, which is that one value.
    var isInverted = false
    /// Where the test stands.
    var span = SourceSpan(0, 0)
  }

  /// Every constant that the tests compare with.
  var constants: [Value] { ranges.flatMap { [$0.low?.value, $0.high?.value].compactMap { $0 } } }

  /// The keys of the values that pass, among `all` keys of the slot. A missing value never passes.
  func keys(_ slot: Program.Slot, declared: [String], all: ClosedRange<Int64>) -> KeySet {
    let everything = KeySet([all])
    let passed = KeySet(
      ranges.flatMap { range in
        let keys = Self.keys(range, slot, declared, all)
        return (range.isInverted ? everything.subtracting(keys) : keys).ranges
      })
    return isNegated ? everything.subtracting(passed) : passed
  }

  /// The keys of the values inside `range`.
  static func keys(
    _ range: ConstantRange, _ slot: Program.Slot, _ declared: [String], _ all: ClosedRange<Int64>
  ) -> KeySet {
    var low = all.lowerBound
    var high = all.upperBound
    if let bound = range.low {
      low = slot.key(of: bound.value, declared: declared) + (bound.isClosed ? 0 : 1)
    }
    if let bound = range.high {
      high = slot.key(of: bound.value, declared: declared) - (bound.isClosed ? 0 : 1)
    }
    return low <= high ? KeySet([low...high]) : .empty
  }
}

/// Reduces the unary tests of one case to constants of the slot's type.
struct TestLowering {
  let draft: Draft
  let slot: Draft.DraftSlot
  var diagnostics: [Diagnostic] = []

  init(draft: Draft, slot: Draft.DraftSlot) {
    self.draft = draft
    self.slot = slot
  }

  /// The tests as constants, or nil when one has an error, which has been reported.
  mutating func lower(_ tests: UnaryTests) -> ConstantTests? {
    var ranges: [ConstantTests.ConstantRange] = []
    for test in tests.tests {
      guard var range = lower(test) else { continue }
      range.span = test.span
      ranges.append(range)
    }
    guard ranges.count == tests.tests.count else { return nil }
    return ConstantTests(isNegated: tests.negated, ranges: ranges)
  }

  private mutating func lower(_ test: UnaryTest) -> ConstantTests.ConstantRange? {
    switch test.kind {
    case .any: return ConstantTests.ConstantRange()
    case .comparison(let symbol, let expression):
      return constant(expression, isOrdered: symbol != .equal && symbol != .notEqual).map {
        Self.range(symbol, $0)
      }
    case .interval(let lowClosed, let low, let high, let highClosed):
      let a = constant(low, isOrdered: true)
      let b = constant(high, isOrdered: true)
      guard let a, let b else { return nil }
      return ConstantTests.ConstantRange(
        low: Program.Bound(a, isClosed: lowClosed), high: Program.Bound(b, isClosed: highClosed))
    case .expression(let expression):
      return constant(expression, isOrdered: false).map { Self.range(.equal, $0) }
    }
  }

  private static func range(
    _ symbol: Expression.ComparisonOperator, _ value: Value
  ) -> ConstantTests.ConstantRange {
    let closed = Program.Bound(value, isClosed: true)
    let open = Program.Bound(value, isClosed: false)
    return switch symbol {
    case .equal: ConstantTests.ConstantRange(low: closed, high: closed)
    case .notEqual: ConstantTests.ConstantRange(low: closed, high: closed, isInverted: true)
    case .less: ConstantTests.ConstantRange(high: open)
    case .lessOrEqual: ConstantTests.ConstantRange(high: closed)
    case .greater: ConstantTests.ConstantRange(low: open)
    case .greaterOrEqual: ConstantTests.ConstantRange(low: closed)
    }
  }

  /// The constant that `expression` is, of the slot's type.
  private mutating func constant(_ expression: Expression, isOrdered: Bool) -> Value? {
    if expression.mentionsTested {
      return refuse(
        .feelUnsupported, "`?` is not supported in the tests of a case", expression.span,
        help: "split on the condition itself: on=\"…\" with the cases true and false")
    }
    var lowering = ExpressionLowering(names: draft.names)
    let lowered = lowering.lower(expression)
    diagnostics += lowering.diagnostics
    guard let lowered else { return nil }
    guard let value = lowered.constant else {
      return refuse(
        .feelUnsupported, "a case compares with constants only, and this is none", expression.span,
        help: "split on the comparison instead: on=\"a > b\" with the cases true and false, "
          + "or on a derived value")
    }
    return checked(value, expression.span, isOrdered: isOrdered)
  }

  private mutating func checked(_ value: Value, _ span: SourceSpan, isOrdered: Bool) -> Value? {
    if value == .null {
      return refuse(
        .typeMismatch, "`null` never equals a value, so this test never holds", span,
        help: "handle a missing value with <missing>")
    }
    guard value.type == slot.type else {
      let found = value.type?.name ?? "null"
      return refuse(
        .typeMismatch, "the split is on a \(slot.type.name), but this is a \(found)", span,
        help: help(found))
    }
    if isOrdered, slot.type == .boolean {
      return refuse(
        .typeMismatch, "booleans have no order", span, help: "use the cases true and false")
    }
    if let first = slot.constants.first?.hasOffset, let this = value.hasOffset, first != this {
      return refuse(
        .typeMismatch, "times with and without an offset from UTC can't be compared", span,
        help: "give all times of this split an offset, or none")
    }
    return isDeclared(value, span, isOrdered: isOrdered) ? value : nil
  }

  private func help(_ found: String) -> String {
    switch (slot.type, found) {
    case (.string, _): "put texts in quotes: \"…\""
    case (_, "string"): "write the value without quotes; dates as date(\"2026-01-31\")"
    default: "compare with a constant of type \(slot.type.name)"
    }
  }

  /// A string that is compared with an input's declared values must be one of them.
  private mutating func isDeclared(_ value: Value, _ span: SourceSpan, isOrdered: Bool) -> Bool {
    guard case .input(let index) = slot.source, case .string(let text) = value else { return true }
    let input = draft.declarations.inputs[index]
    guard !input.values.isEmpty else { return true }
    if isOrdered {
      diagnostics.append(
        Diagnostic(
          .feelUnsupported, "the declared values of input `\(input.name)` have no order", at: span,
          help: "list the values that the case takes"))
      return false
    }
    if input.values.sortedIndex(of: text) != nil { return true }
    let closest = Suggestion.closest(to: text, among: input.values)
    diagnostics.append(
      Diagnostic(
        .invalidValue, "`\(text)` is not a value of input `\(input.name)`", at: span,
        help: closest.map { "did you mean `\($0)`?" }
          ?? "the values are \(input.values.prefix(12).map { "`\($0)`" }.joined(separator: ", "))"))
    return false
  }

  private mutating func refuse(
    _ id: DiagnosticID, _ message: String, _ span: SourceSpan, help: String
  ) -> Value? {
    diagnostics.append(Diagnostic(id, message, at: span, help: help))
    return nil
  }
}
