/// A program seen through ranks: which slots its splits see, in columns of ranks, and which ranks
/// lead where.
struct RankTree: Sendable {
  /// The program.
  let program: Program
  /// For each slot its ranks.
  let ranks: [SlotRanks]
  /// For each slot the column of its ranks, or -1 where no split sees the slot.
  let columns: [Int]
  /// How many columns there are.
  let width: Int

  /// A branch of a node.
  struct Branch {
    /// Where it leads.
    var child: Program.Target
    /// The ranks that take it, ascending.
    var ranks: RankSet
  }

  /// The tree of `program`, which must be verified; nil when a slot has too many ranks.
  init?(_ program: Program) {
    self.program = program
    var cuts = [Set<Int64>](repeating: [], count: program.slots.count)
    var isSeen = [Bool](repeating: false, count: program.slots.count)
    for node in program.nodes {
      cuts[node.slot].formUnion(node.cuts)
      isSeen[node.slot] = true
    }
    var ranks: [SlotRanks] = []
    for slot in program.slots.indices {
      guard let found = SlotRanks(program, slot: slot, cuts: cuts[slot]) else { return nil }
      ranks.append(found)
    }
    self.ranks = ranks
    var next = 0
    columns = isSeen.map { seen in
      next += seen ? 1 : 0
      return seen ? next - 1 : -1
    }
    width = next
  }

  /// The branches of node number `index`, each child once.
  func branches(of index: Int) -> [Branch] {
    let node = program.nodes[index]
    let ranks = ranks[node.slot]
    var branches: [Branch] = []
    var places: [Program.Target: Int] = [:]
    func add(_ child: Program.Target, _ range: ClosedRange<Int>) {
      if let place = places[child] {
        branches[place].ranks.append(range)
      } else {
        places[child] = branches.count
        branches.append(Branch(child: child, ranks: RankSet([range])))
      }
    }
    if let missing = node.missing, ranks.mayMiss { add(missing, 0...0) }
    var first = 1
    for (place, child) in node.children.enumerated() {
      let last =
        ranks.tableCount > 0
        ? place + 1
        : place < node.cuts.count
          ? countPassed(ranks.cuts, by: node.cuts[place]) : ranks.count - 1
      if first <= last { add(child, first...last) }
      first = last + 1
    }
    return branches
  }
}

/// A set of ranks, as ascending ranges with gaps between them.
struct RankSet {
  /// The ranges.
  private(set) var ranges: [ClosedRange<Int>]

  /// The set of these ranges.
  init(_ ranges: [ClosedRange<Int>]) { self.ranges = ranges }

  /// Adds a range that lies behind all others.
  mutating func append(_ range: ClosedRange<Int>) {
    if let last = ranges.last, last.upperBound + 1 == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound...range.upperBound
    } else {
      ranges.append(range)
    }
  }

  /// The ranks of this set that are in `other`, too.
  func intersection(_ other: RankSet) -> RankSet {
    var result = RankSet([])
    for range in ranges {
      for overlap in other.ranges where overlap.overlaps(range) {
        result.append(overlap.clamped(to: range))
      }
    }
    return result
  }
}
