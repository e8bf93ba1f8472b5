/// Executes expression code. Total: every operation that can't give a value gives null.
package struct ExpressionMachine: Sendable {
  let expressions: [Code]
  let constants: [Value]
  let patterns: [RegularExpression?]

  /// A machine for `program`'s expressions, which must be well typed.
  package init(_ program: Program) {
    expressions = program.expressions
    constants = program.constants
    patterns = program.patterns.map { try? RegularExpression($0.pattern, flags: $0.flags) }
  }

  /// The value of expression number `index` over the values of inputs and derived values.
  func evaluate(_ index: Int, inputs: [Value], derived: [Value]) -> Value {
    var stack: [Value] = []
    stack.reserveCapacity(8)
    return evaluate(index, inputs: inputs, derived: derived, stack: &stack)
  }

  /// The same, on a stack that the caller keeps to save its allocation.
  package func evaluate(
    _ index: Int, inputs: [Value], derived: [Value], stack: inout [Value]
  ) -> Value {
    stack.removeAll(keepingCapacity: true)
    for instruction in expressions[index].instructions {
      switch instruction.operation {
      case .constant: stack.append(constants[instruction.operand])
      case .input: stack.append(inputs[instruction.operand])
      case .derived: stack.append(derived[instruction.operand])
      case .null: stack.append(.null)
      case .copy: stack.append(stack[stack.count - 1 - instruction.operand])
      case .nip: stack.remove(at: stack.count - 2)
      case .matches:
        let text = stack.removeLast()
        stack.append(matches(text, instruction.operand))
      default: Self.apply(instruction, &stack)
      }
    }
    return stack.last ?? .null
  }

  private func matches(_ value: Value, _ pattern: Int) -> Value {
    guard case .string(let text) = value, let expression = patterns[pattern] else { return .null }
    return .boolean(expression.matches(text))
  }

  private static func apply(_ instruction: Instruction, _ stack: inout [Value]) {
    let arity = instruction.arity
    let base = stack.count - arity
    let result: Value
    switch arity {
    case 1: result = Self.value(of: instruction, stack[base])
    case 2: result = instruction.operation.value(of: stack[base], stack[base + 1])
    default: result = instruction.operation.value(of: Array(stack[base...]))
    }
    stack.removeLast(arity)
    stack.append(result)
  }

  private static func value(of instruction: Instruction, _ a: Value) -> Value {
    guard instruction.operation == .property else { return instruction.operation.value(of: a) }
    guard let raw = UInt8(exactly: instruction.operand),
      let property = TemporalProperty(rawValue: raw)
    else { return .null }
    return FEEL.property(a, property)
  }
}

/// What each operation computes. The analysis and the compiler's constant folding use the same table.
extension Operation {
  /// The value of an operation that takes one operand.
  package func value(of a: Value) -> Value {
    switch self {
    case .negate: FEEL.negate(a)
    case .not: FEEL.not(a)
    case .abs: FEEL.abs(a)
    case .floor: FEEL.floor(a)
    case .ceiling: FEEL.ceiling(a)
    case .squareRoot: FEEL.sqrt(a)
    case .stringLength: FEEL.stringLength(a)
    case .upperCase: FEEL.upperCase(a)
    case .lowerCase: FEEL.lowerCase(a)
    case .dateFrom: FEEL.date(a)
    case .timeFrom: FEEL.time(a)
    case .dateTimeFrom: FEEL.dateAndTime(a)
    default: value(of: [a])
    }
  }

  /// The value of an operation that takes two operands.
  package func value(of a: Value, _ b: Value) -> Value {
    switch self {
    case .add: FEEL.add(a, b)
    case .subtract: FEEL.subtract(a, b)
    case .multiply: FEEL.multiply(a, b)
    case .divide: FEEL.divide(a, b)
    case .power: FEEL.power(a, b)
    case .equal: FEEL.equal(a, b)
    case .notEqual: FEEL.notEqual(a, b)
    case .less: FEEL.less(a, b)
    case .lessOrEqual: FEEL.lessOrEqual(a, b)
    case .greater: FEEL.greater(a, b)
    case .greaterOrEqual: FEEL.greaterOrEqual(a, b)
    case .and: FEEL.and(a, b)
    case .or: FEEL.or(a, b)
    case .roundUp: FEEL.round(a, b, .up)
    case .roundDown: FEEL.round(a, b, .down)
    case .roundHalfUp: FEEL.round(a, b, .halfUp)
    case .roundHalfDown: FEEL.round(a, b, .halfDown)
    case .roundHalfEven: FEEL.round(a, b, .halfEven)
    case .modulo: FEEL.modulo(a, b)
    case .contains: FEEL.contains(a, b)
    case .startsWith: FEEL.startsWith(a, b)
    case .endsWith: FEEL.endsWith(a, b)
    case .substring: FEEL.substring(a, start: b)
    case .dateTimeFromParts: FEEL.dateAndTime(a, b)
    case .yearsAndMonths: FEEL.yearsAndMonthsDuration(a, b)
    default: value(of: [a, b])
    }
  }

  /// The value of an operation over any number of operands.
  package func value(of values: [Value]) -> Value {
    switch (self, values.count) {
    case (.minimum, _): FEEL.min(values)
    case (.maximum, _): FEEL.max(values)
    case (.sum, _): FEEL.sum(values)
    case (.count, _): FEEL.count(values)
    case (.select, 3): values[0] == .boolean(true) ? values[1] : values[2]
    case (.substringLength, 3): FEEL.substring(values[0], start: values[1], length: values[2])
    case (.dateFromParts, 3): FEEL.date(year: values[0], month: values[1], day: values[2])
    case (.timeFromParts, 3): FEEL.time(hour: values[0], minute: values[1], second: values[2])
    case (.timeFromPartsOffset, 4):
      FEEL.time(
        hour: values[0], minute: values[1], second: values[2], offset: values[3])
    default: .null
    }
  }
}
