import RuleProgram
import RuleSyntax

/// Turns FEEL expressions into typed stack code, checking types on the way and computing what is
/// constant at once.
struct ExpressionLowering {
  /// Types of inputs and derived values by name, with their numbers.
  let names: [String: Name]
  var diagnostics: [Diagnostic] = []

  /// What a name stands for.
  enum Name {
    case input(Int, ValueType)
    case derived(Int, ValueType)
    /// Declared, but with an error of its own that has been reported: no further ones.
    case broken
  }

  init(names: [String: Name]) { self.names = names }

  /// The code of `expression`, or nil when it has an error, which has been reported.
  mutating func lower(_ expression: Expression) -> Lowered? {
    switch expression.kind {
    case .number(let text):
      return Decimal128(text).map { Lowered(constant: .number($0)) }
        ?? refuse(.feelSyntax, "`\(text)` is too large for a number", expression.span, help: nil)
    case .string(let text): return Lowered(constant: .string(text))
    case .boolean(let flag): return Lowered(constant: .boolean(flag))
    case .null: return Lowered(constant: .null)
    case .temporal(let text): return temporal(text, expression.span)
    case .name(let name): return lowerName(name, expression.span)
    case .tested:
      return refuse(
        .feelUnsupported, "`?` stands only inside the tests of a case", expression.span,
        help: "name the input")
    case .negate(let operand): return apply(.negate, [operand], expression.span)
    case .arithmetic(let symbol, let a, let b):
      return arithmetic(symbol, a, b, expression.span)
    case .compare(let symbol, let a, let b):
      return apply(symbol.operation, [a, b], expression.span)
    case .and(let a, let b): return apply(.and, [a, b], expression.span)
    case .or(let a, let b): return apply(.or, [a, b], expression.span)
    case .not(let a): return apply(.not, [a], expression.span)
    case .ifThenElse(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, expression.span)
    case .between(let value, let low, let high):
      return between(value, low, high, expression.span)
    case .membership(let value, let tests): return membership(value, tests, expression.span)
    case .call(let function, let arguments): return call(function, arguments, expression.span)
    case .property(let base, let name): return property(base, name)
    case .list:
      return refuse(
        .feelUnsupported, "a list stands only as the argument of min, max, sum or count",
        expression.span, help: "use `in (a, b, c)` to compare with several values")
    }
  }

  mutating func refuse(
    _ id: DiagnosticID, _ message: String, _ span: SourceSpan, help: String?
  ) -> Lowered? {
    diagnostics.append(Diagnostic(id, message, at: span, help: help))
    return nil
  }

  private mutating func lowerName(_ name: String, _ span: SourceSpan) -> Lowered? {
    switch names[name] {
    case .input(let index, let type):
      return Lowered([.instruction(Instruction(.input, index))], type)
    case .derived(let index, let type):
      return Lowered([.instruction(Instruction(.derived, index))], type)
    case .broken: return nil
    case nil:
      return refuse(.unknownName, "there is no input or derived value `\(name)`", span, help: nil)
    }
  }

  private mutating func temporal(_ text: String, _ span: SourceSpan) -> Lowered? {
    for type in [
      ValueType.date, .dateTime, .time, .dayTimeDuration, .yearMonthDuration,
    ] {
      if let value = Value(parsing: text, as: type) { return Lowered(constant: value) }
    }
    if text.utf8.contains(UInt8(ascii: "@")) { return refuseZone(span) }
    return refuse(
      .invalidValue, "`\(text)` is no date, time or duration", span,
      help: "write dates as 2026-01-31, times as 09:30:00, durations as P1Y6M or P1DT12H")
  }

  private mutating func refuseZone(_ span: SourceSpan) -> Lowered? {
    refuse(
      .feelUnsupported, "named time zones are not supported", span,
      help: "write the offset from UTC, such as +01:00")
  }

  /// Lowers all `operands`, so that each one's errors are reported.
  private mutating func lowerAll(_ operands: [Expression]) -> [Lowered]? {
    let lowered = operands.map { lower($0) }
    let known = lowered.compactMap { $0 }
    return known.count == operands.count ? known : nil
  }

  private mutating func apply(
    _ operation: Operation, _ operands: [Expression], _ span: SourceSpan
  ) -> Lowered? {
    guard let lowered = lowerAll(operands) else { return nil }
    return combine(Instruction(operation), lowered, span)
  }

  /// `instruction` over operands that are already code.
  mutating func combine(
    _ instruction: Instruction, _ operands: [Lowered], _ span: SourceSpan
  ) -> Lowered? {
    let operation = instruction.operation
    let type: ValueType?
    switch operation.resultType(operands.map(\.type)) {
    case .type(let known): type = known
    case .null: type = nil
    case .refused:
      let names = operands.map { $0.type?.name ?? "null" }
      return refuse(
        .typeMismatch, Self.mismatch(operation, names), span, help: Self.help(operation, names))
    }
    let constants = operands.compactMap(\.constant)
    if constants.count == operands.count {
      return constant(operation, constants, span)
    }
    return Lowered(operands.flatMap(\.instructions) + [.instruction(instruction)], type)
  }

