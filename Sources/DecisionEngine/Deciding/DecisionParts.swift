import CanonicalJSON
import Ledger

/// The parts that a decision's entry and its response share, each written once.
struct DecisionParts: ~Copyable {
  private let plan: PipelinePlan
  private let time: String
  private let salt: [UInt8]
  private let caseID: String
  private let arm: [UInt8]?
  private let stages: [UInt8]
  private let end: End

  /// What a decision came to.
  private enum End {
    /// The last rules stage's leaf, the outputs, and the principal reasons of an adverse outcome.
    case leaf(RuleSet.LeafParts, outputs: [UInt8], principal: PrincipalReasons.Written?)
    /// The lists of candidates, and how many there are in each.
    case candidates(discarded: [UInt8], notKept: [UInt8], ranked: [UInt8], counts: [Int])
  }

  /// The parts of `run`.
  init(_ run: borrowing CaseRun, _ builder: borrowing RecordBuilder) {
    plan = builder.plan
    time = builder.time
    salt = builder.salt
    caseID = builder.caseID
    arm = builder.arm(run)
    stages = builder.stages(of: run)
    guard run.hasCandidates else {
      let number = run.stagesRun - 1
      let leaf = plan.rules[number].ruleSet.parts[run.candidates[0].leaves[number]]
      end = .leaf(
        leaf, outputs: builder.outputs(of: run),
        principal: PrincipalReasons.written(run, plan, builder.reasons))
      return
    }
    let lists = builder.candidateLists(of: run)
    func bytes(_ name: String) -> [UInt8] { (lists[name] ?? .array([])).canonicalBytes }
    end = .candidates(
      discarded: bytes("discarded"), notKept: bytes("not_kept"), ranked: bytes("ranked"),
      counts: ["discarded", "not_kept", "ranked"].map { lists[$0]?.array?.count ?? 0 })
  }

  /// Adds the members of the response, but for the ledger index.
  func addResponse(to object: inout CanonicalObject) {
    switch end {
    case .leaf(let leaf, let outputs, let principal):
      object.add("adverse", leaf.isAdverse)
      if let arm { object.add("arm", arm) }
      object.add("case_id", escaping: caseID.utf8Span.span)
      object.add("engine", text: Engine.version)
      object.add("leaf", leaf.id)
      object.add("outcome", leaf.outcome)
      object.add("outputs", outputs)
      object.add("pipeline", plan.jsonBytes)
      if let principal { object.add("principal_reasons", principal.withTexts) }
      object.add("reasons", leaf.reasons)
    case .candidates(let discarded, let notKept, let ranked, _):
      if let arm { object.add("arm", arm) }
      object.add("case_id", escaping: caseID.utf8Span.span)
      object.add("discarded", discarded)
      object.add("engine", text: Engine.version)
      object.add("not_kept", notKept)
      object.add("pipeline", plan.jsonBytes)
      object.add("ranked", ranked)
    }
    addTail(&object)
  }

  /// The entry's body; where it must be short, without outputs but with a commitment to them.
  func entry(inputs: Hash, payload: Hash, holdsOutputs: Bool) -> [UInt8] {
    var object = CanonicalObject(capacity: stages.count + 1024)
    switch end {
    case .leaf(let leaf, let outputs, let principal):
      object.add("adverse", leaf.isAdverse)
      if let arm { object.add("arm", arm) }
      object.add("case_id", escaping: caseID.utf8Span.span)
      object.add("engine", text: Engine.version)
      object.add("inputs_commitment", inputs)
      object.add("leaf", leaf.id)
      object.add("outcome", leaf.outcome)
      if holdsOutputs {
        object.add("outputs", outputs)
      } else {
        object.add("outputs_commitment", Commitment.of(outputs, salt: salt))
      }
      object.add("payload_digest", payload)
      object.add("pipeline", plan.jsonBytes)
      if let principal { object.add("principal_reasons", principal.withoutTexts) }
      object.add("reasons", leaf.reasonCodes)
    case .candidates:
      if let arm { object.add("arm", arm) }
      object.add("candidates", summary)
      object.add("case_id", escaping: caseID.utf8Span.span)
      object.add("engine", text: Engine.version)
      object.add("inputs_commitment", inputs)
      object.add("payload_digest", payload)
      object.add("pipeline", plan.jsonBytes)
    }
    addTail(&object)
    return object.finished()
  }

  private func addTail(_ object: inout CanonicalObject) {
    object.add("stages", stages)
    object.add("time", text: time)
    object.add("type", text: "decision")
  }

  /// How many candidates there are of each status, and the commitment to their lists.
  private var summary: [UInt8] {
    guard case .candidates(let discarded, let notKept, let ranked, let counts) = end else {
      return []
    }
    var lists = CanonicalObject(capacity: discarded.count + notKept.count + ranked.count + 64)
    lists.add("discarded", discarded)
    lists.add("not_kept", notKept)
    lists.add("ranked", ranked)
    var object = CanonicalObject(capacity: 160)
    object.add("commitment", Commitment.of(lists.finished(), salt: salt))
    object.add("discarded", counts[0])
    object.add("not_kept", counts[1])
    object.add("ranked", counts[2])
    return object.finished()
  }
}
