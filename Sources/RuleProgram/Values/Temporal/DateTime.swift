/// A date with a time of day.
///
/// Equality and hash are of what was written; FEEL's comparisons are `compare(_:)`.
public struct DateTime: Hashable, Sendable, CustomStringConvertible {
  /// The day.
  public let date: CalendarDate

  /// The time of that day.
  public let time: ClockTime

  /// A date with a time of day.
  public init(date: CalendarDate, time: ClockTime) {
    self.date = date
    self.time = time
  }

  /// Reads `2026-01-31T10:30:00` with an optional fraction and offset. `T24:00:00` is the next
  /// day's midnight (XML Schema 1.1 part 2, §3.3.7).
  public init?(_ text: some StringProtocol) {
    var scanner = TextScanner(text)
    guard let date = CalendarDate(&scanner), scanner.take("T") else { return nil }
    if let time = ClockTime(&scanner) {
      guard scanner.isAtEnd else { return nil }
      self.init(date: date, time: time)
      return
    }
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2, parts[1].hasPrefix("24:00:00"),
      let time = ClockTime("00" + parts[1].dropFirst(2)), time.nanosecondOfDay == 0,
      let next = date.adding(days: 1)
    else { return nil }
    self.init(date: next, time: time)
  }

  /// Nanoseconds since 1970-01-01T00:00:00, UTC if there is an offset, else local.
  var normalizedNanoseconds: Int128 {
    Int128(date.dayNumber) * Int128(ClockTime.nanosecondsPerDay)
      + Int128(time.normalizedNanoseconds)
  }

  /// -1, 0 or 1 as this is before, at or after `other`, on UTC if both have an offset; `nil` if
  /// just one has.
  public func compare(_ other: DateTime) -> Int? {
    guard (time.offset == nil) == (other.time.offset == nil) else { return nil }
    let (left, right) = (normalizedNanoseconds, other.normalizedNanoseconds)
    return left == right ? 0 : (left < right ? -1 : 1)
  }

  /// The date and time a duration later, with the same offset; `nil` outside the years.
  public func adding(_ duration: DayTimeDuration) -> DateTime? {
    let day = Int128(ClockTime.nanosecondsPerDay)
    let total = Int128(time.nanosecondOfDay) + duration.nanoseconds
    let rest = ((total % day) + day) % day
    guard let days = Int(exactly: (total - rest) / day),
      let date = date.adding(days: days),
      let time = ClockTime(nanosecondOfDay: Int(rest), offset: time.offset)
    else { return nil }
    return DateTime(date: date, time: time)
  }

  /// The same time of day some months later; `nil` outside the years.
  public func adding(_ duration: YearMonthDuration) -> DateTime? {
    date.adding(months: duration.months).map { DateTime(date: $0, time: time) }
  }

  /// The value as a number for keys: seconds since 1970-01-01T00:00:00, moved to UTC if there is
  /// an offset. Comparable only among values that all have an offset or all have none.
  public var measure: Decimal128 { secondsNumber(normalizedNanoseconds) }

  /// `2026-01-31T10:30:00+02:00`.
  public var description: String { date.description + "T" + time.description }
}
