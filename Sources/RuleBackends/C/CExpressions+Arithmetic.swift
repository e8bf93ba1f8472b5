import RuleProgram

/// Arithmetic on integers, and the refusal of every other.
extension CExpressions {
  mutating func arithmetic(
    _ instruction: Instruction, _ arguments: [COperand], _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    let isNull = arguments.contains { if case .null = $0 { true } else { false } }
    switch instruction.operation {
    case .add, .subtract, .multiply, .divide, .negate, .abs, .property, .yearsAndMonths, .floor,
      .ceiling, .modulo, .power:
      if isNull { return .null }
    default: break
    }
    switch instruction.operation {
    case .add, .subtract:
      return try sum(arguments[0], arguments[1], instruction.operation == .subtract, part)
    case .multiply: return try product(arguments[0], arguments[1], part)
    case .negate, .abs:
      return try signed(instruction.operation, arguments[0], part)
    case .property: return try property(instruction.operand, arguments[0], part)
    case .yearsAndMonths:
      let from = try day(arguments[0], part)
      let to = try day(arguments[1], part)
      return integer(
        call(.monthsUntil, from.text, to.text), .yearMonthDuration,
        -30_000_000_000...30_000_000_000)
    case .dateFrom:
      if isNull { return .null }
      return .integer(try day(arguments[0], part))
    case .floor, .ceiling:
      if case .integer(let value) = arguments[0], value.type == .number { return arguments[0] }
      throw Self.refusal(instruction.operation, part)
    default: throw Self.refusal(instruction.operation, part)
    }
  }

  static func refusal(
    _ operation: RuleProgram.Operation, _ part: Inexpressible.Part
  ) -> Inexpressible {
    let construct =
      switch operation {
      case .add: "an addition of decimal numbers or texts"
      case .subtract: "a subtraction of decimal numbers"
      case .multiply: "a multiplication of decimal numbers"
      case .divide: "a division"
      case .power: "a power"
      case .matches: "`matches`, a regular expression"
      case .upperCase, .lowerCase: "a change of case"
      case .substring, .substringLength: "`substring`"
      case .minimum, .maximum, .sum, .count:
        "`\(operation == .minimum ? "min" : operation == .maximum ? "max" : operation.name)`"
      case .floor, .ceiling, .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven:
        "the rounding of a decimal number"
      case .squareRoot: "a square root"
      default: "the operation \(operation.name)"
      }
    return Inexpressible(construct, in: part)
  }

  private mutating func signed(
    _ operation: RuleProgram.Operation, _ operand: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    switch operand {
    case .double(let text):
      return .double(
        define("double", operation == .negate ? "-\(text)" : call(.absDouble, text)))
    case .integer(let value):
      try requireExact([value], part)
      let (low, high) = (-value.range.upperBound, -value.range.lowerBound)
      if operation == .negate {
        return integer(call(.negate, value.text), value.type, low...high)
      }
      return integer(
        call(.absInteger, value.text), value.type, 0...max(value.range.upperBound, high, 0))
    default: throw Self.refusal(operation, part)
    }
  }

  // MARK: - Sums

  private mutating func sum(
    _ left: COperand, _ right: COperand, _ subtracts: Bool, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    guard !isDecimal(left), !isDecimal(right), let a = try integerOperand(left, part),
      let b = try integerOperand(right, part)
    else { throw Self.refusal(subtracts ? .subtract : .add, part) }
    try requireExact([a, b], part)
    switch (a.type, b.type) {
    case (.number, .number), (.yearMonthDuration, .yearMonthDuration),
      (.dayTimeDuration, .dayTimeDuration):
      return try sum(a, b, subtracts, a.type, a.type == .dayTimeDuration, part)
    case (.dateTime, .dateTime), (.time, .time):
      guard subtracts, a.offset == b.offset else {
        throw Inexpressible("a difference of times with and without an offset", in: part)
      }
      return try sum(a, b, true, .dayTimeDuration, true, part)
    case (.date, .date):
      let days = define("int64_t", call(.subtract, a.text, b.text))
      let perDay = Self.nanosecondsPerDay
      return try scaledDays(days, a, b, perDay, part)
    case (.date, .dayTimeDuration): return try shifted(a, by: b, subtracts, part)
    case (.dayTimeDuration, .date): return try shifted(b, by: a, false, part)
    case (.date, .yearMonthDuration): return try shifted(a, byMonths: b, subtracts, part)
    case (.yearMonthDuration, .date): return try shifted(b, byMonths: a, false, part)
    case (.dateTime, .dayTimeDuration), (.dayTimeDuration, .dateTime):
      let offset = a.type == .dateTime ? a.offset : b.offset
      return try sum(a, b, subtracts, .dateTime, true, part, offset)
    default:
      throw Inexpressible(
        "`\(subtracts ? "-" : "+")` between a \(a.type.name) and a \(b.type.name)", in: part)
    }
  }

