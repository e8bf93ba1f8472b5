/// Ranks of an input's doubles, by comparing doubles alone.
///
/// A double stands for the shortest decimal that reads back as it. That decimal grows with the
/// double, so of the doubles whose key reaches a cut there is a least one: it takes the cut's place.
struct DoubleRanks: Sendable {
  /// Finds how many cuts a double passes: by the least double that passes each.
  let search: CutSearch<Double>
  /// The least double that is accepted.
  let least: Double
  /// The least double that is too large; infinity when none is.
  let beyond: Double

  /// The ranks of input number `input`, which is a number and feeds the slot with these `cuts`, if
  /// any.
  init(_ program: Program, input: Int, slot: Program.Slot?, cuts: [Int64]) {
    let declaration = program.inputs[input]
    var thresholds: [Double] = []
    if let slot {
      thresholds = cuts.map { cut in DoubleKeys.least { slot.key(of: .number($0)) >= cut } }
    }
    // A cut that no double passes has no place in the search.
    search = CutSearch(thresholds.filter(\.isFinite), padding: .infinity) { $0 }
    least =
      declaration.minimum?.measure.map(DoubleKeys.least(notBelow:))
      ?? -Double.greatestFiniteMagnitude
    beyond = declaration.maximum?.measure.map(DoubleKeys.least(above:)) ?? .infinity
  }

  /// The doubles that are accepted and whose rank `search` finds quickly.
  var quickRange: Range<Double> {
    let (low, high) = (max(least, search.range.lowerBound), min(beyond, search.range.upperBound))
    return low..<max(low, high)
  }

  /// Whether a number that is there is within its input's bounds.
  @inline(__always)
  func accepts(_ double: Double) -> Bool { double >= least && double < beyond }
}
