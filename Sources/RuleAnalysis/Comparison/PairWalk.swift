import RuleProgram

/// Walks two trees of a joint program at once and meets each pair of leaves whose regions intersect.
///
/// Pairs of subtrees that can't matter are passed over: for a comparison those that are the same, leaf
/// for leaf, so that two versions that differ in one place cost little more than their size.
struct PairWalk {
  private let program: Program
  private let matters: (Program.Target, Program.Target) -> Bool
  /// Called for each pair of leaves, with the region that reaches both; false ends the walk.
  private let visit: (Int, Int, Region) -> Bool
  private var isOver = false

  /// A walk over `program`'s nodes that passes over pairs of subtrees for which `matters` is false.
  init(
    _ program: Program, where matters: @escaping (Program.Target, Program.Target) -> Bool,
    visit: @escaping (Int, Int, Region) -> Bool
  ) {
    self.program = program
    self.matters = matters
    self.visit = visit
  }

  /// Walks the trees below `first` and `second` inside `region`.
  mutating func walk(_ first: Program.Target, _ second: Program.Target, _ region: inout Region) {
    if isOver || !matters(first, second) { return }
    switch (first, second) {
    case (.leaf(let a), .leaf(let b)):
      isOver = !visit(a, b, region)
    case (.node(let a), .node(let b)) where program.nodes[a].slot == program.nodes[b].slot:
      walkTogether(program.nodes[a], program.nodes[b], &region)
    case (.node(let a), _):
      walkBranches(of: program.nodes[a], &region) { walk, child, region in
        walk.walk(child, second, &region)
      }
    case (.leaf, .node(let b)):
      walkBranches(of: program.nodes[b], &region) { walk, child, region in
        walk.walk(first, child, &region)
      }
    }
  }

  private mutating func walkBranches(
    of node: Program.Node, _ region: inout Region,
    _ descend: (inout PairWalk, Program.Target, inout Region) -> Void
  ) {
    let saved = region.keys[node.slot]
    for (child, keys) in program.branches(of: node, within: saved) {
      region.keys[node.slot] = keys
      descend(&self, child, &region)
    }
    region.keys[node.slot] = saved
  }

  /// Both nodes split on the same slot: their branches are merged in one sweep.
  private mutating func walkTogether(
    _ a: Program.Node, _ b: Program.Node, _ region: inout Region
  ) {
    let saved = region.keys[a.slot]
    for (pair, keys) in program.commonBranches(a, b, within: saved) {
      region.keys[a.slot] = keys
      walk(pair.first, pair.second, &region)
    }
    region.keys[a.slot] = saved
  }
}

/// Which subtrees of a joint program are the same: equal splits over equal slots, equal leaves.
struct SubtreeIdentity {
  private let nodes: [Int]
  private let leaves: [Int]

  private struct NodeShape: Hashable {
    var slot: Int
    var cuts: [Int64]
    var children: [Int]
    var missing: Int?
  }

  init(_ joint: JointProgram) { self.init(joint, leaves: joint.leafContents) }

  /// The same where leaves count as the same by `leaves`, one thing for each joint leaf.
  init<Content: Hashable>(_ joint: JointProgram, leaves things: [Content]) {
    var contents = Numbering<Content>()
    leaves = things.map { contents.number(of: $0) }
    var shapes = Numbering<NodeShape>()
    var found = [Int](repeating: 0, count: joint.program.nodes.count)
    // Children stand behind their parents.
    for (index, node) in joint.program.nodes.enumerated().reversed() {
      let number = { [leaves] (target: Program.Target) -> Int in
        switch target {
        case .node(let child): found[child]
        case .leaf(let leaf): -1 - leaves[leaf]
        }
      }
      found[index] = shapes.number(
        of: NodeShape(
          slot: node.slot, cuts: node.cuts, children: node.children.map(number),
          missing: node.missing.map(number)))
    }
    nodes = found
  }

  func areSame(_ a: Program.Target, _ b: Program.Target) -> Bool {
    switch (a, b) {
    case (.node(let a), .node(let b)): nodes[a] == nodes[b]
    case (.leaf(let a), .leaf(let b)): leaves[a] == leaves[b]
    default: false
    }
  }
}

/// The branches of a node as sets of keys.
extension Program {
  /// Each different child of `node` that some key of `within` leads to, with those keys, in the order of
  /// its least key; the missing one last.
  func branches(
    of node: Node, within: KeySet
  ) -> [(child: Target, keys: KeySet)] {
    var order: [Target] = []
    var ranges: [Target: [ClosedRange<Int64>]] = [:]
    for range in within.ranges {
      forEachSegment(of: node, in: range) { child, part in
        if ranges[child] == nil { order.append(child) }
        ranges[child, default: []].append(part)
      }
    }
    var missing = node.missing
    if !within.includesMissing { missing = nil }
    if let missing, ranges[missing] == nil { order.append(missing) }
    return order.map { child in
      (child, KeySet(ranges[child] ?? [], includesMissing: child == missing))
    }
  }

  /// The same for two nodes over one slot: each pair of children that a key leads to.
  func commonBranches(
    _ a: Node, _ b: Node, within: KeySet
  ) -> [(pair: TargetPair, keys: KeySet)] {
    var order: [TargetPair] = []
    var ranges: [TargetPair: [ClosedRange<Int64>]] = [:]
    for range in within.ranges {
      forEachSegment(of: a, in: range) { first, outer in
        forEachSegment(of: b, in: outer) { second, part in
          let pair = TargetPair(first: first, second: second)
          if ranges[pair] == nil { order.append(pair) }
          ranges[pair, default: []].append(part)
        }
      }
    }
    var missing: TargetPair?
    if within.includesMissing, let first = a.missing, let second = b.missing {
      let pair = TargetPair(first: first, second: second)
      missing = pair
      if ranges[pair] == nil { order.append(pair) }
    }
    return order.map { ($0, KeySet(ranges[$0] ?? [], includesMissing: $0 == missing)) }
  }

  /// A child of each of two nodes.
  struct TargetPair: Hashable {
    var first: Target
    var second: Target
  }

  /// Cuts `range` into the parts that lead to one child each, in ascending order.
  private func forEachSegment(
    of node: Node, in range: ClosedRange<Int64>,
    _ body: (Target, ClosedRange<Int64>) -> Void
  ) {
    guard !slots[node.slot].encoding.isTable else {
      for key in range where node.children.indices.contains(Int(key)) {
        body(node.children[Int(key)], key...key)
      }
      return
    }
    var index = node.cuts.partitioningIndex { $0 > range.lowerBound }
    var low = range.lowerBound
    while index < node.cuts.count, node.cuts[index] <= range.upperBound {
      body(node.children[index], low...(node.cuts[index] - 1))
      low = node.cuts[index]
      index += 1
    }
    body(node.children[index], low...range.upperBound)
  }
}

extension [Int64] {
  /// The index of the first element for which `belongs` holds; all behind it hold, too.
  fileprivate func partitioningIndex(_ belongs: (Int64) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
