import RuleAnalysis
import RuleProgram

/// A pipeline as a search for counterfactuals sees it: what its rules read from a request, and what of
/// that may change. Made once for all its cases.
final class ChangePlan: Sendable {
  /// The pipeline.
  let plan: PipelinePlan
  /// What the rules read, in the order of first use.
  let variables: [Variable]
  /// What looks for changes.
  let search: CounterfactualSearch

  /// Something that rules read from a request.
  struct Variable: Sendable {
    /// Where it stands: a field or a score.
    let source: PipelinePlan.Source
    /// Its name.
    let name: String
    /// Its type where it was first met.
    let type: ValueType
    /// How it is worded, where it was last met.
    var term: Wording.Term?
    /// What may change.
    var rule: Actionability
    /// Why it can't be changed; nil when it can.
    var why: Explanation.Given.Why?
    /// Whether the rules can look at it.
    var isRead = true
  }

  /// The plan for changes of `plan`.
  init(_ plan: PipelinePlan) {
    self.plan = plan
    var variables: [Variable] = []
    var places: [PipelinePlan.Source: Int] = [:]
    var stages: [RuleChain.Stage] = []
    for rules in plan.rules {
      var sources: [RuleChain.Source] = []
      for (input, source) in rules.sources.enumerated() {
        switch source {
        case .outcome(let stage): sources.append(.outcome(stage: stage))
        case .leaf(let stage): sources.append(.leaf(stage: stage))
        case .output(let stage, let output):
          sources.append(.output(stage: stage, output: output))
        case .score, .field:
          let new = Self.variable(rules, input, plan)
          if let known = places[source] {
            variables[known].add(new)
            sources.append(.value(known))
          } else {
            places[source] = variables.count
            sources.append(.value(variables.count))
            variables.append(new)
          }
        }
      }
      stages.append(
        RuleChain.Stage(rules.ruleSet.evaluator, sources: sources, ends: rules.discards))
    }
    search = CounterfactualSearch(RuleChain(stages, valueCount: variables.count))
    for number in variables.indices {
      variables[number].isRead = search.isRead(number)
      if !search.isReadAlike(number) { variables[number].fix(.unlike) }
    }
    self.variables = variables
  }

  private static func variable(
    _ rules: PipelinePlan.Rules, _ input: Int, _ plan: PipelinePlan
  ) -> Variable {
    let declared = rules.ruleSet.program.inputs[input]
    let source = rules.sources[input]
    let term = rules.ruleSet.wording.inputs.first {
      $0.name.utf8.elementsEqual(declared.name.utf8)
    }
    let change = term?.change
    let direction = Actionability.Direction(rawValue: change?.direction.rawValue ?? 0) ?? .fixed
    var variable = Variable(
      source: source, name: declared.name, type: declared.type, term: term,
      rule: Actionability(
        direction, step: change?.step,
        weight: change?.cost.flatMap { Double($0.description) } ?? 1))
    var isScore = term?.origin == "model"
    if case .score = source { isScore = true }
    if term?.isProtected == true {
      variable.fix(.protected)
    } else if isScore, change == nil || direction == .fixed {
      variable.fix(.score)
    } else if plan.assigns(by: source) {
      variable.fix(.assignment)
    } else if direction == .fixed || (declared.type == .string && direction != .either) {
      variable.fix(.immutable)
    }
    return variable
  }
}

extension ChangePlan.Variable {
  /// Says that it can't be changed; the first reason stays.
  mutating func fix(_ why: Explanation.Given.Why) {
    self.why = self.why ?? why
    rule.direction = .fixed
  }

  /// Adds what another rule set says of it: only what all of them allow is allowed.
  fileprivate mutating func add(_ other: Self) {
    if let why = other.why { fix(why) }
    switch (rule.direction, other.rule.direction) {
    case (.fixed, _), (_, .either): break
    case (.either, let direction): rule.direction = direction
    case (let mine, let theirs): if mine != theirs { fix(.immutable) }
    }
    if other.term?.change?.step != nil { rule.step = other.rule.step }
    if other.term?.change?.cost != nil { rule.weight = other.rule.weight }
    term = other.term ?? term
  }
}

extension PipelinePlan {
  /// Whether the field `source` names the unit of the experiment.
  fileprivate func assigns(by source: Source) -> Bool {
    stages.contains { stage in
      if case .experiment(let experiment) = stage { return source == .field(experiment.unit) }
      return false
    }
  }
}
