import CanonicalJSON
import Ledger
import RuleProgram

extension Engine {
  /// Re-executes the decision on `caseID` (or else its last refusal) from the stored request and
  /// releases, and compares the result with the record.
  public func replay(_ caseID: String) throws(EngineError) -> Replay {
    let entry = try decisionOrRefusal(caseID)
    try registry.refresh()
    var replayer = Replayer(engine: self)
    return try replayer.replay(entry)
  }

  /// Re-executes every decision and refusal of the ledger as it is now, in constant memory.
  ///
  /// - Parameter visit: called with each replay, in the ledger's order.
  /// - Parameter progress: called now and then with the number of entries done and of all.
  public func replayAll(
    _ visit: (Replay) -> Void = { _ in }, progress: (UInt64, UInt64) -> Void = { _, _ in }
  ) throws(EngineError) -> ReplaySummary {
    let end = try registry.refresh()
    var replayer = Replayer(engine: self)
    var summary = ReplaySummary()
    var next: UInt64 = 0
    while next < end {
      progress(next, end)
      let page = try ledger { () throws(LedgerError) in
        try store.entries(from: next, limit: Int(min(512, end - next)))
      }
      guard !page.isEmpty else { throw .damaged(index: next, reason: "it is missing") }
      for entry in page where entry.columns.kind == "decision" || entry.columns.kind == "refusal" {
        let replay = try replayer.replay(try StoredEntry(index: entry.index, body: entry.body))
        summary.add(replay)
        visit(replay)
      }
      next += UInt64(page.count)
    }
    progress(end, end)
    return summary
  }

  /// Records that a replay took place: of one case, or of all.
  public func record(
    _ summary: ReplaySummary, of replay: Replay? = nil
  ) throws(EngineError) -> Recorded {
    let counts = summary.counts.sorted { $0.key < $1.key }
    let body = JSON.object(present: [
      ("case_id", replay.map { JSON.string($0.caseID) }),
      (
        "counts",
        replay == nil ? .object(counts.map { JSON.Member($0.key, .integer($0.value)) }) : nil
      ),
      ("engine", .string(Engine.version)), ("replays", replay.map { JSON.integer($0.index) }),
      ("time", .string(clock().description)), ("type", "replay"),
      ("verdict", replay.map { JSON.string($0.verdict.code) }),
    ])
    let outcome = try ledger { () throws(LedgerError) in
      try store.append(
        try Submission(body: body.canonicalBytes, kind: "replay", subject: replay?.caseID))
    }
    return Recorded(index: outcome.index, isNew: outcome.isNew)
  }
}

/// Re-executes recorded cases, keeping runners between them.
struct Replayer {
  /// Whose ledger is replayed.
  let engine: Engine
  private var runners: [String: CaseRunner] = [:]

  /// A replayer over `engine`'s ledger; its registry must be fresh.
  init(engine: Engine) { self.engine = engine }

  /// Re-executes what `entry` records.
  mutating func replay(_ entry: StoredEntry) throws(EngineError) -> Replay {
    let isRefusal = entry.type == "refusal"
    var replay = Replay(
      caseID: entry.caseID, index: entry.index, isRefusal: isRefusal, verdict: .identical)
    if let version = entry.json["engine"]?.string, version != Engine.version {
      replay.remarks.append("decided by engine \(version), replayed by \(Engine.version)")
    }
    guard let payload = try entry.payload(in: engine.store) else {
      replay.verdict = .inputsErased
      return replay
    }
    do {
      let name = try runner(for: entry)
      replay.verdict = try verdict(entry, payload, name, isRefusal)
    } catch .unknownRelease(let kind, let name) {
      replay.verdict = .artefactMissing("the \(kind.words) \(name) is not in the ledger")
    } catch .damaged(let index, let reason) where index != entry.index {
      replay.verdict = .artefactMissing("entry \(index): \(reason)")
    } catch .erased(let index) {
      replay.verdict = .artefactMissing("the payload of entry \(index) is gone")
    }
    return replay
  }

  /// The name of the runner for the pipeline that `entry` names.
  private mutating func runner(for entry: StoredEntry) throws(EngineError) -> String {
    guard let id = entry.json["pipeline"]?["id"]?.string,
      let version = entry.json["pipeline"]?["version"]?.string
    else { throw .damaged(index: entry.index, reason: "it names no pipeline") }
    let reference = PipelineDefinition.Reference(id: id, version: version)
    if runners[reference.description] == nil {
      runners[reference.description] = CaseRunner(try engine.registry.plan(reference))
    }
    return reference.description
  }

