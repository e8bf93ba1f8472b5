extension Decimal128 {
  /// The product, rounded half to even; `nil` on overflow.
  @inline(__always)
  public func multiplied(by other: Decimal128) -> Decimal128? {
    if (meta | other.meta) & Self.highMask == 0 {
      let (top, bottom) = low.multipliedFullWidth(by: other.low)
      let exponent = exponent &+ other.exponent
      // 2^48 * 2^64 is below 10^34.
      if top < 1 << 48 && exponent >= Self.minimumExponent && exponent <= Self.maximumExponent {
        return Decimal128(
          packing: (meta ^ other.meta) & Self.signBit != 0,
          UInt128(top) << 64 | UInt128(bottom), exponent)
      }
    }
    return multipliedWide(by: other)
  }

  private func multipliedWide(by other: Decimal128) -> Decimal128? {
    let negative = isNegative != other.isNegative
    let exponent = exponent + other.exponent
    let (high, low) = coefficient.multipliedFullWidth(by: other.coefficient)
    if high == 0 { return Self.rounding(negative, low, exponent) }
    // The product has `digits` or `digits - 1` digits, at least 39: 35 or 36 of them are kept.
    let digits =
      PowersOfTen.digitCount(coefficient) + PowersOfTen.digitCount(other.coefficient)
    let drop = digits - 36
    let (quotient, rest) = PowersOfTen.wide(drop).dividingFullWidth((high, low))
    return Self.rounding(negative, quotient, exponent + drop, sticky: rest != 0)
  }

  /// The quotient, rounded half to even; `nil` on overflow and on division by zero.
  public func divided(by other: Decimal128) -> Decimal128? {
    if other.isZero { return nil }
    if isZero { return .zero }
    let negative = isNegative != other.isNegative
    let exponent = exponent - other.exponent
    if isSmall && other.isSmall {
      let (quotient, rest) = low.quotientAndRemainder(dividingBy: other.low)
      if rest == 0 { return Self.rounding(negative, UInt128(quotient), exponent) }
    }
    // Scaled so that the quotient has 36 or 37 digits; both factors keep below 10^38.
    let digits = PowersOfTen.digitCount(coefficient)
    let otherDigits = PowersOfTen.digitCount(other.coefficient)
    let (high, low) =
      (coefficient * PowersOfTen.wide(Self.precision - digits))
      .multipliedFullWidth(by: PowersOfTen.wide(otherDigits + 2))
    let scaled = exponent - (Self.precision - digits + otherDigits + 2)
    let (quotient, rest) = Self.divide(high, low, by: other)
    if rest { return Self.rounding(negative, quotient, scaled, sticky: true) }
    let (stripped, position) = Self.strippingZeros(quotient, scaled, upTo: exponent)
    return Self.rounding(negative, stripped, position)
  }

  /// The quotient of a 256-bit number by a coefficient and whether anything is left; the quotient
  /// must be below 2^128.
  @inline(__always)
  private static func divide(
    _ high: UInt128, _ low: UInt128, by other: Decimal128
  ) -> (quotient: UInt128, rest: Bool) {
    guard other.isSmall else {
      let (quotient, rest) = other.coefficient.dividingFullWidth((high, low))
      return (quotient, rest != 0)
    }
    // One limb: three or fewer hardware divisions. The top limb of the quotient is zero.
    let divisor = other.low
    let first = UInt64(truncatingIfNeeded: high >> 64) % divisor
    let second = divisor.dividingFullWidth((first, UInt64(truncatingIfNeeded: high)))
    let third = divisor.dividingFullWidth(
      (second.remainder, UInt64(truncatingIfNeeded: low >> 64)))
    let fourth = divisor.dividingFullWidth(
      (third.remainder, UInt64(truncatingIfNeeded: low)))
    return (
      UInt128(third.quotient) << 64 | UInt128(fourth.quotient), fourth.remainder != 0
    )
  }

  /// FEEL's `modulo`: `self - divisor * floor(self / divisor)`, computed exactly and rounded once;
  /// it has the divisor's sign. `nil` if `divisor` is zero.
  ///
  /// Where the exact result has more than 34 digits (a tiny number of the other sign), rounding
  /// can make it equal to the divisor.
  public func modulo(_ divisor: Decimal128) -> Decimal128? {
    if divisor.isZero { return nil }
    if isZero { return .zero }
    guard let rest = magnitude.remainder(divisor.magnitude) else { return nil }
    if rest.isZero { return .zero }
    let result = isNegative == divisor.isNegative ? rest : divisor.magnitude.subtracting(rest)
    return divisor.isNegative ? result?.negated : result
  }

  /// The exact remainder of two positive numbers, truncating the quotient.
  private func remainder(_ divisor: Decimal128) -> Decimal128? {
    let shift = exponent - divisor.exponent
    let modulus = divisor.coefficient
    if shift >= 0 {
      let power = Self.powerOfTen(shift, modulo: modulus)
      let rest = Self.product(coefficient % modulus, power, modulo: modulus)
      return Decimal128(packing: false, rest, divisor.exponent)
    }
    // The divisor scaled to this exponent; beyond 34 digits it is larger than this number.
    guard PowersOfTen.digitCount(modulus) - shift <= PowersOfTen.largest else { return self }
    return Decimal128(
      packing: false, coefficient % (modulus * PowersOfTen.wide(-shift)), exponent)
  }

  private static func product(_ left: UInt128, _ right: UInt128, modulo: UInt128) -> UInt128 {
    modulo.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
  }

  private static func powerOfTen(_ exponent: Int, modulo: UInt128) -> UInt128 {
    var (result, base, exponent) = (1 % modulo, 10 % modulo, exponent)
    while exponent > 0 {
      if exponent & 1 == 1 { result = product(result, base, modulo: modulo) }
      base = product(base, base, modulo: modulo)
      exponent >>= 1
    }
    return result
  }
}
