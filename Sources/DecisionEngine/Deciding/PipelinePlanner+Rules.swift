import RuleProgram

extension PipelinePlanner {
  /// Plans a rules stage.
  mutating func add(_ ruleSet: RuleSet, _ discard: [String]) {
    let name = ruleSet.release.id
    var discards = ruleSet.program.outcomes.map { _ in false }
    for outcome in discard {
      if let index = ruleSet.program.outcomes.firstIndex(where: { $0.name == outcome }) {
        discards[index] = true
      } else {
        problems.append("rule set `\(name)` has no outcome `\(outcome)` to discard")
      }
    }
    var sources: [PipelinePlan.Source] = []
    for input in ruleSet.program.inputs { sources.append(source(of: input, for: name)) }
    if stageOfRuleSet[name] != nil {
      problems.append("rule set `\(name)` runs twice, so its outcome would have no clear name")
    }
    stageOfRuleSet[name] = draft.rules.count
    draft.stages.append(.rules(draft.rules.count))
    draft.rules.append(
      PipelinePlan.Rules(
        ruleSet: ruleSet, sources: sources, types: ruleSet.program.inputs.map(\.type),
        discards: discards))
  }

  private mutating func source(
    of input: Program.Input, for ruleSet: String
  ) -> PipelinePlan.Source {
    if let (stage, rest) = earlierStage(input.name) {
      return source(of: input, stage, rest, ruleSet)
    }
    if let slot = slot(input.name) {
      if !slotsFilled.contains(input.name) {
        problems.append(
          "input `\(input.name)` of `\(ruleSet)` is a score that only a later stage gives")
      }
      if input.type != .number {
        problems.append("input `\(input.name)` of `\(ruleSet)` takes a score, but is no number")
      }
      return .score(slot)
    }
    if input.name == definition.candidates?.array {
      problems.append(
        "input `\(input.name)` of `\(ruleSet)` can't be supplied: it names the candidates")
    }
    if later(input.name) {
      problems.append("input `\(input.name)` of `\(ruleSet)` refers to a stage that isn't earlier")
    }
    return .field(field(input.name))
  }

  /// The earlier stage that `RULESET.NAME` refers to, and NAME.
  private func earlierStage(_ name: String) -> (stage: Int, rest: String)? {
    guard let dot = name.lastIndex(of: "."),
      let stage = stageOfRuleSet[String(name[..<dot])]
    else { return nil }
    return (stage, String(name[name.index(after: dot)...]))
  }

  /// Whether `RULESET.NAME` refers to a rule set of this pipeline.
  private func later(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return definition.stages.contains { stage in
      if case .rules(let reference, _) = stage { reference.id == name[..<dot] } else { false }
    }
  }

  private mutating func source(
    of input: Program.Input, _ stage: Int, _ name: String, _ ruleSet: String
  ) -> PipelinePlan.Source {
    let earlier = draft.rules[stage]
    let program = earlier.ruleSet.program
    let label = "input `\(input.name)` of `\(ruleSet)`"
    if name == "outcome" {
      let passed = program.outcomes.indices.filter { !earlier.discards[$0] }
      check(label, of: input, takes: "outcome", passed.map { program.outcomes[$0].name })
      return .outcome(stage: stage)
    }
    let output = program.outputs.firstIndex { $0.name == name }
    if name == "leaf", output == nil {
      let passed = program.leaves.filter { !earlier.discards[$0.outcome] }
      check(label, of: input, takes: "leaf", passed.map(\.id))
      return .leaf(stage: stage)
    }
    guard let output else {
      problems.append("\(label) refers to no output of `\(earlier.ruleSet.release.id)`")
      return .outcome(stage: stage)
    }
    if program.outputs[output].type != input.type {
      problems.append("\(label) is a \(input.type.name), but the output isn't")
    }
    let isAlwaysSet = program.leaves.allSatisfy { leaf in
      earlier.discards[leaf.outcome] || leaf.sets.contains { $0.output == output }
    }
    if !isAlwaysSet, !input.allowsMissing {
      problems.append("\(label) is required, but some leaves don't set it; allow it to be missing")
    }
    return .output(stage: stage, output: output)
  }

  /// Checks that `input` can take each of the `names` that an earlier stage gives.
  private mutating func check(
    _ label: String, of input: Program.Input, takes kind: String, _ names: [String]
  ) {
    if input.type != .string { problems.append("\(label) takes the \(kind), but is no string") }
    guard !input.values.isEmpty else { return }
    for name in names where !input.values.contains(name) {
      problems.append("\(label) doesn't declare the \(kind) `\(name)`")
    }
  }

  /// Plans the ranking.
  mutating func addRank(_ by: String, _ descending: Bool, _ keep: Int?) {
    guard let (source, type) = rankSource(by) else {
      problems.append("`rank` goes by `\(by)`, which no stage gives and no rule set reads")
      return
    }
    if type == .boolean { problems.append("`rank` goes by `\(by)`, which has no order") }
    if keep == 0 { problems.append("`rank` keeps no candidate") }
    draft.stages.append(
      .rank(PipelinePlan.Rank(by: source, type: type, descending: descending, keep: keep)))
  }

  private func rankSource(_ name: String) -> (PipelinePlan.Source, ValueType)? {
    if let slot = slot(name) { return (.score(slot), .number) }
    if let (stage, rest) = earlierStage(name) {
      let program = draft.rules[stage].ruleSet.program
      return program.outputs.firstIndex { $0.name == rest }.map {
        (.output(stage: stage, output: $0), program.outputs[$0].type)
      }
    }
    for stage in draft.rules.indices.reversed() {
      let program = draft.rules[stage].ruleSet.program
      if let output = program.outputs.firstIndex(where: { $0.name == name }) {
        return (.output(stage: stage, output: output), program.outputs[output].type)
      }
    }
    for rules in draft.rules {
      if let input = rules.ruleSet.program.inputs.first(where: { $0.name == name }),
        let field = draft.fieldIndex[name]
      {
        return (.field(field), input.type)
      }
    }
    return nil
  }

  /// Sorts the fields into canonical order and renumbers every reference to them.
  mutating func finishFields() {
    let sorted = Self.canonicalOrder(Set(draft.fields))
    var places: [String: Int] = [:]
    for (index, name) in sorted.enumerated() { places[name] = index }
    let renumbered = draft.fields.map { places[$0] ?? 0 }
    draft.fields = sorted
    draft.fieldIndex = places
    func moved(_ source: PipelinePlan.Source) -> PipelinePlan.Source {
      if case .field(let field) = source { .field(renumbered[field]) } else { source }
    }
    for index in draft.rules.indices {
      draft.rules[index].sources = draft.rules[index].sources.map(moved)
    }
    for index in draft.stages.indices {
      switch draft.stages[index] {
      case .rules: continue
      case .score(var score):
        score.field = renumbered[score.field]
        draft.stages[index] = .score(score)
      case .experiment(var experiment):
        experiment.unit = renumbered[experiment.unit]
        for arm in experiment.arms.indices {
          if let field = experiment.arms[arm].score?.field {
            experiment.arms[arm].score?.field = renumbered[field]
          }
        }
        draft.stages[index] = .experiment(experiment)
      case .rank(var rank):
        rank.by = moved(rank.by)
        draft.stages[index] = .rank(rank)
      }
    }
  }
}
