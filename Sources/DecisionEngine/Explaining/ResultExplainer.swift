import CanonicalJSON
import RuleProgram

/// Explains what a decision recorded of each candidate, or of the case itself.
struct ResultExplainer {
  /// Whose ledger it is in.
  let engine: Engine
  /// The decision's entry.
  let entry: StoredEntry
  /// The pipeline that decided.
  let plan: PipelinePlan
  /// The re-execution; nil when the inputs were erased, or are refused now.
  var run: CaseRun?
  private var explainers: [Int: StageExplainer] = [:]
  /// The reader's language; nil for the rule sets' own.
  private let language: String?

  /// An explainer of the decision `entry` for readers of `language`.
  init(engine: Engine, entry: StoredEntry, plan: PipelinePlan, language: String?) {
    self.language = language
    self.engine = engine
    self.entry = entry
    self.plan = plan
  }

  /// The arm on record.
  var arm: Explanation.ArmNote? {
    guard let arm = entry.json["arm"]?.string else { return nil }
    for case .experiment(let experiment) in plan.stages {
      return Explanation.ArmNote(experiment: experiment.id, arm: arm, unit: experiment.unitName)
    }
    return nil
  }

  /// What came of each candidate on record, in the order ranked, not kept, discarded; or of the
  /// case itself.
  mutating func results(
    _ payload: StoredPayload?
  ) throws(EngineError) -> [Explanation.CandidateNote] {
    guard plan.definition.candidates != nil else {
      let leaves = (entry.json["stages"]?.array ?? []).compactMap { $0["leaf"]?.string }
      var note = Explanation.CandidateNote()
      note.principal = principal(
        payload?["response"]?["principal_reasons"] ?? entry.json["principal_reasons"])
      return [try result(leaves, candidate: 0, note)]
    }
    var results: [Explanation.CandidateNote] = []
    let response = payload?["response"]
    for status in ["ranked", "not_kept", "discarded"] {
      for item in response?[status]?.array ?? [] {
        let key = item["key"]?.string ?? ""
        let leaves = (item["leaves"]?.array ?? []).compactMap(\.string)
        let candidate = run?.candidates.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
        var note = Explanation.CandidateNote(
          key: key, status: status, rank: item["rank"]?.int)
        note.principal = principal(item["principal_reasons"])
        results.append(try result(leaves, candidate: candidate, note))
      }
    }
    return results
  }

  private mutating func result(
    _ leaves: [String], candidate: Int?, _ empty: Explanation.CandidateNote
  ) throws(EngineError) -> Explanation.CandidateNote {
    var note = empty
    note.scores = scores(candidate)
    for (stage, leaf) in leaves.enumerated() where stage < plan.rules.count {
      note.stages.append(try self.stage(stage, leaf, candidate))
    }
    return note
  }

  /// The principal reasons on record, those of the rules in the reader's language.
  private func principal(_ json: JSON?) -> Explanation.PrincipalNote? {
    guard let json else { return nil }
    let reasons = (json["reasons"]?.array ?? []).map { item in
      let code = item["code"]?.string ?? ""
      let from = item["from"]?.string
      let ruleSet = plan.rules.first { $0.ruleSet.release.reference.description == from }?.ruleSet
      let term = ruleSet?.wording.reasons.first { $0.name == code }
      return Explanation.ReasonNote(
        code: code, text: term?.label(in: language) ?? item["text"]?.string, from: from)
    }
    return Explanation.PrincipalNote(
      policy: json["policy"]?.string ?? "", basis: json["basis"]?.string ?? "",
      wanted: json["wanted"]?.string, maximum: json["maximum"]?.int ?? reasons.count,
      reasons: reasons)
  }

  private func scores(_ candidate: Int?) -> [Explanation.ScoreNote] {
    var notes: [Explanation.ScoreNote] = []
    for stage in entry.json["stages"]?.array ?? [] {
      let kind = stage["kind"]?.string
      guard kind == "score" || kind == "random", let into = stage["into"]?.string else { continue }
      var score: CaseRun.Score?
      if let run, let candidate, let slot = plan.slots.firstIndex(of: into) {
        score = run.candidates[candidate].scores[slot]
      }
      guard let text = stage["score"]?.string ?? score?.text else { continue }
      let factors = (score?.factors ?? []).map {
        Explanation.FactorNote(code: $0.code, text: $0.text, contribution: $0.contribution)
      }
      notes.append(
        Explanation.ScoreNote(
          model: stage["model"].map { engine.note(.model, $0, language) }, into: into,
          score: text, factors: factors))
    }
    return notes
  }

