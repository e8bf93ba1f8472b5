import CanonicalJSON
import Ledger
import RuleProgram

/// Runs recorded requests again, through the releases that their records name or with a stand-in for
/// one of them, keeping runners between cases.
struct Reexecutor {
  /// Whose releases run.
  let engine: Engine
  /// What takes the place of a release that a record names.
  let standIn: StandIn?
  private var runners: [PipelineDefinition.Reference: Runner] = [:]
  /// The runners of published pipelines.
  private(set) var lines: [Line] = []

  /// What cases of one pipeline run through.
  private enum Runner {
    case line(Line)
    case unable(Verdict)
    case notConcerned
  }

  /// A runner that is kept, and used where it is. Not to be shared between threads.
  final class Line {
    /// It.
    var runner: CaseRunner

    fileprivate init(_ plan: PipelinePlan) { runner = CaseRunner(plan) }
  }

  /// What came of a request.
  enum Outcome {
    /// It ran through this plan.
    case ran(CaseRun, PipelinePlan)
    /// The request is larger than any that is kept, which alone refuses it.
    case tooLarge
    /// It could not run, for the reason that the verdict tells.
    case unable(Verdict)
  }

  /// Runs through the releases of `engine`, whose registry must be fresh.
  init(engine: Engine, standIn: StandIn? = nil) {
    self.engine = engine
    self.standIn = standIn
  }

  /// Whether the stand-in has a part in the case of `entry`. True where that can't be known, for
  /// its pipeline is missing.
  mutating func concerns(_ entry: StoredEntry) throws(EngineError) -> Bool {
    if case .notConcerned = try runner(for: entry).runner { false } else { true }
  }

  /// Runs the request of `entry`, which `payload` holds.
  mutating func run(
    _ entry: StoredEntry, _ payload: StoredPayload
  ) throws(EngineError) -> Outcome {
    let (reference, found) = try runner(for: entry)
    switch found {
    case .unable(let verdict): return .unable(verdict)
    case .notConcerned: return .unable(.artefactMissing(reference.description))
    case .line(let line):
      guard let bytes = payload.request else { return .tooLarge }
      let plan = line.runner.plan
      return .ran(line.runner.run(Request(bytes, for: plan), caseID: entry.caseID), plan)
    }
  }

  private mutating func runner(
    for entry: StoredEntry
  ) throws(EngineError) -> (name: PipelineDefinition.Reference, runner: Runner) {
    guard let id = entry.json["pipeline"]?["id"]?.string,
      let version = entry.json["pipeline"]?["version"]?.string
    else { throw .damaged(index: entry.index, reason: "it names no pipeline") }
    let reference = PipelineDefinition.Reference(id: id, version: version)
    if let known = runners[reference] { return (reference, known) }
    let made = try make(reference)
    runners[reference] = made
    if case .line(let line) = made { lines.append(line) }
    return (reference, made)
  }

  private func make(
    _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> Runner {
    do throws(EngineError) {
      switch standIn?.content {
      case nil: return .line(Line(try engine.registry.plan(reference)))
      case .pipeline(let plan):
        return plan.release.id == reference.id ? .line(Line(plan)) : .notConcerned
      case .ruleSet(let ruleSet): return try make(reference, with: ruleSet)
      }
    } catch .unknownRelease(let kind, let name) {
      return .unable(.artefactMissing("the \(kind.words) \(name) is not in the ledger"))
    } catch .damaged(let index, let reason) {
      return .unable(.artefactMissing("entry \(index): \(reason)"))
    } catch .erased(let index) {
      return .unable(.artefactMissing("the payload of entry \(index) is gone"))
    }
  }

  private func make(
    _ reference: PipelineDefinition.Reference, with ruleSet: RuleSet
  ) throws(EngineError) -> Runner {
    let (definition, release) = try engine.registry.definition(reference)
    let isConcerned = definition.stages.contains { stage in
      if case .rules(let named, _) = stage { named.id == ruleSet.release.id } else { false }
    }
    guard isConcerned else { return .notConcerned }
    let planner = try engine.registry.planner(definition, release: release, standIn: ruleSet)
    if let unknown = planner.unknown.first { return .unable(.artefactMissing(unknown)) }
    if let problem = planner.problems.first {
      return .unable(
        .doesNotFit("\(ruleSet.release.reference) doesn't fit pipeline \(reference): \(problem)"))
    }
    return .line(Line(planner.plan))
  }
}
