extension FEEL {
  /// FEEL's `+` (DMN 1.5 table 57): numbers, texts, durations of one kind, and a duration with a
  /// date, time or date and time. A date takes the whole days that its midnight moves.
  public static func add(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.number(let left), .number(let right)): value(left.adding(right))
    case (.string(let left), .string(let right)): .string(left + right)
    case (.dayTimeDuration(let left), .dayTimeDuration(let right)):
      value(DayTimeDuration(nanoseconds: left.nanoseconds + right.nanoseconds))
    case (.yearMonthDuration(let left), .yearMonthDuration(let right)):
      months(left.months.addingReportingOverflow(right.months))
    case (_, .dayTimeDuration(let duration)): shift(left, by: duration)
    case (.dayTimeDuration(let duration), _): shift(right, by: duration)
    case (_, .yearMonthDuration(let duration)): shift(left, by: duration)
    case (.yearMonthDuration(let duration), _): shift(right, by: duration)
    default: .null
    }
  }

  /// FEEL's `-` (DMN 1.5 table 58). Two points in time give the time between them; both must have
  /// an offset or both none, where a date against a date and time counts as midnight UTC.
  public static func subtract(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.number(let left), .number(let right)): value(left.subtracting(right))
    case (.dayTimeDuration(let left), .dayTimeDuration(let right)):
      value(DayTimeDuration(nanoseconds: left.nanoseconds - right.nanoseconds))
    case (.yearMonthDuration(let left), .yearMonthDuration(let right)):
      months(left.months.subtractingReportingOverflow(right.months))
    case (_, .dayTimeDuration(let duration)):
      duration.negated.map { shift(left, by: $0) } ?? .null
    case (_, .yearMonthDuration(let duration)):
      duration.months == .min
        ? .null : shift(left, by: YearMonthDuration(months: -duration.months))
    default: difference(left, right)
    }
  }

  /// FEEL's `*`: numbers, and a number with a duration; months are cut to whole ones (towards
  /// zero), seconds rounded half to even to nanoseconds.
  public static func multiply(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.number(let left), .number(let right)): value(left.multiplied(by: right))
    case (.number(let factor), .dayTimeDuration(let duration)),
      (.dayTimeDuration(let duration), .number(let factor)):
      seconds(duration.measure.multiplied(by: factor))
    case (.number(let factor), .yearMonthDuration(let duration)),
      (.yearMonthDuration(let duration), .number(let factor)):
      months(duration.measure.multiplied(by: factor))
    default: .null
    }
  }

  /// FEEL's `/`: numbers, a duration by a number (rounded as in `multiply`), and two durations of
  /// one kind, which give a number.
  public static func divide(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.number(let left), .number(let right)): value(left.divided(by: right))
    case (.dayTimeDuration(let duration), .number(let divisor)):
      seconds(duration.measure.divided(by: divisor))
    case (.yearMonthDuration(let duration), .number(let divisor)):
      months(duration.measure.divided(by: divisor))
    case (.dayTimeDuration(let left), .dayTimeDuration(let right)):
      value(left.measure.divided(by: right.measure))
    case (.yearMonthDuration(let left), .yearMonthDuration(let right)):
      value(left.measure.divided(by: right.measure))
    default: .null
    }
  }

  /// FEEL's `**` with an integer exponent from -999,999,999 through 999,999,999; any other exponent
  /// has no exact answer and gives null.
  public static func power(_ base: Value, _ exponent: Value) -> Value {
    guard case .number(let base) = base, let exponent = integer(exponent),
      exponent.magnitude <= 999_999_999
    else { return .null }
    return value(base.power(exponent))
  }

  /// FEEL's unary `-` for numbers and durations.
  public static func negate(_ operand: Value) -> Value {
    switch operand {
    case .number(let number): .number(number.negated)
    case .dayTimeDuration(let duration): value(duration.negated)
    case .yearMonthDuration(let duration):
      months(Int(0).subtractingReportingOverflow(duration.months))
    default: .null
    }
  }

  /// The integer that a value is, if it is a number, integral and in range.
  static func integer(_ operand: Value) -> Int? {
    guard case .number(let number) = operand else { return nil }
    return Int(exactly: number)
  }

  private static func shift(_ point: Value, by duration: DayTimeDuration) -> Value {
    switch point {
    case .date(let date):
      value(DateTime(date: date, time: .midnight).adding(duration)?.date)
    case .time(let time): .time(time.adding(nanoseconds: duration.nanoseconds))
    case .dateTime(let dateTime): value(dateTime.adding(duration))
    default: .null
    }
  }

  private static func shift(_ point: Value, by duration: YearMonthDuration) -> Value {
    switch point {
    case .date(let date): value(date.adding(months: duration.months))
    case .dateTime(let dateTime): value(dateTime.adding(duration))
    default: .null
    }
  }

  private static func difference(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.time(let left), .time(let right)):
      guard left.compare(right) != nil else { return .null }
      let between = left.normalizedNanoseconds - right.normalizedNanoseconds
      return value(DayTimeDuration(nanoseconds: Int128(between)))
    case (.date(let left), .date(let right)):
      return .dayTimeDuration(
        DayTimeDuration(seconds: Int64((left.dayNumber - right.dayNumber) * 86_400)))
    case (.dateTime(let left), .dateTime(let right)): return difference(left, right)
    case (.date(let left), .dateTime(let right)): return difference(midnightUTC(left), right)
    case (.dateTime(let left), .date(let right)): return difference(left, midnightUTC(right))
    default: return .null
    }
  }

  private static func difference(_ left: DateTime, _ right: DateTime) -> Value {
    guard left.compare(right) != nil else { return .null }
    return value(
      DayTimeDuration(nanoseconds: left.normalizedNanoseconds - right.normalizedNanoseconds))
  }

  private static func midnightUTC(_ date: CalendarDate) -> DateTime {
    DateTime(date: date, time: ClockTime(nanosecondOfDay: 0, offset: 0) ?? .midnight)
  }

  private static func months(_ result: (partialValue: Int, overflow: Bool)) -> Value {
    result.overflow
      ? .null : .yearMonthDuration(YearMonthDuration(months: result.partialValue))
  }

  private static func months(_ number: Decimal128?) -> Value {
    guard let whole = number?.rounded(scale: 0, mode: .down), let months = Int(exactly: whole)
    else { return .null }
    return .yearMonthDuration(YearMonthDuration(months: months))
  }

  private static func seconds(_ number: Decimal128?) -> Value {
    guard let exact = number?.rounded(scale: 9, mode: .halfEven) else { return .null }
    let whole = exact.rounded(scale: 0, mode: .down) ?? exact
    guard let seconds = Int(exactly: whole),
      let fraction = exact.subtracting(whole)?.multiplied(by: 1_000_000_000),
      let rest = Int(exactly: fraction)
    else { return .null }
    return value(
      DayTimeDuration(nanoseconds: Int128(seconds) * 1_000_000_000 + Int128(rest)))
  }
}
