/// The operations of the expression code: a small typed stack machine without jumps.
///
/// Every fact about an operation stands in this file: its code in the byte format (the raw value;
/// 0 and codes above 199 are reserved), its name, how many values it takes, and the type that it
/// gives. Codec, verifier, disassembler, compiler and analysis all ask here.
public enum Operation: UInt8, CaseIterable, Hashable, Sendable {
  // Pushing: the operand is an index.
  case constant = 1
  case input = 2
  case derived = 3
  case null = 4
  /// Pushes a copy of the value `operand` places below the top (0 is the top).
  case copy = 5
  /// Removes the value below the top.
  case nip = 6

  case add = 10
  case subtract = 11
  case multiply = 12
  case divide = 13
  /// The exponent is a whole number.
  case power = 14
  case negate = 15

  case equal = 20
  case notEqual = 21
  case less = 22
  case lessOrEqual = 23
  case greater = 24
  case greaterOrEqual = 25

  case and = 30
  case or = 31
  case not = 32
  /// condition, a, b: a when the condition is true, otherwise b.
  case select = 33

  case abs = 40
  case floor = 41
  case ceiling = 42
  case roundUp = 43
  case roundDown = 44
  case roundHalfUp = 45
  case roundHalfDown = 46
  case roundHalfEven = 47
  case modulo = 48
  case squareRoot = 49
  /// The operand counts the values, as for the next three.
  case minimum = 50
  case maximum = 51
  case sum = 52
  case count = 53

  case contains = 60
  case startsWith = 61
  case endsWith = 62
  /// The operand is an index into the program's patterns.
  case matches = 63
  case stringLength = 64
  case upperCase = 65
  case lowerCase = 66
  /// string, start
  case substring = 67
  /// string, start, length
  case substringLength = 68

  case dateFrom = 80
  /// year, month, day
  case dateFromParts = 81
  case timeFrom = 82
  /// hour, minute, second
  case timeFromParts = 83
  /// hour, minute, second, offset
  case timeFromPartsOffset = 84
  case dateTimeFrom = 85
  /// date, time
  case dateTimeFromParts = 86
  case yearsAndMonths = 90
  /// The operand is the raw value of a `TemporalProperty`.
  case property = 91

  /// What an instruction's operand is.
  public enum OperandKind: Sendable {
    case none, constantIndex, inputIndex, derivedIndex, depth, count, patternIndex, property
  }

  /// What the operand of an instruction with this operation is.
  public var operandKind: OperandKind {
    switch self {
    case .constant: .constantIndex
    case .input: .inputIndex
    case .derived: .derivedIndex
    case .copy: .depth
    case .minimum, .maximum, .sum, .count: .count
    case .matches: .patternIndex
    case .property: .property
    default: .none
    }
  }

  /// How many values it takes from the stack; nil when the operand says so.
  public var arity: Int? {
    switch self {
    case .constant, .input, .derived, .null, .copy: 0
    case .negate, .not, .abs, .matches, .stringLength, .upperCase, .lowerCase, .dateFrom,
      .timeFrom, .dateTimeFrom, .property, .squareRoot, .floor, .ceiling:
      1
    case .add, .subtract, .multiply, .divide, .power, .equal, .notEqual, .less, .lessOrEqual,
      .greater, .greaterOrEqual, .and, .or, .roundUp, .roundDown, .roundHalfUp, .roundHalfDown,
      .roundHalfEven, .modulo, .contains, .startsWith, .endsWith, .substring,
      .dateTimeFromParts, .yearsAndMonths, .nip:
      2
    case .select, .substringLength, .dateFromParts, .timeFromParts: 3
    case .timeFromPartsOffset: 4
    case .minimum, .maximum, .sum, .count: nil
    }
  }

  /// The name that the disassembler prints.
  public var name: String { "\(self)" }

  /// The type that the operation gives for operands of the types `arguments`, or nil when it does
  /// not take them. A nil argument is a null constant: it fits everywhere.
  public func resultType(_ arguments: [ValueType?]) -> ResultType {
    switch self {
    case .constant, .input, .derived, .null, .copy, .nip: .refused
    case .add, .subtract, .multiply, .divide: Self.arithmeticType(self, arguments)
    case .power, .modulo: Self.all(arguments, .number, gives: .number)
    case .negate, .abs:
      switch arguments.first ?? nil {
      case nil: .null
      case .number: .type(.number)
      case .dayTimeDuration: .type(.dayTimeDuration)
      case .yearMonthDuration: .type(.yearMonthDuration)
      default: .refused
      }
    case .equal, .notEqual: Self.comparisonType(arguments, ordered: false)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      Self.comparisonType(arguments, ordered: true)
    case .and, .or, .not: Self.all(arguments, .boolean, gives: .boolean)
    case .select:
      Self.selectType(arguments)
    case .floor, .ceiling, .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven,
      .squareRoot:
      Self.all(arguments, .number, gives: .number)
    case .minimum, .maximum: Self.extremeType(arguments)
    case .sum:
      arguments.allSatisfy { $0 == nil } ? .null : Self.all(arguments, .number, gives: .number)
    case .count: .type(.number)
    case .contains, .startsWith, .endsWith, .matches:
      Self.all(arguments, .string, gives: .boolean)
    case .stringLength: Self.all(arguments, .string, gives: .number)
    case .upperCase, .lowerCase: Self.all(arguments, .string, gives: .string)
    case .substring, .substringLength:
      Self.signature(arguments, [.string, .number, .number], gives: .string)
    case .dateFrom: Self.one(arguments, of: [.string, .date, .dateTime], gives: .date)
    case .dateFromParts: Self.all(arguments, .number, gives: .date)
    case .timeFrom: Self.one(arguments, of: [.string, .time, .dateTime, .date], gives: .time)
    case .timeFromParts: Self.all(arguments, .number, gives: .time)
    case .timeFromPartsOffset:
      Self.signature(arguments, [.number, .number, .number, .dayTimeDuration], gives: .time)
    case .dateTimeFrom: Self.all(arguments, .string, gives: .dateTime)
    case .dateTimeFromParts: Self.dateTimePartsType(arguments)
    case .yearsAndMonths: Self.yearsAndMonthsType(arguments)
    case .property: .refused
    }
  }

