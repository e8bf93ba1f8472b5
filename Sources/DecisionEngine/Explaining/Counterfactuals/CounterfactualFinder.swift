import CanonicalJSON
import RuleAnalysis
import RuleProgram

/// Looks for the smallest changes of a request that give a case, or one candidate of it, another
/// outcome.
struct CounterfactualFinder {
  private let changes: ChangePlan
  private let run: CaseRun
  private let candidate: Int
  private let caseID: String
  private let request: [UInt8]
  /// The reader's language; nil for the rule sets' own.
  private let language: String?
  private var plan: PipelinePlan { changes.plan }

  /// A finder for the run of `request` as case `caseID`.
  ///
  /// - Parameter candidate: the index of the candidate; 0 for the case itself.
  init(
    _ changes: ChangePlan, _ run: CaseRun, request: [UInt8], caseID: String, candidate: Int,
    language: String?
  ) {
    self.changes = changes
    self.run = run
    self.request = request
    self.caseID = caseID
    self.candidate = candidate
    self.language = language
  }

  /// The names of the outcomes that the case can end with, those that aren't adverse first.
  static func outcomes(_ plan: PipelinePlan) -> [(name: String, isAdverse: Bool)] {
    var found: [(name: String, isAdverse: Bool)] = []
    for (number, rules) in plan.rules.enumerated() {
      for (index, outcome) in rules.ruleSet.program.outcomes.enumerated()
      where rules.discards[index] || number == plan.rules.count - 1 {
        guard let known = found.firstIndex(where: { $0.name == outcome.name }) else {
          found.append((outcome.name, outcome.isAdverse))
          continue
        }
        found[known].isAdverse = found[known].isAdverse && outcome.isAdverse
      }
    }
    return found.filter { !$0.isAdverse } + found.filter(\.isAdverse)
  }

  /// The outcome that the run came to; nil when no rules ran.
  private var present: Program.Outcome? {
    let leaves = run.candidates[candidate].leaves
    guard let leaf = leaves.last else { return nil }
    return plan.rules[leaves.count - 1].ruleSet.program.outcome(ofLeaf: leaf)
  }

  /// The changes that `query` asks for; nil when it asks for the outcome that the case has, or for
  /// better ones though it isn't adverse.
  func find(_ query: CounterfactualQuery) -> Explanation.Counterfactuals? {
    guard let present else { return nil }
    let wanted: [String]
    if let outcome = query.outcome {
      guard outcome != present.name else { return nil }
      wanted = [outcome]
    } else {
      guard present.isAdverse else { return nil }
      wanted = Self.outcomes(plan).filter { !$0.isAdverse }.map(\.name)
    }
    var search = changes.search
    search.count = query.count
    let variables = changes.variables.map(seen)
    let answers = search.search(
      from: variables.map(value), variables.map(\.rule), targets: wanted.count
    ) { end in
      let outcome = self.outcome(of: end)
      if query.outcome == nil, outcome.isAdverse { return nil }
      return wanted.firstIndex(of: outcome.name)
    }
    return counterfactuals(wanted, answers, variables, query.count)
  }

  private func outcome(of end: RuleChain.End) -> Program.Outcome {
    plan.rules[end.stage].ruleSet.program.outcome(ofLeaf: end.leaf)
  }

  /// A variable as this run has it: a random number can't be chosen.
  private func seen(_ variable: ChangePlan.Variable) -> ChangePlan.Variable {
    guard case .score(let slot) = variable.source else { return variable }
    var copy = variable
    let score = run.candidates[candidate].scores[slot]
    if score?.model == nil {
      copy.why = nil
      copy.fix(score == nil ? .score : .random)
    }
    return copy
  }

  private func value(_ variable: ChangePlan.Variable) -> Value {
    switch variable.source {
    case .field(let field):
      Value(run.value(ofField: field, candidate: candidate), as: variable.type)
    case .score(let slot):
      run.candidates[candidate].scores[slot].map { .number($0.value) } ?? .null
    case .outcome, .leaf, .output: .null
    }
  }

  // MARK: What is shown

