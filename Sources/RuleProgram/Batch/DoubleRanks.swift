/// Ranks of an input's doubles, by comparing doubles alone.
///
/// A double stands for the shortest decimal that reads back as it. That decimal grows with the
/// double, so of the doubles whose key reaches a cut there is a least one: it takes the cut's place.
struct DoubleRanks: Sendable {
  /// The least double that passes each cut, ascending.
  let thresholds: [Double]
  /// The least double that is accepted.
  let least: Double
  /// The least double that is too large; infinity when none is.
  let beyond: Double

  /// The thresholds of input number `input`, which is a number and feeds the slot with these
  /// `ranks`, if any.
  init(_ program: Program, input: Int, slot: Program.Slot?, ranks: SlotRanks?) {
    let declaration = program.inputs[input]
    if let slot, let ranks {
      thresholds = ranks.cuts.map { cut in
        Self.least { slot.key(of: .number($0)) >= cut }
      }
    } else {
      thresholds = []
    }
    least =
      declaration.minimum?.measure.map { bound in Self.least { bound <= $0 } }
      ?? -Double.greatestFiniteMagnitude
    beyond = declaration.maximum?.measure.map { bound in Self.least { bound < $0 } } ?? .infinity
  }

  /// Whether a number that is there is within its input's bounds.
  @inline(__always)
  func accepts(_ double: Double) -> Bool { double >= least && double < beyond }

  /// The least double whose decimal passes `test`; infinity when none does. The test is false up to
  /// some number and true from there on.
  static func least(_ test: (Decimal128) -> Bool) -> Double {
    var low = Int64(-1) - order(of: Double.greatestFiniteMagnitude)
    var high = order(of: Double.infinity)
    // Those below `low` fail, `high` passes.
    while low < high {
      // Half their sum, which may be too large for 64 bits.
      let middle = (low & high) + ((low ^ high) >> 1)
      if let number = Decimal128(double(at: middle)), test(number) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return double(at: high)
  }

  /// The doubles in order, numbered from -0.0 = -1 and 0.0 = 0.
  private static func order(of double: Double) -> Int64 {
    let bits = Int64(bitPattern: double.bitPattern)
    return bits < 0 ? -1 - (bits & Int64.max) : bits
  }

  private static func double(at order: Int64) -> Double {
    order >= 0
      ? Double(bitPattern: UInt64(order))
      : -Double(bitPattern: UInt64(-1 - order))
  }
}
