import RuleProgram

/// How a quotient came about, as far as rounding goes.
///
/// FEEL rounds each result to 34 digits. A backend computes none of them: it multiplies out. Both
/// give the same answer beside a number if `decides` says so.
struct QuotientChain {
  /// A step that turns a quotient into another: how great its other operand can be, as a whole
  /// number and its scale.
  enum Step {
    /// A number was added or subtracted, or the quotient was subtracted from it.
    case sum(Int128, scale: Int)
    /// The quotient was divided by a number.
    case division(Int128, scale: Int)
  }

  /// The greatest that the first divisor can be, as a whole number.
  var divisor: Int128
  /// The scale of the first dividend less that of the first divisor.
  var scale: Int
  var steps: [Step] = []

  /// Whether the exact value is below, equal to or above each number up to `size / 10^scale`
  /// whenever the rounded one is.
  ///
  /// Undo the steps from that number `c` on: what the first quotient would have to be is a decimal
  /// `h` whose digits are counted here. If the first quotient is `h`, then with at most 34 digits
  /// nothing on the way is rounded, and the result is `c`. If it isn't, it differs by at least
  /// `1 / (divisor * 10^scale of h)`. Each step is monotone, and so is rounding, which moves a value
  /// `v` by at most `v / (2 * 10^33)`. So `c` isn't crossed or met when the sum of the values that
  /// the steps undone give, in units of `h`, is below `10^33 / divisor`.
  func decides(_ size: Int128, scale: Int) -> Bool {
    var (size, scale, total) = (size, scale, size)
    func widen(_ number: Int128, _ digits: Int) -> Int128? {
      Int128.power(digits).flatMap { number.times($0) }
    }
    for step in steps.reversed() {
      switch step {
      case .division(let other, let otherScale):
        guard let undone = size.times(other), let rest = total.times(other) else { return false }
        (size, total, scale) = (undone, rest, scale + otherScale)
      case .sum(let other, let otherScale):
        let common = max(scale, otherScale)
        guard let own = widen(size, common - scale), let rest = widen(total, common - scale),
          let added = widen(other, common - otherScale)
        else { return false }
        (size, total, scale) = (own.saturatingSum(added), rest, common)
      }
      total = total.saturatingSum(size)
      guard size < Int128.tenTo34 else { return false }
    }
    guard let units = widen(total, max(0, self.scale - scale)), let product = units.times(divisor)
    else { return false }
    return size < Int128.tenTo34 && product <= Int128.tenTo34 / 10
  }
}

extension Int128 {
  /// FEEL's numbers have 34 digits.
  static let tenTo34: Int128 = 10_000_000_000_000_000_000_000_000_000_000_000

  /// The sum, the greatest number if it doesn't fit.
  fileprivate func saturatingSum(_ other: Int128) -> Int128 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

/// Quotients, which are never computed: two whole numbers and what was done with them.
extension SQLGenerator {
  /// A division by a constant of twos and fives is exact; any other one stays a quotient.
  func quotient(
    of a: SQLTerm, by b: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    if b.isConstant {
      let divisor = b.range.lowerBound
      guard divisor != 0 else { return SQLTerm(type: nil, sql: "NULL") }
      for digits in 0...18 {
        guard let power = Int128.power(digits), power % divisor == 0 else { continue }
        // a / 10^s / (d / 10^t) = a * (10^k / d) / 10^(s + k - t)
        var result = try product(a, constantTerm(power / divisor), in: part)
        result.type = .number
        result.scale = a.scale + digits - b.scale
        guard result.scale < 0 else { return result }
        let missing = constantTerm(Int128.power(-result.scale) ?? 1)
        result = try product(result, missing, in: part)
        (result.type, result.scale) = (.number, 0)
        return result
      }
    }
    var result = a
    result.isConstant = false
    result.divisor = SQLTerm.Divisor(
      sql: b.sql, range: b.range, scale: b.scale, isWide: b.isWide,
      chain: QuotientChain(divisor: b.greatest, scale: a.scale - b.scale))
    return result
  }

  /// `+ - /` of a quotient and a plain number: another quotient.
  func quotientArithmetic(
    _ operation: Operation, _ left: SQLTerm, _ right: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let isLeft = left.divisor != nil
    let (term, other) = isLeft ? (left, right) : (right, left)
    guard let divisor = term.divisor, other.divisor == nil, other.type == .number,
      operation == .add || operation == .subtract || operation == .divide && isLeft
    else { throw Inexpressible("calculating with the result of a division", in: part) }
    var result: SQLTerm
    var chain = divisor.chain
    if operation == .divide {
      guard !other.isConstant || other.range.lowerBound != 0 else {
        return SQLTerm(type: nil, sql: "NULL")
      }
      let by = try product(divisor.term, other, in: part)
      chain.steps.append(.division(other.greatest, scale: other.scale))
      result = term
      result.divisor = SQLTerm.Divisor(
        sql: by.sql, range: by.range, scale: divisor.scale + other.scale, isWide: by.isWide,
        chain: chain)
      return result
    }
    // n / 10^s + p * d / 10^(t + u), all of it divided by d / 10^u
    var shift = try product(other, divisor.term, in: part)
    (shift.type, shift.scale) = (.number, other.scale + divisor.scale)
    let (a, b) = try aligned(
      isLeft ? term.dividend : shift, isLeft ? shift : term.dividend, in: part)
    result = try sum(a, b, minus: operation == .subtract, in: part)
    (result.type, result.scale) = (.number, a.scale)
    chain.steps.append(.sum(other.greatest, scale: other.scale))
    result.divisor = divisor
    result.divisor?.chain = chain
    return result
  }
}

/// Comparing quotients by multiplying out.
extension SQLGenerator {
  /// Where a quotient is null, in both senses.
  func isMissing(_ term: SQLTerm, _ divisor: SQLTerm.Divisor) -> (yes: String, no: String) {
    (
      "(\(term.sql) IS NULL OR \(divisor.sql) IS NULL OR \(divisor.sql) = 0)",
      "(\(term.sql) IS NOT NULL AND \(divisor.sql) <> 0)"
    )
  }

