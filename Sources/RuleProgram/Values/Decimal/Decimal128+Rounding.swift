/// How a number is rounded to fewer fraction digits.
public enum RoundingMode: UInt8, CaseIterable, Sendable {
  /// To the nearest; a tie goes to the even digit.
  case halfEven
  /// To the nearest; a tie goes away from zero.
  case halfUp
  /// To the nearest; a tie goes towards zero.
  case halfDown
  /// Away from zero.
  case up
  /// Towards zero.
  case down
  /// Towards negative infinity.
  case floor
  /// Towards positive infinity.
  case ceiling
}

extension Decimal128 {
  /// The number rounded to `scale` digits after the point (before it, if negative); `nil` only if
  /// that overflows.
  public func rounded(scale: Int, mode: RoundingMode) -> Decimal128? {
    // A number of 34 digits ends somewhere in this range; beyond it, nothing changes any more.
    let scale = min(max(scale, -10_000), 10_000)
    let drop = -scale - exponent
    guard drop > 0, !isZero else { return self }
    var (quotient, rest, half): (UInt128, UInt128, UInt128) = (0, coefficient, .max)
    if drop <= PowersOfTen.largest {
      let divisor = PowersOfTen.wide(drop)
      (quotient, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
      half = divisor >> 1
    }
    if Self.roundsAway(mode, isNegative, odd: quotient & 1 == 1, rest, half: half) {
      quotient += 1
    }
    return Self.rounding(isNegative, quotient, -scale)
  }

  private static func roundsAway(
    _ mode: RoundingMode, _ negative: Bool, odd: Bool, _ rest: UInt128, half: UInt128
  ) -> Bool {
    if rest == 0 { return false }
    switch mode {
    case .halfEven: return rest > half || (rest == half && odd)
    case .halfUp: return rest >= half
    case .halfDown: return rest > half
    case .up: return true
    case .down: return false
    case .floor: return negative
    case .ceiling: return !negative
    }
  }

  /// The largest integer that is not above the number.
  public var floor: Decimal128 { rounded(scale: 0, mode: .floor) ?? self }

  /// The smallest integer that is not below the number.
  public var ceiling: Decimal128 { rounded(scale: 0, mode: .ceiling) ?? self }

  /// Whether nothing stands after the point.
  public var isInteger: Bool { exponent >= 0 || normalized.exponent >= 0 }

  /// The number of digits after the point, without trailing zeros.
  public var fractionDigits: Int { max(0, -normalized.exponent) }
}
