/// Finds how many of some ascending cuts a number passes, in a few steps that are the same for
/// every number.
///
/// The numbers are parted into buckets of equal width, of which each knows how many cuts lie in
/// those before it. A bucket's place never falls as the number grows, however its calculation is
/// rounded: so the cuts of earlier buckets are passed, those of later ones aren't, and only those
/// in the number's own bucket are compared with it.
struct CutSearch<Number: Comparable & Sendable>: Sendable {
  /// The cuts, and behind them as many numbers that none passes as may be compared.
  private let cuts: [Number]
  /// For each bucket how many cuts lie in those before it.
  private let starts: [UInt16]
  private let buckets: Buckets
  /// How many cuts are compared; 0 for a binary search, where the cuts lie too unevenly.
  let probes: Int

  /// The most cuts there may be.
  static var limit: Int { Int(UInt16.max) - 2 }

  /// A search among `cuts`, which are ascending and not more than `limit`.
  ///
  /// - Parameter padding: a number that no number to be searched for passes.
  /// - Parameter position: the number as a double, rounded to the nearest.
  init(_ cuts: [Number], padding: Number, position: (Number) -> Double) {
    let positions = cuts.map(position)
    let (low, high) = (positions.first ?? 0, positions.last ?? 0)
    var buckets = Buckets(low: low, high: high, count: 1)
    var most = buckets.count(positions).most
    var count = 4
    while most > 1, count <= min(4096, 16 * cuts.count) {
      let finer = Buckets(low: low, high: high, count: count)
      let fullest = finer.count(positions).most
      if fullest < most { (buckets, most) = (finer, fullest) }
      count *= 4
    }
    probes = [1, 2, 4].first { $0 >= most } ?? 0
    if probes == 0 { buckets = Buckets(low: low, high: high, count: 1) }
    starts = buckets.count(positions).starts
    self.buckets = buckets
    self.cuts = cuts + Array(repeating: padding, count: max(probes, 1))
  }

  /// Equal intervals of doubles, numbered from 0; what lies outside counts to the nearest.
  private struct Buckets {
    private var origin = 0.0
    private var scale = 1.0
    private(set) var last = 0.0

    init(low: Double, high: Double, count: Int) {
      let scale = Double(count) / (high - low)
      guard count > 1, scale.isNormal, (high - low).isNormal else { return }
      (origin, self.scale, last) = (low, scale, Double(count - 1))
    }

    /// The doubles for which `bucket(of:)` is right: all but extremely distant ones.
    var range: Range<Double> {
      let reach = 0x1p30 / scale
      return (origin - reach)..<(origin + reach)
    }

    /// The bucket of `position`, which is in `range`.
    ///
    /// Minimum and maximum are calculated by absolute values: comparisons would become branches,
    /// whose prediction fails. Each step of the calculation, and so its result, never falls as the
    /// position grows.
    @inline(__always)
    func bucket(of position: Double) -> Int {
      let place = (position - origin) * scale
      let twiceAbove = place + place.magnitude
      let twice = twiceAbove + 2 * last
      let fourTimes = twice - (twiceAbove - 2 * last).magnitude
      // The last bits of this sum are a quarter of that, rounded to a whole number.
      return Int(truncatingIfNeeded: (fourTimes + 0x1p54).bitPattern & 0xFFFF)
    }

    func count(_ positions: [Double]) -> (starts: [UInt16], most: Int) {
      var counts = [Int](repeating: 0, count: Int(last) + 1)
      for position in positions { counts[bucket(of: position)] += 1 }
      var passed = 0
      let starts = counts.map { count in
        passed += count
        return UInt16(passed - count)
      }
      return (starts, counts.max() ?? 0)
    }
  }

  /// The doubles of numbers for which `passed(_:at:probes:)` is right.
  var range: Range<Double> { buckets.range }

  /// How many cuts are at or below `number`, whose double is `position`, in `range`.
  ///
  /// - Parameter probes: the property, as a constant where the code is to be made for it.
  @inline(__always)
  func passed(_ number: Number, at position: Double, probes: Int) -> Int {
    if probes == 0 { return countPassed(cuts, by: number) }
    let start = Int(starts[buckets.bucket(of: position)])
    var passed = start
    for probe in 0..<probes { passed &+= cuts[start &+ probe] <= number ? 1 : 0 }
    return passed
  }

  /// How many cuts are at or below `number`.
  func passed(_ number: Number) -> Int { countPassed(cuts, by: number) }
}

/// How many of the ascending `cuts` are at or below `value`: a binary search without a branch that
/// depends on the value.
@inline(__always)
func countPassed<Number: Comparable>(_ cuts: [Number], by value: Number) -> Int {
  let cuts = cuts.span
  var start = 0
  var count = cuts.count
  while count > 1 {
    let half = count >> 1
    start &+= cuts[start &+ half &- 1] <= value ? half : 0
    count &-= half
  }
  return count == 1 && cuts[start] <= value ? start + 1 : start
}
