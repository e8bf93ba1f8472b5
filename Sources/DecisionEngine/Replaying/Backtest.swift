import CanonicalJSON

/// What became of a recorded case when something stood in for what had decided it.
public struct Backtest: Sendable, Hashable {
  /// The case's ID.
  public var caseID: String
  /// The ledger index of the decision or refusal.
  public var index: UInt64
  /// Whether the record is a refusal.
  public var isRefusal: Bool
  /// The comparison of the two answers. Versions and which inputs were read are no part of it.
  public var verdict: Verdict
  /// From what to what it goes: one for each candidate, in the order of the old answer, or one for
  /// the case.
  public var flows: [Flow]
  /// Why it would be refused now: the inputs that are missing or wrong.
  public var problems: [RequestProblem] = []
  /// The version of the engine that recorded it, where that is another than this one.
  public var otherEngine: String?
  /// Whether the baseline gave another outcome than the record; false where the record is the
  /// baseline.
  public var isRecordedOtherwise = false

  /// One answer and what takes its place.
  public struct Flow: Sendable, Hashable {
    /// The candidate's key; nil without candidates.
    public var candidate: String?
    /// The value that it is grouped by; nil when there is none, or nothing was asked for.
    public var group: String?
    /// The old answer.
    public var old: Standing
    /// The new one.
    public var new: Standing

    /// Whether the outcome is another, or there is none any more or only now.
    public var isFlip: Bool { old.label != new.label }
  }

  /// What a case or candidate came to.
  public enum Standing: Sendable, Hashable {
    /// A leaf gave an outcome.
    case decided(outcome: String, leaf: String, isAdverse: Bool)
    /// The request was refused as a whole.
    case refused
    /// It can't be known: the inputs were erased, or what decided is missing or doesn't fit.
    case unknown

    /// What flows are counted by.
    public var label: Label {
      switch self {
      case .decided(let outcome, _, let isAdverse): .outcome(outcome, isAdverse: isAdverse)
      case .refused: .refused
      case .unknown: .unknown
      }
    }

    /// The leaf's ID, where one decided.
    public var leaf: String? { if case .decided(_, let leaf, _) = self { leaf } else { nil } }
  }

  /// A standing without its leaf.
  public enum Label: Sendable, Hashable {
    /// An outcome and whether it is adverse.
    case outcome(String, isAdverse: Bool)
    /// Refused.
    case refused
    /// Not known.
    case unknown

    /// The outcome's name, or the words in parentheses, which no outcome's name can be taken for.
    public var text: String {
      switch self {
      case .outcome(let name, _): name
      case .refused: "(refused)"
      case .unknown: "(not known)"
      }
    }

    /// Whether it is an adverse outcome.
    public var isAdverse: Bool { if case .outcome(_, true) = self { true } else { false } }
  }
}

/// How many cases or candidates went from which answer to which.
public struct BacktestSummary: Sendable {
  /// One way from an old answer to a new one.
  public struct Way: Sendable, Hashable {
    /// The group; nil without groups, or where there is no value.
    public var group: String?
    /// The old answer.
    public var old: Backtest.Label
    /// The new one.
    public var new: Backtest.Label

    /// Whether the answer is another.
    public var isFlip: Bool { old != new }

    /// The adverse flips first: to an adverse outcome, from one, to a refusal, others; what can't be
    /// known; what stays.
    public var rank: Int {
      if old == new { return 5 }
      if new == .unknown || old == .unknown { return 4 }
      if new.isAdverse && !old.isAdverse { return 0 }
      if old.isAdverse && !new.isAdverse && new != .refused { return 1 }
      return new == .refused ? 2 : 3
    }
  }

  /// How many went a way.
  public struct Traffic: Sendable, Hashable {
    /// The number of cases or candidates.
    public var count: UInt64 = 0
    /// The number by old and new leaf (or what stands for none).
    public var leaves: [LeafPair: UInt64] = [:]
    /// The first cases, in the ledger's order; a candidate's key stands behind.
    public var firsts: [CaseName] = []
  }

