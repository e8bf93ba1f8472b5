import RuleProgram

/// How many leaves lie below each split of a program, and which outcomes they give.
struct Subtrees {
  private let program: Program
  private let labels: [String]
  /// For each node, how many leaves below it give each outcome.
  private let counts: [[Int]]

  /// The subtrees of `program`, their outcomes in the words for readers of `language`.
  init(_ program: Program, _ wording: Wording, language: String?) {
    self.program = program
    labels = program.outcomes.map { outcome in
      wording.outcomes.first { $0.name == outcome.name }?.label(in: language) ?? outcome.name
    }
    var counts = Array(
      repeating: Array(repeating: 0, count: program.outcomes.count), count: program.nodes.count)
    // Children stand behind their parents.
    for (index, node) in program.nodes.enumerated().reversed() {
      // Several children of a node may be one branch, which is counted once.
      for target in Set(node.children + (node.missing.map { [$0] } ?? [])) {
        switch target {
        case .leaf(let leaf): counts[index][program.leaves[leaf].outcome] += 1
        case .node(let child):
          for outcome in counts[child].indices { counts[index][outcome] += counts[child][outcome] }
        }
      }
    }
    self.counts = counts
  }

  /// What lies behind a branch that leads to `target`.
  func behind(_ target: Program.Target?) -> Explanation.Subtree {
    var subtree = Explanation.Subtree()
    switch target {
    case nil: break
    case .leaf(let leaf)?:
      subtree.leaf = program.leaves[leaf].id
      subtree.outcomes = [count(program.leaves[leaf].outcome, 1)]
    case .node(let node)?:
      let found = counts[node].indices.filter { counts[node][$0] > 0 }
        .sorted { (counts[node][$1], $0) < (counts[node][$0], $1) }
      subtree.outcomes = found.map { count($0, counts[node][$0]) }
    }
    return subtree
  }

  private func count(_ outcome: Int, _ leaves: Int) -> Explanation.OutcomeCount {
    Explanation.OutcomeCount(
      outcome: labels[outcome], isAdverse: program.outcomes[outcome].isAdverse, leaves: leaves)
  }
}
