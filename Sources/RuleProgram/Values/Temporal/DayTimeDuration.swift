/// A length of time in seconds, exact to the nanosecond.
public struct DayTimeDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Whole seconds, rounded down.
  private let seconds: Int64

  /// Nanoseconds above `seconds`, 0 through 999,999,999.
  private let fraction: Int32

  /// A duration in nanoseconds; `nil` beyond about 2.9 * 10^11 years either way.
  public init?(nanoseconds: Int128) {
    let unit: Int128 = 1_000_000_000
    let rest = ((nanoseconds % unit) + unit) % unit
    guard let seconds = Int64(exactly: (nanoseconds - rest) / unit) else { return nil }
    self.seconds = seconds
    fraction = Int32(rest)
  }

  /// A duration in whole seconds.
  public init(seconds: Int64) {
    self.seconds = seconds
    fraction = 0
  }

  /// Reads `P1DT2H3M4.5S`, with `-` before it if negative; at least one part, in this order.
  public init?(_ text: some StringProtocol) {
    var scanner = TextScanner(text)
    let negative = scanner.take("-")
    guard scanner.take("P"), let days = Self.days(&scanner) else { return nil }
    var total = Int128(days.value) * Int128(ClockTime.nanosecondsPerDay)
    if scanner.take("T") {
      guard let clock = Self.clock(&scanner) else { return nil }
      total += clock
    } else if days.count == 0 {
      return nil
    }
    guard scanner.isAtEnd else { return nil }
    self.init(nanoseconds: negative ? -total : total)
  }

  private static func days(_ scanner: inout TextScanner) -> (value: Int, count: Int)? {
    if scanner.sees("T") { return (0, 0) }
    guard let days = scanner.digits(), scanner.take("D") else { return nil }
    return days
  }

  /// Reads `2H3M4.5S`, at least one of them.
  private static func clock(_ scanner: inout TextScanner) -> Int128? {
    let units: [(Unicode.Scalar, Int128)] = [
      ("H", 3_600_000_000_000), ("M", 60_000_000_000), ("S", 1_000_000_000),
    ]
    var (total, next): (Int128, Int) = (0, 0)
    repeat {
      guard let value = scanner.digits()?.value else { return nil }
      if scanner.take(".") {
        guard let fraction = scanner.nanoseconds(), scanner.take("S") else { return nil }
        return total + Int128(value) * 1_000_000_000 + Int128(fraction)
      }
      guard let unit = units[next...].firstIndex(where: { scanner.sees($0.0) }) else { return nil }
      _ = scanner.take(units[unit].0)
      total += Int128(value) * units[unit].1
      next = unit + 1
    } while !scanner.isAtEnd
    return total
  }

  /// The length in nanoseconds.
  public var nanoseconds: Int128 { Int128(seconds) * 1_000_000_000 + Int128(fraction) }

  /// The length in seconds as a number.
  public var measure: Decimal128 { secondsNumber(nanoseconds) }

  /// The duration turned around; `nil` only for the very longest negative one.
  public var negated: DayTimeDuration? { DayTimeDuration(nanoseconds: -nanoseconds) }

  /// Days, hours, minutes and seconds, each with the duration's sign.
  public var components: (days: Int, hours: Int, minutes: Int, seconds: Int) {
    let total = Int(nanoseconds / 1_000_000_000)
    return (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60)
  }

  /// `P1DT2H3M4.5S`; the empty duration is `PT0S`.
  public var description: String {
    let size = nanoseconds.magnitude
    if size == 0 { return "PT0S" }
    let total = size / 1_000_000_000
    let fraction = fractionText(nanoseconds: Int(size % 1_000_000_000))
    let (days, hours, minutes) = (total / 86_400, total / 3600 % 24, total / 60 % 60)
    var clock = hours > 0 ? "\(hours)H" : ""
    if minutes > 0 { clock += "\(minutes)M" }
    if total % 60 > 0 || !fraction.isEmpty { clock += "\(total % 60)\(fraction)S" }
    return (nanoseconds < 0 ? "-P" : "P") + (days > 0 ? "\(days)D" : "")
      + (clock.isEmpty ? "" : "T" + clock)
  }

  /// The shorter duration comes first, negative ones before all.
  public static func < (left: DayTimeDuration, right: DayTimeDuration) -> Bool {
    (left.seconds, left.fraction) < (right.seconds, right.fraction)
  }
}
