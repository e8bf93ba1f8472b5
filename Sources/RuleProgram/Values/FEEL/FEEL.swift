/// The operations and built-in functions of FEEL (DMN 1.5, chapter 10) on `Value`.
///
/// Each is total: where FEEL has no answer (an operand of another type, null, overflow, division by
/// zero) the result is `.null`.
public enum FEEL {
  /// A number, or null for none.
  @inline(__always)
  static func value(_ number: Decimal128?) -> Value { number.map(Value.number) ?? .null }

  /// A boolean, or null for none.
  @inline(__always)
  static func value(_ flag: Bool?) -> Value { flag.map(Value.boolean) ?? .null }

  /// A date, or null for none.
  static func value(_ date: CalendarDate?) -> Value { date.map(Value.date) ?? .null }

  /// A time, or null for none.
  static func value(_ time: ClockTime?) -> Value { time.map(Value.time) ?? .null }

  /// A date and time, or null for none.
  static func value(_ dateTime: DateTime?) -> Value { dateTime.map(Value.dateTime) ?? .null }

  /// A duration, or null for none.
  static func value(_ duration: DayTimeDuration?) -> Value {
    duration.map(Value.dayTimeDuration) ?? .null
  }

  /// A duration, or null for none.
  static func value(_ duration: YearMonthDuration?) -> Value {
    duration.map(Value.yearMonthDuration) ?? .null
  }
}
