import CanonicalJSON
import Ledger

/// The parts that a decision's entry and its response share, each written once.
struct DecisionParts {
  private let plan: PipelinePlan
  private let time: String
  private let salt: [UInt8]
  private let caseID: [UInt8]
  private let arm: [UInt8]?
  private let stages: [UInt8]
  private let end: End

  /// What a decision came to.
  private enum End {
    /// The last rules stage's leaf, the outputs, and the principal reasons of an adverse outcome.
    case leaf(RuleSet.LeafParts, outputs: [UInt8], principal: PrincipalReasons?)
    /// The lists of candidates, and how many there are in each.
    case candidates(discarded: [UInt8], notKept: [UInt8], ranked: [UInt8], counts: [Int])
  }

  /// The parts of `run`.
  init(_ run: CaseRun, _ builder: RecordBuilder) {
    plan = builder.plan
    time = builder.time
    salt = builder.salt
    caseID = JSON.string(builder.caseID).canonicalBytes
    arm = builder.arm(run)?.canonicalBytes
    stages = builder.stages(of: run).canonicalBytes
    guard run.hasCandidates else {
      let number = run.stagesRun - 1
      let leaf = plan.rules[number].ruleSet.parts[run.candidates[0].leaves[number]]
      end = .leaf(
        leaf, outputs: builder.outputs(of: run).canonicalBytes,
        principal: PrincipalReasons(run, candidate: 0, plan))
      return
    }
    let lists = builder.candidateLists(of: run)
    func bytes(_ name: String) -> [UInt8] { (lists[name] ?? .array([])).canonicalBytes }
    end = .candidates(
      discarded: bytes("discarded"), notKept: bytes("not_kept"), ranked: bytes("ranked"),
      counts: ["discarded", "not_kept", "ranked"].map { lists[$0]?.array?.count ?? 0 })
  }

  /// The response, but for the ledger index.
  var response: [UInt8] {
    var object = CanonicalObject(capacity: stages.count + 1024)
    switch end {
    case .leaf(let leaf, let outputs, let principal):
      object.add("adverse", leaf.isAdverse)
      if let arm { object.add("arm", arm) }
      object.add("case_id", caseID)
      object.add("engine", text: Engine.version)
      object.add("leaf", leaf.id)
      object.add("outcome", leaf.outcome)
      object.add("outputs", outputs)
      object.add("pipeline", plan.jsonBytes)
      if let principal { object.add("principal_reasons", principal.json(withTexts: true)) }
      object.add("reasons", leaf.reasons)
    case .candidates(let discarded, let notKept, let ranked, _):
      if let arm { object.add("arm", arm) }
      object.add("case_id", caseID)
      object.add("discarded", discarded)
      object.add("engine", text: Engine.version)
      object.add("not_kept", notKept)
      object.add("pipeline", plan.jsonBytes)
      object.add("ranked", ranked)
    }
    addTail(&object)
    return object.bytes
  }

  /// The entry's body; where it must be short, without outputs but with a commitment to them.
  func entry(inputs: Hash, payload: Hash, holdsOutputs: Bool) -> [UInt8] {
    var object = CanonicalObject(capacity: stages.count + 1024)
    switch end {
    case .leaf(let leaf, let outputs, let principal):
      object.add("adverse", leaf.isAdverse)
      if let arm { object.add("arm", arm) }
      object.add("case_id", caseID)
      object.add("engine", text: Engine.version)
      object.add("inputs_commitment", text: inputs.digits)
      object.add("leaf", leaf.id)
      object.add("outcome", leaf.outcome)
      if holdsOutputs {
        object.add("outputs", outputs)
      } else {
        object.add("outputs_commitment", text: Commitment.of(outputs, salt: salt).digits)
      }
      object.add("payload_digest", text: payload.digits)
      object.add("pipeline", plan.jsonBytes)
      if let principal { object.add("principal_reasons", principal.json(withTexts: false)) }
      object.add("reasons", leaf.reasonCodes)
    case .candidates:
      if let arm { object.add("arm", arm) }
      object.add("candidates", summary)
      object.add("case_id", caseID)
      object.add("engine", text: Engine.version)
      object.add("inputs_commitment", text: inputs.digits)
      object.add("payload_digest", text: payload.digits)
      object.add("pipeline", plan.jsonBytes)
    }
    addTail(&object)
    return object.bytes
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
    object.add("commitment", text: Commitment.of(lists.bytes, salt: salt).digits)
    for (name, count) in zip(["discarded", "not_kept", "ranked"], counts) {
      object.add(name, .integer(count))
    }
    return object.bytes
  }
}
