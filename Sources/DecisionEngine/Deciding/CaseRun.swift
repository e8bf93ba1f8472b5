import CanonicalJSON
import Crypto
import RuleProgram

/// Runs requests through a plan, one after the other, with memory that it keeps between them.
/// Pure: the same request and case ID give the same result, for ever.
struct CaseRunner {
  /// The pipeline that runs.
  let plan: PipelinePlan
  /// Principal reasons written before.
  let reasons = PrincipalReasons.Memory()
  private var bindings: [Binding]

  /// A runner for `plan`.
  init(_ plan: PipelinePlan) {
    self.plan = plan
    bindings = plan.rules.map { Binding($0.ruleSet.evaluator) }
  }

  /// Runs `request` as the case `caseID`. What could not be decided has problems.
  mutating func run(_ request: Request, caseID: String) -> CaseRun {
    var run = CaseRun(request, plan)
    guard run.problems.isEmpty else { return run }
    for stage in plan.stages {
      switch stage {
      case .score(let score): run.take(score)
      case .experiment(let experiment): run.assign(experiment, caseID: caseID)
      case .rules(let number): evaluate(number, &run)
      case .rank(let rank): run.rank(rank)
      }
      // A missing score doesn't keep the next rules stage from telling its own problems.
      if case .rules = stage, !run.problems.isEmpty { return run }
      if run.isOver { break }
    }
    return run
  }

  private mutating func evaluate(_ number: Int, _ run: inout CaseRun) {
    let rules = plan.rules[number]
    run.stagesRun += 1
    for index in run.candidates.indices where run.candidates[index].status == .ranked {
      Self.bind(&bindings[number], rules, run, index, plan)
      guard let leaf = bindings[number].evaluate() else {
        let candidate = run.candidates[index]
        for refusal in bindings[number].refusals
        where !run.failedSlots.contains(refusal.input) {
          run.problems.append(RequestProblem(refusal, candidate))
        }
        continue
      }
      let outputs = bindings[number].outputs(ofLeaf: leaf)
      run.candidates[index].leaves.append(leaf)
      run.candidates[index].outputs.append(outputs)
      if rules.discards[rules.ruleSet.program.leaves[leaf].outcome] {
        run.candidates[index].status = .discarded
      }
    }
  }

  private static func bind(
    _ binding: inout Binding, _ rules: PipelinePlan.Rules, _ run: CaseRun, _ index: Int,
    _ plan: PipelinePlan
  ) {
    binding.begin()
    for input in rules.sources.indices {
      switch rules.sources[input] {
      case .field(let field):
        bind(
          &binding, input, rules.types[input], run.place(ofField: field, candidate: index),
          run.document)
      case .score(let slot):
        if let score = run.candidates[index].scores[slot] {
          binding.bind(input, number: score.value)
        } else {
          binding.bindMissing(input)
        }
      case .outcome(let stage):
        binding.bind(
          input, value: .string(run.outcome(stage: stage, candidate: index, plan)))
      case .leaf(let stage):
        binding.bind(
          input, value: .string(run.leaf(stage: stage, candidate: index, plan)))
      case .output(let stage, let output):
        binding.bind(
          input, value: run.output(output, stage: stage, candidate: index))
      }
    }
  }

  /// Binds a request's value: a number may stand in a string, other types do; null is missing.
  private static func bind(
    _ binding: inout Binding, _ input: Int, _ type: ValueType, _ place: JSONDocument.Place?,
    _ document: borrowing JSONDocument
  ) {
    guard let place else { return binding.bindMissing(input) }
    switch document.kind(place) {
    case .null: binding.bindMissing(input)
    case .number:
      guard type == .number else { return binding.refuse(input, .wrongType(type)) }
      binding.bind(input, text: document.bytes.span.extracting(document.range(place)))
    case .true, .false:
      binding.bind(input, value: .boolean(document.kind(place) == .true))
    case .string: bindString(&binding, input, type, place, document)
    case .array, .object: binding.refuse(input, .wrongType(type))
    }
  }

  private static func bindString(
    _ binding: inout Binding, _ input: Int, _ type: ValueType, _ place: JSONDocument.Place,
    _ document: borrowing JSONDocument
  ) {
    let range = document.range(place)
    if type != .string, range.isEmpty { return binding.refuse(input, .wrongType(type)) }
    guard document.isPlain(place) else {
      let text = document.text(place)
      if type == .string { return binding.bind(input, value: .string(text)) }
      return binding.bind(input, text: text.utf8Span.span)
    }
    let text = document.bytes.span.extracting(range)
    if type == .string {
      binding.bind(input, string: text)
    } else {
      binding.bind(input, text: text)
    }
  }
}