  /// The leaf before and after.
  public struct LeafPair: Sendable, Hashable {
    /// The old leaf; nil where none decided.
    public var old: String?
    /// The new leaf; nil where none decides.
    public var new: String?

    /// The pair of `old` and `new`.
    public init(old: String?, new: String?) {
      self.old = old
      self.new = new
    }
  }

  /// A case, or one candidate of it.
  public struct CaseName: Sendable, Hashable, CustomStringConvertible {
    /// The case's ID.
    public var caseID: String
    /// The candidate's key; nil without candidates.
    public var candidate: String?
    /// The case's ID, and the candidate's key behind a space.
    public var description: String { candidate.map { "\(caseID) \($0)" } ?? caseID }
  }

  /// How many first cases are kept of each way; nil for all, which takes memory for each.
  public let keep: Int?
  /// The number of cases.
  public private(set) var cases: UInt64 = 0
  /// The ways gone.
  public private(set) var ways: [Way: Traffic] = [:]
  /// The number of cases for each verdict's code.
  public private(set) var verdicts: [String: UInt64] = [:]
  /// The first case of each verdict's code.
  public private(set) var firsts: [String: Backtest] = [:]
  /// The number of cases refused now for each `FIELD: CODE`.
  public private(set) var problems: [String: UInt64] = [:]
  /// The number of cases that another version of the engine recorded.
  public private(set) var otherEngines: UInt64 = 0
  /// The number of cases whose record isn't what the baseline gives.
  public private(set) var recordedOtherwise: UInt64 = 0
  private var groups: Set<String> = []

  /// The most groups that are told apart, so that memory stays bounded.
  public static let groupLimit = 1_000
  /// What the values beyond it are counted as.
  public static let otherGroup = "(other values)"
  /// The most problems that are told apart.
  static let problemLimit = 1_000

  /// A summary without cases.
  init(keep: Int?) { self.keep = keep }

  /// The ways in order: by group, the adverse flips first, then by count.
  public var sortedWays: [(way: Way, traffic: Traffic)] {
    ways.map { ($0.key, $0.value) }.sorted { left, right in
      let key = { (way: Way, traffic: Traffic) in
        (way.group ?? "", way.rank, UInt64.max - traffic.count, way.old.text, way.new.text)
      }
      return key(left.0, left.1) < key(right.0, right.1)
    }
  }

  /// The number of cases or candidates whose answer is another, known ones only.
  public var flips: UInt64 {
    ways.reduce(0) { $0 + ($1.key.isFlip && $1.key.rank < 4 ? $1.value.count : 0) }
  }

  /// Counts one case.
  mutating func add(_ backtest: Backtest) {
    cases += 1
    let code = backtest.verdict.code
    verdicts[code, default: 0] += 1
    if firsts[code] == nil { firsts[code] = backtest }
    if backtest.otherEngine != nil { otherEngines += 1 }
    if backtest.isRecordedOtherwise { recordedOtherwise += 1 }
    for name in Set(backtest.problems.map { "\($0.field): \($0.code)" })
    where problems[name] != nil || problems.count < Self.problemLimit {
      problems[name, default: 0] += 1
    }
    for flow in backtest.flows {
      add(flow, CaseName(caseID: backtest.caseID, candidate: flow.candidate))
    }
  }

  private mutating func add(_ flow: Backtest.Flow, _ name: CaseName) {
    let way = Way(group: flow.group.map { admit($0) }, old: flow.old.label, new: flow.new.label)
    ways[way, default: Traffic()].count += 1
    let pair = LeafPair(old: flow.old.leaf, new: flow.new.leaf)
    ways[way]?.leaves[pair, default: 0] += 1
    // Of those that stay there is nothing to look up.
    if way.isFlip, (ways[way]?.firsts.count ?? 0) < keep ?? .max { ways[way]?.firsts.append(name) }
  }

  private mutating func admit(_ group: String) -> String {
    if groups.contains(group) { return group }
    guard groups.count < Self.groupLimit else { return Self.otherGroup }
    groups.insert(group)
    return group
  }
}
