import CanonicalJSON
import Ledger
import RuleProgram

/// What a backtest goes over, and how.
public struct BacktestPlan: Sendable {
  /// What decides the recorded cases anew.
  public var standIn: StandIn
  /// What its answers are compared with; nil for the recorded ones.
  public var baseline: StandIn?
  /// Which cases; of these, those whose pipeline has a place for the stand-in.
  public var selection: CaseSelection
  /// The name of an input, or of a value of a later result, whose value cases are grouped by.
  public var group: String?
  /// How many first cases are kept of each way from answer to answer; nil for all.
  public var keep: Int?
  /// How many cores work at once. The result doesn't depend on it.
  public var cores: Int

  /// A backtest of `standIn`.
  public init(
    _ standIn: StandIn, baseline: StandIn? = nil, selection: CaseSelection = CaseSelection(),
    group: String? = nil, keep: Int? = 10, cores: Int = 1
  ) {
    self.standIn = standIn
    self.baseline = baseline
    self.selection = selection
    self.group = group
    self.keep = keep
    self.cores = cores
  }
}

extension Engine {
  /// Decides recorded cases anew with a stand-in for the rule set or pipeline version that had
  /// decided them, in constant memory. Nothing is recorded.
  ///
  /// - Parameter visit: called with each case, in the ledger's order.
  /// - Parameter progress: called now and then with the number of entries done and of all.
  public func backtest(
    _ plan: BacktestPlan, _ visit: (Backtest) -> Void = { _ in },
    progress: (UInt64, UInt64) -> Void = { _, _ in }
  ) throws(EngineError) -> BacktestSummary {
    let end = try registry.refresh()
    var summary = BacktestSummary(keep: plan.keep)
    let scan = CaseScan(store: store, range: 0..<end, workers: plan.cores)
    try scan.run {
      BacktestWorker(engine: self, plan: plan)
    } visit: { backtest in
      summary.add(backtest)
      visit(backtest)
    } progress: {
      progress($0, $1)
    }
    return summary
  }

  /// Records that a backtest took place, and how it went.
  public func record(
    _ summary: BacktestSummary, of plan: BacktestPlan
  ) throws(EngineError) -> Recorded {
    try recordReplay(
      counts: summary.verdicts, of: nil, selection: plan.selection, against: plan.standIn.json)
  }
}

/// Decides cases anew.
private struct BacktestWorker: CaseWorker {
  let plan: BacktestPlan
  let engine: Engine
  private var new: Reexecutor
  private var old: Reexecutor?

  init(engine: Engine, plan: BacktestPlan) {
    self.plan = plan
    self.engine = engine
    new = Reexecutor(engine: engine, standIn: plan.standIn)
    old = plan.baseline.map { Reexecutor(engine: engine, standIn: $0) }
  }

  mutating func process(
    _ item: EntryPage.Item, of page: EntryPage
  ) throws(EngineError) -> Backtest? {
    let entry = try StoredEntry(item, of: page)
    guard plan.selection.admits(entry), try new.concerns(entry) else { return nil }
    let payload = try entry.payload(item, of: page)
    let recorded = CaseAnswer(of: entry, payload)
    guard plan.selection.admits(recorded) else { return nil }
    let record: Answer =
      entry.type == "refusal" ? .refused([]) : recorded.map { .decided($0) } ?? .unknown(nil)
    guard let payload else {
      return try backtest(entry, nil, record, .unknown(.inputsErased))
    }
    let after = try Self.answer(&new, entry, payload)
    guard old != nil else { return try backtest(entry, payload, record, after) }
    var before = Answer.unknown(nil)
    if var old {
      self.old = nil
      before = try Self.answer(&old, entry, payload)
      self.old = old
    }
    var result = try backtest(entry, payload, before, after)
    result.isRecordedOtherwise = before.outcomes != record.outcomes
    return result
  }

  /// An answer to a case.
  enum Answer {
    case decided(CaseAnswer)
    case refused([RequestProblem])
    /// With the verdict that says why.
    case unknown(Verdict?)

    /// The outcomes by candidate.
    var outcomes: [String?: String]? {
      guard case .decided(let answer) = self else { return nil }
      return Dictionary(answer.results.map { ($0.key, $0.outcome) }) { first, _ in first }
    }
  }

  private static func answer(
    _ reexecutor: inout Reexecutor, _ entry: StoredEntry, _ payload: StoredPayload
  ) throws(EngineError) -> Answer {
    switch try reexecutor.run(entry, payload) {
    case .unable(let verdict): return .unknown(verdict)
    case .tooLarge:
      return .refused([RequestProblem(field: "", code: "too-large", message: "is too large")])
    case .ran(let run, let plan):
      guard run.problems.isEmpty else { return .refused(run.problems) }
      let builder = RecordBuilder(plan, time: entry.time, caseID: entry.caseID, salt: payload.salt)
      return .decided(CaseAnswer(run, builder))
    }
  }

