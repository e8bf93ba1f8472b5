import CanonicalJSON
import Ledger
import RuleProgram

/// Re-executes recorded cases through the recorded releases, and compares them with their records.
struct Replayer {
  private(set) var reexecutor: Reexecutor

  /// A replayer over `engine`'s ledger; its registry must be fresh.
  init(engine: Engine) { reexecutor = Reexecutor(engine: engine) }

  /// Re-executes what `entry` records.
  mutating func replay(_ entry: StoredEntry) throws(EngineError) -> Replay {
    try replay(entry, try entry.payload(in: reexecutor.engine.store))
  }

  /// Re-executes what `entry` records; `payload` is nil when it was erased.
  mutating func replay(
    _ entry: StoredEntry, _ payload: StoredPayload?
  ) throws(EngineError) -> Replay {
    Replay(
      caseID: entry.caseID, index: entry.index, isRefusal: entry.type == "refusal",
      verdict: try payload.map { (payload) throws(EngineError) in try verdict(entry, payload) }
        ?? .inputsErased,
      otherEngine: entry.otherEngine)
  }

  private mutating func verdict(
    _ entry: StoredEntry, _ payload: StoredPayload
  ) throws(EngineError) -> Verdict {
    let isRefusal = entry.type == "refusal"
    switch try reexecutor.run(entry, payload) {
    case .unable(let verdict): return verdict
    case .tooLarge:
      let count = payload["request_bytes"]?.int ?? 0
      return isRefusal && count > Request.sizeLimit ? .identical : .differs([.inputs])
    case .ran(let run, let plan):
      if isRefusal {
        guard !run.problems.isEmpty else { return .refusedThenDecidedNow }
        let recorded = payload["response"]?["problems"]
        return recorded == .array(run.problems.map(\.json)) ? .identical : .differs([.problems])
      }
      guard run.problems.isEmpty else { return .decidedThenRefusedNow }
      let builder = RecordBuilder(plan, time: entry.time, caseID: entry.caseID, salt: payload.salt)
      return RecordComparison(entry: entry, payload: payload, builder: builder, run: run).verdict
    }
  }
}

extension StoredEntry {
  /// The version of the engine that recorded it, where that is another than this one.
  var otherEngine: String? {
    guard let version = json["engine"]?.string, version != Engine.version else { return nil }
    return version
  }
}

/// Compares a recorded decision with its re-execution.
struct RecordComparison {
  /// What was recorded.
  let entry: StoredEntry
  /// What lies beside it.
  let payload: StoredPayload
  /// Writes records as the recorded one was written.
  let builder: RecordBuilder
  /// What came of the request now.
  let run: CaseRun

  /// What the comparison shows.
  var verdict: Verdict {
    let inputs = Commitment.of(builder.inputs(of: run), salt: builder.salt)
    // The record written anew, byte for byte, leaves nothing to compare.
    if builder.entry(run, inputs: inputs, payload: payload.commitment) == entry.body {
      return .identical
    }
    var found: Set<Verdict.Difference> = []
    if entry.json["pipeline"] != builder.plan.json { found.insert(.versions) }
    if entry.json["inputs_commitment"]?.string != inputs.digits { found.insert(.inputs) }
    let now = CaseAnswer(run, builder)
    if run.hasCandidates {
      compareCandidates(now, &found)
    } else {
      found.formUnion(CaseAnswer(recorded: entry.json).differences(from: now))
      compareOutputs(&found)
    }
    return Verdict(found)
  }

  private func compareOutputs(_ found: inout Set<Verdict.Difference>) {
    let outputs = builder.outputs(of: run)
    if let commitment = entry.json["outputs_commitment"]?.string {
      if commitment != Commitment.of(outputs, salt: builder.salt).digits { found.insert(.outputs) }
    } else if entry.json["outputs"]?.canonicalBytes != outputs {
      found.insert(.outputs)
    }
  }

  private func compareCandidates(_ now: CaseAnswer, _ found: inout Set<Verdict.Difference>) {
    // The entry has the arm and the stages, the response in the payload the candidates.
    let recorded = JSON.object(
      (entry.json.object ?? []).filter { ["arm", "stages"].contains($0.key) }
        + (payload["response"]?.object ?? []).filter { CaseAnswer.lists.contains($0.key) })
    let before = CaseAnswer(recorded: recorded)
    found.formUnion(before.differences(from: now))
    let lists = builder.candidateLists(of: run).canonicalBytes
    let commitment = Commitment.of(lists, salt: builder.salt)
    if entry.json["candidates"]?["commitment"]?.string != commitment.digits, found.isEmpty {
      // The lists in the payload agree, but the entry commits to others.
      found.insert(.ranking)
    }
  }
}

extension Verdict {
  /// The verdict on decisions that differ in `found`.
  init(_ found: Set<Difference>) {
    self =
      found.isEmpty
      ? .identical
      : found.isSubset(of: [.leaf, .reasons])
        ? .sameOutcomeOtherPath : .differs(Difference.allCases.filter(found.contains))
  }
}
