/// What a re-execution showed.
public enum Verdict: Sendable, Hashable {
  /// Everything is as recorded.
  case identical
  /// The outcome and outputs are as recorded, but another leaf gave them.
  case sameOutcomeOtherPath
  /// These parts are not as recorded.
  case differs([Difference])
  /// The record is a refusal; the request decides now.
  case refusedThenDecidedNow
  /// The record is a decision; the request is refused now.
  case decidedThenRefusedNow
  /// The inputs were erased.
  case inputsErased
  /// A release that decided is not in the ledger, or damaged; the text says which.
  case artefactMissing(String)
  /// What was put in a release's place doesn't fit the pipeline; the text says why.
  case doesNotFit(String)

  /// A part of a decision.
  public enum Difference: String, Sendable, Hashable, CaseIterable {
    /// Which arm the unit was assigned to.
    case arm
    /// Which inputs and scores were read.
    case inputs
    /// Which leaf was reached.
    case leaf
    /// The outcome, or its adverse flag.
    case outcome
    /// The outputs.
    case outputs
    /// Which candidates were ranked, and in which order.
    case ranking
    /// The reasons.
    case reasons
    /// What was wrong with a refused request.
    case problems
    /// The versions and digests of what decided.
    case versions
  }

  /// The verdict's stable name, without its details.
  public var code: String {
    switch self {
    case .identical: "identical"
    case .sameOutcomeOtherPath: "same-outcome-other-path"
    case .differs: "differs"
    case .refusedThenDecidedNow: "refused-then-decided-now"
    case .decidedThenRefusedNow: "decided-then-refused-now"
    case .inputsErased: "inputs-erased"
    case .artefactMissing: "artefact-missing"
    case .doesNotFit: "does-not-fit"
    }
  }
}

extension Verdict: CustomStringConvertible {
  /// The verdict in words.
  public var description: String {
    switch self {
    case .identical: "identical"
    case .sameOutcomeOtherPath: "same outcome by another path"
    case .differs(let parts): "differs: " + parts.map(\.rawValue).joined(separator: ", ")
    case .refusedThenDecidedNow: "was refused, would be decided now"
    case .decidedThenRefusedNow: "was decided, would be refused now"
    case .inputsErased: "the inputs were erased"
    case .artefactMissing(let what): "can't be replayed: \(what)"
    case .doesNotFit(let why): "can't be decided: \(why)"
    }
  }
}

/// The re-execution of one recorded case.
public struct Replay: Sendable, Hashable {
  /// The case's ID.
  public var caseID: String
  /// The ledger index of the decision or refusal.
  public var index: UInt64
  /// Whether the record is a refusal.
  public var isRefusal: Bool
  /// What the re-execution showed.
  public var verdict: Verdict
  /// The version of the engine that recorded it, where that is another than this one.
  public var otherEngine: String?

  /// What else is worth knowing.
  public var remarks: [String] {
    otherEngine.map { ["decided by engine \($0), replayed by \(Engine.version)"] } ?? []
  }
}

/// How many cases were replayed with which verdict.
public struct ReplaySummary: Sendable, Hashable {
  /// The number of cases.
  public private(set) var total: UInt64 = 0
  /// The number of cases for each verdict's code.
  public private(set) var counts: [String: UInt64] = [:]
  /// The number of cases that another version of the engine recorded.
  public private(set) var otherEngines: UInt64 = 0
  /// The first case of each verdict's code.
  public private(set) var firsts: [String: Replay] = [:]
  /// The first case that another version of the engine recorded.
  public private(set) var firstOfOtherEngine: Replay?

  /// Whether every case that could be replayed was identical, and the only others were erased.
  public var isSound: Bool {
    counts.allSatisfy { code, _ in
      code == Verdict.identical.code || code == Verdict.inputsErased.code
    }
  }

  /// Counts one replay.
  mutating func add(_ replay: Replay) {
    total += 1
    let code = replay.verdict.code
    counts[code, default: 0] += 1
    if firsts[code] == nil { firsts[code] = replay }
    guard replay.otherEngine != nil else { return }
    otherEngines += 1
    if firstOfOtherEngine == nil { firstOfOtherEngine = replay }
  }
}
