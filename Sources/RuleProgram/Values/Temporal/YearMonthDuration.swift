/// A length of time in months.
public struct YearMonthDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number of months, negative for a duration into the past.
  public let months: Int

  /// A duration of some months.
  public init(months: Int) {
    self.months = months
  }

  /// Reads `P1Y2M`, `P1Y` or `P14M`, with `-` before it if negative.
  public init?(_ text: some StringProtocol) {
    var scanner = TextScanner(text)
    let negative = scanner.take("-")
    guard scanner.take("P"), let first = scanner.digits()?.value else { return nil }
    var total = first
    if scanner.take("Y") {
      let (product, overflow) = first.multipliedReportingOverflow(by: 12)
      guard !overflow else { return nil }
      total = product
      if !scanner.isAtEnd {
        guard let more = scanner.digits()?.value, scanner.take("M") else { return nil }
        let (sum, overflow) = total.addingReportingOverflow(more)
        guard !overflow else { return nil }
        total = sum
      }
    } else if !scanner.take("M") {
      return nil
    }
    guard scanner.isAtEnd else { return nil }
    months = negative ? -total : total
  }

  /// The length in months as a number.
  public var measure: Decimal128 { Decimal128(months) }

  /// Whole years, with the duration's sign.
  public var years: Int { months / 12 }

  /// Months beyond the whole years, with the duration's sign.
  public var monthsOfYear: Int { months % 12 }

  /// `P1Y2M`; the empty duration is `P0M`.
  public var description: String {
    let (years, rest) = (months.magnitude / 12, months.magnitude % 12)
    if months == 0 { return "P0M" }
    return (months < 0 ? "-P" : "P") + (years > 0 ? "\(years)Y" : "") + (rest > 0 ? "\(rest)M" : "")
  }

  /// The shorter duration comes first, negative ones before all.
  public static func < (left: YearMonthDuration, right: YearMonthDuration) -> Bool {
    left.months < right.months
  }
}
