extension Decimal128 {
  /// The square root, correctly rounded half to even; `nil` for a negative number.
  public var squareRoot: Decimal128? {
    if isNegative { return nil }
    if isZero { return .zero }
    // Scaled to 71 or 72 digits and an even exponent, so that the root has 36 digits.
    let digits = PowersOfTen.digitCount(coefficient)
    var shift = 72 - digits
    if (exponent - shift) & 1 != 0 { shift -= 1 }
    let first = min(shift, Self.precision - digits)
    let (high, low) = (coefficient * PowersOfTen.wide(first))
      .multipliedFullWidth(by: PowersOfTen.wide(shift - first))
    let (root, exact) = Self.integerSquareRoot(high, low)
    let exponent = (exponent - shift) / 2
    if !exact { return Self.rounding(false, root, exponent, sticky: true) }
    let (stripped, position) = Self.strippingZeros(root, exponent, upTo: 0)
    return Self.rounding(false, stripped, position)
  }

  /// The floor of the root of a 256-bit number from 10^70 to 10^72, and whether it is exact.
  private static func integerSquareRoot(_ high: UInt128, _ low: UInt128) -> (UInt128, exact: Bool) {
    // Newton's steps from above fall until they reach the floor; each doubles the right digits.
    var root: UInt128 = 1 << ((256 - high.leadingZeroBitCount + 1) / 2)
    while true {
      let quotient = root.dividingFullWidth((high, low)).quotient
      let next = (root + quotient) >> 1
      if next >= root { break }
      root = next
    }
    let square = root.multipliedFullWidth(by: root)
    return (root, square.high == high && square.low == low)
  }
}
