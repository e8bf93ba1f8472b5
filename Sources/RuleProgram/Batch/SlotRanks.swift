/// The ranks of one slot's values: how many of the program's cuts on that slot a value passes.
///
/// Rank 0 is a missing value; a value that passes n cuts has rank n + 1, a declared string or a
/// boolean its key plus 1. All that a program can tell of a slot is its value's rank.
struct SlotRanks: Sendable {
  /// The cuts of all splits over the slot, ascending; empty for a table.
  let cuts: [Int64]
  /// How many keys a table has; 0 for other slots.
  let tableCount: Int

  /// The ranks of slot number `slot` of `program`, whose splits have these `cuts` over it.
  init(_ program: Program, slot: Int, cuts: Set<Int64>) {
    let encoding = program.slots[slot].encoding
    self.cuts = cuts.sorted()
    guard encoding.isTable else {
      tableCount = 0
      return
    }
    var declared = 2
    if encoding == .declared, case .input(let input) = program.slots[slot].source {
      declared = program.inputs[input].values.count
    }
    tableCount = declared
  }

  /// How many ranks there are.
  var count: Int { tableCount > 0 ? tableCount + 1 : cuts.count + 2 }

  /// The rank of a key. A table's key that no value has counts as missing.
  func rank(ofKey key: Int64) -> Int {
    if key == KeyEncoding.missingKey { return 0 }
    if tableCount > 0 { return key >= 0 && key < Int64(tableCount) ? Int(key) + 1 : 0 }
    return countPassed(cuts, by: key) + 1
  }
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
