extension Decimal128: Comparable, Hashable {
  /// Numerical equality: `1.0 == 1.00`.
  @inline(__always)
  public static func == (left: Decimal128, right: Decimal128) -> Bool {
    if left.low == right.low && left.meta == right.meta { return true }
    // With equal exponents, numbers are equal only if all their bits are.
    if (left.meta ^ right.meta) & ~(highMask | signBit) == 0 { return false }
    return left.compare(right) == 0
  }

  /// Numerical order.
  @inline(__always)
  public static func < (left: Decimal128, right: Decimal128) -> Bool {
    left.compare(right) < 0
  }

  /// Numerical order, true also for equal values.
  @inline(__always)
  public static func <= (left: Decimal128, right: Decimal128) -> Bool {
    left.compare(right) <= 0
  }

  /// Equal values hash alike.
  public func hash(into hasher: inout Hasher) {
    let number = normalized
    hasher.combine(number.low)
    hasher.combine(number.meta)
  }

  /// -1, 0 or 1 as this number is less than, equal to or greater than `other`.
  @inline(__always)
  public func compare(_ other: Decimal128) -> Int {
    // Both small, with equal signs and exponents: the coefficients decide.
    if (meta | other.meta) & Self.highMask == 0 && meta == other.meta {
      let order = low == other.low ? 0 : (low < other.low ? -1 : 1)
      return isNegative ? -order : order
    }
    return compareAligning(other)
  }

  private func compareAligning(_ other: Decimal128) -> Int {
    if isZero { return other.isZero ? 0 : (other.isNegative ? 1 : -1) }
    if other.isZero || isNegative != other.isNegative { return isNegative ? -1 : 1 }
    let order = compareMagnitude(other)
    return isNegative ? -order : order
  }

  /// The order of the absolute values of two nonzero numbers.
  private func compareMagnitude(_ other: Decimal128) -> Int {
    let shift = exponent - other.exponent
    if (meta | other.meta) & Self.highMask == 0 && shift.magnitude <= PowersOfTen.largestSmall {
      let power = PowersOfTen.small(Int(shift.magnitude))
      let left = low.multipliedFullWidth(by: shift > 0 ? power : 1)
      let right = other.low.multipliedFullWidth(by: shift > 0 ? 1 : power)
      return order(left, right)
    }
    let leftDigits = PowersOfTen.digitCount(coefficient) + exponent
    let rightDigits = PowersOfTen.digitCount(other.coefficient) + other.exponent
    if leftDigits != rightDigits { return leftDigits < rightDigits ? -1 : 1 }
    // Equal leading positions, so that the shift is below 34 and aligning stays within 34 digits.
    let left = coefficient * (shift > 0 ? PowersOfTen.wide(shift) : 1)
    let right = other.coefficient * (shift < 0 ? PowersOfTen.wide(-shift) : 1)
    return left == right ? 0 : (left < right ? -1 : 1)
  }

  @inline(__always)
  private func order(
    _ left: (high: UInt64, low: UInt64), _ right: (high: UInt64, low: UInt64)
  ) -> Int {
    if left.high != right.high { return left.high < right.high ? -1 : 1 }
    return left.low == right.low ? 0 : (left.low < right.low ? -1 : 1)
  }
}
