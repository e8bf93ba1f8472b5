import RuleProgram
import Testing

/// Dates, times and durations: ISO 8601 as DMN 1.5 §10.3.2.3.4 to §10.3.2.3.8 and XML Schema 1.1
/// part 2 narrow it.
@Suite struct TemporalTests {
  @Test("the calendar is the proleptic Gregorian one, day by day over a whole 400-year cycle")
  func calendar() throws {
    // ISO 8601-1, 4.2.1: 97 leap years in 400; 2000-01-01 was a Saturday.
    var (year, month, day, weekday) = (2000, 1, 1, 6)
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let start = try #require(CalendarDate(year: 2000, month: 1, day: 1)).dayNumber
    #expect(start == 10_957)
    for offset in 0..<146_097 {
      let date = try #require(CalendarDate(dayNumber: start + offset))
      let parts = date.components
      if parts != (year, month, day) || date.weekday != weekday {
        Issue.record("\(date) for \(year)-\(month)-\(day)")
        return
      }
      if CalendarDate(year: year, month: month, day: day) != date { Issue.record("\(date)") }
      let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      weekday = weekday % 7 + 1
      day += 1
      if day > lengths[month - 1] + (month == 2 && leap ? 1 : 0) { (day, month) = (1, month + 1) }
      if month > 12 { (month, year) = (1, year + 1) }
    }
    #expect(year == 2400)
  }

  @Test(
    "dates are written as ISO 8601 extended format, and read back",
    arguments: [
      "2026-01-31", "2024-02-29", "2000-02-29", "0000-02-29", "0001-01-01", "-0001-12-31",
      "9999-12-31", "10000-01-01", "999999999-12-31", "-999999999-01-01",
    ])
  func dates(text: String) {
    #expect(CalendarDate(text)?.description == text)
    let number = CalendarDate(text)?.dayNumber
    #expect(number.flatMap(CalendarDate.init(dayNumber:))?.description == text)
  }