  private func backtest(
    _ entry: StoredEntry, _ payload: StoredPayload?, _ before: Answer, _ after: Answer
  ) throws(EngineError) -> Backtest {
    var result = Backtest(
      caseID: entry.caseID, index: entry.index, isRefusal: entry.type == "refusal",
      verdict: Self.verdict(before, after), flows: Self.flows(before, after),
      otherEngine: entry.otherEngine)
    if case .refused(let problems) = after, case .decided = before { result.problems = problems }
    if let name = plan.group {
      let groups = try Groups(name, entry, payload, engine)
      for index in result.flows.indices {
        result.flows[index].group = groups.value(of: result.flows[index].candidate)
      }
    }
    return result
  }

  private static func verdict(_ before: Answer, _ after: Answer) -> Verdict {
    switch (before, after) {
    case (_, .unknown(let verdict?)), (.unknown(let verdict?), _): verdict
    case (.unknown, _), (_, .unknown): .inputsErased
    case (.refused, .refused): .identical
    case (.refused, .decided): .refusedThenDecidedNow
    case (.decided, .refused): .decidedThenRefusedNow
    case (.decided(let old), .decided(let new)):
      Verdict(old.differences(from: new).subtracting([.versions, .inputs]))
    }
  }

  private static func flows(_ before: Answer, _ after: Answer) -> [Backtest.Flow] {
    switch (before, after) {
    case (.decided(let old), .decided(let new)):
      let others = Dictionary(new.results.map { ($0.key, $0) }) { first, _ in first }
      return old.results.map { result in
        Backtest.Flow(
          candidate: result.key, old: result.standing,
          new: others[result.key]?.standing ?? .unknown)
      }
    case (.decided(let old), _):
      return old.results.map {
        Backtest.Flow(candidate: $0.key, old: $0.standing, new: after.standing)
      }
    case (_, .decided(let new)):
      return new.results.map {
        Backtest.Flow(candidate: $0.key, old: before.standing, new: $0.standing)
      }
    default: return [Backtest.Flow(old: before.standing, new: after.standing)]
    }
  }
}

extension BacktestWorker.Answer {
  /// What it comes to where there is no outcome.
  fileprivate var standing: Backtest.Standing {
    if case .refused = self { .refused } else { .unknown }
  }
}

extension CaseResult {
  /// What it comes to.
  fileprivate var standing: Backtest.Standing {
    .decided(outcome: outcome, leaf: leaf, isAdverse: isAdverse)
  }
}

/// The value that a case and its candidates are grouped by.
private struct Groups {
  private var whole: String?
  private var ofCandidate: [String: String] = [:]

  /// The value of the input `name`, else that of the newest result that has it.
  init(
    _ name: String, _ entry: StoredEntry, _ payload: StoredPayload?, _ engine: Engine
  ) throws(EngineError) {
    let candidates = Self.candidates(of: entry, engine)
    // What was read, scores with it, then what the request held besides.
    for inputs in [payload?["inputs"], payload?.requestInputs].compactMap(\.self) {
      if whole == nil { whole = inputs[name]?.groupText }
      guard let candidates else { continue }
      for element in inputs[candidates.array]?.array ?? [] {
        let key = element[candidates.key].flatMap { $0.string ?? $0.numberText }
        guard let key, ofCandidate[key] == nil else { continue }
        ofCandidate[key] = element[name]?.groupText
      }
    }
    guard whole == nil, ofCandidate.isEmpty else { return }
    let indexes = try ledger { () throws(LedgerError) in
      try engine.store.indexes(.subject(entry.caseID))
    }
    for index in indexes.reversed() where whole == nil {
      let other = try StoredEntry.read(index, in: engine.store)
      guard other.type == "result" else { continue }
      whole = try other.payload(in: engine.store)?["values"]?[name]?.groupText
    }
  }

  private static func candidates(
    of entry: StoredEntry, _ engine: Engine
  ) -> PipelineDefinition.Candidates? {
    guard let id = entry.json["pipeline"]?["id"]?.string,
      let version = entry.json["pipeline"]?["version"]?.string
    else { return nil }
    let reference = PipelineDefinition.Reference(id: id, version: version)
    return try? engine.registry.definition(reference).0.candidates
  }

  func value(of candidate: String?) -> String? {
    candidate.flatMap { ofCandidate[$0] } ?? whole
  }
}

extension StoredPayload {
  /// The inputs of the request that it holds; nil when that is no JSON object.
  fileprivate var requestInputs: JSON? {
    request.flatMap { try? JSON(parsing: $0) }.map { $0["inputs"] ?? $0 }
  }
}

extension JSON {
  /// The text of a string, a number as received or a boolean; nil for everything else.
  fileprivate var groupText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
