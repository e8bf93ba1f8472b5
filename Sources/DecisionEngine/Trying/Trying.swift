public import CanonicalJSON
import Ledger
public import RuleProgram

/// What a request would come to: nothing of it is recorded.
public struct Trial: Sendable {
  /// Whether it would be refused.
  public var isRefusal: Bool
  /// What would be answered, without an index.
  public var response: JSON
  /// Why it would be refused.
  public var problems: [RequestProblem]
}

/// Something that a pipeline reads from a request.
public struct PipelineInput: Sendable, Equatable {
  /// The input's name; for a score the model's `ID@VERSION`.
  public var name: String
  /// The name that a score goes into; nil for an input.
  public var scoreInto: String?
  /// How people read the name.
  public var label: String?
  /// The unit.
  public var unit: String?
  /// What it accepts.
  public var type: ValueType
  /// The strings that it accepts, with their labels; empty when any string is.
  public var values: [Value]
  /// Whether it may be left out.
  public var allowsMissing: Bool
  /// The least value accepted, as text.
  public var minimum: String?
  /// The greatest value accepted, as text.
  public var maximum: String?

  /// A string that an input accepts.
  public struct Value: Sendable, Equatable {
    /// The string.
    public var value: String
    /// How people read it.
    public var label: String?
  }
}

extension Engine {
  /// What `request` would come to by `pipeline` as the case `caseID`, now. Nothing is recorded.
  public func tryOut(
    _ request: [UInt8], pipeline: PipelineDefinition.Reference, caseID: String
  ) throws(EngineError) -> Trial {
    try registry.refresh()
    let plan = try registry.plan(pipeline)
    let parsed = Request(request, for: plan)
    var runner = CaseRunner(plan)
    let run = runner.run(parsed, caseID: caseID)
    let builder = RecordBuilder(
      plan, time: clock(), caseID: caseID,
      salt: [UInt8](repeating: 0, count: Commitment.saltLength))
    let record =
      run.problems.isEmpty
      ? builder.decision(run, request: request, isNamed: true)
      : builder.refusal(run, request: request, isNamed: true)
    guard let response = try? JSON(parsing: Array(record.response)) else {
      throw .badRecord("the answer isn't JSON")
    }
    return Trial(isRefusal: record.isRefusal, response: response, problems: run.problems)
  }

  /// Whether `pipeline` runs once for each candidate, and what it reads from a request besides them,
  /// each once, in the order of its stages.
  public func inputs(
    ofPipeline pipeline: PipelineDefinition.Reference
  ) throws(EngineError) -> (hasCandidates: Bool, inputs: [PipelineInput]) {
    try registry.refresh()
    let plan = try registry.plan(pipeline)
    var found: [PipelineInput] = []
    for rules in plan.rules {
      let terms = rules.ruleSet.wording.inputs
      // The wording has the order that the author chose.
      let order = rules.sources.indices.sorted { left, right in
        place(rules, left, terms) < place(rules, right, terms)
      }
      for number in order {
        for input in inputs(of: rules, number, plan)
        where !found.contains(where: { $0.name == input.name }) { found.append(input) }
      }
    }
    return (plan.definition.candidates != nil, found)
  }

  private func place(_ rules: PipelinePlan.Rules, _ number: Int, _ terms: [Wording.Term]) -> Int {
    let name = rules.ruleSet.program.inputs[number].name
    return terms.firstIndex { $0.name == name } ?? terms.count + number
  }

  private func inputs(
    of rules: PipelinePlan.Rules, _ number: Int, _ plan: PipelinePlan
  ) -> [PipelineInput] {
    let declared = rules.ruleSet.program.inputs[number]
    let term = rules.ruleSet.wording.inputs.first { $0.name == declared.name }
    let labels = Dictionary(
      (term?.values ?? []).map { ($0.value, $0.label) }, uniquingKeysWith: { first, _ in first })
    var input = PipelineInput(
      name: declared.name, scoreInto: nil, label: term?.label, unit: term?.unit,
      type: declared.type,
      values: declared.values.map { .init(value: $0, label: labels[$0]) },
      allowsMissing: declared.allowsMissing, minimum: declared.minimum?.description,
      maximum: declared.maximum?.description)
    switch rules.sources[number] {
    case .field(let field):
      input.name = plan.fields[field]
      return [input]
    case .score(let slot):
      return plan.scores(into: slot).map { score in
        var copy = input
        copy.name = score.model.name
        copy.scoreInto = score.into
        return copy
      }
    case .outcome, .leaf, .output: return []
    }
  }
}

extension PipelinePlan {
  /// The scores that may be put into `slot`.
  fileprivate func scores(into slot: Int) -> [Score] {
    stages.flatMap { stage -> [Score] in
      switch stage {
      case .score(let score): score.slot == slot ? [score] : []
      case .experiment(let experiment):
        experiment.slot == slot ? experiment.arms.compactMap(\.score) : []
      case .rules, .rank: []
      }
    }
  }
}
