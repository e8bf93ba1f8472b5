import CanonicalJSON
import Ledger

/// Something recorded about a case besides its decision.
public struct CaseEvent: Sendable, Equatable {
  /// The ledger index.
  public var index: UInt64
  /// The entry's type: `choice`, `result`, `erasure`, `refusal`, `replay`, or a newer one.
  public var type: String
  /// When it was recorded, RFC 3339.
  public var time: String
  /// What it says, as names and texts in order; what was erased is left out.
  public var details: [Detail]
  /// Whether its payload was erased.
  public var isErased: Bool

  /// A name and a text.
  public struct Detail: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The text: a string itself, everything else as JSON.
    public var text: String
  }

  /// The types of entries whose payloads hold what a case's subject may ask to have erased.
  static let personalTypes: Set<String> = ["decision", "refusal", "choice", "result"]

  /// What `entry` says.
  init(_ entry: StoredEntry, in store: any LedgerStore) throws(EngineError) {
    index = entry.index
    type = entry.type
    time = entry.time
    details = []
    isErased = false
    for name in ["candidate", "erases", "reason", "verdict"] {
      if let value = entry.json[name] { details.append(Detail(name: name, text: value.plainText)) }
    }
    for problem in entry.json["problems"]?.array ?? [] {
      if let read = RequestProblem(problem) {
        details.append(Detail(name: "problem", text: read.description))
      }
    }
    guard entry.json["payload_digest"] != nil else { return }
    guard let payload = try entry.payload(in: store) else {
      isErased = true
      return
    }
    for name in ["fields", "values"] {
      for member in payload[name]?.object ?? [] {
        details.append(Detail(name: member.key, text: member.value.plainText))
      }
    }
  }
}

extension JSON {
  /// A string's text; any other value as compact JSON.
  var plainText: String { string ?? compactText }
}