  private func counterfactuals(
    _ wanted: [String], _ answers: [CounterfactualAnswer],
    _ variables: [ChangePlan.Variable], _ count: Int
  ) -> Explanation.Counterfactuals {
    var targets: [Explanation.Target] = []
    var first: [Counterfactual] = []
    var others: [Counterfactual] = []
    for (name, answer) in zip(wanted, answers) {
      var note = Explanation.Target(
        outcome: name, label: label(ofOutcome: name), answer: .undecided)
      switch answer {
      case .none: note.answer = .none
      case .undecided: break
      case .found(let found, let areSmallest):
        let confirmed = found.filter { isConfirmed($0, variables) }
        // What the pipeline itself doesn't confirm proves nothing.
        if !confirmed.isEmpty {
          note.answer = areSmallest && confirmed.count == found.count ? .smallest : .found
        }
        first += confirmed.prefix(1)
        others += confirmed.dropFirst()
      }
      targets.append(note)
    }
    // Of each outcome the nearest change, then the nearest of the rest, if they don't change all that
    // one of the former changes and more.
    var chosen = Array(first.sorted(by: Self.precedes).prefix(count))
    for item in others.sorted(by: Self.precedes) where chosen.count < count {
      if !chosen.contains(where: { Self.isPart($0, of: item) }) { chosen.append(item) }
    }
    return Explanation.Counterfactuals(
      targets: targets,
      found: chosen.sorted(by: Self.precedes).map { note($0, variables) },
      given: variables.filter(\.isRead).compactMap { variable in
        variable.why.map {
          Explanation.Given(
            name: variable.name, label: variable.term?.label(in: language), why: $0)
        }
      })
  }

  private static func isPart(_ left: Counterfactual, of right: Counterfactual) -> Bool {
    left.changes.allSatisfy { change in right.changes.contains { $0.input == change.input } }
  }

  private static func precedes(_ left: Counterfactual, _ right: Counterfactual) -> Bool {
    (left.changes.count, left.cost) < (right.changes.count, right.cost)
  }

  /// Whether the whole pipeline comes to the same end over the changed request.
  private func isConfirmed(
    _ found: Counterfactual, _ variables: [ChangePlan.Variable]
  ) -> Bool {
    guard var changed = ChangedRequest(request, plan, run, candidate: candidate) else {
      return false
    }
    for change in found.changes {
      changed.set(variables[change.input].source, to: change.to)
    }
    var runner = CaseRunner(plan)
    let again = runner.run(Request(changed.json.compactBytes, for: plan), caseID: caseID)
    guard again.problems.isEmpty, again.candidates.indices.contains(candidate) else {
      return false
    }
    let leaves = again.candidates[candidate].leaves
    return leaves.count - 1 == found.end.stage && leaves.last == found.end.leaf
  }

  private func label(ofOutcome name: String) -> String? {
    for rules in plan.rules.reversed() {
      let term = rules.ruleSet.wording.outcomes.first { $0.name == name }
      if let label = term?.label(in: language) { return label }
    }
    return nil
  }

  private func note(
    _ found: Counterfactual, _ variables: [ChangePlan.Variable]
  ) -> Explanation.Counterfactual {
    let ruleSet = plan.rules[found.end.stage].ruleSet
    let name = outcome(of: found.end).name
    return Explanation.Counterfactual(
      changes: found.changes.map { change in
        Explanation.Change(
          from: note(variables[change.input], change.from),
          to: note(variables[change.input], change.to))
      },
      outcome: name,
      outcomeLabel: ruleSet.wording.outcomes.first { $0.name == name }?.label(in: language),
      leaf: ruleSet.program.leaves[found.end.leaf].id)
  }

  private func note(
    _ variable: ChangePlan.Variable, _ value: Value
  ) -> Explanation.ValueNote {
    let text = value == .null ? nil : value.description
    var note = Explanation.ValueNote(
      name: variable.name, label: variable.term?.label(in: language), value: text,
      valueLabel: text.flatMap { variable.term?.label(ofValue: $0, in: language) },
      unit: variable.term?.unit, type: variable.type)
    if case .score = variable.source { note.isScore = true }
    return note
  }
}