  /// What `operation` gives for constants, computed now: an operation on constants that can't give
  /// a value is a mistake.
  private mutating func constant(
    _ operation: Operation, _ values: [Value], _ span: SourceSpan
  ) -> Lowered? {
    let value: Value =
      switch values.count {
      case 1: operation.value(of: values[0])
      case 2: operation.value(of: values[0], values[1])
      default: operation.value(of: values)
      }
    if value == .null, operation == .dateTimeFrom || operation == .timeFrom,
      case .string(let text) = values[0], text.utf8.contains(UInt8(ascii: "@"))
    {
      return refuseZone(span)
    }
    if value == .null, !values.contains(.null), operation != .select {
      return refuse(
        .invalidValue, "this is always null", span,
        help: "`\(operation.phrase)` gives no value for these constants")
    }
    return Lowered(constant: value)
  }

  private static func mismatch(_ operation: Operation, _ types: [String]) -> String {
    if operation.isComparison, types == ["boolean", "boolean"] {
      return "booleans have no order, so `\(operation.phrase)` can't compare them"
    }
    return types.count == 2 && operation.isComparison
      ? "a \(types[0]) can't be compared with a \(types[1]) by `\(operation.phrase)`"
      : "`\(operation.phrase)` does not take \(types.joined(separator: " and "))"
  }

  private static func help(_ operation: Operation, _ types: [String]) -> String? {
    if types.contains("string"), types.contains("number") {
      return "write numbers without quotes, and strings with them"
    }
    if types.contains("string"), types.contains(where: { $0.hasPrefix("date") || $0 == "time" }) {
      return "make a date of a text with date(\"2026-01-31\")"
    }
    return nil
  }

  private mutating func arithmetic(
    _ symbol: Expression.ArithmeticOperator, _ a: Expression, _ b: Expression, _ span: SourceSpan
  ) -> Lowered? {
    guard let operands = lowerAll([a, b]) else { return nil }
    if symbol == .power {
      guard case .number(let exponent)? = operands[1].constant, exponent.isInteger else {
        return refuse(
          .feelUnsupported, "the exponent of `**` must be a constant whole number", b.span,
          help: "other powers have no exact value")
      }
    }
    return combine(Instruction(symbol.operation), operands, span)
  }

  private mutating func conditional(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression, _ span: SourceSpan
  ) -> Lowered? {
    guard let operands = lowerAll([condition, then, otherwise]) else { return nil }
    if let found = operands[0].type, found != .boolean {
      return refuse(
        .typeMismatch, "the condition of `if` must be a boolean, but this is a \(found.name)",
        condition.span, help: nil)
    }
    if let a = operands[1].type, let b = operands[2].type, a != b {
      return refuse(
        .typeMismatch, "`then` gives a \(a.name), but this is a \(b.name)", otherwise.span,
        help: "give both branches one type")
    }
    return combine(Instruction(.select), operands, span)
  }

  private mutating func property(_ base: Expression, _ name: Spanned<String>) -> Lowered? {
    guard let lowered = lower(base) else { return nil }
    guard let property = TemporalProperty(name: name.value) else {
      return refuse(
        .unknownName, "there is no property `\(name.value)`", name.span,
        help: "dates, times and durations have year, month, day, weekday, hour, minute, second, "
          + "years, months, days, hours, minutes and seconds")
    }
    guard let type = lowered.type else { return lowered }
    guard let result = property.type(on: type) else {
      return refuse(
        .typeMismatch, "a \(type.name) has no property `\(name.value)`", name.span, help: nil)
    }
    if let constant = lowered.constant {
      return Lowered(constant: FEEL.property(constant, property))
    }
    let instruction = Instruction(.property, Int(property.rawValue))
    return Lowered(lowered.instructions + [.instruction(instruction)], result)
  }
}

extension Expression.ArithmeticOperator {
  /// The operation that carries it out.
  var operation: Operation {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    }
  }
}

extension Expression.ComparisonOperator {
  /// The operation that carries it out.
  var operation: Operation {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }
}

extension Operation {
  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  /// The operation as an author wrote it.
  var phrase: String {
    switch self {
    case .add: "+"
    case .subtract, .negate: "-"
    case .multiply: "*"
    case .divide: "/"
    case .power: "**"
    case .equal: "="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .select: "if then else"
    case .roundUp: "round up"
    case .roundDown: "round down"
    case .roundHalfUp: "round half up"
    case .roundHalfDown: "round half down"
    case .roundHalfEven: "round half even"
    case .squareRoot: "sqrt"
    case .minimum: "min"
    case .maximum: "max"
    case .startsWith: "starts with"
    case .endsWith: "ends with"
    case .stringLength: "string length"
    case .upperCase: "upper case"
    case .lowerCase: "lower case"
    case .substringLength: "substring"
    case .dateFrom, .dateFromParts: "date"
    case .timeFrom, .timeFromParts, .timeFromPartsOffset: "time"
    case .dateTimeFrom, .dateTimeFromParts: "date and time"
    case .yearsAndMonths: "years and months duration"
    default: name
    }
  }
}
