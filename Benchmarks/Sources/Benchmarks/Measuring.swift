import Glibc

/// Times of two things that were measured in turns, A B A B, on the same machine in the same run.
struct Comparison {
  /// What each round of ours took, in the unit of the caller.
  var ours: [Double] = []
  /// What each round of the reference took.
  var reference: [Double] = []

  /// Measures both `rounds` times, after one round of each that doesn't count.
  static func measure(
    rounds: Int, ours: () throws -> Double, reference: () throws -> Double
  ) rethrows -> Comparison {
    _ = try ours()
    _ = try reference()
    var result = Comparison()
    for _ in 0..<rounds {
      result.ours.append(try ours())
      result.reference.append(try reference())
    }
    return result
  }

  /// The quotients of ours and the reference, round by round, sorted.
  var ratios: [Double] { zip(ours, reference).map { $0 / $1 }.sorted() }
}

/// The middle of `values`.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Clocks, in seconds.
enum Clock {
  /// The processor time of this thread.
  static var thread: Double { read(CLOCK_THREAD_CPUTIME_ID) }
  /// The processor time of the process.
  static var process: Double { read(CLOCK_PROCESS_CPUTIME_ID) }
  /// The time on the wall.
  static var wall: Double { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Prints a line for each figure.
enum Report {
  /// A heading.
  static func heading(_ text: String) { print("\n\(text)") }

  /// A figure beside its reference: the medians, their ratio, and the range of the ratios.
  static func line(_ name: String, _ comparison: Comparison, unit: String, per: Double = 1) {
    let ratios = comparison.ratios
    show(
      name, median(comparison.ours) * per, median(comparison.reference) * per, unit,
      median(ratios), ratios.first ?? .nan, ratios.last ?? .nan)
  }

  /// The same for rates: the higher, the better.
  static func rate(_ name: String, _ comparison: Comparison, unit: String, count: Int) {
    let ratios = comparison.ratios.map { 1 / $0 }.sorted()
    show(
      name, Double(count) / median(comparison.ours), Double(count) / median(comparison.reference),
      unit, median(ratios), ratios.first ?? .nan, ratios.last ?? .nan)
  }

  /// A figure that has no reference.
  static func line(_ name: String, _ values: [Double], unit: String, per: Double = 1) {
    print("  \(padded(name))\(number(median(values) * per)) \(unit)")
    fflush(nil)
  }

  private static func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(1, 44 - name.count))
  }

  private static func show(
    _ name: String, _ ours: Double, _ reference: Double, _ unit: String, _ ratio: Double,
    _ low: Double, _ high: Double
  ) {
    print(
      "  \(padded(name))\(number(ours)) \(unit)   reference \(number(reference)) \(unit)"
        + "   ratio \(number(ratio)) (\(number(low)) to \(number(high)))")
    fflush(nil)
  }

  /// Writes `text` and a line feed to standard error.
  static func failure(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe write(2, bytes, bytes.count)
  }

  /// A number with three significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "\(value)" }
    let digits = max(0, 2 - Int(log10(value).rounded(.down)))
    let scale = pow(10, Double(digits))
    let rounded = (value * scale).rounded()
    if digits == 0 { return String(Int(rounded)) }
    let whole = Int(rounded) / Int(scale)
    let rest = String(Int(rounded) % Int(scale))
    return "\(whole)." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
