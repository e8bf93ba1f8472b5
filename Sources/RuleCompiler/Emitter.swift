import RuleAnalysis
import RuleProgram
import RuleSyntax

/// Lays out the final program: everything numbered in the order of the finished tree, so that two
/// sources that mean the same give the same bytes.
struct Emitter {
  private let draft: Draft
  private let syntax: RuleSetSyntax
  private let source: SourceText
  private var pool = CodePool()
  private var program = Program()
  private var wording: Wording
  private var slotNumber: [Int: Int] = [:]
  private var derivedNumber: [Int: Int] = [:]
  private var reasonNumber: [String: Int] = [:]
  /// The split of each node.
  private var splits: [CheckedSplit] = []

  init(draft: Draft, syntax: RuleSetSyntax, source: SourceText) {
    self.draft = draft
    self.syntax = syntax
    self.source = source
    wording = Wording(id: syntax.id.value, version: syntax.version.value)
  }

  /// The program with its wording, and the split of each of its nodes. A fault here would be a fault
  /// of this compiler: it is reported, not trusted.
  consuming func emit(
    _ tree: CheckedNode, diagnostics: inout [Diagnostic]
  ) -> (ruleSet: CompiledRuleSet, splits: [CheckedSplit])? {
    var emitter = self
    emitter.emitTables(tree)
    emitter.program.root = emitter.emit(tree)
    emitter.program.constants = emitter.pool.constants
    emitter.program.patterns = emitter.pool.patterns
    emitter.program.expressions = emitter.pool.expressions
    emitter.word()
    do {
      let verified = try VerifiedProgram(emitter.program)
      return (CompiledRuleSet(program: verified, wording: emitter.wording), emitter.splits)
    } catch {
      diagnostics.append(
        Diagnostic(
          .tooLarge, "this rule set can't be compiled: \(error.message)", at: emitter.syntax.span,
          help: "make the rule set smaller, or report this with the rule set"))
      return nil
    }
  }

  /// Inputs, results, and the derived values that the tree reads.
  private mutating func emitTables(_ tree: CheckedNode) {
    program.inputs = draft.inputs
    program.outcomes = draft.declarations.outcomes
    program.outputs = draft.declarations.outputs
    let found = Self.survey(tree)
    program.reasons = found.reasons.sorted { $0.precedesInUTF8($1) }
    for (index, reason) in program.reasons.enumerated() { reasonNumber[reason] = index }
    var read = Set<Int>()
    for lowered in found.slots.map({ draft.slots[$0].lowered }) + found.sets {
      read.formUnion(lowered.reads(.derived))
    }
    for index in draft.derived.indices.reversed() where read.contains(index) {
      read.formUnion(draft.derived[index].lowered.reads(.derived))
    }
    for index in draft.derived.indices where read.contains(index) {
      derivedNumber[index] = program.derived.count
      let item = draft.derived[index]
      let expression = add(item.lowered)
      program.derived.append(
        Program.Derived(name: item.name, type: item.type, expression: expression))
    }
  }

  private mutating func add(_ lowered: Lowered) -> Int {
    let numbers = derivedNumber
    return pool.add(lowered) { numbers[$0] ?? 0 }
  }

  /// What a tree refers to.
  private struct Survey {
    var reasons: Set<String> = []
    var slots: Set<Int> = []
    var sets: [Lowered] = []
  }

  private static func survey(_ tree: CheckedNode) -> Survey {
    var found = Survey()
    var pending = [tree]
    while let next = pending.popLast() {
      switch next {
      case .leaf(let leaf):
        found.reasons.formUnion(leaf.reasons)
        found.sets += leaf.sets.map(\.lowered)
      case .split(let split):
        found.slots.insert(split.draft.slot)
        pending += split.branches.map(\.child)
      }
    }
    return found
  }

  private mutating func emit(_ node: CheckedNode) -> Program.Target {
    switch node {
    case .leaf(let leaf): emit(leaf)
    case .split(let split): emit(split)
    }
  }

