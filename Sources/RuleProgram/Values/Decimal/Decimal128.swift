/// An exact decimal number of up to 34 significant digits, with the exponent range of
/// IEEE 754-2008 decimal128 and without its infinities and NaNs.
///
/// The value is `coefficient * 10^exponent`, negated when `isNegative`. Equality, order and hash
/// go by numerical value, so `1.0 == 1.00`; there is one zero. Operations round half to even and
/// give `nil` where no number is the answer (overflow, division by zero); a result too small to be
/// represented rounds to a subnormal number or to zero.
public struct Decimal128: Sendable {
  /// The low 64 bits of the coefficient.
  let low: UInt64

  /// From the top: 1 sign bit, 14 bits of exponent + 6176, and the coefficient's high 49 bits.
  /// 10^34 is below 2^113, so that nothing is lost.
  let meta: UInt64

  /// The bits of `meta` that hold the coefficient's high part.
  static let highMask: UInt64 = (1 << 49) - 1

  /// The bit of `meta` that holds the sign.
  static let signBit: UInt64 = 1 << 63

  /// What is added to the exponent to store it.
  static let bias = 6176

  /// The number of significant digits.
  public static let precision = 34

  /// The largest exponent of a coefficient: the largest number is `(10^34 - 1) * 10^6111`.
  public static let maximumExponent = 6111

  /// The smallest exponent of a coefficient, IEEE 754's "etiny".
  public static let minimumExponent = -6176

  /// 10^34, the first coefficient that is too large.
  @inline(__always)
  static var coefficientLimit: UInt128 { PowersOfTen.wide(34) }

  /// Zero.
  public static let zero = Decimal128(low: 0, meta: UInt64(bias) << 49)

  /// One.
  public static let one = Decimal128(low: 1, meta: UInt64(bias) << 49)

  @inline(__always)
  init(low: UInt64, meta: UInt64) {
    self.low = low
    self.meta = meta
  }

  /// Packs parts that are known to be in range: `coefficient` below 10^34, `exponent` in
  /// `minimumExponent...maximumExponent`. Zero loses its sign and exponent.
  @inline(__always)
  init(packing negative: Bool, _ coefficient: UInt128, _ exponent: Int) {
    guard coefficient != 0 else {
      self = .zero
      return
    }
    low = UInt64(truncatingIfNeeded: coefficient)
    meta =
      (negative ? Self.signBit : 0)
      | UInt64(truncatingIfNeeded: exponent &+ Self.bias) << 49
      | UInt64(truncatingIfNeeded: coefficient >> 64)
  }

  /// The number with an integer's value.
  public init(_ value: Int) {
    self.init(packing: value < 0, UInt128(value.magnitude), 0)
  }

  /// `coefficient * 10^exponent`, negated if `negative`, rounded half to even to 34 digits;
  /// `nil` on overflow.
  public init?(negative: Bool = false, coefficient: UInt128, exponent: Int) {
    guard let value = Self.rounding(negative, coefficient, exponent) else { return nil }
    self = value
  }

  /// Whether the number is below zero.
  @inline(__always)
  public var isNegative: Bool { meta & Self.signBit != 0 }

  /// Whether the number is zero.
  @inline(__always)
  public var isZero: Bool { low == 0 && meta & Self.highMask == 0 }

  /// Whether the coefficient fits into 64 bits, so that the fast paths apply.
  @inline(__always)
  var isSmall: Bool { meta & Self.highMask == 0 }

  /// The stored exponent; it depends on how the number was made (`1.0` has -1, `1` has 0).
  @inline(__always)
  var exponent: Int { Int(truncatingIfNeeded: (meta &>> 49) & 0x3FFF) &- Self.bias }

  /// The stored coefficient, below 10^34.
  @inline(__always)
  var coefficient: UInt128 { UInt128(meta & Self.highMask) << 64 | UInt128(low) }

  /// Sign, coefficient (below 10^34) and exponent as stored: the value is exactly
  /// `coefficient * 10^exponent`, negated if `negative`.
  public var significandAndExponent: (negative: Bool, coefficient: UInt128, exponent: Int) {
    (isNegative, coefficient, exponent)
  }

