/// The ranks of one slot's values: how many of the program's cuts on that slot a value passes.
///
/// Rank 0 is a missing value; a value that passes n cuts has rank n + 1, a declared string or a
/// boolean its key plus 1. All that a program can tell of a slot is its value's rank.
struct SlotRanks: Sendable {
  /// The cuts of all splits over the slot, ascending; empty for a table.
  let cuts: [Int64]
  /// How many keys a table has; 0 for other slots.
  let tableCount: Int
  /// Whether a value of the slot may be missing. A required input's never is, once it is bound.
  let mayMiss: Bool
  let search: CutSearch<Int64>

  /// The most ranks of a slot.
  static let limit = min(CutSearch<Int64>.limit, JumpTree.rankLimit)

  /// The ranks of slot number `slot` of `program`, whose splits have these `cuts` over it; nil when
  /// there are too many.
  init?(_ program: Program, slot: Int, cuts: Set<Int64>) {
    let encoding = program.slots[slot].encoding
    var (declared, mayMiss) = (2, true)
    if case .input(let input) = program.slots[slot].source {
      mayMiss = program.inputs[input].allowsMissing
      if encoding == .declared { declared = program.inputs[input].values.count }
    }
    self.mayMiss = mayMiss
    self.cuts = cuts.sorted()
    tableCount = encoding.isTable ? declared : 0
    guard max(cuts.count + 2, declared + 1) <= Self.limit else { return nil }
    search = CutSearch(self.cuts, padding: .max) { Double($0) }
  }

  /// How many ranks there are.
  var count: Int { tableCount > 0 ? tableCount + 1 : cuts.count + 2 }

  /// The rank of a key. A table's key that no value has counts as missing.
  func rank(ofKey key: Int64) -> Int {
    if key == KeyEncoding.missingKey { return 0 }
    if tableCount > 0 { return key >= 0 && key < Int64(tableCount) ? Int(key) + 1 : 0 }
    return search.passed(key) + 1
  }
}
