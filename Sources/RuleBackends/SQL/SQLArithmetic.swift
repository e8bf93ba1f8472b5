import RuleProgram

/// Calculating with whole numbers whose ranges are known.
extension SQLGenerator {
  /// Both terms with one scale, and in one type where one of them is wide.
  func aligned(
    _ a: SQLTerm, _ b: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> (SQLTerm, SQLTerm) {
    guard a.isInteger, b.isInteger else { return (a, b) }
    let scale = max(a.scale, b.scale)
    return (try rescaled(a, to: scale, in: part), try rescaled(b, to: scale, in: part))
  }

  /// The same value with `scale` digits behind the point, no fewer than it has.
  func rescaled(
    _ term: SQLTerm, to scale: Int, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard scale > term.scale else { return term }
    guard let power = Int128.power(scale - term.scale) else {
      throw Inexpressible("numbers with so many digits", in: part)
    }
    var result = try product(term, constantTerm(power), in: part)
    result.type = term.type
    result.scale = scale
    result.level = term.level
    return result
  }

  private func wide(_ term: SQLTerm) -> String {
    term.isWide || dialect == .sqlite ? term.sql : "CAST(\(term.sql) AS \(dialect.wideType))"
  }

  /// `a SIGN b`, whose value lies in `range`; refused where the dialect can't compute that exactly.
  private func combined(
    _ a: SQLTerm, _ sign: String, _ b: SQLTerm, _ range: ClosedRange<Int128>?,
    in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard let range, range.upperBound <= dialect.greatestInteger,
      range.lowerBound >= -dialect.greatestInteger
    else { throw Inexpressible("a calculation that may exceed \(digitsText) digits", in: part) }
    if a.isConstant, b.isConstant, range.lowerBound == range.upperBound {
      return constantTerm(range.lowerBound)
    }
    let isWide =
      dialect != .sqlite
      && (a.isWide || b.isWide || Int64(exactly: range.lowerBound) == nil
        || Int64(exactly: range.upperBound) == nil)
    let (x, y) = isWide ? (wide(a), wide(b)) : (a.sql, b.sql)
    var sql = "(\(x) \(sign) \(y))"
    if isWide, dialect == .spark { sql = "CAST(\(sql) AS \(dialect.wideType))" }
    return SQLTerm(type: .number, sql: sql, range: range, isWide: isWide)
  }

  private var digitsText: String { dialect == .sqlite ? "18" : "34" }

  /// The product of two whole numbers.
  func product(
    _ a: SQLTerm, _ b: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    if b.isConstant, b.range.lowerBound == 1 { return a }
    if a.isConstant, a.range.lowerBound == 1 { return b }
    var corners: [Int128] = []
    for x in [a.range.lowerBound, a.range.upperBound] {
      for y in [b.range.lowerBound, b.range.upperBound] {
        guard let corner = x.times(y) else {
          throw Inexpressible("a calculation that may exceed \(digitsText) digits", in: part)
        }
        corners.append(corner)
      }
    }
    let range = corners.min().flatMap { low in corners.max().map { low...$0 } }
    return try combined(a, "*", b, range, in: part)
  }

  func sum(
    _ a: SQLTerm, _ b: SQLTerm, minus: Bool = false, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let low =
      minus ? a.range.lowerBound - b.range.upperBound : a.range.lowerBound + b.range.lowerBound
    let high =
      minus ? a.range.upperBound - b.range.lowerBound : a.range.upperBound + b.range.upperBound
    return try combined(a, minus ? "-" : "+", b, low...high, in: part)
  }

  func negated(_ term: SQLTerm) throws(Inexpressible) -> SQLTerm {
    if term.isConstant {
      var result = constantTerm(-term.range.lowerBound)
      (result.type, result.scale) = (term.type, term.scale)
      return result
    }
    return term.with("(-\(term.sql))", -term.range.upperBound...(-term.range.lowerBound))
  }

  /// `+ - * /` of numbers, dates, times and durations.
  func arithmetic(
    _ operation: Operation, _ left: SQLTerm, _ right: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    if left.divisor != nil || right.divisor != nil {
      return try quotientArithmetic(operation, left, right, in: part)
    }
    let (a, b) = (left, right)
    switch (operation, a.type, b.type) {
    case (.add, .string, .string):
      return SQLTerm(type: .string, sql: "(\(a.sql) || \(b.sql))")
    case (.multiply, .number, .number):
      var result = try product(a, b, in: part)
      result.type = .number
      result.scale = a.scale + b.scale
      return result
    case (.divide, .number, .number): return try quotient(of: a, by: b, in: part)
    case (.add, .number, .number), (.add, .dayTimeDuration, .dayTimeDuration),
      (.add, .yearMonthDuration, .yearMonthDuration), (.subtract, .number, .number),
      (.subtract, .dayTimeDuration, .dayTimeDuration),
      (.subtract, .yearMonthDuration, .yearMonthDuration):
      let (p, q) = try aligned(a, b, in: part)
      var result = try sum(p, q, minus: operation == .subtract, in: part)
      result.type = a.type
      result.scale = p.scale
      return result
    default: return try temporal(operation, a, b, in: part)
    }
  }

  /// Division by a positive constant, towards zero.
  func wholeQuotient(
    _ term: SQLTerm, _ divisor: Int128, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard !term.isWide else { throw Inexpressible("rounding a number of so many digits", in: part) }
    let positive = "(\(term.sql) \(dialect.wholeDivision) \(divisor))"
    let negative = "(-((-\(term.sql)) \(dialect.wholeDivision) \(divisor)))"
    let range = term.range.lowerBound / divisor...term.range.upperBound / divisor
    if term.range.lowerBound >= 0 { return term.with(positive, range) }
    return term.with(
      "(CASE WHEN \(term.sql) >= 0 THEN \(positive) ELSE \(negative) END)", range)
  }

  /// Division by a positive constant, downwards.
  func floored(
    _ term: SQLTerm, _ divisor: Int128, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard term.range.lowerBound < 0 else { return try wholeQuotient(term, divisor, in: part) }
    guard !term.isWide else { throw Inexpressible("rounding a number of so many digits", in: part) }
    let sign = dialect.wholeDivision
    return term.with(
      "(CASE WHEN \(term.sql) >= 0 THEN \(term.sql) \(sign) \(divisor) ELSE"
        + " -((\(divisor - 1) - \(term.sql)) \(sign) \(divisor)) END)",
      (term.range.lowerBound / divisor - 1)...term.range.upperBound / divisor)
  }

  /// `floor`, `ceiling` and the roundings to a constant number of digits.
  func rounded(
    _ operation: Operation, _ arguments: [SQLTerm], in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let term = try plain(arguments[0], in: part)
    var digits = 0
    if arguments.count > 1 {
      guard arguments[1].isConstant, arguments[1].scale == 0,
        let given = Int(exactly: arguments[1].range.lowerBound), (0...18).contains(given)
      else { throw Inexpressible("rounding to digits that are no constant from 0 to 18", in: part) }
      digits = given
    }
    guard term.scale > digits else { return term }
    guard let power = Int128.power(term.scale - digits), power <= 1_000_000_000_000_000_000 else {
      throw Inexpressible("rounding a number of so many digits", in: part)
    }
    var result: SQLTerm
    switch operation {
    case .floor: result = try floored(term, power, in: part)
    case .ceiling: result = try negated(floored(try negated(term), power, in: part))
    default: result = try roundedByMagnitude(operation, term, power, in: part)
    }
    (result.type, result.scale) = (.number, digits)
    return result
  }

  /// The roundings that treat both signs alike.
  private func roundedByMagnitude(
    _ operation: Operation, _ term: SQLTerm, _ power: Int128, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let greatest = Int128(max(term.range.upperBound.magnitude, term.range.lowerBound.magnitude))
    guard !term.isWide, Int64(exactly: greatest + power) != nil else {
      throw Inexpressible("rounding a number of so many digits", in: part)
    }
    let sign = dialect.wholeDivision
    func magnitude(_ x: String) -> String {
      switch operation {
      case .roundDown: "(\(x) \(sign) \(power))"
      case .roundUp: "((\(x) + \(power - 1)) \(sign) \(power))"
      case .roundHalfUp: "((\(x) + \(power / 2)) \(sign) \(power))"
      case .roundHalfDown: "((\(x) + \(power / 2 - 1)) \(sign) \(power))"
      default:
        "((\(x) + \(power / 2 - 1) + (\(x) \(sign) \(power)) % 2) \(sign) \(power))"
      }
    }
    let range = (-(greatest / power) - 1)...(greatest / power + 1)
    guard term.range.lowerBound < 0 else { return term.with(magnitude(term.sql), range) }
    return term.with(
      "(CASE WHEN \(term.sql) >= 0 THEN \(magnitude(term.sql)) ELSE -\(magnitude("(-\(term.sql))"))"
        + " END)", range)
  }
}
