extension Decimal128 {
  /// The number raised to an integer, rounded once, half to even; `x^0` is 1, also for 0. `nil` on
  /// overflow and for a negative power of zero.
  ///
  /// It is computed with 180 digits, so the rounding is right unless the exact result lies closer
  /// than 10^-140 of itself to the middle between two numbers without being the middle.
  public func power(_ exponent: Int) -> Decimal128? {
    if exponent == 0 { return .one }
    if isZero { return exponent > 0 ? .zero : nil }
    let negative = isNegative && exponent & 1 == 1
    let number = normalized
    var result = WideDecimal(number.coefficient, exponent: number.exponent)
    let base = result
    let bits = exponent.magnitude
    var bit = UInt.bitWidth - 1 - bits.leadingZeroBitCount
    while bit > 0 {
      bit -= 1
      result.multiply(by: result)
      if bits >> UInt(bit) & 1 == 1 { result.multiply(by: base) }
      // Powers move steadily away from 1: beyond this, there is no way back into range.
      if result.leadingExponent.magnitude > 20_000 {
        let vanishes = (result.leadingExponent < 0) == (exponent > 0)
        return vanishes ? .zero : nil
      }
    }
    return (exponent > 0 ? result : result.reciprocal).rounded(negative: negative)
  }
}