/// One request on its way through a pipeline, and what came of it.
struct CaseRun {
  /// The request.
  let document: JSONDocument
  /// The request's fields, by the plan's places.
  var fields: [JSONDocument.Place?]
  /// The object of the request's scores.
  var scores: JSONDocument.Place?
  /// The candidates; a single nameless one when the pipeline has none.
  var candidates: [Candidate]
  /// Whether the pipeline has candidates.
  var hasCandidates: Bool
  /// What was wrong.
  var problems: [RequestProblem]
  /// The arm that the unit was assigned to, as an index.
  var arm: Int?
  /// How many rules stages ran.
  var stagesRun = 0
  /// Names of score slots that could not be filled.
  var failedSlots: Set<String> = []
  /// The candidates in the order of their rank, as indexes; set by the ranking stage.
  var order: [Int]?

  /// One candidate.
  struct Candidate {
    /// Its key; empty when the pipeline has no candidates.
    var key: String
    /// Its place in the request, from 1; nil when the pipeline has no candidates.
    var position: Int?
    /// Its fields, by the plan's places.
    var fields: [JSONDocument.Place?]
    /// The object of the scores that the request gives it.
    var givenScores: JSONDocument.Place?
    /// For each slot: the score put there.
    var scores: [Score?]
    /// For each rules stage that it went through: the leaf's number.
    var leaves: [Int] = []
    /// For each of them: the outputs that the leaf set.
    var outputs: [[(output: Int, value: Value)]] = []
    /// What became of it.
    var status = Status.ranked

    /// Its key, for problems; nil when the pipeline has no candidates.
    var label: String? { position == nil ? nil : key }
  }

  /// What became of a candidate.
  enum Status: String, Sendable {
    /// It was kept; without a ranking stage, in the order of the request.
    case ranked
    /// Its rank was beyond `keep`.
    case notKept = "not_kept"
    /// An outcome discarded it.
    case discarded
  }

  /// A score as received.
  struct Score {
    /// The text as received.
    var text: String
    /// Its value.
    var value: Decimal128
    /// The model that gave it, as `ID@VERSION`; nil for a random number.
    var model: String?
    /// The key factors that came with it, in the order given.
    var factors: [KeyFactor] = []
  }

  /// A request before its first stage.
  init(_ request: borrowing Request, _ plan: PipelinePlan) {
    document = request.document
    fields = request.fields
    scores = request.scores
    problems = request.problems
    hasCandidates = plan.definition.candidates != nil
    let empty = [Score?](repeating: nil, count: plan.slots.count)
    if hasCandidates {
      candidates = request.candidates.map {
        Candidate(
          key: $0.key, position: $0.position, fields: $0.fields, givenScores: $0.scores,
          scores: empty)
      }
    } else {
      candidates = [
        Candidate(key: "", position: nil, fields: [], givenScores: nil, scores: empty)
      ]
    }
  }

  /// Whether a `discard` outcome ended the chain.
  var isOver: Bool { !hasCandidates && candidates[0].status == .discarded }

  /// A field: the candidate's own, else the request's.
  func value(ofField field: Int, candidate index: Int) -> JSON? {
    place(ofField: field, candidate: index).map { document.json($0) }
  }

  /// Where that field's value stands in the request.
  func place(ofField field: Int, candidate index: Int) -> JSONDocument.Place? {
    if hasCandidates, let own = candidates[index].fields[field] { return own }
    return fields[field]
  }

  /// The name of the outcome that a stage gave a candidate.
  func outcome(stage: Int, candidate index: Int, _ plan: PipelinePlan) -> String {
    plan.rules[stage].ruleSet.program.outcome(ofLeaf: candidates[index].leaves[stage]).name
  }

  /// The ID of the leaf that a stage came to for a candidate.
  func leaf(stage: Int, candidate index: Int, _ plan: PipelinePlan) -> String {
    plan.rules[stage].ruleSet.program.leaves[candidates[index].leaves[stage]].id
  }

  /// An output that a stage set for a candidate; null when it set none.
  func output(_ output: Int, stage: Int, candidate index: Int) -> Value {
    candidates[index].outputs[stage].first { $0.output == output }?.value ?? .null
  }
}
