#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A moment: whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Its text is RFC 3339 in UTC with three fraction digits, `2026-11-24T08:15:30.125Z`, so that the
/// order of texts is the order of moments from the year 0 to 9999.
public struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var milliseconds: Int64

  /// The moment `milliseconds` after 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The first moment that has a text: the beginning of the year 0.
  public static let earliest = Instant(milliseconds: -62_167_219_200_000)
  /// The last moment that has a text: the end of the year 9999.
  public static let latest = Instant(milliseconds: 253_402_300_799_999)

  /// What the system's clock says.
  public static func now() -> Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Whether `left` comes before `right`.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The text, RFC 3339; moments beyond the years 0 to 9999 are shown as the nearest that has one.
  public var description: String {
    let clamped = min(max(self, .earliest), .latest).milliseconds
    let day = Self.floorDivision(clamped, by: 86_400_000)
    let inDay = Int(clamped - day * 86_400_000)
    let date = Self.civil(day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func digits(_ value: Int, _ count: Int, _ separator: Unicode.Scalar) {
      var divisor = count == 4 ? 1000 : count == 3 ? 100 : 10
      while divisor > 0 {
        text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
        divisor /= 10
      }
      text.append(UInt8(ascii: separator))
    }
    digits(date.year, 4, "-")
    digits(date.month, 2, "-")
    digits(date.day, 2, "T")
    digits(inDay / 3_600_000, 2, ":")
    digits(inDay / 60_000 % 60, 2, ":")
    digits(inDay / 1000 % 60, 2, ".")
    digits(inDay % 1000, 3, "Z")
    return String(decoding: text, as: UTF8.self)
  }
}

// MARK: - Reading

extension Instant {
  /// Reads RFC 3339 (`2026-11-24T08:15:30Z`, with fraction digits and any offset) or a date alone
  /// (`2026-11-24`, its first moment in UTC). Digits beyond milliseconds are cut off. nil for any
  /// other text.
  public init?(_ text: String) {
    var reader = TextReader(bytes: Array(text.utf8))
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let day = reader.number(2),
      let dayNumber = Self.dayNumber(year: year, month: month, day: day)
    else { return nil }
    let start = Int64(dayNumber) * 86_400_000
    if reader.isAtEnd {
      milliseconds = start
      return
    }
    guard reader.take("T") || reader.take("t") || reader.take(" "),
      let time = reader.timeOfDay(), let offset = reader.offset(), reader.isAtEnd
    else { return nil }
    milliseconds = start + Int64(time) - Int64(offset) * 60_000
  }

  /// The day number of a date, 1970-01-01 being 0; nil when there is no such date.
  private static func dayNumber(year: Int, month: Int, day: Int) -> Int? {
    guard (1...12).contains(month), day >= 1 else { return nil }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivision(Int64(shifted), by: 400)
    let yearOfEra = shifted - Int(era) * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int(era) * 146_097 + dayOfEra - 719_468
  }

  private static func civil(_ dayNumber: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = floorDivision(shifted, by: 146_097)
    let dayOfEra = Int(shifted - era * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func floorDivision(_ value: Int64, by divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }
}

/// Reads the parts of a date and time from ASCII text.
private struct TextReader {
  let bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Exactly `count` digits.
  mutating func number(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for place in position..<(position + count) {
      guard bytes[place] &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(bytes[place] - 0x30)
    }
    position += count
    return value
  }

  /// Milliseconds since midnight.
  mutating func timeOfDay() -> Int? {
    guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60,
      take(":"), let second = number(2), second < 60
    else { return nil }
    var milliseconds = 0
    if take(".") {
      var weight = 100
      let start = position
      while position < bytes.count, bytes[position] &- 0x30 < 10 {
        milliseconds += Int(bytes[position] - 0x30) * weight
        weight /= 10
        position += 1
      }
      if position == start { return nil }
    }
    return ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int? {
    if take("Z") || take("z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hour = number(2), hour < 24, take(":"),
      let minute = number(2), minute < 60
    else { return nil }
    return (isEast ? 1 : -1) * (hour * 60 + minute)
  }
}
