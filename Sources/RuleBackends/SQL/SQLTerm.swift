import RuleProgram

/// A value as SQL: whole numbers with their range, texts, booleans.
struct SQLTerm {
  /// nil for the null constant.
  var type: ValueType?
  var sql: String
  /// What the whole number can be; unused for texts and booleans.
  var range: ClosedRange<Int128> = 0...0
  /// The value is the whole number divided by `10^scale`.
  var scale = 0
  /// True when the expression has the dialect's wide type.
  var isWide = false
  /// True for a constant, whose number is `range.lowerBound`.
  var isConstant = false
  /// For times: whether they carry an offset from UTC.
  var hasOffset = false
  /// The columns of the last level that the expression reads.
  var level = 0
  /// What the number is still to be divided by: another whole number with a scale of its own.
  var divisor: Divisor?

  /// The denominator of a quotient.
  struct Divisor {
    var sql: String
    var range: ClosedRange<Int128>
    var scale: Int
    var isWide: Bool
    /// How rounding to 34 digits went.
    var chain: QuotientChain

    /// The denominator as a number.
    var term: SQLTerm { SQLTerm(type: .number, sql: sql, range: range, isWide: isWide) }
  }

  /// The numerator of a quotient as a number.
  var dividend: SQLTerm {
    SQLTerm(type: .number, sql: sql, range: range, scale: scale, isWide: isWide)
  }

  /// The greatest size that the whole number can have.
  var greatest: Int128 { max(abs(range.lowerBound), abs(range.upperBound)) }

  /// True for a value that is a whole number in SQL.
  var isInteger: Bool { type != .string && type != .boolean && type != nil }

  /// The digits behind the point in which values of `type` are counted, other than numbers.
  static func digits(of type: ValueType) -> Int {
    switch type {
    case .time, .dateTime, .dayTimeDuration: 6
    default: 0
    }
  }
}

extension Decimal128 {
  /// `self * 10^digits` rounded down, and whether that is exact; nil beyond 10^37.
  func units(_ digits: Int) -> (floor: Int128, isExact: Bool)? {
    let parts = normalized.significandAndExponent
    guard parts.coefficient != 0 else { return (0, true) }
    var number = Int128(parts.coefficient)
    var shift = parts.exponent + digits
    guard shift <= 37 else { return nil }
    while shift > 0 {
      guard number <= Int128.tenTo37 / 10 else { return nil }
      number *= 10
      shift -= 1
    }
    var isExact = true
    while shift < 0, number != 0 {
      if number % 10 != 0 { isExact = false }
      number /= 10
      shift += 1
    }
    if !parts.negative { return (number, isExact) }
    return (isExact ? -number : -number - 1, isExact)
  }
}

extension Int128 {
  /// 10^37: sums and products below it can't overflow once.
  static let tenTo37: Int128 = 10_000_000_000_000_000_000_000_000_000_000_000_000

  /// `10^exponent`, nil beyond 37.
  static func power(_ exponent: Int) -> Int128? {
    guard (0...37).contains(exponent) else { return nil }
    return (0..<exponent).reduce(1) { value, _ in value * 10 }
  }

  /// The product, nil beyond 128 bits.
  func times(_ other: Int128) -> Int128? {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? nil : product
  }
}