  /// What an operation gives.
  public enum ResultType: Hashable, Sendable {
    /// A value of this type, or null.
    case type(ValueType)
    /// Always null.
    case null
    /// The operation doesn't take these operands.
    case refused
  }
}

/// The type rules that several operations share.
extension Operation {
  private static func all(
    _ arguments: [ValueType?], _ type: ValueType, gives result: ValueType
  ) -> ResultType {
    arguments.allSatisfy { $0 == nil || $0 == type } ? .type(result) : .refused
  }

  private static func one(
    _ arguments: [ValueType?], of types: [ValueType], gives result: ValueType
  ) -> ResultType {
    arguments.allSatisfy { $0.map(types.contains) ?? true } ? .type(result) : .refused
  }

  private static func signature(
    _ arguments: [ValueType?], _ types: [ValueType], gives result: ValueType
  ) -> ResultType {
    zip(arguments, types).allSatisfy { $0 == nil || $0 == $1 } ? .type(result) : .refused
  }

  private static func comparisonType(_ arguments: [ValueType?], ordered: Bool) -> ResultType {
    guard arguments.count == 2 else { return .refused }
    if let a = arguments[0], let b = arguments[1], a != b { return .refused }
    if ordered, (arguments[0] ?? arguments[1]) == .boolean { return .refused }
    return .type(.boolean)
  }

  private static func selectType(_ arguments: [ValueType?]) -> ResultType {
    guard arguments.count == 3 else { return .refused }
    if let condition = arguments[0], condition != .boolean { return .refused }
    if let a = arguments[1], let b = arguments[2], a != b { return .refused }
    return (arguments[1] ?? arguments[2]).map(ResultType.type) ?? .null
  }

  private static func extremeType(_ arguments: [ValueType?]) -> ResultType {
    let types = Set(arguments.compactMap { $0 })
    guard types.count <= 1, types.first != .boolean else { return .refused }
    return types.first.map(ResultType.type) ?? .null
  }

  private static func dateTimePartsType(_ arguments: [ValueType?]) -> ResultType {
    guard arguments.count == 2 else { return .refused }
    let first = arguments[0]
    let dated = first == nil || first == .date || first == .dateTime
    return dated && (arguments[1] == nil || arguments[1] == .time) ? .type(.dateTime) : .refused
  }

  private static func yearsAndMonthsType(_ arguments: [ValueType?]) -> ResultType {
    arguments.allSatisfy { $0 == nil || $0 == .date || $0 == .dateTime }
      ? .type(.yearMonthDuration) : .refused
  }

  /// DMN 1.5, tables 50 to 57: which operands `+ - * /` take.
  private static func arithmeticType(
    _ operation: Operation, _ arguments: [ValueType?]
  ) -> ResultType {
    guard arguments.count == 2 else { return .refused }
    guard let a = arguments[0], let b = arguments[1] else { return nullableArithmetic(arguments) }
    switch (operation, a, b) {
    case (_, .number, .number): return .type(.number)
    case (.add, .string, .string): return .type(.string)
    case (.add, .date, .dayTimeDuration), (.add, .dayTimeDuration, .date),
      (.add, .date, .yearMonthDuration), (.add, .yearMonthDuration, .date),
      (.subtract, .date, .dayTimeDuration), (.subtract, .date, .yearMonthDuration):
      return .type(.date)
    case (.add, .dateTime, .dayTimeDuration), (.add, .dayTimeDuration, .dateTime),
      (.add, .dateTime, .yearMonthDuration), (.add, .yearMonthDuration, .dateTime),
      (.subtract, .dateTime, .dayTimeDuration), (.subtract, .dateTime, .yearMonthDuration):
      return .type(.dateTime)
    case (.add, .time, .dayTimeDuration), (.add, .dayTimeDuration, .time),
      (.subtract, .time, .dayTimeDuration):
      return .type(.time)
    case (.subtract, .date, .date), (.subtract, .dateTime, .dateTime), (.subtract, .time, .time),
      (.subtract, .date, .dateTime), (.subtract, .dateTime, .date):
      return .type(.dayTimeDuration)
    case (.add, .dayTimeDuration, .dayTimeDuration),
      (.subtract, .dayTimeDuration, .dayTimeDuration),
      (.multiply, .dayTimeDuration, .number), (.multiply, .number, .dayTimeDuration),
      (.divide, .dayTimeDuration, .number):
      return .type(.dayTimeDuration)
    case (.add, .yearMonthDuration, .yearMonthDuration),
      (.subtract, .yearMonthDuration, .yearMonthDuration),
      (.multiply, .yearMonthDuration, .number), (.multiply, .number, .yearMonthDuration),
      (.divide, .yearMonthDuration, .number):
      return .type(.yearMonthDuration)
    case (.divide, .dayTimeDuration, .dayTimeDuration),
      (.divide, .yearMonthDuration, .yearMonthDuration):
      return .type(.number)
    default: return .refused
    }
  }

  /// Arithmetic with a null constant is null; a boolean beside it is still an error.
  private static func nullableArithmetic(_ arguments: [ValueType?]) -> ResultType {
    arguments.contains(.boolean) ? .refused : .null
  }
}
