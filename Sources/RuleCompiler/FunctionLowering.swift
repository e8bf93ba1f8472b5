import RuleProgram
import RuleSyntax

/// Calls of built-in functions, `between` and `in`.
extension ExpressionLowering {
  mutating func call(
    _ function: BuiltinFunction, _ arguments: [Expression], _ span: SourceSpan
  ) -> Lowered? {
    switch function {
    case .min, .max, .sum, .count: return aggregate(function, arguments, span)
    case .matches: return matches(arguments, span)
    case .duration: return duration(arguments, span)
    default: break
    }
    guard let operation = function.operation(arguments.count) else {
      return refuse(
        .feelUnsupported,
        "`\(function.rawValue)` with \(arguments.count) arguments is not supported", span,
        help: nil)
    }
    let lowered = arguments.map { lower($0) }
    let operands = lowered.compactMap { $0 }
    guard operands.count == arguments.count else { return nil }
    if function == .floor || function == .ceiling, arguments.count == 2 {
      return scaled(function, operands, span)
    }
    return combine(Instruction(operation), operands, span)
  }

  /// `floor(n, scale)` and `ceiling(n, scale)`: rounding down or up at a scale.
  private mutating func scaled(
    _ function: BuiltinFunction, _ operands: [Lowered], _ span: SourceSpan
  ) -> Lowered? {
    guard operands[1].constant == .number(Decimal128(0)) else {
      return refuse(
        .feelUnsupported, "`\(function.rawValue)` with a scale is not supported", span,
        help: "use `round down` or `round up`, which take a scale")
    }
    let operation: Operation = function == .floor ? .floor : .ceiling
    return combine(Instruction(operation), [operands[0]], span)
  }

  private mutating func aggregate(
    _ function: BuiltinFunction, _ arguments: [Expression], _ span: SourceSpan
  ) -> Lowered? {
    var elements = arguments
    if arguments.count == 1, case .list(let list) = arguments[0].kind { elements = list }
    let lowered = elements.map { lower($0) }
    let operands = lowered.compactMap { $0 }
    guard operands.count == elements.count else { return nil }
    let operation: Operation =
      switch function {
      case .min: .minimum
      case .max: .maximum
      case .sum: .sum
      default: .count
      }
    if operands.isEmpty {
      return Lowered(constant: operation.value(of: []))
    }
    return combine(Instruction(operation, operands.count), operands, span)
  }

  private mutating func matches(_ arguments: [Expression], _ span: SourceSpan) -> Lowered? {
    let lowered = arguments.map { lower($0) }
    let operands = lowered.compactMap { $0 }
    guard operands.count == arguments.count, let text = operands.first else { return nil }
    guard text.type == .string || text.type == nil else {
      return combine(Instruction(.contains), [text, operands[1]], span)
    }
    var texts: [String] = []
    for (index, operand) in operands.enumerated().dropFirst() {
      guard case .string(let constant)? = operand.constant else {
        return refuse(
          .feelUnsupported, "the pattern and flags of `matches` must be constant texts",
          arguments[index].span, help: nil)
      }
      texts.append(constant)
    }
    let pattern = Program.Pattern(pattern: texts[0], flags: texts.count > 1 ? texts[1] : "")
    do {
      let expression = try RegularExpression(pattern.pattern, flags: pattern.flags)
      if case .string(let constant)? = text.constant {
        return Lowered(constant: .boolean(expression.matches(constant)))
      }
    } catch {
      return refuse(
        .feelUnsupported, "this pattern can't be used: \(error)", arguments[1].span, help: nil)
    }
    return Lowered(text.instructions + [.matches(pattern)], .boolean)
  }

  private mutating func duration(_ arguments: [Expression], _ span: SourceSpan) -> Lowered? {
    guard let argument = arguments.first, let text = lower(argument) else { return nil }
    guard case .string(let constant)? = text.constant else {
      return refuse(
        .feelUnsupported, "`duration` takes a constant text only", argument.span,
        help: "declare an input of type dayTimeDuration or yearMonthDuration instead")
    }
    for type in [ValueType.dayTimeDuration, .yearMonthDuration] {
      if let value = Value(parsing: constant, as: type) { return Lowered(constant: value) }
    }
    return refuse(
      .invalidValue, "`\(constant)` is no duration", argument.span,
      help: "write days and shorter as P1DT12H, months and years as P1Y6M")
  }

