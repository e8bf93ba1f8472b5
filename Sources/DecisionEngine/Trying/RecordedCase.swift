public import CanonicalJSON
public import Ledger
public import RuleProgram

/// A decision or refusal as the ledger holds it.
public struct RecordedCase: Sendable {
  /// The case's ID.
  public var caseID: String
  /// The ledger index.
  public var index: UInt64
  /// Whether it is a refusal.
  public var isRefusal: Bool
  /// The pipeline that ran.
  public var pipeline: PipelineDefinition.Reference
  /// The exact bytes of the entry.
  public var entry: [UInt8]
  /// What was answered; nil when it was erased.
  public var response: JSON?
  /// The request as received; nil when it was erased, or was too large to be kept.
  public var request: [UInt8]?
  /// Whether the payload was erased.
  public var isErased: Bool
}

extension Engine {
  /// The decision on case `caseID`, or else its last refusal.
  public func recordedCase(_ caseID: String) throws(EngineError) -> RecordedCase {
    let entry = try decisionOrRefusal(caseID)
    let payload = try entry.payload(in: store)
    return RecordedCase(
      caseID: entry.caseID, index: entry.index, isRefusal: entry.type == "refusal",
      pipeline: PipelineDefinition.Reference(
        id: entry.json["pipeline"]?["id"]?.string ?? "",
        version: entry.json["pipeline"]?["version"]?.string ?? ""),
      entry: entry.body, response: payload?["response"], request: payload?.request,
      isErased: payload == nil)
  }

  /// The receipt of case `caseID`: the proof that its entry is in the ledger as it is now. The
  /// entry's bytes stand in it.
  public func receipt(_ caseID: String) throws(EngineError) -> Receipt {
    let entry = try decisionOrRefusal(caseID)
    return try ledger { () throws(LedgerError) in
      var receipt = try store.receipt(forEntryAt: entry.index)
      receipt.extra = entry.body
      return receipt
    }
  }
}
