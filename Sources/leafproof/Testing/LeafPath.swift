import RuleProgram

/// The way from the root to a leaf, as the source words it.
enum LeafPath {
  /// One split on the way.
  struct Step {
    /// What the split looks at.
    var on: String
    /// Which branch is taken: its tests, `otherwise` or `missing`.
    var branch: String
    /// Where the branch stands in the source.
    var place: Wording.Place
  }

  /// The splits on the way to leaf number `leaf`.
  static func steps(to leaf: Int, _ program: Program, _ wording: Wording) -> [Step] {
    var steps: [Step] = []
    var target = Program.Target.leaf(leaf)
    while let (node, child) = parent(of: target, in: program) {
      let words = wording.nodes[node]
      let branch: Wording.Branch? =
        if let child {
          words.branches[words.branchOfChild[child]]
        } else {
          words.branches.first { $0.kind == .missing }
        }
      steps.append(
        Step(on: words.on, branch: branch?.text ?? "missing", place: branch?.place ?? words.place))
      target = .node(node)
    }
    return steps.reversed()
  }

  /// The split that leads to `target`, and by which child; nil for its missing branch.
  private static func parent(
    of target: Program.Target, in program: Program
  ) -> (node: Int, child: Int?)? {
    for (index, node) in program.nodes.enumerated() {
      if let child = node.children.firstIndex(of: target) { return (index, child) }
      if node.missing == target { return (index, nil) }
    }
    return nil
  }
}

extension Wording.Branch {
  /// The branch's tests, `otherwise` or `missing`.
  var text: String {
    switch kind {
    case .case: tests
    case .otherwise: "otherwise"
    case .missing: "missing"
    }
  }
}
