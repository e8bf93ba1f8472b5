/// A property of a date, time or duration (DMN 1.5 table 65), as in `due.year`. The raw value is
/// the code in stored programs.
public enum TemporalProperty: UInt8, CaseIterable, Sendable {
  /// The year of a date.
  case year = 1
  /// The month of a date, 1 through 12.
  case month
  /// The day of the month of a date.
  case day
  /// The day of the week of a date, 1 (Monday) through 7.
  case weekday
  /// The hour of a time.
  case hour
  /// The minute of a time.
  case minute
  /// The second of a time, with its fraction.
  case second
  /// The offset from UTC of a time, as a duration; null for local times.
  case timeOffset
  /// The name of a time's zone: always null, for zones aren't supported.
  case timezone
  /// The whole years of a duration.
  case years
  /// The months of a duration beyond its whole years.
  case months
  /// The whole days of a duration.
  case days
  /// The hours of a duration beyond its whole days.
  case hours
  /// The minutes of a duration beyond its whole hours.
  case minutes
  /// The seconds of a duration beyond its whole minutes, with their fraction.
  case seconds

  /// The property's name in FEEL.
  public var name: String {
    self == .timeOffset ? "time offset" : "\(self)"
  }

  /// The property with a name in FEEL; `nil` for any other text.
  public init?(name: String) {
    guard let property = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = property
  }

  /// The types of value that have the property.
  public var types: [ValueType] {
    switch self {
    case .year, .month, .day, .weekday: [.date, .dateTime]
    case .hour, .minute, .second, .timeOffset, .timezone: [.time, .dateTime]
    case .years, .months: [.yearMonthDuration]
    case .days, .hours, .minutes, .seconds: [.dayTimeDuration]
    }
  }

  /// The type of the property of a value of `type`; nil when such a value hasn't got it.
  public func type(on type: ValueType) -> ValueType? {
    guard types.contains(type) else { return nil }
    return switch self {
    case .timeOffset: .dayTimeDuration
    case .timezone: .string
    default: .number
    }
  }
}

extension FEEL {
  /// A property of a value; null if the value is null or its type lacks the property.
  public static func property(_ value: Value, _ name: TemporalProperty) -> Value {
    switch value {
    case .date(let date): property(date, name)
    case .time(let time): property(time, name)
    case .dateTime(let dateTime):
      name.types.contains(.date) ? property(dateTime.date, name) : property(dateTime.time, name)
    case .dayTimeDuration(let duration): property(duration, name)
    case .yearMonthDuration(let duration): property(duration, name)
    case .null, .number, .string, .boolean: .null
    }
  }

  private static func number(_ value: Int) -> Value { .number(Decimal128(value)) }

  private static func property(_ date: CalendarDate, _ name: TemporalProperty) -> Value {
    switch name {
    case .year: number(date.year)
    case .month: number(date.month)
    case .day: number(date.day)
    case .weekday: number(date.weekday)
    default: .null
    }
  }

  private static func property(_ time: ClockTime, _ name: TemporalProperty) -> Value {
    switch name {
    case .hour: number(time.hour)
    case .minute: number(time.minute)
    case .second: .number(secondsNumber(Int128(time.nanosecondOfDay % 60_000_000_000)))
    case .timeOffset:
      time.offset.map { .dayTimeDuration(DayTimeDuration(seconds: Int64($0))) } ?? .null
    default: .null
    }
  }

  private static func property(_ duration: DayTimeDuration, _ name: TemporalProperty) -> Value {
    switch name {
    case .days: number(duration.components.days)
    case .hours: number(duration.components.hours)
    case .minutes: number(duration.components.minutes)
    case .seconds: .number(secondsNumber(duration.nanoseconds % 60_000_000_000))
    default: .null
    }
  }

  private static func property(_ duration: YearMonthDuration, _ name: TemporalProperty) -> Value {
    switch name {
    case .years: number(duration.years)
    case .months: number(duration.monthsOfYear)
    default: .null
    }
  }
}
