public import Ledger

/// Why the engine could not do what was asked. A request that can't be decided is no error: it
/// becomes a refusal.
///
/// No text here holds a value of a request; case IDs and names of releases appear.
public enum EngineError: Error, Sendable, Equatable {
  /// The ledger could not be read or written.
  case ledger(LedgerError)
  /// A publication was refused as a whole; nothing was published.
  case notPublishable([PublicationProblem])
  /// Nothing of this kind and name is published: `ID` or `ID@VERSION`.
  case unknownRelease(ReleaseKind, String)
  /// Versions of this ID are published, but none is in force at that moment.
  case notInForce(ReleaseKind, id: String, at: Instant)
  /// There is no decision and no refusal with this case ID.
  case unknownCase(String)
  /// The case was refused, so there is nothing that a choice or result could belong to.
  case notDecided(caseID: String)
  /// The case ID is taken by a decision on another request or pipeline.
  case caseTaken(caseID: String, index: UInt64)
  /// The case ID is taken, and its request was erased, so the two can't be compared.
  case caseErased(caseID: String, index: UInt64)
  /// The pipeline of the case has no candidates, or the chosen one was not among the ranked.
  case notRanked(caseID: String)
  /// There is no candidate of this key in the case.
  case unknownCandidate(caseID: String)
  /// The case can't end with the outcome that was asked for; what it can end with.
  case unknownOutcome(caseID: String, known: [String])
  /// What was to be recorded isn't a JSON object of at most the given number of bytes.
  case badRecord(String)
  /// The entry or payload at an index can't be read.
  case damaged(index: UInt64, reason: String)
  /// The payload of the entry at an index was erased, with everything that was to be shown.
  case erased(index: UInt64)
  /// There is no evidence to give for the case.
  case notExportable(caseID: String, reason: String)
}

extension EngineError: CustomStringConvertible {
  /// What went wrong and, where there is one, the mend.
  public var description: String {
    switch self {
    case .ledger(let error): "\(error)"
    case .notPublishable(let problems):
      "nothing was published: " + problems.map(\.description).joined(separator: "; ")
    case .unknownRelease(let kind, let name):
      "no \(kind.words) \(name) is published in this ledger; publish it first"
    case .notInForce(let kind, let id, let time):
      "no version of the \(kind.words) \(id) is in force at \(time); name one as \(id)@VERSION"
    case .unknownCase(let caseID): "there is no case \(caseID) in this ledger"
    case .notDecided(let caseID):
      "case \(caseID) was refused, not decided: nothing can be recorded for it"
    case .caseTaken(let caseID, let index):
      "case ID \(caseID) is taken: entry \(index) is a decision on another request or pipeline;"
        + " use another case ID"
    case .caseErased(let caseID, let index):
      "case ID \(caseID) is taken by entry \(index), whose data were erased; use another case ID"
    case .notRanked(let caseID):
      "the candidate was not among those that case \(caseID) ranked"
    case .unknownCandidate(let caseID): "case \(caseID) has no candidate with this key"
    case .unknownOutcome(let caseID, let known):
      "case \(caseID) can't end with this outcome; it can with \(known.joined(separator: ", "))"
    case .badRecord(let reason): "this can't be recorded: \(reason)"
    case .damaged(let index, let reason): "entry \(index) can't be read: \(reason)"
    case .erased(let index): "the data of entry \(index) were erased"
    case .notExportable(let caseID, let reason):
      "there is no evidence to give for case \(caseID): \(reason)"
    }
  }
}

/// One reason why a publication was refused.
public struct PublicationProblem: Sendable, Hashable, CustomStringConvertible {
  /// Which rule was broken.
  public enum Code: String, Sendable, Hashable {
    /// The ID or version can't name a release.
    case badName = "bad-name"
    /// The version is published, with other content.
    case versionTaken = "version-taken"
    /// Two items of one call have the same kind, ID and version.
    case twice = "published-twice"
    /// A published leaf ID has another outcome.
    case leafOutcome = "leaf-outcome"
    /// A published leaf ID has another adverse flag.
    case leafAdverse = "leaf-adverse"
    /// A leaf ID that was retired has come back.
    case leafReused = "leaf-reused"
    /// The version number promises less change than there is.
    case versionStep = "version-step"
    /// A pipeline refers to what isn't published.
    case unknownReference = "unknown-reference"
    /// A pipeline's parts don't fit together.
    case pipeline = "pipeline"
    /// The effective period would begin in the past.
    case past = "effective-in-the-past"
    /// The content can't be stored.
    case content = "content"
  }

  /// Which rule was broken.
  public var code: Code
  /// What was to be published: `ID@VERSION`.
  public var item: String
  /// What is wrong, and the mend.
  public var message: String

  /// The problem `code` of `item`.
  public init(_ code: Code, item: String, _ message: String) {
    self.code = code
    self.item = item
    self.message = message
  }

  /// `ITEM: what is wrong [code]`.
  public var description: String { "\(item): \(message) [\(code.rawValue)]" }
}

/// Runs `body`, turning the ledger's error into the engine's.
func ledger<T>(_ body: () throws(LedgerError) -> T) throws(EngineError) -> T {
  do {
    return try body()
  } catch {
    throw .ledger(error)
  }
}