  /// A comparison of which one side at least is a quotient.
  func compareQuotient(
    _ operation: Operation, _ a: SQLTerm, _ b: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let (term, other) = a.divisor != nil ? (a, b) : (b, a)
    guard let divisor = term.divisor, other.divisor == nil else {
      throw Inexpressible("comparing two quotients", in: part)
    }
    guard operation == .equal || operation == .notEqual else {
      let sign = operation.comparison
      let comparison = a.divisor != nil ? sign : Self.turned(sign)
      return boolean("(\(try quotient(term, comparison, other, in: part)))")
    }
    let same = try quotient(term, "=", other, in: part)
    let both =
      other.isConstant
      ? dialect.boolean(false) : "(\(isMissing(term, divisor).yes) AND \(other.sql) IS NULL)"
    let known = "COALESCE(\(same), \(both))"
    return boolean(operation == .equal ? known : "(NOT \(known))")
  }

  /// A quotient beside a constant, or beside a plain number.
  private func quotient(
    _ term: SQLTerm, _ comparison: String, _ other: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    guard let divisor = term.divisor else { throw Inexpressible("this comparison", in: part) }
    if other.isConstant,
      let value = Decimal128(
        negative: other.range.lowerBound < 0, coefficient: other.range.lowerBound.magnitude,
        exponent: -other.scale)
    {
      return try quotient(term, comparison, .number(value), in: part)
    }
    guard divisor.chain.decides(other.greatest, scale: other.scale) else {
      throw Inexpressible("a division whose 34 digits might decide", in: part)
    }
    var multiple = try product(other, divisor.term, in: part)
    (multiple.type, multiple.scale) = (.number, other.scale + divisor.scale)
    let (a, b) = try aligned(term.dividend, multiple, in: part)
    return bySign(of: divisor, a.sql, comparison, b.sql)
  }

  /// A quotient beside a constant.
  ///
  /// With `n * left` beside `d * right`, whole numbers, a first quotient that isn't the constant
  /// differs from it by `1 / (d * right)` of the constant at least, and rounding by less than that.
  func quotient(
    _ term: SQLTerm, _ comparison: String, _ constant: Value, in part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    guard let divisor = term.divisor, let measure = constant.measure else {
      throw Inexpressible("this comparison", in: part)
    }
    let parts = measure.normalized.significandAndExponent
    let sign: Int128 = parts.negative ? -1 : 1
    guard let coefficient = Int128(exactly: parts.coefficient) else {
      throw Inexpressible("a quotient beside a constant of so many digits", in: part)
    }
    var (left, right): (Int128, Int128) = (1, 0)
    if coefficient != 0 {
      // n / 10^a : (d / 10^b) beside c * 10^e is n * 10^(b - a - e) beside d * c.
      let shift = divisor.scale - term.scale - parts.exponent
      guard let power = Int128.power(abs(shift)),
        let product = shift < 0 ? coefficient.times(power) : coefficient
      else { throw Inexpressible("a quotient beside a constant of so many digits", in: part) }
      (left, right) = (shift > 0 ? power : 1, product)
      let common = Self.commonDivisor(left, right)
      (left, right) = (left / common, sign * (right / common))
    }
    guard isDecided(divisor, left: left, right: right, coefficient, parts.exponent) else {
      throw Inexpressible("a division whose 34 digits might decide", in: part)
    }
    let a = try product(term.dividend, constantTerm(left), in: part).sql
    let b = try product(divisor.term, constantTerm(right), in: part).sql
    return bySign(of: divisor, a, comparison, b)
  }

  private func isDecided(
    _ divisor: SQLTerm.Divisor, left: Int128, right: Int128, _ coefficient: Int128, _ exponent: Int
  ) -> Bool {
    if divisor.chain.steps.isEmpty {
      return Self.digits(divisor.term.greatest) + Self.digits(right) <= 33
    }
    let whole = Int128.power(max(0, exponent)).flatMap { coefficient.times($0) }
    return whole.map { divisor.chain.decides($0, scale: max(0, -exponent)) } ?? false
  }

  /// `a` beside `b`, both multiplied by a divisor, whose sign turns the comparison.
  private func bySign(
    of divisor: SQLTerm.Divisor, _ a: String, _ comparison: String, _ b: String
  ) -> String {
    let holds = "\(a) \(comparison) \(b)"
    if divisor.range.lowerBound > 0 { return holds }
    let below = "WHEN \(divisor.sql) < 0 THEN \(a) \(Self.turned(comparison)) \(b) "
    return "CASE WHEN \(divisor.sql) > 0 THEN \(holds) "
      + (divisor.range.lowerBound < 0 ? below : "") + "END"
  }

  private static func turned(_ comparison: String) -> String {
    String(comparison.map { $0 == "<" ? ">" : $0 == ">" ? "<" : $0 })
  }

  private static func digits(_ number: Int128) -> Int {
    number == 0 ? 0 : "\(number.magnitude)".count
  }

  private static func commonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    b == 0 ? max(a, 1) : commonDivisor(b, a % b)
  }
}