  /// `value between low and high` is `value in [low..high]`.
  mutating func between(
    _ value: Expression, _ low: Expression, _ high: Expression, _ span: SourceSpan
  ) -> Lowered? {
    let test = UnaryTest(
      .interval(lowClosed: true, low: low, high: high, highClosed: true), span)
    return membership(value, UnaryTests(negated: false, tests: [test], span: span), span)
  }

  /// `value in tests`: the value is computed once and copied for each test.
  mutating func membership(
    _ value: Expression, _ tests: UnaryTests, _ span: SourceSpan
  ) -> Lowered? {
    guard let x = lower(value) else { return nil }
    let copy = Lowered([.instruction(Instruction(.copy, 0))], x.type)
    var result: Lowered?
    for test in tests.tests {
      // Behind the first test, its result lies between the value and the next copy.
      let subject =
        x.constant == nil
        ? (result == nil ? copy : Lowered([.instruction(Instruction(.copy, 1))], x.type)) : x
      guard let next = lower(test, of: subject) else { return nil }
      if let previous = result {
        guard let either = combine(Instruction(.or), [previous, next], span) else { return nil }
        result = either
      } else {
        result = next
      }
    }
    guard var outcome = result else { return nil }
    if tests.negated {
      guard let opposite = combine(Instruction(.not), [outcome], span) else { return nil }
      outcome = opposite
    }
    if x.constant != nil || outcome.constant != nil { return outcome }
    return Lowered(
      x.instructions + outcome.instructions + [.instruction(Instruction(.nip))], outcome.type)
  }

  /// One test of `in`, of a subject that lies on the stack: `subject` copies it.
  private mutating func lower(_ test: UnaryTest, of subject: Lowered) -> Lowered? {
    switch test.kind {
    case .any: return Lowered(constant: .boolean(true))
    case .comparison(let symbol, let expression):
      guard let operand = lower(expression) else { return nil }
      return combine(Instruction(symbol.operation), [subject, operand], test.span)
    case .expression(let expression):
      guard let operand = lower(expression) else { return nil }
      return combine(Instruction(.equal), [subject, operand], test.span)
    case .interval(let lowClosed, let low, let high, let highClosed):
      guard let a = lower(low), let b = lower(high),
        let above = combine(
          Instruction(lowClosed ? .greaterOrEqual : .greater), [subject, a], test.span),
        let below = combine(
          Instruction(highClosed ? .lessOrEqual : .less), [deeper(subject), b], test.span)
      else { return nil }
      return combine(Instruction(.and), [above, below], test.span)
    }
  }

  /// The subject seen from one value further up the stack.
  private func deeper(_ subject: Lowered) -> Lowered {
    guard case .instruction(let copy)? = subject.instructions.first, copy.operation == .copy else {
      return subject
    }
    return Lowered([.instruction(Instruction(.copy, copy.operand + 1))], subject.type)
  }
}

extension BuiltinFunction {
  /// The operation that carries the function out with `count` arguments.
  fileprivate func operation(_ count: Int) -> Operation? {
    switch (self, count) {
    case (.abs, 1): .abs
    case (.floor, 1), (.floor, 2): .floor
    case (.ceiling, 1), (.ceiling, 2): .ceiling
    case (.roundUp, 2): .roundUp
    case (.roundDown, 2): .roundDown
    case (.roundHalfUp, 2): .roundHalfUp
    case (.roundHalfDown, 2): .roundHalfDown
    case (.roundHalfEven, 2), (.decimal, 2): .roundHalfEven
    case (.modulo, 2): .modulo
    case (.sqrt, 1): .squareRoot
    case (.contains, 2): .contains
    case (.startsWith, 2): .startsWith
    case (.endsWith, 2): .endsWith
    case (.stringLength, 1): .stringLength
    case (.upperCase, 1): .upperCase
    case (.lowerCase, 1): .lowerCase
    case (.substring, 2): .substring
    case (.substring, 3): .substringLength
    case (.date, 1): .dateFrom
    case (.date, 3): .dateFromParts
    case (.time, 1): .timeFrom
    case (.time, 3): .timeFromParts
    case (.time, 4): .timeFromPartsOffset
    case (.dateAndTime, 1): .dateTimeFrom
    case (.dateAndTime, 2): .dateTimeFromParts
    case (.yearsAndMonthsDuration, 2): .yearsAndMonths
    default: nil
    }
  }
}