  private mutating func verdict(
    _ entry: StoredEntry, _ payload: StoredPayload, _ name: String, _ isRefusal: Bool
  ) throws(EngineError) -> Verdict {
    guard let plan = runners[name]?.plan else { return .artefactMissing(name) }
    guard let bytes = payload.request else {
      // Only a request beyond the size limit isn't kept whole, and that alone refuses it.
      let count = payload.json["request_bytes"]?.int ?? 0
      return isRefusal && count > Request.sizeLimit ? .identical : .differs([.inputs])
    }
    let request = Request(bytes, for: plan)
    guard let run = runners[name]?.run(request, caseID: entry.caseID) else {
      return .artefactMissing(name)
    }
    if isRefusal {
      guard !run.problems.isEmpty else { return .refusedThenDecidedNow }
      let recorded = payload.json["response"]?["problems"]
      return recorded == .array(run.problems.map(\.json)) ? .identical : .differs([.problems])
    }
    guard run.problems.isEmpty else { return .decidedThenRefusedNow }
    let builder = RecordBuilder(plan, time: .earliest, caseID: entry.caseID, salt: payload.salt)
    return Comparison(entry: entry, payload: payload, builder: builder, run: run).verdict
  }
}

/// Compares a recorded decision with its re-execution.
private struct Comparison {
  let entry: StoredEntry
  let payload: StoredPayload
  let builder: RecordBuilder
  let run: CaseRun

  var verdict: Verdict {
    var found: Set<Verdict.Difference> = []
    if entry.json["pipeline"] != builder.plan.json { found.insert(.versions) }
    if entry.json["arm"] != builder.arm(run) { found.insert(.arm) }
    let inputs = Commitment.of(builder.inputs(of: run).canonicalBytes, salt: builder.salt)
    if entry.json["inputs_commitment"]?.string != inputs.digits { found.insert(.inputs) }
    compareStages(&found)
    if run.hasCandidates { compareCandidates(&found) } else { compareOutcome(&found) }
    if found.isEmpty { return .identical }
    if found == [.leaf] || found == [.leaf, .reasons] { return .sameOutcomeOtherPath }
    return .differs(Verdict.Difference.allCases.filter(found.contains))
  }

  private func compareStages(_ found: inout Set<Verdict.Difference>) {
    let recorded = entry.json["stages"]?.array ?? []
    let now = builder.stages(of: run).array ?? []
    guard recorded.count == now.count else {
      found.insert(.outcome)
      return
    }
    for (old, new) in zip(recorded, now) where old != new {
      if old["leaf"] != new["leaf"] { found.insert(.leaf) }
      if old["outcome"] != new["outcome"] { found.insert(.outcome) }
      if old["score"] != new["score"] { found.insert(.inputs) }
      if old["arm"] != new["arm"] { found.insert(.arm) }
      if old["discarded"] != new["discarded"] || old["ranked"] != new["ranked"] {
        found.insert(.ranking)
      }
      if old["ruleset"] != new["ruleset"] || old["model"] != new["model"] {
        found.insert(.versions)
      }
    }
  }

  private func compareOutcome(_ found: inout Set<Verdict.Difference>) {
    let number = run.stagesRun - 1
    let ruleSet = builder.plan.rules[number].ruleSet
    let leaf = run.candidates[0].leaves[number]
    let outcome = ruleSet.program.outcome(ofLeaf: leaf)
    if entry.json["leaf"]?.string != ruleSet.program.leaves[leaf].id { found.insert(.leaf) }
    if entry.json["outcome"]?.string != outcome.name
      || entry.json["adverse"]?.bool != outcome.isAdverse
    {
      found.insert(.outcome)
    }
    if entry.json["reasons"] != ruleSet.reasonCodes[leaf] { found.insert(.reasons) }
    let outputs = builder.outputs(of: run)
    if let commitment = entry.json["outputs_commitment"]?.string {
      if commitment != Commitment.of(outputs.canonicalBytes, salt: builder.salt).digits {
        found.insert(.outputs)
      }
    } else if entry.json["outputs"]?.canonicalBytes != outputs.canonicalBytes {
      found.insert(.outputs)
    }
  }

  private func compareCandidates(_ found: inout Set<Verdict.Difference>) {
    let now = builder.candidateLists(of: run)
    let commitment = Commitment.of(now.canonicalBytes, salt: builder.salt)
    if entry.json["candidates"]?["commitment"]?.string == commitment.digits { return }
    let before = found.count
    for list in ["ranked", "not_kept", "discarded"] {
      let old = payload.json["response"]?[list]?.array ?? []
      let new = now[list]?.array ?? []
      if old.map({ $0["key"] }) != new.map({ $0["key"] }) {
        found.insert(.ranking)
        continue
      }
      for (left, right) in zip(old, new) { compare(left, right, &found) }
    }
    // The lists in the payload agree, but the entry commits to others.
    if found.count == before { found.insert(.ranking) }
  }

  private func compare(_ old: JSON, _ new: JSON, _ found: inout Set<Verdict.Difference>) {
    if old["leaves"] != new["leaves"] { found.insert(.leaf) }
    if old["outcome"] != new["outcome"] || old["adverse"] != new["adverse"] {
      found.insert(.outcome)
    }
    if old["outputs"]?.canonicalBytes != new["outputs"]?.canonicalBytes { found.insert(.outputs) }
    if old["reasons"] != new["reasons"] { found.insert(.reasons) }
    if old["score"] != new["score"] { found.insert(.inputs) }
    if old["rank"] != new["rank"] { found.insert(.ranking) }
  }
}