  private mutating func emit(_ leaf: DraftLeaf) -> Program.Target {
    let sets = leaf.sets.map { set in
      Program.OutputSet(output: set.output, expression: add(set.lowered))
    }
    program.leaves.append(
      Program.Leaf(
        id: leaf.syntax.id.value, outcome: leaf.outcome,
        reasons: leaf.reasons.compactMap { reasonNumber[$0] }, sets: sets))
    wording.leaves.append(place(leaf.syntax.span))
    return .leaf(program.leaves.count - 1)
  }

  private mutating func emit(_ split: CheckedSplit) -> Program.Target {
    let slot = number(ofSlot: split.draft.slot)
    let index = program.nodes.count
    program.nodes.append(Program.Node(slot: slot, cuts: [], children: [], missing: nil))
    let layout = BranchLayout(split, slot: program.slots[slot], program: program)
    wording.nodes.append(word(split, layout))
    splits.append(split)
    var targets: [Int: Program.Target] = [:]
    for branch in layout.order { targets[branch] = emit(split.branches[branch].child) }
    program.nodes[index].cuts = layout.cuts
    program.nodes[index].children = layout.branchOfChild.compactMap { targets[$0] }
    program.nodes[index].missing = layout.missing.flatMap { targets[$0] }
    return .node(index)
  }

  private mutating func number(ofSlot draftIndex: Int) -> Int {
    if let known = slotNumber[draftIndex] { return known }
    let slot = draft.slots[draftIndex]
    let source: Program.Slot.Source =
      switch slot.source {
      case .input(let index): .input(index)
      case .derived(let index): .derived(derivedNumber[index] ?? 0)
      case .expression: .expression(add(slot.lowered))
      }
    program.slots.append(
      Program.Slot(source: source, type: slot.type, encoding: slot.encoding, offset: slot.offset))
    slotNumber[draftIndex] = program.slots.count - 1
    return program.slots.count - 1
  }
}

/// How the keys of a split fall to its branches.
private struct BranchLayout {
  var cuts: [Int64] = []
  var branchOfChild: [Int] = []
  var missing: Int?
  /// Branches in the order of their least keys, the missing one last.
  var order: [Int] = []

  /// Keys that nothing can have here fall to the branch below them, so that a bound that an input
  /// already keeps makes no difference.
  init(_ split: CheckedSplit, slot: Program.Slot, program: Program) {
    missing = split.branches.firstIndex { $0.kind == .missing }
    let parts = Self.parts(split)
    if slot.encoding.isTable {
      layTable(parts, slot, program)
    } else {
      layCuts(parts)
    }
    var seen: Set<Int> = []
    for branch in branchOfChild where seen.insert(branch).inserted { order.append(branch) }
    if let missing { order.append(missing) }
  }

  /// The ranges of keys of the branches, in ascending order. Where two branches take the same keys, it
  /// is proven that nothing has them: the branch that begins first keeps them.
  private static func parts(_ split: CheckedSplit) -> [(low: Int64, branch: Int)] {
    var ranges: [(keys: ClosedRange<Int64>, branch: Int)] = []
    for (index, branch) in split.branches.enumerated() where branch.kind != .missing {
      ranges += branch.keys.intersection(split.reachable).ranges.map { ($0, index) }
    }
    ranges.sort { $0.keys.lowerBound < $1.keys.lowerBound }
    var parts: [(low: Int64, branch: Int)] = []
    var covered: Int64?
    for (keys, branch) in ranges where covered.map({ $0 < keys.upperBound }) ?? true {
      parts.append((max(keys.lowerBound, covered.map { $0 + 1 } ?? keys.lowerBound), branch))
      covered = keys.upperBound
    }
    return parts
  }

  private mutating func layCuts(_ parts: [(low: Int64, branch: Int)]) {
    for part in parts where branchOfChild.last != part.branch {
      if !branchOfChild.isEmpty { cuts.append(part.low) }
      branchOfChild.append(part.branch)
    }
  }

