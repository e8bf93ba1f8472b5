/// A program's tree as sets of leaves, for evaluation without branches.
///
/// A block is a connected part of the tree with at most 64 exits: leaves, and further blocks. For
/// each of its slots and each rank there is a 64-bit set of the exits that a row with that rank can
/// still take. The sets of a row's ranks have one exit in common, since the exits of a tree are
/// disjoint; or none, where a missing value has no branch.
struct LeafMasks: Sendable {
  /// A slot of a block.
  struct Lookup: Sendable {
    /// The column of ranks.
    var column: Int32
    /// Where the sets of rank 0 and those behind it begin in `masks`.
    var masks: Int32
  }

  /// A part of the tree.
  struct Block: Sendable {
    /// Its slots, in `lookups`.
    var lookups: Range<Int>
    /// Its exits, from here on in `exits`.
    var exits: Int
    /// The set of all its exits.
    var all: UInt64
  }

  private(set) var blocks: [Block] = []
  private(set) var lookups: [Lookup] = []
  private(set) var masks: [UInt64] = []
  /// A leaf's number, or the complement of a block's.
  private(set) var exits: [Int32] = []

  /// The most sets that are kept: 4 MiB of them, which a processor's cache holds.
  static let limit = 1 << 19

  /// The sets of `tree`, or nil when there would be too many.
  init?(_ tree: RankTree) {
    var roots = [tree.root]
    var next = 0
    while next < roots.count {
      guard append(tree, roots[next], &roots) else { return nil }
      next += 1
    }
  }

  /// Appends the block whose root is `root`; false when there would be too many sets.
  private mutating func append(
    _ tree: RankTree, _ root: Program.Target, _ roots: inout [Program.Target]
  ) -> Bool {
    let inner = Self.innerNodes(of: tree, root)
    if inner.isEmpty, case .node = root { return false }
    let slots = Set(inner.map { tree.program.nodes[$0].slot })
    let columns = Set(slots.map { tree.layout[$0].column }).sorted()
    guard masks.count + columns.reduce(0, { $0 + tree.columnSizes[$1] }) <= Self.limit else {
      return false
    }
    let found = exits(tree, root, inner, slots)
    let first = (lookups.count, exits.count)
    for column in columns {
      lookups.append(Lookup(column: Int32(column), masks: Int32(masks.count)))
      let members = slots.filter { tree.layout[$0].column == column }
      masks += (0..<tree.columnSizes[column]).map { joint in
        members.reduce(UInt64.max) { set, slot in
          set & (found.sets[slot]?[tree.rank(of: slot, in: joint)] ?? 0)
        }
      }
    }
    for target in found.targets {
      switch target {
      case .leaf(let leaf): exits.append(Int32(leaf))
      case .node:
        exits.append(~Int32(roots.count))
        roots.append(target)
      }
    }
    let count = found.targets.count
    blocks.append(
      Block(
        lookups: first.0..<lookups.count, exits: first.1,
        all: count == 64 ? UInt64.max : 1 << UInt64(count) - 1))
    return true
  }

  /// The exits of the block at `root`, and for each slot and rank the set of those it can take.
  private func exits(
    _ tree: RankTree, _ root: Program.Target, _ inner: Set<Int>, _ slots: Set<Int>
  ) -> (targets: [Program.Target], sets: [Int: [UInt64]]) {
    var targets: [Program.Target] = []
    var sets: [Int: [UInt64]] = [:]
    for slot in slots { sets[slot] = Array(repeating: 0, count: tree.ranks[slot].count) }
    // For each slot on the path, the ranks that came this way.
    var walk: [(target: Program.Target, ranks: [Int: [Bool]])] = [(root, [:])]
    while let (target, ranks) = walk.popLast() {
      if case .node(let index) = target, inner.contains(index) {
        let slot = tree.program.nodes[index].slot
        for (child, taken) in tree.children(of: index, among: ranks[slot]) {
          walk.append((child, ranks.merging([slot: taken]) { $1 }))
        }
        continue
      }
      let bit = UInt64(1) << UInt64(targets.count)
      targets.append(target)
      for slot in slots {
        for rank in 0..<tree.ranks[slot].count where ranks[slot]?[rank] ?? true {
          sets[slot]?[rank] |= bit
        }
      }
    }
    return (targets, sets)
  }

  /// The nodes of the block at `root`: breadth first, as many as keep the exits at 64.
  private static func innerNodes(of tree: RankTree, _ root: Program.Target) -> Set<Int> {
    guard case .node(let first) = root else { return [] }
    var inner: Set<Int> = []
    var queue = [first]
    var exits = 1
    var next = 0
    while next < queue.count {
      let node = tree.program.nodes[queue[next]]
      let children = Set(node.children).union(node.missing.map { [$0] } ?? [])
      if exits - 1 + children.count <= 64 {
        exits += children.count - 1
        inner.insert(queue[next])
        queue += children.compactMap { child -> Int? in
          if case .node(let index) = child { index } else { nil }
        }.sorted()
      }
      next += 1
    }
    return inner
  }
}
