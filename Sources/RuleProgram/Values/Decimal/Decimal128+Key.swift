extension Decimal128 {
  /// What `scaledKey` can give: from -(2^63 - 4) to 2^63 - 3, so never `Int64.min` or `Int64.max`.
  /// A key strictly inside is exact; one at an end may stand for any number beyond.
  public static let scaledKeyBounds: ClosedRange<Int64> = (Int64.min + 4)...(Int64.max - 2)

  /// The largest and, negated, the smallest floor that is kept: 2^62 - 2.
  @inline(__always)
  private static var floorLimit: UInt64 { (1 << 62) - 2 }

  /// An order-preserving key: `floor(self * 10^digits) * 2`, plus 1 if that cut something off.
  ///
  /// `x <= y` implies `x.scaledKey(digits: d) <= y.scaledKey(digits: d)`. If `c` has at most `d`
  /// fraction digits and its key lies strictly inside `scaledKeyBounds`, then comparing the keys
  /// of `x` and `c` gives exactly the order of `x` and `c`. Saturates at the ends of
  /// `scaledKeyBounds`.
  @inline(__always)
  public func scaledKey(digits: Int) -> Int64 {
    let shift = exponent &+ digits
    if isSmall && shift >= 0 && shift <= PowersOfTen.largestSmall {
      let (top, bottom) = low.multipliedFullWidth(by: PowersOfTen.small(shift))
      if top == 0 && bottom <= Self.floorLimit {
        let value = Int64(truncatingIfNeeded: bottom &<< 1)
        return isNegative ? 0 &- value : value
      }
    }
    return scaledKeyCutting(shift)
  }

  private func scaledKeyCutting(_ shift: Int) -> Int64 {
    if isZero { return 0 }
    if shift >= 0 {
      let tooLarge = shift > PowersOfTen.largestSmall || !isSmall
      guard !tooLarge else { return saturatedKey }
      let (top, bottom) = low.multipliedFullWidth(by: PowersOfTen.small(shift))
      return top == 0 ? key(bottom, inexact: false) : saturatedKey
    }
    if isSmall && shift >= -PowersOfTen.largestSmall {
      let (quotient, rest) = low.quotientAndRemainder(dividingBy: PowersOfTen.small(-shift))
      return key(quotient, inexact: rest != 0)
    }
    guard shift >= -PowersOfTen.largest else { return key(0, inexact: true) }
    let (quotient, rest) = coefficient.quotientAndRemainder(
      dividingBy: PowersOfTen.wide(-shift))
    guard let small = UInt64(exactly: quotient) else { return saturatedKey }
    return key(small, inexact: rest != 0)
  }

  @inline(__always)
  private var saturatedKey: Int64 {
    isNegative ? Self.scaledKeyBounds.lowerBound : Self.scaledKeyBounds.upperBound
  }

  /// The key of a truncated magnitude; below zero, what was cut off lowers the floor by one.
  @inline(__always)
  private func key(_ truncated: UInt64, inexact: Bool) -> Int64 {
    guard truncated < Self.floorLimit || (truncated == Self.floorLimit && !inexact) else {
      return saturatedKey
    }
    let floor = isNegative && inexact ? truncated &+ 1 : truncated
    let doubled = Int64(truncatingIfNeeded: floor &<< 1)
    return (isNegative ? 0 &- doubled : doubled) &+ (inexact ? 1 : 0)
  }
}
