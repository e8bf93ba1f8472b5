import Ledger

/// What a decision or refusal leaves behind: the ledger's submission, and the response.
struct CaseRecord {
  /// What the case is called.
  var caseID: String
  /// Whether the request brought the case ID.
  var isNamed: Bool
  /// The request as received.
  var request: [UInt8]
  /// The response, canonical JSON.
  var response: [UInt8]
  /// The entry's body, canonical JSON.
  var body: [UInt8]
  /// What lies beside the entry.
  var payload: Payload
  /// Whether it was refused.
  var isRefusal: Bool
}
