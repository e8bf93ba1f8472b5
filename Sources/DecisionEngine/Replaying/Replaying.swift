import CanonicalJSON
import Ledger

extension Engine {
  /// Re-executes the decision on `caseID` (or else its last refusal) from the stored request and
  /// releases, and compares the result with the record.
  public func replay(_ caseID: String) throws(EngineError) -> Replay {
    let entry = try decisionOrRefusal(caseID)
    try registry.refresh()
    var replayer = Replayer(engine: self)
    return try replayer.replay(entry)
  }

  /// Re-executes the decisions and refusals of the ledger as it is now, in constant memory.
  ///
  /// - Parameter selection: which of them; by default all.
  /// - Parameter cores: how many cores work at once. What is given doesn't depend on it.
  /// - Parameter visit: called with each replay, in the ledger's order.
  /// - Parameter progress: called now and then with the number of entries done and of all.
  public func replayAll(
    _ selection: CaseSelection = CaseSelection(), cores: Int = 1,
    _ visit: (Replay) -> Void = { _ in }, progress: (UInt64, UInt64) -> Void = { _, _ in }
  ) throws(EngineError) -> ReplaySummary {
    let end = try registry.refresh()
    var summary = ReplaySummary()
    let scan = CaseScan(store: store, range: 0..<end, workers: cores)
    try scan.run {
      ReplayWorker(replayer: Replayer(engine: self), selection: selection)
    } visit: { replay in
      summary.add(replay)
      visit(replay)
    } progress: {
      progress($0, $1)
    }
    return summary
  }

  /// Records that a replay took place: of one case, or of all that were selected.
  public func record(
    _ summary: ReplaySummary, of replay: Replay? = nil,
    selecting selection: CaseSelection = CaseSelection()
  ) throws(EngineError) -> Recorded {
    try recordReplay(
      counts: replay == nil ? summary.counts : nil, of: replay, selection: selection, against: nil)
  }

  /// Appends an entry of type `replay`.
  func recordReplay(
    counts: [String: UInt64]?, of replay: Replay?, selection: CaseSelection, against: JSON?
  ) throws(EngineError) -> Recorded {
    let counts = counts?.sorted { $0.key < $1.key }
    let body = JSON.object(present: [
      ("against", against), ("case_id", replay.map { JSON.string($0.caseID) }),
      ("counts", counts.map { .object($0.map { JSON.Member($0.key, .integer($0.value)) }) }),
      ("engine", .string(Engine.version)), ("replays", replay.map { JSON.integer($0.index) }),
      ("selection", selection.json), ("time", .string(clock().description)), ("type", "replay"),
      ("verdict", replay.map { JSON.string($0.verdict.code) }),
    ])
    let outcome = try ledger { () throws(LedgerError) in
      try store.append(
        try Submission(body: body.canonicalBytes, kind: "replay", subject: replay?.caseID))
    }
    return Recorded(index: outcome.index, isNew: outcome.isNew)
  }
}

/// Replays the cases of a selection.
private struct ReplayWorker: CaseWorker {
  var replayer: Replayer
  let selection: CaseSelection

  mutating func process(
    _ item: EntryPage.Item, of page: EntryPage
  ) throws(EngineError) -> Replay? {
    if selection == CaseSelection(), let replay = replayer.replayOfEqual(item, of: page) {
      return replay
    }
    let entry = try StoredEntry(item, of: page)
    guard selection.admits(entry) else { return nil }
    let stored = try entry.payload(item, of: page)
    if selection.asksForAnswer, !selection.admits(CaseAnswer(of: entry, stored)) { return nil }
    return try replayer.replay(entry, stored)
  }
}

extension CaseAnswer {
  /// What `entry` records as the answer; nil for a refusal, and for one with candidates whose payload
  /// was erased.
  init?(of entry: StoredEntry, _ payload: StoredPayload?) {
    guard entry.type == "decision" else { return nil }
    if entry.json["leaf"] != nil, entry.json["outputs"] != nil {
      self.init(recorded: entry.json)
    } else if let response = payload?["response"] {
      self.init(recorded: response)
    } else if entry.json["leaf"] != nil {
      self.init(recorded: entry.json)
    } else {
      return nil
    }
  }
}