  /// The same value with its sign turned; zero stays zero.
  public var negated: Decimal128 {
    isZero ? self : Decimal128(low: low, meta: meta ^ Self.signBit)
  }

  /// The absolute value.
  public var magnitude: Decimal128 {
    Decimal128(low: low, meta: meta & ~Self.signBit)
  }

  /// The same value without trailing zeros in its coefficient, as far as the exponent range allows.
  public var normalized: Decimal128 {
    if isZero { return .zero }
    if isSmall && low % 10 != 0 { return self }
    let (coefficient, exponent) = Self.strippingZeros(
      coefficient, exponent, upTo: Self.maximumExponent)
    return Decimal128(packing: isNegative, coefficient, exponent)
  }

  /// Divides a nonzero coefficient by ten while that is exact and the exponent is below `limit`.
  static func strippingZeros(
    _ coefficient: UInt128, _ exponent: Int, upTo limit: Int
  ) -> (UInt128, Int) {
    var (coefficient, exponent) = (coefficient, exponent)
    for step in [16, 8, 4, 2, 1] {
      while exponent + step <= limit {
        let (quotient, rest) = coefficient.quotientAndRemainder(
          dividingBy: PowersOfTen.wide(step))
        guard rest == 0 else { break }
        (coefficient, exponent) = (quotient, exponent + step)
      }
    }
    return (coefficient, exponent)
  }

  /// Packs any coefficient and exponent, rounding half to even to 34 digits and to
  /// `minimumExponent`; `nil` on overflow.
  ///
  /// `sticky` says that a nonzero part below the coefficient's last digit was cut off; the
  /// coefficient must then have at least 35 digits, so that this part only breaks ties.
  static func rounding(
    _ negative: Bool, _ coefficient: UInt128, _ exponent: Int, sticky: Bool = false
  ) -> Decimal128? {
    guard coefficient != 0 else { return .zero }
    var (coefficient, exponent) = (coefficient, exponent)
    if coefficient >= coefficientLimit || exponent < minimumExponent {
      let excess = PowersOfTen.digitCount(coefficient) - precision
      let drop = max(excess, exponent < minimumExponent ? minimumExponent &- exponent : 0)
      // The coefficient is below 2^128, less than half of 10^39.
      guard drop <= PowersOfTen.largest else { return .zero }
      coefficient = droppingDigits(coefficient, drop, sticky: sticky)
      exponent += drop
      if coefficient == coefficientLimit {
        coefficient = PowersOfTen.wide(precision - 1)
        exponent += 1
      }
    }
    if exponent > maximumExponent {
      let shift = exponent &- maximumExponent
      guard shift < precision, PowersOfTen.digitCount(coefficient) + shift <= precision else {
        return nil
      }
      coefficient *= PowersOfTen.wide(shift)
      exponent = maximumExponent
    }
    return Decimal128(packing: negative, coefficient, exponent)
  }

  /// `coefficient / 10^drop`, rounded half to even; `sticky` marks a nonzero part further down.
  static func droppingDigits(_ coefficient: UInt128, _ drop: Int, sticky: Bool) -> UInt128 {
    let divisor = PowersOfTen.wide(drop)
    let (quotient, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
    let half = divisor >> 1
    let roundsUp = rest > half || (rest == half && drop > 0 && (sticky || quotient & 1 == 1))
    return roundsUp ? quotient + 1 : quotient
  }
}

extension Decimal128: ExpressibleByIntegerLiteral {
  /// An integer literal's value.
  public init(integerLiteral value: Int) {
    self.init(value)
  }
}

extension Int {
  /// The number's value if it is an integer in range.
  public init?(exactly value: Decimal128) {
    let number = value.normalized
    let digits = number.coefficient
    guard number.exponent >= 0, number.exponent < 20,
      case let (product, overflow) = digits.multipliedReportingOverflow(
        by: PowersOfTen.wide(number.exponent)), !overflow,
      let signed = Int128(exactly: product),
      let result = Int(exactly: number.isNegative ? -signed : signed)
    else { return nil }
    self = result
  }
}