  private mutating func stage(
    _ number: Int, _ leafID: String, _ candidate: Int?
  ) throws(EngineError) -> Explanation.StageNote {
    let ruleSet = plan.rules[number].ruleSet
    let explainer = try self.explainer(of: number)
    var note = Explanation.StageNote(
      ruleSet: engine.note(.ruleset, ruleSet.json, language), leaf: leafID, outcome: "",
      isAdverse: false)
    guard let leaf = ruleSet.program.leaves.firstIndex(where: { $0.id == leafID }) else {
      return note
    }
    let outcome = ruleSet.program.outcome(ofLeaf: leaf)
    note.outcome = outcome.name
    note.isAdverse = outcome.isAdverse
    note.outcomeLabel =
      ruleSet.wording.outcomes.first { $0.name == outcome.name }?.label(in: language)
    note.reasons = ruleSet.program.reasonCodes(ofLeaf: leaf).map { code in
      Explanation.ReasonNote(
        code: code,
        text: ruleSet.wording.reasons.first { $0.name == code }?.label(in: language))
    }
    guard let run, let candidate, run.candidates[candidate].leaves.count > number else {
      note.path = explainer.path(to: leaf, nil)
      return note
    }
    let execution = explainer.execute(values(number, candidate, run))
    note.reexecutedLeaf = execution.leaf.map { ruleSet.program.leaves[$0].id }
    note.derived = explainer.derivedNotes(execution)
    note.path = explainer.path(to: leaf, execution)
    note.outputs = outputs(run.candidates[candidate].outputs[number], ruleSet)
    return note
  }

  private mutating func explainer(of number: Int) throws(EngineError) -> StageExplainer {
    if let known = explainers[number] { return known }
    let rules = plan.rules[number]
    var scores: Set<String> = []
    for (input, source) in rules.sources.enumerated() {
      if case .score = source { scores.insert(rules.ruleSet.program.inputs[input].name) }
    }
    // A score may also come among the inputs.
    for term in rules.ruleSet.wording.inputs where term.origin == "model" {
      scores.insert(term.name)
    }
    let new = try StageExplainer(rules.ruleSet, language: language, scores: scores)
    explainers[number] = new
    return new
  }

  private func outputs(
    _ outputs: [(output: Int, value: Value)], _ ruleSet: RuleSet
  ) -> [Explanation.ValueNote] {
    outputs.map { item in
      let name = ruleSet.program.outputs[item.output].name
      let term = ruleSet.wording.outputs.first { $0.name == name }
      return Explanation.ValueNote(
        name: name, label: term?.label(in: language),
        value: item.value == .null ? nil : item.value.description, unit: term?.unit,
        type: item.value.type)
    }
  }

  /// The values of a stage's inputs, as the run bound them.
  private func values(_ number: Int, _ candidate: Int, _ run: CaseRun) -> [Value] {
    let rules = plan.rules[number]
    return rules.sources.enumerated().map { input, source in
      switch source {
      case .field(let field):
        Value(
          run.value(ofField: field, candidate: candidate),
          as: rules.ruleSet.program.inputs[input].type)
      case .score(let slot):
        run.candidates[candidate].scores[slot].map { .number($0.value) } ?? .null
      case .outcome(let stage):
        .string(run.outcome(stage: stage, candidate: candidate, plan))
      case .leaf(let stage):
        .string(run.leaf(stage: stage, candidate: candidate, plan))
      case .output(let stage, let output):
        run.output(output, stage: stage, candidate: candidate)
      }
    }
  }
}

extension Value {
  /// A request's JSON value as a value of `type`; null where binding would refuse it.
  init(_ json: JSON?, as type: ValueType) {
    switch json {
    case .bool(let flag)?: self = .boolean(flag)
    case .number(let text)?, .string(let text)?: self = Value(parsing: text, as: type) ?? .null
    case nil, .null?, .array?, .object?: self = .null
    }
  }
}
