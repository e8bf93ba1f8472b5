extension Decimal128 {
  /// The sum, rounded half to even; `nil` on overflow.
  @inline(__always)
  public func adding(_ other: Decimal128) -> Decimal128? {
    // Both small, with equal signs and exponents: one machine addition.
    if (meta | other.meta) & Self.highMask == 0 && meta == other.meta {
      let (sum, overflow) = low.addingReportingOverflow(other.low)
      if !overflow { return Decimal128(low: sum, meta: meta) }
    }
    return addingAligned(other)
  }

  /// The difference, rounded half to even; `nil` on overflow.
  @inline(__always)
  public func subtracting(_ other: Decimal128) -> Decimal128? {
    adding(other.negated)
  }

  private func addingAligned(_ other: Decimal128) -> Decimal128? {
    if isZero { return other }
    if other.isZero { return self }
    return exponent >= other.exponent
      ? Self.sum(high: self, low: other) : Self.sum(high: other, low: self)
  }

  /// Adds two nonzero numbers; the first has the larger or the same exponent.
  private static func sum(high: Decimal128, low: Decimal128) -> Decimal128? {
    let shift = high.exponent - low.exponent
    if shift <= PowersOfTen.largestSmall && high.isSmall {
      let (top, bottom) = high.low.multipliedFullWidth(by: PowersOfTen.small(shift))
      // Below 2^126, so that adding a coefficient below 2^113 stays below 2^127.
      if top < 1 << 62 {
        return combine(
          high.isNegative, UInt128(top) << 64 | UInt128(bottom), low.isNegative, low.coefficient,
          low.exponent)
      }
    }
    let room = PowersOfTen.largest - 1 - PowersOfTen.digitCount(high.coefficient)
    if shift <= room {
      return combine(
        high.isNegative, high.coefficient * PowersOfTen.wide(shift), low.isNegative,
        low.coefficient, low.exponent)
    }
    return sumFarApart(high, low, shift: room, drop: shift - room)
  }

  /// Adds or subtracts two aligned magnitudes.
  @inline(__always)
  private static func combine(
    _ leftNegative: Bool, _ left: UInt128, _ rightNegative: Bool, _ right: UInt128,
    _ exponent: Int
  ) -> Decimal128? {
    if leftNegative == rightNegative { return finish(leftNegative, left + right, exponent) }
    return left >= right
      ? finish(leftNegative, left - right, exponent)
      : finish(rightNegative, right - left, exponent)
  }

  /// Packs a sum whose exponent is that of an operand, rounding only when it is too long.
  @inline(__always)
  private static func finish(
    _ negative: Bool, _ coefficient: UInt128, _ exponent: Int
  ) -> Decimal128? {
    coefficient < coefficientLimit
      ? Decimal128(packing: negative, coefficient, exponent)
      : rounding(negative, coefficient, exponent)
  }

  /// Adds numbers so far apart that the smaller one reaches below the last digit that counts.
  ///
  /// The larger one is widened by `shift` to 37 digits; the smaller one is cut by `drop` digits,
  /// and what is cut off can only break a tie.
  private static func sumFarApart(
    _ high: Decimal128, _ low: Decimal128, shift: Int, drop: Int
  ) -> Decimal128? {
    let wide = high.coefficient * PowersOfTen.wide(shift)
    let exponent = high.exponent - shift
    var (kept, rest): (UInt128, UInt128) = (0, 1)
    if drop <= PowersOfTen.largest {
      (kept, rest) = low.coefficient.quotientAndRemainder(dividingBy: PowersOfTen.wide(drop))
    }
    let sticky = rest != 0
    if high.isNegative == low.isNegative {
      return rounding(high.isNegative, wide + kept, exponent, sticky: sticky)
    }
    // high - (kept + fraction) = (high - kept - 1) + (1 - fraction)
    return rounding(
      high.isNegative, wide - kept - (sticky ? 1 : 0), exponent, sticky: sticky)
  }
}
