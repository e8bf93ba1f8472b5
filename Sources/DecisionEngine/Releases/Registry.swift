import Ledger
import RuleProgram
import Synchronization

/// The releases of a ledger, loaded when they are needed, and kept: a release never changes.
///
/// Each call of `refresh()` finds what was published meanwhile, by any process.
final class Registry: Sendable {
  private struct State {
    /// Entries below this index have been looked through.
    var seen: UInt64 = 0
    /// All releases in the order of their publication.
    var releases: [Release] = []
    var indexOfKey: [String: Int] = [:]
    var ruleSets: [String: RuleSet] = [:]
    var models: [String: Model] = [:]
    var plans: [String: PipelinePlan] = [:]
    var changePlans: [String: ChangePlan] = [:]
  }

  private let store: any LedgerStore
  private let state = Mutex(State())

  /// The registry of `store`.
  init(store: any LedgerStore) { self.store = store }

  /// Takes in the releases that were added since the last call; gives the log's size that this
  /// was done up to.
  @discardableResult
  func refresh() throws(EngineError) -> UInt64 {
    let start = state.withLock { $0.seen }
    let size = try ledger { () throws(LedgerError) in try store.size() }
    guard size > start else { return start }
    let indexes = try ledger { () throws(LedgerError) in
      try store.indexes(.kind("release"), in: start..<size, order: .ascending, limit: .max)
    }
    var found: [Release] = []
    for index in indexes { found.append(try read(index)) }
    state.withLock { state in
      for release in found {
        let key = Release.key(release.kind, release.reference)
        guard state.indexOfKey[key] == nil else { continue }
        state.indexOfKey[key] = state.releases.count
        state.releases.append(release)
      }
      state.seen = max(state.seen, size)
    }
    return size
  }

  private func read(_ index: UInt64) throws(EngineError) -> Release {
    let record = try StoredEntry.read(index, in: store)
    guard let release = Release(index: index, body: record.json) else {
      throw .damaged(index: index, reason: "it describes no release")
    }
    return release
  }

  /// All releases known, in the order of their publication.
  var releases: [Release] { state.withLock { $0.releases } }

  /// The release of this kind and name, if it is published.
  func release(_ kind: ReleaseKind, _ reference: PipelineDefinition.Reference) -> Release? {
    let key = Release.key(kind, reference)
    return state.withLock { state in state.indexOfKey[key].map { state.releases[$0] } }
  }

  /// The version of `id` in force at `time`: of those whose effective period has begun, the one
  /// whose period began last; of two that began at once, the one published later.
  func inForce(_ kind: ReleaseKind, id: String, at time: Instant) -> Release? {
    state.withLock { state in
      var best: Release?
      for release in state.releases
      where release.kind == kind && release.id == id && release.effectiveFrom <= time {
        if let current = best, current.effectiveFrom > release.effectiveFrom { continue }
        best = release
      }
      return best
    }
  }

  /// When the effective period of `release` ends: when that of a later version begins; nil when no
  /// later version has a date.
  func endOfPeriod(_ release: Release) -> Instant? {
    state.withLock { state in
      var end: Instant?
      for other in state.releases
      where other.kind == release.kind && other.id == release.id && other.index != release.index {
        let isLater =
          other.effectiveFrom > release.effectiveFrom
          || (!(other.effectiveFrom < release.effectiveFrom) && other.index > release.index)
        guard isLater, end.map({ other.effectiveFrom < $0 }) ?? true else { continue }
        end = other.effectiveFrom
      }
      return end
    }
  }

  /// The release that `name` means: `ID@VERSION`, or `ID` for the version in force at `time`.
  func resolve(
    _ kind: ReleaseKind, _ name: String, at time: Instant
  ) throws(EngineError) -> Release {
    if let reference = PipelineDefinition.Reference(name) {
      guard let release = release(kind, reference) else { throw .unknownRelease(kind, name) }
      return release
    }
    if let release = inForce(kind, id: name, at: time) { return release }
    let exists = state.withLock { state in
      state.releases.contains { $0.kind == kind && $0.id == name }
    }
    throw exists ? .notInForce(kind, id: name, at: time) : .unknownRelease(kind, name)
  }
}

// MARK: - What releases hold

extension Registry {
  /// The rule set `reference`, loaded and verified.
  func ruleSet(_ reference: PipelineDefinition.Reference) throws(EngineError) -> RuleSet {
    let name = reference.description
    if let known = state.withLock({ $0.ruleSets[name] }) { return known }
    let (release, payload) = try load(.ruleset, reference)
    let ruleSet = try RuleSet(release, payload)
    state.withLock { $0.ruleSets[name] = ruleSet }
    return ruleSet
  }

  /// The model `reference`.
  func model(_ reference: PipelineDefinition.Reference) throws(EngineError) -> Model {
    let name = reference.description
    if let known = state.withLock({ $0.models[name] }) { return known }
    let (release, payload) = try load(.model, reference)
    let definition: ModelDefinition
    do {
      definition = try ModelDefinition(bytes: payload.content)
    } catch {
      throw .damaged(index: release.index, reason: error.description)
    }
    let model = Model(release: release, definition: definition)
    state.withLock { $0.models[name] = model }
    return model
  }

  /// The pipeline `reference`, ready to run.
  func plan(_ reference: PipelineDefinition.Reference) throws(EngineError) -> PipelinePlan {
    let name = reference.description
    if let known = state.withLock({ $0.plans[name] }) { return known }
    let (definition, release) = try definition(reference)
    let planner = try planner(definition, release: release)
    if let problem = planner.problems.first ?? planner.unknown.first {
      throw .damaged(index: release.index, reason: problem)
    }
    let plan = planner.plan
    state.withLock { $0.plans[name] = plan }
    return plan
  }

  /// What may change in requests to the published pipeline that `plan` runs.
  func changePlan(_ plan: PipelinePlan) -> ChangePlan {
    let name = plan.release.reference.description
    if let known = state.withLock({ $0.changePlans[name] }) { return known }
    let new = ChangePlan(plan)
    state.withLock { $0.changePlans[name] = new }
    return new
  }

  /// What was published as the pipeline `reference`.
  func definition(
    _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> (PipelineDefinition, Release) {
    if let plan = state.withLock({ $0.plans[reference.description] }) {
      return (plan.definition, plan.release)
    }
    let (release, payload) = try load(.pipeline, reference)
    do {
      return (try PipelineDefinition(bytes: payload.content), release)
    } catch {
      throw .damaged(index: release.index, reason: error.description)
    }
  }

  /// Plans `definition` with the published rule sets and models.
  ///
  /// - Parameter standIn: a rule set that takes the place of every version of its ID.
  func planner(
    _ definition: PipelineDefinition, release: Release, standIn: RuleSet? = nil
  ) throws(EngineError) -> PipelinePlanner {
    try PipelinePlanner(definition, release: release) {
      (reference: PipelineDefinition.Reference) throws(EngineError) in
      if let standIn, standIn.release.id == reference.id { return standIn }
      return try ruleSet(reference)
    } model: {
      (reference: PipelineDefinition.Reference) throws(EngineError) in
      try model(reference)
    }
  }

  /// A release's entry and payload.
  func load(
    _ kind: ReleaseKind, _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> (Release, ReleasePayload) {
    guard let release = release(kind, reference) else {
      throw .unknownRelease(kind, reference.description)
    }
    let stored = try ledger { () throws(LedgerError) in try store.payload(at: release.index) }
    guard let stored else { throw .erased(index: release.index) }
    return (release, try ReleasePayload.read(stored, for: release))
  }
}
