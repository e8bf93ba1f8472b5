import RuleProgram

/// Executes expression code over enclosures instead of values: what comes out encloses every value
/// that the code can give.
struct AbstractInterpreter {
  let program: Program
  /// An enclosure of each input.
  let inputs: [AbstractValue]
  private var derived: [AbstractValue?]

  init(program: Program, inputs: [AbstractValue]) {
    self.program = program
    self.inputs = inputs
    derived = Array(repeating: nil, count: program.derived.count)
  }

  /// An enclosure of derived value number `index`.
  mutating func derivedValue(_ index: Int) -> AbstractValue {
    if let known = derived[index] { return known }
    // Derived values refer to earlier ones only: computing them in order needs no deep recursion.
    for earlier in 0...index where derived[earlier] == nil {
      derived[earlier] = evaluate(program.derived[earlier].expression)
    }
    return derived[index] ?? .anything(program.derived[index].type)
  }

  /// An enclosure of expression number `index`.
  mutating func evaluate(_ index: Int) -> AbstractValue {
    var stack: [AbstractValue] = []
    for instruction in program.expressions[index].instructions {
      let operand = instruction.operand
      switch instruction.operation {
      case .constant: stack.append(AbstractValue(program.constants[operand]))
      case .input: stack.append(inputs[operand])
      case .derived: stack.append(derivedOrUnknown(operand))
      case .null: stack.append(AbstractValue(.null))
      case .copy: stack.append(stack[stack.count - 1 - operand])
      case .nip: stack.remove(at: stack.count - 2)
      default:
        let arguments = Array(stack.suffix(instruction.arity))
        stack.removeLast(arguments.count)
        stack.append(Self.apply(instruction, arguments))
      }
    }
    return stack.last ?? AbstractValue(.null)
  }

  private mutating func derivedOrUnknown(_ index: Int) -> AbstractValue {
    derived[index] ?? derivedValue(index)
  }

  /// An enclosure of what `instruction` gives for operands inside `a`.
  static func apply(_ instruction: Instruction, _ a: [AbstractValue]) -> AbstractValue {
    let anyNull = a.contains { $0.mayBeNull }
    if a.contains(where: { $0.domain == .none }), instruction.operation.isNullPropagating {
      return AbstractValue(.null)
    }
    switch instruction.operation {
    case .add, .subtract, .multiply, .divide, .power, .modulo, .negate, .abs, .floor, .ceiling,
      .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven, .squareRoot:
      return arithmetic(instruction.operation, a, anyNull: anyNull)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return comparison(instruction.operation, a[0], a[1])
    case .and, .or, .not: return logic(instruction.operation, a)
    case .select: return select(a)
    case .minimum, .maximum: return extreme(instruction.operation, a, anyNull: anyNull)
    case .sum: return sum(a, anyNull: anyNull)
    case .count:
      return AbstractValue(
        .number, .numbers(Interval(Decimal128(a.count))), mayBeNull: false)
    case .contains, .startsWith, .endsWith, .matches:
      return .anything(.boolean, mayBeNull: anyNull)
    case .stringLength:
      return AbstractValue(
        .number, .numbers(Interval(Decimal128(0), Decimal128(1 << 60))), mayBeNull: anyNull)
    case .upperCase, .lowerCase: return .anything(.string, mayBeNull: anyNull)
    case .property: return property(instruction.operand, of: a[0].type, anyNull: anyNull)
    case .yearsAndMonths: return difference(a, anyNull: anyNull)
    default: return unknown(instruction, a)
    }
  }
}

extension AbstractInterpreter {
  /// The result of an operation of which only the type is known.
  private static func unknown(_ instruction: Instruction, _ a: [AbstractValue]) -> AbstractValue {
    guard case .type(let type) = instruction.operation.resultType(a.map(\.type)) else {
      return AbstractValue(.null)
    }
    return .anything(type)
  }
}

extension Operation {
  /// True for operations that give null as soon as one operand is null.
  var isNullPropagating: Bool {
    switch self {
    case .equal, .notEqual, .and, .or, .not, .select, .count, .minimum, .maximum, .sum: false
    default: true
    }
  }
}

/// Truth.
extension AbstractInterpreter {
  private static func comparison(
    _ operation: Operation, _ a: AbstractValue, _ b: AbstractValue
  ) -> AbstractValue {
    let isEquality = operation == .equal || operation == .notEqual
    let anyNull = a.mayBeNull || b.mayBeNull
    let isUnlike = a.mayBeIncomparable(with: b)
    var result = AbstractValue.anything(
      .boolean, mayBeNull: isUnlike || (anyNull && !isEquality))
    guard !isUnlike, !(anyNull && isEquality), case .numbers(let x) = a.domain,
      case .numbers(let y) = b.domain
    else { return result }
    let isBelow = order(x, y)
    let isAbove = order(y, x)
    switch operation {
    case .less where isBelow == .always, .lessOrEqual where isBelow != .never,
      .notEqual where isBelow == .always || isAbove == .always,
      .greater where isAbove == .always, .greaterOrEqual where isAbove != .never:
      result.domain = .booleans(canBeFalse: false, canBeTrue: true)
    case .less where isAbove != .never, .lessOrEqual where isAbove == .always,
      .equal where isBelow == .always || isAbove == .always,
      .greater where isBelow != .never, .greaterOrEqual where isBelow == .always:
      result.domain = .booleans(canBeFalse: true, canBeTrue: false)
    default: break
    }
    return result
  }

  /// How sure it is that every number of `x` is below every number of `y`.
  private enum Certainty { case always, alwaysOrEqual, never }

  private static func order(_ x: Interval, _ y: Interval) -> Certainty {
    guard let high = x.high, let low = y.low else { return .never }
    if high < low { return .always }
    if high == low { return x.highIsClosed && y.lowIsClosed ? .alwaysOrEqual : .always }
    return .never
  }

  private static func logic(_ operation: Operation, _ a: [AbstractValue]) -> AbstractValue {
    switch operation {
    case .not:
      return AbstractValue(
        .boolean, .booleans(canBeFalse: a[0].canBeTrue, canBeTrue: a[0].canBeFalse),
        mayBeNull: a[0].mayBeNull)
    case .and:
      let mayBeNull =
        (a[0].mayBeNull && (a[1].mayBeNull || a[1].canBeTrue))
        || (a[1].mayBeNull && (a[0].mayBeNull || a[0].canBeTrue))
      return AbstractValue(
        .boolean,
        .booleans(
          canBeFalse: a[0].canBeFalse || a[1].canBeFalse,
          canBeTrue: a[0].canBeTrue && a[1].canBeTrue), mayBeNull: mayBeNull)
    default:
      let mayBeNull =
        (a[0].mayBeNull && (a[1].mayBeNull || a[1].canBeFalse))
        || (a[1].mayBeNull && (a[0].mayBeNull || a[0].canBeFalse))
      return AbstractValue(
        .boolean,
        .booleans(
          canBeFalse: a[0].canBeFalse && a[1].canBeFalse,
          canBeTrue: a[0].canBeTrue || a[1].canBeTrue), mayBeNull: mayBeNull)
    }
  }

  private static func select(_ a: [AbstractValue]) -> AbstractValue {
    if !a[0].canBeTrue { return a[2] }
    if !a[0].canBeFalse && !a[0].mayBeNull { return a[1] }
    return a[1].union(a[2])
  }
}
