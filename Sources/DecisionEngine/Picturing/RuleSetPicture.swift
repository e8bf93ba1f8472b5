import RuleProgram

/// Makes pictures and outlines of a whole rule set.
struct RuleSetPicture {
  private let program: Program
  private let wording: Wording
  private let language: String?
  private let words: PictureWords
  private let subtrees: Subtrees
  private let terms: [String: Wording.Term]

  /// The most rows of a picture that still fits on one printed page.
  static let pageRows = 34

  /// A maker for readers of `language`; nil for the rule set's own.
  init(_ program: Program, _ wording: Wording, language: String?, _ words: PictureWords) {
    self.program = program
    self.wording = wording
    self.language = language
    self.words = words
    subtrees = Subtrees(program, wording, language: language)
    var terms: [String: Wording.Term] = [:]
    for term in wording.inputs + wording.derived { terms[term.name] = term }
    self.terms = terms
  }

  /// The tree in at most `rows` rows: level by level from the root, what has no more room is folded.
  func tree(rows: Int) -> TreePicture {
    let all = subtrees.behind(program.root)
    return TreePicture(
      title: words.treeTitle,
      text: "\(words.leaves(all.leaves)): \(words.outcomes(all.outcomes)).",
      root: part(program.root, opened(rows)))
  }

  /// The splits that are opened, the upper ones first.
  private func opened(_ limit: Int) -> Set<Int> {
    var opened: Set<Int> = []
    var rows = 1
    var queue = [program.root]
    var next = 0
    while next < queue.count {
      defer { next += 1 }
      guard case .node(let index) = queue[next] else { continue }
      let branches = min(wording.nodes[index].branches.count, branchLimit + 1)
      // The root is always opened: its branches are the least that a picture shows.
      guard rows + branches <= limit || index == 0 else { continue }
      rows += branches
      opened.insert(index)
      let node = program.nodes[index]
      var seen: Set<Program.Target> = []
      queue += (node.children + (node.missing.map { [$0] } ?? [])).filter {
        seen.insert($0).inserted
      }
    }
    return opened
  }

  /// Branches of one split that are drawn.
  private var branchLimit: Int { words.words.limits.list }

  private func part(_ target: Program.Target, _ opened: Set<Int>) -> TreePicture.Part {
    guard case .node(let index) = target, opened.contains(index) else {
      return .closed(subtrees.behind(target), words)
    }
    return .split(split(index, opened))
  }

  private func split(_ index: Int, _ opened: Set<Int>) -> TreePicture.Split {
    let node = program.nodes[index]
    let nodeWords = wording.nodes[index]
    let branches = Branches(program, node, nodeWords)
    let term = term(node.slot)
    let hasRest = branches.all.count > branchLimit + 1
    let shown = hasRest ? branches.all.prefix(branchLimit) : branches.all[...]
    var drawn = shown.map { number in
      var note = branches.note(number, nodeWords, gap: nil)
      if let term { note = note.labelled(by: term, in: language) }
      return TreePicture.Branch(
        condition: words.condition(note, unit: term?.unit), number: number,
        target: branches.target(number).map { part($0, opened) } ?? .closed(.init(), words))
    }
    if hasRest {
      let rest = branches.all.dropFirst(branchLimit)
      drawn.append(.several(rest.map { subtrees.behind(branches.target($0)) }, words))
    }
    return TreePicture.Split(
      subject: subject(index).words, place: nodeWords.place, branches: drawn)
  }

  /// The term of what a slot is over; nil for an expression.
  func term(_ slot: Int) -> Wording.Term? {
    switch program.slots[slot].source {
    case .input, .derived: terms[program.name(of: program.slots[slot])]
    case .expression: nil
    }
  }

  /// What split number `index` looks at.
  func subject(_ index: Int) -> HTML {
    let node = wording.nodes[index]
    let limit = words.words.limits.text
    let name = HTML.value(
      term(program.nodes[index].slot)?.label(in: language) ?? node.on, limit: limit)
    let label = language.flatMap { node.labels.text(in: $0) } ?? node.label
    guard let label else { return name }
    return .join([.value(label, limit: limit), name], separator: " – ")
  }
}

extension TreePicture.Part {
  /// What isn't opened: a leaf, or a subtree by its size.
  static func closed(_ subtree: Explanation.Subtree, _ words: PictureWords) -> TreePicture.Part {
    if let leaf = subtree.leaf, let outcome = subtree.outcomes.first {
      return .leaf(
        TreePicture.Leaf(id: leaf, outcome: outcome.outcome, isAdverse: outcome.isAdverse))
    }
    return .folded(
      TreePicture.Fold(leaves: subtree.leaves, outcomes: words.outcomes(subtree.outcomes)))
  }
}

extension TreePicture.Branch {
  /// One row for several branches.
  static func several(
    _ subtrees: [Explanation.Subtree], _ words: PictureWords
  ) -> TreePicture.Branch {
    var counts: [Explanation.OutcomeCount] = []
    for count in subtrees.flatMap(\.outcomes) {
      if let known = counts.firstIndex(where: { $0.outcome == count.outcome }) {
        counts[known].leaves += count.leaves
      } else {
        counts.append(count)
      }
    }
    return TreePicture.Branch(
      condition: words.moreBranches(subtrees.count),
      target: .folded(
        TreePicture.Fold(
          leaves: counts.reduce(0) { $0 + $1.leaves }, outcomes: words.outcomes(counts))))
  }
}
