/// What to look for among decisions and refusals: all that is given must hold.
public struct CaseQuery: Sendable, Equatable {
  /// How the case ID begins.
  public var caseIDPrefix: String?
  /// The first moment.
  public var from: Instant?
  /// The moment after the last one.
  public var until: Instant?
  /// The outcome, of the case or of one of its candidates; `refused` finds refusals.
  public var outcome: String?
  /// The leaf ID, of the case or of one of its candidates.
  public var leaf: String?
  /// A pipeline, rule set or model that took part: `ID` or `ID@VERSION`.
  public var release: String?
  /// An input and the text of its value.
  public var input: Input?

  /// An input and its value.
  public struct Input: Sendable, Equatable {
    /// The input's name.
    public var name: String
    /// The text of its value.
    public var value: String

    /// The input `name` with this `value`.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Finds every case; set what is to be asked for.
  public init() {}
}

/// A decision or refusal that was found.
public struct FoundCase: Sendable, Equatable {
  /// The ledger index.
  public var index: UInt64
  /// The case's ID.
  public var caseID: String
  /// When, RFC 3339.
  public var time: String
  /// Whether it is a refusal.
  public var isRefusal: Bool
  /// The pipeline's `ID@VERSION`.
  public var pipeline: String
  /// The outcome; nil for refusals and for pipelines with candidates.
  public var outcome: String?
  /// Whether the outcome harms its subject.
  public var isAdverse: Bool
  /// The leaf ID; nil for refusals and for pipelines with candidates.
  public var leaf: String?
  /// How many candidates were ranked; nil without candidates.
  public var ranked: Int?
}

/// One page of what was found, the newest first.
public struct CasePage: Sendable, Equatable {
  /// The cases.
  public var cases: [FoundCase] = []
  /// How many entries were looked at.
  public var looked: UInt64 = 0
  /// Where to go on: the entries below this index weren't looked at; nil when there are none.
  public var next: UInt64?
  /// The time of the oldest entry looked at, where the search may go on.
  public var reach: String?

  /// An empty page.
  public init() {}
}
