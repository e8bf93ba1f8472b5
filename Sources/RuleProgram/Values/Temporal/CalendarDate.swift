/// A day of the proleptic Gregorian calendar, years -999,999,999 through 999,999,999 (DMN 1.5
/// §10.3.2.3.5); the year 0 is the one before the year 1.
public struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let dayNumber: Int

  /// The years that a date can have.
  public static let years = -999_999_999...999_999_999

  private static let dayNumbers =
    (day(-999_999_999, 1, 1))...(day(999_999_999, 12, 31))

  /// The day with a number, counted from 1970-01-01; `nil` outside the years.
  public init?(dayNumber: Int) {
    guard Self.dayNumbers.contains(dayNumber) else { return nil }
    self.dayNumber = dayNumber
  }

  /// A day of the calendar; `nil` if there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard Self.years.contains(year), (1...12).contains(month), day >= 1,
      day <= Self.length(year, month)
    else { return nil }
    dayNumber = Self.day(year, month, day)
  }

  /// Reads `2026-01-31`: at least four digits of year, more only without a leading zero, a `-`
  /// before a negative year.
  public init?(_ text: some StringProtocol) {
    var scanner = TextScanner(text)
    guard let date = CalendarDate(&scanner), scanner.isAtEnd else { return nil }
    self = date
  }

  /// Reads a date where the scanner stands.
  init?(_ scanner: inout TextScanner) {
    let negative = scanner.take("-")
    let startsWithZero = scanner.sees("0")
    guard let year = scanner.digits(), year.count == 4 || (year.count > 4 && !startsWithZero),
      scanner.take("-"), let month = scanner.digits(exactly: 2),
      scanner.take("-"), let day = scanner.digits(exactly: 2)
    else { return nil }
    self.init(year: negative ? -year.value : year.value, month: month, day: day)
  }

  /// Year, month 1 through 12 and day 1 through 31.
  public var components: (year: Int, month: Int, day: Int) {
    // Counted in eras of 400 years from 0000-03-01, so that the leap day ends each year.
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// The year.
  public var year: Int { components.year }

  /// The month, 1 through 12.
  public var month: Int { components.month }

  /// The day of the month, 1 through 31.
  public var day: Int { components.day }

  /// The day of the week after ISO 8601: 1 is Monday, 7 is Sunday.
  public var weekday: Int {
    // 1970-01-01 was a Thursday.
    let offset = (dayNumber + 3) % 7
    return (offset < 0 ? offset + 7 : offset) + 1
  }

  /// The date `days` later; `nil` outside the years.
  public func adding(days: Int) -> CalendarDate? {
    let (sum, overflow) = dayNumber.addingReportingOverflow(days)
    return overflow ? nil : CalendarDate(dayNumber: sum)
  }

  /// The same day of the month `months` later, or that month's last day if it is shorter; `nil`
  /// outside the years.
  public func adding(months: Int) -> CalendarDate? {
    let (year, month, day) = components
    let (total, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
    guard !overflow else { return nil }
    let newMonth = ((total % 12) + 12) % 12
    let newYear = (total - newMonth) / 12
    guard Self.years.contains(newYear) else { return nil }
    let last = Self.length(newYear, newMonth + 1)
    return CalendarDate(year: newYear, month: newMonth + 1, day: min(day, last))
  }

  /// Whole months from this date until `other`, negative if that is earlier (FEEL's
  /// `years and months duration`).
  public func months(until other: CalendarDate) -> Int {
    let (from, to) = (components, other.components)
    let months = (to.year - from.year) * 12 + to.month - from.month
    if months > 0 && to.day < from.day { return months - 1 }
    if months < 0 && to.day > from.day { return months + 1 }
    return months
  }

  /// The date as a number for keys: its day number.
  public var measure: Decimal128 { Decimal128(dayNumber) }

  /// `2026-01-31`.
  public var description: String {
    let (year, month, day) = components
    let sign = year < 0 ? "-" : ""
    return sign + padded(abs(year), 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
  }

  /// The earlier date comes first.
  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.dayNumber < right.dayNumber
  }

  private static func length(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
