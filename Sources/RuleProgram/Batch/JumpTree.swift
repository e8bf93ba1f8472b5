/// A program's tree as tables that give the next node for each rank, and for each leaf the ranks
/// that lead to it for certain.
struct JumpTree: Sendable {
  /// A node: where rank r leads stands at `table + r` in `targets`.
  struct Node: Sendable {
    /// The column of ranks.
    var column: Int32
    /// The place in `targets` that rank 0 has, or would have.
    var table: Int32
  }

  /// A condition on a leaf's ranks.
  struct Check: Sendable {
    /// The column of ranks.
    var column: UInt16
    /// The first rank.
    var low: UInt16
    /// How many ranks follow it.
    var width: UInt16
    /// 0 where the rank must be one of these, 1 << 15 where it must be none of them.
    var flip: UInt16
  }

  /// The most ranks of a slot: differences of ranks fit into 16 bits with a sign.
  static let rankLimit = 1 << 15

  /// Nodes, the root first.
  private(set) var nodes: [Node] = []
  /// Nodes' numbers, leaves as `code(ofLeaf:)` has them, and `nowhere`.
  private(set) var targets: [Int32] = []
  /// Where the tree begins.
  private(set) var root: Int32 = 0
  private(set) var checks: [Check] = []
  /// For each leaf the range of its checks, empty where there are none.
  private(set) var leafChecks: [Range<Int32>]

  /// The target of a missing value that has no branch. Its leaf's number is -1.
  static let nowhere: Int32 = -1

  /// The target that stands for a leaf; the same gives the leaf back.
  @inline(__always)
  static func code(ofLeaf leaf: Int32) -> Int32 { -2 &- leaf }

  /// What of a tree is still to be built.
  private struct Work {
    var node: Int
    /// For each slot the ranks that came this way, if not all.
    var path: [Int: RankSet]
    /// The same since the last node that has several parents.
    var clip: [Int: RankSet]
  }

  /// The tables of `tree`; nil when they would have more than `limit` entries.
  init?(_ tree: RankTree, limit: Int) {
    leafChecks = Array(repeating: 0..<0, count: tree.program.leaves.count)
    guard case .node(let first) = tree.program.root else {
      if case .leaf(let leaf) = tree.program.root { root = Self.code(ofLeaf: Int32(leaf)) }
      return
    }
    let parents = Self.parents(tree.program)
    var places = [Int32](repeating: -1, count: tree.program.nodes.count)
    nodes.append(Node(column: 0, table: 0))
    places[first] = 0
    var works = [Work(node: first, path: [:], clip: [:])]
    while let work = works.popLast() {
      let slot = tree.program.nodes[work.node].slot
      var found: [(target: Int32, ranks: RankSet)] = []
      for branch in tree.branches(of: work.node) {
        var path = work.path
        path[slot] = path[slot]?.intersection(branch.ranks) ?? branch.ranks
        switch branch.child {
        case .leaf(let leaf):
          found.append((Self.code(ofLeaf: Int32(leaf)), branch.ranks))
          append(leaf, path, tree)
        case .node(let child):
          if places[child] < 0 {
            places[child] = Int32(nodes.count)
            nodes.append(Node(column: 0, table: 0))
            var clip = parents[child] > 1 ? [:] : work.clip
            if parents[child] <= 1 {
              clip[slot] = clip[slot]?.intersection(branch.ranks) ?? branch.ranks
            }
            works.append(Work(node: child, path: path, clip: clip))
          }
          found.append((places[child], branch.ranks))
        }
      }
      nodes[Int(places[work.node])] = table(slot, found, work.clip[slot], tree)
      guard targets.count <= limit, checks.count <= limit else { return nil }
    }
  }

  /// How many nodes lead to each node.
  private static func parents(_ program: Program) -> [Int] {
    var parents = [Int](repeating: 0, count: program.nodes.count)
    for node in program.nodes {
      for case .node(let child) in Set(node.children + (node.missing.map { [$0] } ?? [])) {
        parents[child] += 1
      }
    }
    return parents
  }

  /// Appends a table of those ranks that can come.
  private mutating func table(
    _ slot: Int, _ branches: [(target: Int32, ranks: RankSet)], _ clip: RankSet?, _ tree: RankTree
  ) -> Node {
    let ranks = tree.ranks[slot]
    let low = clip?.ranges.first?.lowerBound ?? (ranks.mayMiss ? 0 : 1)
    let high = clip?.ranges.last?.upperBound ?? ranks.count - 1
    let table = targets.count - low
    targets += repeatElement(Self.nowhere, count: high - low + 1)
    for branch in branches {
      for range in branch.ranks.ranges where range.overlaps(low...high) {
        for rank in range.clamped(to: low...high) { targets[table + rank] = branch.target }
      }
    }
    return Node(column: Int32(tree.columns[slot]), table: Int32(table))
  }

  /// Appends the checks of a leaf that is reached by `path`, if they are the first.
  private mutating func append(_ leaf: Int, _ path: [Int: RankSet], _ tree: RankTree) {
    guard leafChecks[leaf].isEmpty else { return }
    let start = Int32(checks.count)
    for (slot, set) in path.sorted(by: { $0.key < $1.key }) {
      guard let first = set.ranges.first, let last = set.ranges.last else {
        // No row comes this way.
        checks.removeLast(checks.count - Int(start))
        return
      }
      let column = UInt16(tree.columns[slot])
      func add(_ low: Int, _ high: Int, _ isInside: Bool) {
        checks.append(
          Check(
            column: column, low: UInt16(low), width: UInt16(high - low),
            flip: isInside ? 0 : 1 << 15))
      }
      let lowest = tree.ranks[slot].mayMiss ? 0 : 1
      if first.lowerBound > lowest || last.upperBound < tree.ranks[slot].count - 1 {
        add(first.lowerBound, last.upperBound, true)
      }
      for (range, next) in zip(set.ranges, set.ranges.dropFirst()) {
        add(range.upperBound + 1, next.lowerBound - 1, false)
      }
    }
    leafChecks[leaf] = start..<Int32(checks.count)
  }
}
