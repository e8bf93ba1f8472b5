import RuleProgram

/// Dates and durations: day numbers, months, microseconds.
extension SQLGenerator {
  private static let microsecondsOfDay: Int128 = 86_400_000_000

  func temporal(
    _ operation: Operation, _ a: SQLTerm, _ b: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let minus = operation == .subtract
    var result: SQLTerm
    switch (operation, a.type, b.type) {
    case (.subtract, .date, .date):
      result = try product(
        sum(a, b, minus: true, in: part), constantTerm(Self.microsecondsOfDay), in: part)
      result.type = .dayTimeDuration
    case (.subtract, .dateTime, .dateTime), (.subtract, .time, .time):
      guard a.hasOffset == b.hasOffset else {
        throw Inexpressible("a difference of a local time and one with an offset", in: part)
      }
      result = try sum(a, b, minus: true, in: part)
      result.type = .dayTimeDuration
    case (_, .dateTime, .dayTimeDuration):
      result = try sum(a, b, minus: minus, in: part)
      (result.type, result.hasOffset) = (.dateTime, a.hasOffset)
    case (.add, .dayTimeDuration, .dateTime), (.add, .dayTimeDuration, .date),
      (.add, .yearMonthDuration, .date):
      return try temporal(.add, b, a, in: part)
    case (_, .date, .dayTimeDuration):
      let shift = minus ? try negated(b) : b
      result = try sum(a, days(shift, in: part), in: part)
      result.type = .date
    case (_, .date, .yearMonthDuration):
      let shift = minus ? try negated(b) : b
      guard shift.range.lowerBound >= -10_800, shift.range.upperBound <= 10_800 else {
        throw Inexpressible("adding more than 900 years: give the duration min and max", in: part)
      }
      result = a.with(
        columns.day(a.sql, plusMonths: shift.sql),
        (a.range.lowerBound - 330_000)...(a.range.upperBound + 330_000))
    default:
      throw Inexpressible(
        "`\(operation.name)` of \(a.type?.name ?? "null") and \(b.type?.name ?? "null")", in: part)
    }
    guard result.type != .date || dialect != .sqlite || isWithinCalendar(result) else {
      throw Inexpressible("dates beyond the year 10399", in: part)
    }
    return result
  }

  /// SQLite's calendar, stretched by one cycle of 400 years at its end.
  private func isWithinCalendar(_ term: SQLTerm) -> Bool {
    term.range.lowerBound >= -1_050_000 && term.range.upperBound <= 2_932_896 + 365_000
  }

  /// The whole days by which a duration moves midnight.
  private func days(
    _ duration: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard duration.isConstant else {
      return try floored(duration, Self.microsecondsOfDay, in: part)
    }
    let number = duration.range.lowerBound
    let whole = number / Self.microsecondsOfDay
    return constantTerm(number < whole * Self.microsecondsOfDay ? whole - 1 : whole)
  }

  /// FEEL's `years and months duration(from, to)`.
  func monthsBetween(
    _ from: SQLTerm, _ to: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard from.type == .date, to.type == .date else {
      throw Inexpressible("`years and months duration` of dates with times", in: part)
    }
    let months = { (sql: String) in
      "\(columns.part(.year, ofDay: sql)) * 12 + \(columns.part(.month, ofDay: sql))"
    }
    let day = { (sql: String) in columns.part(.day, ofDay: sql) }
    let between = "(\(months(to.sql)) - (\(months(from.sql))))"
    let sql =
      "(\(between) + CASE WHEN \(between) > 0 AND \(day(to.sql)) <"
      + " \(day(from.sql)) THEN -1 WHEN \(between) < 0 AND \(day(to.sql)) > \(day(from.sql)) THEN 1"
      + " ELSE 0 END)"
    let years = (to.range.upperBound - from.range.lowerBound) / 365 + 1
    let back = (from.range.upperBound - to.range.lowerBound) / 365 + 1
    return SQLTerm(
      type: .yearMonthDuration, sql: sql, range: -12 * max(back, 1)...12 * max(years, 1))
  }

  func property(
    _ code: Int, _ term: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard let raw = UInt8(exactly: code), let property = TemporalProperty(rawValue: raw) else {
      throw Inexpressible("this property", in: part)
    }
    var number = term
    number.type = .number
    switch (property, term.type) {
    case (.year, .date), (.month, .date), (.day, .date):
      let range: ClosedRange<Int128> = property == .year ? -1_000_000...1_000_000 : 1...31
      return number.with(columns.part(property, ofDay: term.sql), range)
    case (.weekday, .date):
      // 1970-01-01 was a Thursday; the addend is a multiple of seven that keeps the sum positive.
      guard term.range.lowerBound > -7_000_000 else { break }
      return number.with("((\(term.sql) + 7000003) % 7 + 1)", 1...7)
    case (.years, .yearMonthDuration): return try wholeQuotient(number, 12, in: part)
    case (.months, .yearMonthDuration): return number.with("(\(term.sql) % 12)", -11...11)
    case (.days, .dayTimeDuration):
      return try wholeQuotient(number, Self.microsecondsOfDay, in: part)
    case (.hour, .time) where !term.hasOffset:
      return try wholeQuotient(number, 3_600_000_000, in: part)
    case (.hours, .dayTimeDuration):
      let hours = try wholeQuotient(number, 3_600_000_000, in: part)
      return hours.with("(\(hours.sql) % 24)", -23...23)
    case (.minutes, .dayTimeDuration), (.minute, .time):
      let minutes = try wholeQuotient(number, 60_000_000, in: part)
      return minutes.with("(\(minutes.sql) % 60)", -59...59)
    case (.seconds, .dayTimeDuration), (.second, .time):
      var seconds = number.with("(\(term.sql) % 60000000)", -59_999_999...59_999_999)
      seconds.scale = 6
      return seconds
    default: break
    }
    throw Inexpressible("`\(property.name)` of this value", in: part)
  }
}