  private mutating func layTable(
    _ parts: [(low: Int64, branch: Int)], _ slot: Program.Slot, _ program: Program
  ) {
    var count = 2
    if case .input(let input) = slot.source, slot.encoding == .declared {
      count = program.inputs[input].values.count
    }
    var place = 0
    for key in 0..<Int64(count) {
      while place + 1 < parts.count, parts[place + 1].low <= key { place += 1 }
      if parts.indices.contains(place) { branchOfChild.append(parts[place].branch) }
    }
  }
}

/// The wording beside the program.
extension Emitter {
  private func place(_ span: SourceSpan) -> Wording.Place {
    let location = source.location(of: span.lower)
    return Wording.Place(line: location.line, column: location.column)
  }

  private func word(_ split: CheckedSplit, _ layout: BranchLayout) -> Wording.NodeWording {
    Wording.NodeWording(
      id: split.draft.syntax.id?.value, label: split.draft.syntax.label?.value,
      labels: Self.translations(split.draft.syntax.labels), on: split.draft.syntax.on.text,
      place: place(split.draft.syntax.span),
      justification: split.draft.syntax.justification?.value,
      branches: split.branches.map { branch in
        Wording.Branch(kind: branch.kind, tests: branch.tests, place: place(branch.span))
      },
      branchOfChild: layout.branchOfChild)
  }

  private mutating func word() {
    wording.language = syntax.language
    wording.title = syntax.title?.value
    wording.titles = Self.translations(syntax.titles)
    wording.authorities = syntax.authorities.map {
      Wording.Authority(text: $0.text, href: $0.href?.value, clause: $0.clause?.value)
    }
    wording.inputs = syntax.inputs.map(Self.term)
    wording.derived = syntax.derived.map { item in
      Wording.Term(
        name: item.name.value, label: item.label?.value, unit: item.unit?.value,
        expression: item.expression.text, labels: Self.translations(item.labels))
    }
    wording.outcomes = syntax.outcomes.map {
      Wording.Term(
        name: $0.name.value, label: $0.label?.value, labels: Self.translations($0.labels))
    }
    wording.outputs = syntax.outputs.map {
      Wording.Term(
        name: $0.name.value, label: $0.label?.value, unit: $0.unit?.value,
        labels: Self.translations($0.labels))
    }
    wording.reasons = syntax.reasons.map {
      Wording.Term(
        name: $0.code.value, label: $0.text.value, labels: Self.translations($0.texts))
    }
  }

  private static func term(_ input: InputSyntax) -> Wording.Term {
    Wording.Term(
      name: input.name.value, label: input.label?.value, unit: input.unit?.value,
      origin: input.origin?.value, isProtected: input.isProtected,
      values: input.values.compactMap { value in
        guard value.label != nil || !value.labels.isEmpty else { return nil }
        return Wording.ValueLabel(
          value: value.text.value, label: value.label?.value ?? value.text.value,
          labels: translations(value.labels))
      },
      labels: translations(input.labels), change: change(input))
  }

  /// A protected input is never proposed to change, whatever the rule set says.
  private static func change(_ input: InputSyntax) -> Wording.Change? {
    if input.isProtected { return Wording.Change(direction: .fixed) }
    guard let change = input.change else { return nil }
    guard change.isMutable else { return Wording.Change(direction: .fixed) }
    let direction: Wording.Change.Direction =
      switch change.direction?.value {
      case "increase-only": .increaseOnly
      case "decrease-only": .decreaseOnly
      default: .either
      }
    // A number that can't be read has been reported.
    return Wording.Change(
      direction: direction, step: change.step.flatMap { Decimal128($0.value) },
      cost: change.cost.flatMap { Decimal128($0.value) })
  }

  private static func translations(_ texts: [TranslationSyntax]) -> [Wording.Translation] {
    texts.map { Wording.Translation(language: $0.language.value, text: $0.text.value) }
      .sorted { $0.language.precedesInUTF8($1.language) }
  }
}
