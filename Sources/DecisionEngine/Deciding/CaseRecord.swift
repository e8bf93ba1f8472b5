import Ledger

/// What a decision or refusal leaves behind: the ledger's submission, and the response.
struct CaseRecord {
  /// What the case is called.
  var caseID: String
  /// Whether the request brought the case ID.
  var isNamed: Bool
  /// The request as received.
  var request: [UInt8]
  /// The entry's body, canonical JSON.
  var body: [UInt8]
  /// What lies beside the entry.
  var payload: Payload
  /// Where the response stands in the payload.
  var responseRange: Range<Int>
  /// Whether it was refused.
  var isRefusal: Bool

  /// The response, canonical JSON.
  var response: ArraySlice<UInt8> { payload.bytes[responseRange] }
}

extension CaseRunner {
  /// Runs `request`, which `bytes` hold, as the case `caseID`, and writes what is to be recorded of
  /// it. The same arguments give the same record, for ever: a decision is recorded, and replayed, by
  /// this.
  ///
  /// - Parameter escaped: `bytes` with the escapes of canonical JSON, where they are known.
  mutating func record(
    _ request: Request, _ bytes: [UInt8], escaped: [UInt8]? = nil, caseID: String, time: String,
    salt: [UInt8]
  ) -> CaseRecord {
    let run = run(request, caseID: caseID)
    var builder = RecordBuilder(plan, time: time, caseID: caseID, salt: salt, reasons: reasons)
    builder.escapedRequest = escaped
    let isNamed = request.caseID != nil
    return run.problems.isEmpty
      ? builder.decision(run, request: bytes, isNamed: isNamed)
      : builder.refusal(run, request: bytes, isNamed: isNamed)
  }
}
