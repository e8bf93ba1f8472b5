import RuleAnalysis
import RuleProgram
import RuleSyntax

/// Conditions whose answer is known before they are asked.
extension TreeChecker {
  /// Reports a split that decides nothing, tests that can't hold, and bounds that can't be met. A case
  /// that can't be reached at all is an error, which has been reported.
  mutating func reportSettled(_ split: DraftSplit, _ possible: KeySet, _ keys: BranchKeys) {
    let slot = program.slots[split.slot]
    let isAlone = split.cases.count + (split.otherwise == nil ? 0 : 1) == 1 && split.missing == nil
    let isWhole = split.otherwise != nil || keys.otherwise.intersection(possible).isEmpty
    if isAlone, isWhole, !possible.includesMissing {
      rare.add(
        Diagnostic(
          .settledCondition, "this split decides nothing: it has one branch",
          at: split.syntax.on.span, help: "put what lies below in its place"))
      return
    }
    guard let hull = possible.hull else { return }
    for (item, itemKeys) in zip(split.cases, keys.cases)
    where !item.tests.isNegated && !itemKeys.intersection(possible).isEmpty {
      for test in item.tests.ranges where !test.isInverted {
        report(test, split, slot, possible, hull)
      }
    }
  }

  private mutating func report(
    _ test: ConstantTests.ConstantRange, _ split: DraftSplit, _ slot: Program.Slot,
    _ possible: KeySet, _ hull: ClosedRange<Int64>
  ) {
    var declared: [String] = []
    if case .input(let index) = slot.source { declared = program.inputs[index].values }
    let all = slot.encoding.keys(declaredValues: declared.count)
    let keys = ConstantTests.keys(test, slot, declared, all)
    if keys.isEmpty { return }
    if keys.intersection(possible).isEmpty {
      rare.add(
        Diagnostic(
          .settledCondition,
          "this test never holds: only \(conditions(possible, slot)) is possible here",
          at: test.span, help: "remove it, or correct the case above it"))
      return
    }
    guard !slot.encoding.isTable, let range = keys.hull else { return }
    if let low = test.low, range.lowerBound < hull.lowerBound {
      reportBound(low.value, test.span, split, slot, possible, isLow: true, range.lowerBound)
    }
    if let high = test.high, range.upperBound > hull.upperBound {
      reportBound(high.value, test.span, split, slot, possible, isLow: false, range.upperBound)
    }
  }

  /// A bound beyond what the input accepts is one kind of finding, one that an earlier split keeps out
  /// another.
  private mutating func reportBound(
    _ value: Value, _ span: SourceSpan, _ split: DraftSplit, _ slot: Program.Slot,
    _ possible: KeySet, isLow: Bool, _ key: Int64
  ) {
    if case .input(let index) = slot.source, let domain = search.whole.keys[split.slot].hull,
      isLow ? key < domain.lowerBound : key > domain.upperBound
    {
      let input = program.inputs[index]
      let limit = (isLow ? input.minimum : input.maximum)?.feelLiteral ?? ""
      let words = isLow ? "is \(limit) or more" : "is \(limit) or less"
      rare.add(
        Diagnostic(
          .cutOutOfRange, "`\(value.feelLiteral)` is out of range: \(subject(split)) \(words)",
          at: span, help: "correct the bound, or the input's \(isLow ? "`min`" : "`max`")"))
    } else {
      rare.add(
        Diagnostic(
          .settledCondition,
          "`\(value.feelLiteral)` can't be met: only \(conditions(possible, slot)) is possible here",
          at: span, help: "leave the bound out, or correct the case above it"))
    }
  }
}