  @Test(
    "what is no date is refused",
    arguments: [
      "", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31",
      "2026-1-31", "26-01-31", "998-12-31", "02026-01-31", "+2026-01-31", "20260131", "2026-W05-6",
      "2026-031", "2026-01-31 ", " 2026-01-31", "2026-01-31Z", "1000000000-01-01", "２026-01-31",
    ])
  func notDates(text: String) { #expect(CalendarDate(text) == nil) }

  @Test("a day beside the ends of the years isn't there")
  func ends() throws {
    let last = try #require(CalendarDate("999999999-12-31"))
    let first = try #require(CalendarDate("-999999999-01-01"))
    #expect(last.adding(days: 1) == nil && first.adding(days: -1) == nil)
    #expect(last.adding(days: .max) == nil && first.adding(days: .min) == nil)
    #expect(last.adding(months: 1) == nil && first.adding(months: -1) == nil)
    #expect(last.adding(months: .max) == nil && first.adding(months: .min) == nil)
    #expect(CalendarDate(dayNumber: .min) == nil)
  }

  @Test(
    "adding months keeps the day, or takes the month's last day where it is shorter",
    arguments: [
      ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"),
      ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
      ("2024-02-29", -12, "2023-02-28"), ("2024-03-31", -1, "2024-02-29"),
      ("2024-12-31", 2, "2025-02-28"), ("2024-01-15", -1, "2023-12-15"),
      ("0000-01-31", -1, "-0001-12-31"), ("2024-10-31", 0, "2024-10-31"),
      ("1900-01-31", 1, "1900-02-28"),
    ])
  func months(text: String, months: Int, expected: String) {
    #expect(CalendarDate(text)?.adding(months: months)?.description == expected)
  }

  @Test(
    "years and months duration counts whole months (DMN 1.5 §10.3.4.1)",
    arguments: [
      ("2011-12-22", "2013-08-24", "P1Y8M"), ("2013-08-24", "2011-12-22", "-P1Y8M"),
      ("2015-01-21", "2016-01-20", "P11M"), ("2015-01-21", "2016-01-21", "P1Y"),
      ("2016-01-20", "2015-01-21", "-P11M"), ("2024-01-31", "2024-02-29", "P0M"),
      ("2024-02-29", "2024-03-31", "P1M"), ("2015-01-21", "2015-01-21", "P0M"),
    ])
  func monthsBetween(from: String, to: String, expected: String) {
    #expect(FEEL.yearsAndMonthsDuration(v(from), v(to)) == v(expected))
  }

  @Test(
    "times are read and written in one form",
    arguments: [
      ("10:30:00", "10:30:00"), ("00:00:00", "00:00:00"), ("23:59:59.999999999Z", nil),
      ("10:30:00.500", "10:30:00.5"), ("10:30:00+00:00", "10:30:00Z"),
      ("10:30:00-00:00", "10:30:00Z"), ("10:30:00+02:00", nil), ("10:30:00-18:00", nil),
      ("10:30:00+05:30:15", nil), ("10:30:00.0000000000", "10:30:00"),
    ] as [(String, String?)])
  func times(text: String, written: String?) {
    #expect(ClockTime(text)?.description == written ?? text)
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "", "24:00:00", "10:60:00", "10:30:60", "10:30", "1:30:00", "10:30:00.",
      "10:30:00.1234567891",
      "10:30:00+2", "10:30:00+02", "10:30:00+18:01", "10:30:00+02:60", "10:30:00 Z", "10:30:00z",
      "103000", "T10:30:00", "10:30:00@Europe/Paris",
    ])
  func notTimes(text: String) { #expect(ClockTime(text) == nil) }

  @Test(
    "a date with a time; 24:00:00 is the next day's midnight (XML Schema 1.1 part 2, §3.3.7)",
    arguments: [
      ("2026-01-31T10:30:00", "2026-01-31T10:30:00"),
      ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"),
      ("2024-02-28T24:00:00.000", "2024-02-29T00:00:00"), ("2026-01-31T24:00:01", nil),
      ("2026-01-31T24:01:00", nil), ("2026-01-31T24:00:00.5", nil), ("2026-01-31T25:00:00", nil),
      ("2026-01-31 10:30:00", nil), ("2026-01-31", nil), ("2026-01-31T", nil), ("T10:30:00", nil),
      ("999999999-12-31T24:00:00", nil),
    ] as [(String, String?)])
  func dateTimes(text: String, written: String?) {
    #expect(DateTime(text)?.description == written)
  }

  @Test(
    "durations are read from any parts in order and written in normal form",
    arguments: [
      ("P1DT2H3M4.5S", "P1DT2H3M4.5S"), ("PT36H", "P1DT12H"), ("-PT90M", "-PT1H30M"),
      ("PT0S", "PT0S"), ("-PT0S", "PT0S"), ("P0D", "PT0S"), ("PT0.000000001S", "PT0.000000001S"),
      ("PT86400S", "P1D"), ("-P1D", "-P1D"), ("P14M", "P1Y2M"), ("-P1Y14M", "-P2Y2M"),
      ("P0Y", "P0M"), ("P12M", "P1Y"),
    ])
  func durations(text: String, written: String) {
    #expect(FEEL.duration(.string(text)).description == written)
  }

  @Test(
    "what is no duration, or mixes months with days, is refused",
    arguments: [
      "", "P", "PT", "P1", "1D", "P1DT", "P1H", "PT1D", "P-1D", "+P1D", "P1.5D", "PT1.5H", "P1Y2D",
      "P1M2Y", "PT1S2M", "P1YT1H", "PT1S1S", "p1d", "P1D ", "P9999999999999999999D",
      "P999999999999999999Y",
    ])
  func notDurations(text: String) { #expect(FEEL.duration(.string(text)) == .null) }

  @Test("times and moments are ordered on UTC; a local one has no order to one with an offset")
  func ordering() {
    #expect(FEEL.equal(v("10:00:00Z"), v("12:00:00+02:00")) == v("true"))
    #expect(FEEL.less(v("23:30:00-01:00"), v("10:00:00Z")) == v("false"))
    #expect(FEEL.less(v("10:00:00"), v("10:00:00Z")) == .null)
    #expect(FEEL.equal(v("10:00:00"), v("10:00:00Z")) == .null)
    #expect(FEEL.equal(v("2026-01-01T01:00:00+02:00"), v("2025-12-31T23:00:00Z")) == v("true"))
    #expect(FEEL.greater(v("2026-01-01T00:00:00-00:01"), v("2026-01-01T00:00:00Z")) == v("true"))
    #expect(v("10:00:00Z") != v("12:00:00+02:00"), "as written, they differ")
  }

  @Test(
    "arithmetic with points in time and durations (DMN 1.5 §10.3.2.3, operators + and -)",
    arguments: [
      ("2024-02-28", "+", "P1D", "2024-02-29"), ("2024-02-28", "+", "PT23H59M", "2024-02-28"),
      ("2024-02-28", "+", "-PT1S", "2024-02-27"), ("2024-02-28", "-", "PT1S", "2024-02-27"),
      ("2024-01-31", "+", "P1M", "2024-02-29"), ("P1M", "+", "2024-01-31", "2024-02-29"),
      ("2024-03-31", "-", "P1M", "2024-02-29"), ("2024-03-31", "+", "-P1Y1M", "2023-02-28"),
      ("23:30:00+01:00", "+", "PT45M", "00:15:00+01:00"), ("00:15:00", "-", "PT30M", "23:45:00"),
      ("10:00:00", "+", "P400D", "10:00:00"),
      ("2026-12-31T23:59:59.5Z", "+", "PT0.5S", "2027-01-01T00:00:00Z"),
      ("2024-01-31T10:00:00", "+", "P1M", "2024-02-29T10:00:00"),
      ("2024-03-01", "-", "2024-02-28", "P2D"), ("2024-02-28", "-", "2024-03-01", "-P2D"),
      ("10:00:00Z", "-", "10:00:00+02:00", "PT2H"), ("10:00:00", "-", "10:00:00Z", "null"),
      ("2026-01-01", "-", "2025-12-31T12:00:00Z", "PT12H"),
      ("2026-01-01", "-", "2025-12-31T12:00:00", "null"),
      ("2026-01-01T00:00:00Z", "-", "2026-01-01T00:00:00+01:00", "PT1H"),
      ("P1Y", "-", "P14M", "-P2M"), ("P1D", "-", "PT36H", "-PT12H"), ("P1Y", "+", "P1D", "null"),
      ("999999999-12-31", "+", "P1D", "null"), ("2026-01-01", "+", "1", "null"),
      ("PT1S", "*", "0.0000000015", "PT0.000000002S"),
      ("PT1S", "*", "0.0000000025", "PT0.000000002S"),
      ("-2.5", "*", "P1M", "-P2M"), ("P1Y", "/", "5", "P2M"), ("-P1Y", "/", "5", "-P2M"),
      ("P1D", "/", "PT8H", "3"), ("P1Y", "/", "P8M", "1.5"), ("P1D", "/", "PT0S", "null"),
      ("P1D", "/", "0", "null"), ("P1Y", "/", "0", "null"), ("P1D", "*", "1E+30", "null"),
      ("P1M", "*", "1E+30", "null"),
    ])
  func arithmetic(left: String, sign: String, right: String, expected: String) {
    let operations: [String: (Value, Value) -> Value] = [
      "+": FEEL.add, "-": FEEL.subtract, "*": FEEL.multiply, "/": FEEL.divide,
    ]
    #expect(operations[sign]?(v(left), v(right)) == v(expected))
  }

  @Test("the longest durations have no negative or no sum, and nothing overflows")
  func longest() {
    let longest = Value.yearMonthDuration(YearMonthDuration(months: .max))
    let least = Value.yearMonthDuration(YearMonthDuration(months: .min))
    #expect(FEEL.add(longest, v("P1M")) == .null && FEEL.subtract(least, v("P1M")) == .null)
    #expect(FEEL.negate(least) == .null && FEEL.subtract(v("2026-01-01"), least) == .null)
    #expect(FEEL.abs(least) == .null)
    let seconds = Value.dayTimeDuration(DayTimeDuration(seconds: .min))
    #expect(FEEL.negate(seconds) == .null && FEEL.subtract(v("2026-01-01"), seconds) == .null)
    #expect(FEEL.add(v("2026-01-01"), seconds) == .null && FEEL.abs(seconds) == .null)
    #expect(FEEL.add(v("10:00:00"), seconds).type == .time)
  }

  @Test(
    "properties (DMN 1.5 §10.3.2.3.4 to §10.3.2.3.8)",
    arguments: [
      ("2026-01-31", "year", "2026"), ("2026-01-31", "month", "1"), ("2026-01-31", "day", "31"),
      ("2026-01-31", "weekday", "6"), ("2026-02-01T10:00:00", "weekday", "7"),
      ("1969-12-29", "weekday", "1"), ("10:30:15.25", "second", "15.25"),
      ("10:30:15+02:00", "hour", "10"), ("10:30:15-02:30", "time offset", "-PT2H30M"),
      ("10:30:15Z", "time offset", "PT0S"), ("10:30:15", "time offset", "null"),
      ("10:30:15Z", "timezone", "null"), ("P14M", "years", "1"), ("P14M", "months", "2"),
      ("-P14M", "years", "-1"), ("-P14M", "months", "-2"), ("-PT25H1.5S", "days", "-1"),
      ("-PT25H1.5S", "hours", "-1"), ("-PT25H1.5S", "seconds", "-1.5"),
      ("PT25H61M", "minutes", "1"), ("2026-01-31", "hour", "null"), ("P1D", "years", "null"),
      ("null", "year", "null"), ("12", "year", "null"),
    ])
  func properties(text: String, name: String, expected: String) throws {
    let property = try #require(TemporalProperty(name: name))
    #expect(FEEL.property(v(text), property) == v(expected))
  }
}
