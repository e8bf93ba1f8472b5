/// How large an input's value may be. The limits are far from anything real; they exist so that
/// arithmetic on inputs stays far from overflow, and the compiler can prove that it gives no null.
extension ValueType {
  /// The greatest magnitude of an input's measure (numbers: 10^1000; dates: year ±99,999; durations:
  /// 10^15 seconds or 10^9 months); nil for types without a measure.
  public var inputLimit: Decimal128? {
    switch self {
    case .number: Decimal128(negative: false, coefficient: 1, exponent: 1000)
    case .date: Decimal128(36_524_000)
    case .dateTime: Decimal128(3_155_600_000_000)
    case .time: Decimal128(200_000)
    case .dayTimeDuration: Decimal128(1_000_000_000_000_000)
    case .yearMonthDuration: Decimal128(1_000_000_000)
    case .string, .boolean: nil
    }
  }

  /// The least magnitude of an input's number that is not zero: 10^-1000.
  public static let leastInputMagnitude = Decimal128(
    negative: false, coefficient: 1, exponent: -1000)
}

extension Decimal128 {
  /// False for numbers that are refused as inputs: beyond ±10^1000, or nearer to zero than 10^-1000.
  @inline(__always)
  var isWithinInputLimit: Bool {
    let parts = significandAndExponent
    if parts.exponent > -900, parts.exponent < 900 { return true }
    return isWithinInputLimitSlowly
  }

  private var isWithinInputLimitSlowly: Bool {
    guard let greatest = ValueType.number.inputLimit, let least = ValueType.leastInputMagnitude
    else { return false }
    let size = magnitude
    return size <= greatest && (size == Decimal128(0) || least <= size)
  }
}
