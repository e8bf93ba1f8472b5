import RuleProgram

/// Explains one rules stage: re-executes the program over known values, and walks from the recorded
/// leaf back to the root.
struct StageExplainer {
  /// The rule set that decided.
  let ruleSet: RuleSet
  private let program: Program
  private let wording: Wording
  private let terms: [String: Wording.Term]
  /// The reader's language; nil for the rule set's own.
  private let language: String?
  /// The names of the inputs that are scores.
  private let scores: Set<String>
  /// For each node: its parent, and for each leaf: its parent.
  private let nodeParents: [Int]
  private let leafParents: [Int]
  private let subtrees: Subtrees
  /// The program with one more derived value for each slot over an expression, so that the values
  /// of such slots can be seen. It has the same tree.
  private let evaluator: Evaluator
  private let derivedOfSlot: [Int: Int]

  /// An explainer of `ruleSet` for readers of `language`.
  ///
  /// - Parameter scores: the names of the inputs that are scores.
  init(
    _ ruleSet: RuleSet, language: String?, scores: Set<String>
  ) throws(EngineError) {
    self.ruleSet = ruleSet
    self.language = language
    self.scores = scores
    let program = ruleSet.program
    self.program = program
    wording = ruleSet.wording
    var terms: [String: Wording.Term] = [:]
    for term in wording.inputs + wording.derived { terms[term.name] = term }
    self.terms = terms
    var nodeParents = [Int](repeating: -1, count: program.nodes.count)
    var leafParents = [Int](repeating: -1, count: program.leaves.count)
    for (index, node) in program.nodes.enumerated() {
      for target in node.children + (node.missing.map { [$0] } ?? []) {
        switch target {
        case .node(let child): nodeParents[child] = index
        case .leaf(let leaf): leafParents[leaf] = index
        }
      }
    }
    self.nodeParents = nodeParents
    self.leafParents = leafParents
    subtrees = Subtrees(program, wording, language: language)
    var shown = program
    var derivedOfSlot: [Int: Int] = [:]
    for (index, slot) in program.slots.enumerated() {
      guard case .expression(let expression) = slot.source else { continue }
      derivedOfSlot[index] = shown.derived.count
      shown.derived.append(
        Program.Derived(name: "slot \(index)", type: slot.type, expression: expression))
    }
    self.derivedOfSlot = derivedOfSlot
    do {
      evaluator = Evaluator(try VerifiedProgram(shown))
    } catch {
      throw .damaged(index: ruleSet.release.index, reason: error.description)
    }
  }

  /// What a re-execution over `values` (one for each input) shows.
  struct Execution {
    /// The leaf reached; nil when a value was refused.
    var leaf: Int?
    /// The value of each input.
    var inputs: [Value]
    /// The derived values, those of slots over expressions behind the program's own.
    var derived: [Value]
    /// The key of each slot.
    var keys: [Int64]
  }

  /// Re-executes the program.
  func execute(_ values: [Value]) -> Execution {
    var binding = Binding(evaluator)
    binding.begin()
    for (index, value) in values.enumerated() { binding.bind(index, value: value) }
    let leaf = binding.evaluate()
    return Execution(leaf: leaf, inputs: values, derived: binding.derived, keys: binding.keys)
  }

  /// The derived values of an execution, with their expressions and operands.
  func derivedNotes(_ execution: Execution) -> [Explanation.DerivedNote] {
    program.derived.enumerated().map { index, item in
      var operands: [Explanation.ValueNote] = []
      var seen: Set<String> = []
      for instruction in program.expressions[item.expression].instructions {
        guard let operand = operand(instruction, execution), seen.insert(operand.name).inserted
        else { continue }
        operands.append(operand)
      }
      return Explanation.DerivedNote(
        value: note(item.name, execution.derived[index]),
        expression: terms[item.name]?.expression, operands: operands)
    }
  }

  private func operand(
    _ instruction: Instruction, _ execution: Execution
  ) -> Explanation.ValueNote? {
    switch instruction.operation {
    case .input:
      note(program.inputs[instruction.operand].name, execution.inputs[instruction.operand])
    case .derived:
      note(program.derived[instruction.operand].name, execution.derived[instruction.operand])
    default: nil
    }
  }

