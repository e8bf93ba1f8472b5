import RuleProgram

/// How often cases reached each leaf and took each branch: each case, `otherwise` and `missing` of
/// each split as the source writes them.
struct TreeCoverage {
  /// For each leaf, how many cases reached it.
  let leafVisits: [Int]
  /// For each node of the program, how many cases took each branch, in the order of the source.
  let branchVisits: [[Int]]
  private let wording: Wording

  /// A branch that no case took.
  struct Branch {
    /// What the split looks at.
    var on: String
    /// Its tests, `otherwise` or `missing`.
    var text: String
    /// Where it stands in the source.
    var place: Wording.Place
  }

  /// A part of a whole.
  struct Share {
    var reached: Int
    var count: Int

    /// In per cent, rounded down; 100 of nothing.
    var percent: Int { count == 0 ? 100 : 100 * reached / count }
  }

  /// The coverage behind `visits`, one for each leaf: a leaf has one path, so that its visits are
  /// those of the branches on the way to it.
  init(leafVisits visits: [Int], _ program: Program, _ wording: Wording) {
    self.wording = wording
    leafVisits = visits
    var branches = wording.nodes.map { Array(repeating: 0, count: $0.branches.count) }
    var nodes = Array(repeating: 0, count: program.nodes.count)
    let visitsOf = { (target: Program.Target, nodes: [Int]) -> Int in
      switch target {
      case .leaf(let leaf): visits[leaf]
      case .node(let node): nodes[node]
      }
    }
    // Children stand behind their parents.
    for index in program.nodes.indices.reversed() {
      for (branch, target) in Self.targets(program.nodes[index], wording.nodes[index]) {
        branches[index][branch] = visitsOf(target, nodes)
      }
      nodes[index] = branches[index].reduce(0, +)
    }
    branchVisits = branches
  }

  /// Where each branch of a split leads.
  private static func targets(
    _ node: Program.Node, _ words: Wording.NodeWording
  ) -> [Int: Program.Target] {
    var targets: [Int: Program.Target] = [:]
    for (child, branch) in words.branchOfChild.enumerated() {
      targets[branch] = node.children[child]
    }
    if let missing = node.missing,
      let branch = words.branches.firstIndex(where: { $0.kind == .missing })
    {
      targets[branch] = missing
    }
    return targets
  }

  /// How many of the leaves were reached.
  var leaves: Share {
    Share(reached: leafVisits.count { $0 > 0 }, count: leafVisits.count)
  }

  /// How many of the branches were taken.
  var branches: Share {
    branchVisits.reduce(into: Share(reached: 0, count: 0)) { share, visits in
      share.reached += visits.count { $0 > 0 }
      share.count += visits.count
    }
  }

  /// The numbers of the leaves that no case reached.
  var unreachedLeaves: [Int] { leafVisits.indices.filter { leafVisits[$0] == 0 } }

  /// The branches that no case took, split by split.
  var unreachedBranches: [Branch] {
    zip(wording.nodes, branchVisits).flatMap { words, visits in
      zip(words.branches, visits).filter { $0.1 == 0 }.map { branch, _ in
        Branch(on: words.on, text: branch.text, place: branch.place)
      }
    }
  }
}