  static let nanosecondsPerDay: Int64 = 86_400_000_000_000

  private func isDecimal(_ operand: COperand) -> Bool {
    if case .double = operand { true } else { false }
  }

  private mutating func integerOperand(
    _ operand: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> CInteger? {
    switch operand {
    case .integer(let value): return value
    case .constant(let value):
      guard let type = value.type, value.measure != nil else { return nil }
      return try integer(operand, like: CInteger(text: "", type: type, range: 0...0), part)
    default: return nil
    }
  }

  private mutating func sum(
    _ a: CInteger, _ b: CInteger, _ subtracts: Bool, _ type: ValueType, _ mayClip: Bool,
    _ part: Inexpressible.Part, _ offset: Program.OffsetRule = .any
  ) throws(Inexpressible) -> COperand {
    let (range, isClipped) = CInteger.combinedRange(a.range, b.range, subtracting: subtracts)
    guard !isClipped || mayClip else {
      throw Inexpressible("arithmetic that 64-bit integers may not hold", in: part)
    }
    let helper: CHelper =
      isClipped
      ? (subtracts ? .subtractClipped : .addClipped) : (subtracts ? .subtract : .add)
    return integer(
      call(helper, a.text, b.text), type, range, isClipped: isClipped, offset: offset)
  }

  private mutating func product(
    _ left: COperand, _ right: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    guard !isDecimal(left), !isDecimal(right), let a = try integerOperand(left, part),
      let b = try integerOperand(right, part), a.type == .number || b.type == .number,
      a.type != .dayTimeDuration,
      b.type != .dayTimeDuration
    else { throw Self.refusal(.multiply, part) }
    guard let range = CInteger.productRange(a.range, b.range) else {
      throw Inexpressible("arithmetic that 64-bit integers may not hold", in: part)
    }
    return integer(call(.multiply, a.text, b.text), a.type == .number ? b.type : a.type, range)
  }

  // MARK: - Dates

  /// Days between two dates as nanoseconds: at most 213 years' worth of them fit.
  private mutating func scaledDays(
    _ days: String, _ a: CInteger, _ b: CInteger, _ perDay: Int64, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    let (range, _) = CInteger.combinedRange(a.range, b.range, subtracting: true)
    let limit = Int64.max / perDay
    if range.lowerBound >= -limit, range.upperBound <= limit {
      return integer(
        call(.multiply, days, CText.literal(perDay)), .dayTimeDuration,
        range.lowerBound * perDay...range.upperBound * perDay)
    }
    let clipped =
      "\(days) == INT64_MIN ? INT64_MIN : \(days) > \(limit) ? INT64_MAX"
      + " : \(days) < -\(limit) ? -INT64_MAX : \(days) * \(CText.literal(perDay))"
    return integer(clipped, .dayTimeDuration, CInteger.all, isClipped: true)
  }

  /// A date takes the whole days that its midnight moves.
  private mutating func shifted(
    _ date: CInteger, by duration: CInteger, _ subtracts: Bool, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    var text = duration.text
    if subtracts { text = define("int64_t", call(.negate, text)) }
    let days = define(
      "int64_t", call(.floorDivide, text, CText.literal(Self.nanosecondsPerDay)))
    let most: Int64 = 106_752
    return integer(
      call(.add, date.text, days), .date,
      (date.range.lowerBound - most)...(date.range.upperBound + most))
  }

  private mutating func shifted(
    _ date: CInteger, byMonths months: CInteger, _ subtracts: Bool, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    // Within 3 billion months and 10^10 days the calendar's limit is far.
    let limit: Int64 = 3_000_000_000
    guard months.range.lowerBound >= -limit, months.range.upperBound <= limit,
      date.range.lowerBound > -10_000_000_000, date.range.upperBound < 10_000_000_000
    else { throw Inexpressible("a date that may leave the calendar", in: part) }
    var text = months.text
    if subtracts { text = define("int64_t", call(.negate, text)) }
    let days = 31 * max(months.range.lowerBound.magnitude, months.range.upperBound.magnitude) + 31
    return integer(
      call(.addMonths, date.text, text), .date,
      (date.range.lowerBound - Int64(days))...(date.range.upperBound + Int64(days)))
  }

  /// The day of a date, or of a local date and time.
  private mutating func day(
    _ operand: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> CInteger {
    guard let value = try integerOperand(operand, part) else {
      throw Inexpressible("this date", in: part)
    }
    try requireExact([value], part)
    if value.type == .date { return value }
    guard value.type == .dateTime, value.offset == .forbidden else {
      throw Inexpressible("the day of a time with an offset from UTC", in: part)
    }
    let text = define(
      "int64_t", call(.floorDivide, value.text, CText.literal(Self.nanosecondsPerDay)))
    return CInteger(text: text, type: .date, range: -106_752...106_752)
  }

  private mutating func property(
    _ number: Int, _ operand: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    guard let raw = UInt8(exactly: number), let property = TemporalProperty(rawValue: raw),
      let value = try integerOperand(operand, part)
    else { throw Inexpressible("this property", in: part) }
    let limit: Int64 = 1_000_000_000
    switch property {
    case .year:
      return integer(
        call(.year, try day(operand, part).text), .number, -limit...limit)
    case .month: return integer(call(.month, try day(operand, part).text), .number, 1...12)
    case .day: return integer(call(.day, try day(operand, part).text), .number, 1...31)
    case .weekday: return integer(call(.weekday, try day(operand, part).text), .number, 1...7)
    case .years: return try whole(of: value, per: 12, cycle: nil, part)
    case .months: return try whole(of: value, per: 1, cycle: 12, part)
    case .days: return try whole(of: value, per: Self.nanosecondsPerDay, cycle: nil, part)
    case .hours: return try whole(of: value, per: 3_600_000_000_000, cycle: 24, part)
    case .minutes: return try whole(of: value, per: 60_000_000_000, cycle: 60, part)
    case .hour where value.offset == .forbidden:
      return try clock(value, 3_600_000_000_000, 24, part)
    case .minute where value.offset == .forbidden:
      return try clock(value, 60_000_000_000, 60, part)
    default: throw Inexpressible("the property `\(property.name)` of this value", in: part)
    }
  }

  /// `value / unit`, cut towards zero, and what is left of it beyond whole cycles.
  private mutating func whole(
    of value: CInteger, per unit: Int64, cycle: Int64?, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    try requireExact([value], part)
    let whole = define("int64_t", call(.divide, value.text, CText.literal(unit)))
    guard let cycle else {
      return integer(
        whole, .number, value.range.lowerBound / unit...value.range.upperBound / unit)
    }
    return integer(call(.remainder, whole, String(cycle)), .number, -(cycle - 1)...(cycle - 1))
  }

  private mutating func clock(
    _ value: CInteger, _ unit: Int64, _ cycle: Int64, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    try requireExact([value], part)
    let whole = define("int64_t", call(.floorDivide, value.text, CText.literal(unit)))
    return integer(call(.floorRemainder, whole, String(cycle)), .number, 0...(cycle - 1))
  }
}
