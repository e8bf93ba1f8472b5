extension FEEL {
  /// FEEL's `date(from)`: of a text, a date, or the day of a date and time.
  public static func date(_ from: Value) -> Value {
    switch from {
    case .string(let text): value(CalendarDate(text))
    case .date: from
    case .dateTime(let dateTime): .date(dateTime.date)
    default: .null
    }
  }

  /// FEEL's `date(year, month, day)`.
  public static func date(year: Value, month: Value, day: Value) -> Value {
    guard let year = integer(year), let month = integer(month), let day = integer(day) else {
      return .null
    }
    return value(CalendarDate(year: year, month: month, day: day))
  }

  /// FEEL's `time(from)`: of a text, a time, a date and time, or a date (midnight UTC).
  public static func time(_ from: Value) -> Value {
    switch from {
    case .string(let text): value(ClockTime(text))
    case .time: from
    case .dateTime(let dateTime): .time(dateTime.time)
    case .date: value(ClockTime(nanosecondOfDay: 0, offset: 0))
    default: .null
    }
  }

  /// FEEL's `time(hour, minute, second)` and `time(hour, minute, second, offset)`: the second may
  /// have up to nine digits after the point; the offset is a duration of whole seconds or null.
  public static func time(
    hour: Value, minute: Value, second: Value, offset: Value = .null
  ) -> Value {
    guard let hour = integer(hour), let minute = integer(minute),
      case .number(let second) = second,
      let whole = Int(exactly: second.floor),
      let nanoseconds = second.subtracting(second.floor)?.multiplied(by: 1_000_000_000),
      let nanosecond = Int(exactly: nanoseconds)
    else { return .null }
    var seconds: Int?
    switch offset {
    case .null: break
    case .dayTimeDuration(let duration):
      guard let whole = Int(exactly: duration.measure) else { return .null }
      seconds = whole
    default: return .null
    }
    return value(
      ClockTime(
        hour: hour, minute: minute, second: whole, nanosecond: nanosecond, offset: seconds))
  }

  /// FEEL's `date and time(from)` of a text; one that holds only a date means its midnight.
  public static func dateAndTime(_ from: Value) -> Value {
    guard case .string(let text) = from else { return .null }
    if let date = CalendarDate(text) {
      return .dateTime(DateTime(date: date, time: .midnight))
    }
    return value(DateTime(text))
  }

  /// FEEL's `date and time(date, time)`; of a date and time as first argument, the day counts.
  public static func dateAndTime(_ date: Value, _ time: Value) -> Value {
    guard case .time(let time) = time else { return .null }
    switch date {
    case .date(let date): return .dateTime(DateTime(date: date, time: time))
    case .dateTime(let dateTime): return .dateTime(DateTime(date: dateTime.date, time: time))
    default: return .null
    }
  }

  /// FEEL's `duration(from)` of a text, of either kind.
  public static func duration(_ from: Value) -> Value {
    guard case .string(let text) = from else { return .null }
    if let duration = DayTimeDuration(text) { return .dayTimeDuration(duration) }
    return value(YearMonthDuration(text))
  }

  /// FEEL's `years and months duration(from, to)`: whole months between two days, whatever the
  /// time of day.
  public static func yearsAndMonthsDuration(_ from: Value, _ to: Value) -> Value {
    guard case .date(let start) = date(day(from)), case .date(let end) = date(day(to)) else {
      return .null
    }
    return .yearMonthDuration(YearMonthDuration(months: start.months(until: end)))
  }

  /// A date or a date and time; null for anything else.
  private static func day(_ point: Value) -> Value {
    switch point {
    case .date, .dateTime: point
    default: .null
    }
  }
}
