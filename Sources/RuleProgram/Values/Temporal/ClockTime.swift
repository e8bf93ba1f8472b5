/// A time of day, exact to the nanosecond, with an offset from UTC or without one ("local").
/// Named time zones aren't supported.
///
/// Equality and hash are of what was written (`10:00:00Z` differs from `11:00:00+01:00`); FEEL's
/// comparisons are `compare(_:)`.
public struct ClockTime: Hashable, Sendable, CustomStringConvertible {
  /// Nanoseconds since midnight in the high 47 bits; in the low 17, the offset in seconds
  /// + 65536, or 0 for none.
  private let bits: UInt64

  /// Nanoseconds of a day.
  static let nanosecondsPerDay = 86_400_000_000_000

  /// The offsets from UTC that a time can have, in seconds: up to 18 hours either way.
  public static let offsets = -64_800...64_800

  /// A time of day with an offset from UTC in seconds; `nil` if there is no such time.
  public init?(
    hour: Int, minute: Int, second: Int, nanosecond: Int = 0, offset: Int? = nil
  ) {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
      (0...999_999_999).contains(nanosecond)
    else { return nil }
    let seconds = (hour * 60 + minute) * 60 + second
    self.init(nanosecondOfDay: seconds * 1_000_000_000 + nanosecond, offset: offset)
  }

  /// A time by its nanoseconds since midnight; `nil` if that or the offset is out of range.
  public init?(nanosecondOfDay: Int, offset: Int? = nil) {
    guard nanosecondOfDay >= 0, nanosecondOfDay < Self.nanosecondsPerDay else { return nil }
    var stored: UInt64 = 0
    if let offset {
      guard Self.offsets.contains(offset) else { return nil }
      stored = UInt64(offset + 65_536)
    }
    bits = UInt64(nanosecondOfDay) << 17 | stored
  }

  /// Midnight, without an offset.
  public static let midnight = ClockTime(bits: 0)

  private init(bits: UInt64) {
    self.bits = bits
  }

  /// Reads `10:30:00`, `10:30:00.123Z` or `10:30:00+02:00`.
  public init?(_ text: some StringProtocol) {
    var scanner = TextScanner(text)
    guard let time = ClockTime(&scanner), scanner.isAtEnd else { return nil }
    self = time
  }

  /// Reads a time where the scanner stands.
  init?(_ scanner: inout TextScanner) {
    guard let hour = scanner.digits(exactly: 2), scanner.take(":"),
      let minute = scanner.digits(exactly: 2), scanner.take(":"),
      let second = scanner.digits(exactly: 2)
    else { return nil }
    var nanosecond = 0
    if scanner.take(".") {
      guard scanner.seesDigit, let read = scanner.nanoseconds() else { return nil }
      nanosecond = read
    }
    guard let offset = Self.offset(&scanner) else { return nil }
    self.init(
      hour: hour, minute: minute, second: second, nanosecond: nanosecond, offset: offset.seconds)
  }

  /// Reads `Z`, `+hh:mm[:ss]`, `-hh:mm[:ss]` or nothing.
  private static func offset(_ scanner: inout TextScanner) -> (seconds: Int?, Void)? {
    if scanner.take("Z") { return (0, ()) }
    let negative = scanner.sees("-")
    guard scanner.take("-") || scanner.take("+") else { return (nil, ()) }
    guard let hours = scanner.digits(exactly: 2), scanner.take(":"),
      let minutes = scanner.digits(exactly: 2), minutes < 60
    else { return nil }
    var seconds = (hours * 60 + minutes) * 60
    if scanner.take(":") {
      guard let read = scanner.digits(exactly: 2), read < 60 else { return nil }
      seconds += read
    }
    return (negative ? -seconds : seconds, ())
  }

  /// Nanoseconds since midnight.
  public var nanosecondOfDay: Int { Int(bits >> 17) }

  /// The offset from UTC in seconds, or `nil` for a local time.
  public var offset: Int? {
    let stored = Int(bits & 0x1FFFF)
    return stored == 0 ? nil : stored - 65_536
  }

  /// The hour, 0 through 23.
  public var hour: Int { nanosecondOfDay / 3_600_000_000_000 }

  /// The minute, 0 through 59.
  public var minute: Int { nanosecondOfDay / 60_000_000_000 % 60 }

  /// The second, 0 through 59.
  public var second: Int { nanosecondOfDay / 1_000_000_000 % 60 }

  /// The nanoseconds after the second, 0 through 999,999,999.
  public var nanosecond: Int { nanosecondOfDay % 1_000_000_000 }

  /// Nanoseconds since midnight UTC for a time with an offset, else since local midnight; below 0
  /// or beyond a day where the offset leads there.
  var normalizedNanoseconds: Int { nanosecondOfDay - (offset ?? 0) * 1_000_000_000 }

  /// -1, 0 or 1 as this time is before, at or after `other`, on UTC if both have an offset; `nil`
  /// if just one has.
  public func compare(_ other: ClockTime) -> Int? {
    guard (offset == nil) == (other.offset == nil) else { return nil }
    let (left, right) = (normalizedNanoseconds, other.normalizedNanoseconds)
    return left == right ? 0 : (left < right ? -1 : 1)
  }

  /// The time `nanoseconds` later, wrapping at midnight, with the same offset.
  func adding(nanoseconds: Int128) -> ClockTime {
    let day = Int128(Self.nanosecondsPerDay)
    let sum = (Int128(nanosecondOfDay) + nanoseconds % day + day) % day
    return ClockTime(bits: UInt64(truncatingIfNeeded: sum) << 17 | bits & 0x1FFFF)
  }

  /// The time as a number for keys: seconds since midnight, moved to UTC if it has an offset and
  /// then possibly below 0 or above 86,400. Comparable only among times that all have an offset
  /// or all have none.
  public var measure: Decimal128 { secondsNumber(Int128(normalizedNanoseconds)) }

  /// `10:30:00`, `10:30:00.5+02:00`; a zero offset is `Z`.
  public var description: String {
    let clock = padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2)
    return clock + fractionText(nanoseconds: nanosecond) + offsetText
  }

  private var offsetText: String {
    guard let offset else { return "" }
    if offset == 0 { return "Z" }
    let size = abs(offset)
    let tail = size % 60 == 0 ? "" : ":" + padded(size % 60, 2)
    return (offset < 0 ? "-" : "+") + padded(size / 3600, 2) + ":"
      + padded(size / 60 % 60, 2) + tail
  }
}

/// Nanoseconds as a number of seconds.
func secondsNumber(_ nanoseconds: Int128) -> Decimal128 {
  let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
  // All measures are far below 10^34 nanoseconds.
  return rest == 0
    ? Decimal128(packing: seconds < 0, seconds.magnitude, 0)
    : Decimal128(packing: nanoseconds < 0, nanoseconds.magnitude, -9).normalized
}
