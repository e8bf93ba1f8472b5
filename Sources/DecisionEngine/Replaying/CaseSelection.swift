import CanonicalJSON

/// Which recorded cases are meant: all conditions must hold.
public struct CaseSelection: Sendable, Hashable {
  /// Recorded at this moment or later.
  public var since: Instant?
  /// Recorded before this moment.
  public var until: Instant?
  /// By this pipeline: `ID` for every version, or `ID@VERSION`.
  public var pipeline: String?
  /// With this outcome; of a case with candidates, one of them.
  public var outcome: String?
  /// At this leaf of the last rules stage; of a case with candidates, one of them.
  public var leaf: String?

  /// The cases for which all of these hold; by default all.
  public init(
    since: Instant? = nil, until: Instant? = nil, pipeline: String? = nil, outcome: String? = nil,
    leaf: String? = nil
  ) {
    self.since = since
    self.until = until
    self.pipeline = pipeline
    self.outcome = outcome
    self.leaf = leaf
  }

  /// Whether `entry` is a case of the time and pipeline that are meant.
  func admits(_ entry: StoredEntry) -> Bool {
    // The order of times as written is the order of moments.
    if let since, entry.time < since.description { return false }
    if let until, entry.time >= until.description { return false }
    guard let pipeline else { return true }
    let id = entry.json["pipeline"]?["id"]?.string ?? ""
    let version = entry.json["pipeline"]?["version"]?.string ?? ""
    return pipeline == id || pipeline == "\(id)@\(version)"
  }

  /// Whether it takes a case's answer to tell.
  var asksForAnswer: Bool { outcome != nil || leaf != nil }

  /// Whether `answer` has the outcome and leaf that are meant; a refusal has none.
  func admits(_ answer: CaseAnswer?) -> Bool {
    guard asksForAnswer else { return true }
    return answer?.results.contains { result in
      (outcome == nil || result.outcome == outcome) && (leaf == nil || result.leaf == leaf)
    } ?? false
  }

  /// The conditions as entries hold them; nil when there is none.
  var json: JSON? {
    if self == CaseSelection() { return nil }
    return .object(present: [
      ("leaf", leaf.map { .string($0) }), ("outcome", outcome.map { .string($0) }),
      ("pipeline", pipeline.map { .string($0) }),
      ("since", since.map { .string($0.description) }),
      ("until", until.map { .string($0.description) }),
    ])
  }
}