  private func note(_ name: String, _ value: Value) -> Explanation.ValueNote {
    let term = terms[name]
    let text = value == .null ? nil : value.description
    return Explanation.ValueNote(
      name: name, label: term?.label(in: language), value: text,
      valueLabel: text.flatMap { term?.label(ofValue: $0, in: language) }, unit: term?.unit,
      type: value.type, isScore: scores.contains(name))
  }

  /// The conditions from the root to `leaf`; without an execution, without values.
  func path(to leaf: Int, _ execution: Execution?) -> [Explanation.StepNote] {
    var steps: [Explanation.StepNote] = []
    var target = Program.Target.leaf(leaf)
    var parent = leafParents[leaf]
    while parent >= 0 {
      steps.append(step(parent, target, execution))
      target = .node(parent)
      parent = nodeParents[parent]
    }
    return steps.reversed()
  }

  private func step(
    _ index: Int, _ target: Program.Target, _ execution: Execution?
  ) -> Explanation.StepNote {
    let node = program.nodes[index]
    let words = wording.nodes[index]
    let value = execution.map { self.value(of: node.slot, $0) }
    let branches = Branches(program, node, words)
    let key = execution?.keys[node.slot]
    let taken = branches.taken(to: target, key: key)
    let term = self.term(node.slot)
    var step = Explanation.StepNote(
      id: words.id, label: language.flatMap { words.labels.text(in: $0) } ?? words.label,
      on: words.on,
      met: value.map { met($0, node.slot, words.on) },
      taken: labelled(branches.note(taken, words, gap: nil), term), line: words.place.line,
      column: words.place.column, justification: words.justification)
    step.distance = value.flatMap { branches.margin(of: taken, $0) }
    step.margin = step.distance.map { branches.words($0) }
    step.isChangeable = isChangeable(term)
    if case .expression = program.slots[node.slot].source { step.isExpression = true }
    step.others = branches.all.filter { $0 != taken }.map { other in
      var note = labelled(
        branches.note(other, words, gap: value.map { branches.gap(to: other, from: $0) }), term)
      if let value, value != .null { note.distance = branches.distance(to: other, from: value) }
      return note
    }
    step.taken.subtree = subtrees.behind(branches.target(step.taken.number))
    for place in step.others.indices {
      let number = step.others[place].number
      step.others[place].subtree = subtrees.behind(branches.target(number))
    }
    return step
  }

  /// The term of what a slot is over; nil for an expression.
  private func term(_ slot: Int) -> Wording.Term? {
    switch program.slots[slot].source {
    case .input, .derived: terms[program.name(of: program.slots[slot])]
    case .expression: nil
    }
  }

  private func isChangeable(_ term: Wording.Term?) -> Bool {
    guard let term else { return true }
    return !term.isProtected && !scores.contains(term.name) && term.origin != "model"
      && term.change?.direction != .fixed
  }

  private func labelled(
    _ branch: Explanation.BranchNote, _ term: Wording.Term?
  ) -> Explanation.BranchNote {
    guard let term else { return branch }
    return branch.labelled(by: term, in: language)
  }

  private func value(of slot: Int, _ execution: Execution) -> Value {
    switch program.slots[slot].source {
    case .input(let input): execution.inputs[input]
    case .derived(let derived): execution.derived[derived]
    case .expression: derivedOfSlot[slot].map { execution.derived[$0] } ?? .null
    }
  }

  private func met(_ value: Value, _ slot: Int, _ on: String) -> Explanation.ValueNote {
    switch program.slots[slot].source {
    case .input, .derived: note(program.name(of: program.slots[slot]), value)
    case .expression:
      Explanation.ValueNote(
        name: on, value: value == .null ? nil : value.description, type: value.type)
    }
  }
}

extension Explanation.BranchNote {
  /// The branch with the labels of its values.
  func labelled(by term: Wording.Term, in language: String?) -> Explanation.BranchNote {
    var branch = self
    for index in branch.values.listed.indices {
      branch.values.listed[index].valueLabel = branch.values.listed[index].value.flatMap {
        term.label(ofValue: $0, in: language)
      }
    }
    return branch
  }
}

extension Wording.Term {
  /// The label for readers of `language`, else the rule set's own.
  func label(in language: String?) -> String? {
    language.flatMap { labels.text(in: $0) } ?? label
  }

  /// The label of one of its values.
  func label(ofValue value: String, in language: String?) -> String? {
    guard let found = values.first(where: { $0.value.utf8.elementsEqual(value.utf8) }) else {
      return nil
    }
    return language.flatMap { found.labels.text(in: $0) } ?? found.label
  }
}
