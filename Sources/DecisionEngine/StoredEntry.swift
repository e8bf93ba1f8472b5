import CanonicalJSON
import Ledger

/// An entry read back from the ledger.
struct StoredEntry {
  /// Its index.
  var index: UInt64
  /// Its body as stored.
  var body: [UInt8]
  /// Its body, parsed.
  var json: JSON

  /// Its `type`.
  var type: String { json["type"]?.string ?? "" }
  /// Its `case_id`.
  var caseID: String { json["case_id"]?.string ?? "" }
  /// Its `time` as written.
  var time: String { json["time"]?.string ?? "" }

  /// Reads the entry at `index`.
  static func read(
    _ index: UInt64, in store: any LedgerStore
  ) throws(EngineError) -> StoredEntry {
    let entry = try ledger { () throws(LedgerError) in try store.entry(at: index) }
    guard let entry else { throw .damaged(index: index, reason: "it is missing") }
    return try StoredEntry(index: index, body: entry.body)
  }

  /// The entry of these bytes.
  init(index: UInt64, body: [UInt8]) throws(EngineError) {
    self.index = index
    self.body = body
    do {
      json = try JSON(parsing: body)
    } catch {
      throw .damaged(index: index, reason: "it isn't JSON")
    }
  }

  /// Its payload; nil when it was erased.
  func payload(in store: any LedgerStore) throws(EngineError) -> StoredPayload? {
    try payload(try ledger { () throws(LedgerError) in try store.payload(at: index) }?.bytes)
  }

  /// The payload beside it, which `bytes` hold; nil when it was erased.
  func payload(_ bytes: [UInt8]?) throws(EngineError) -> StoredPayload? {
    guard let bytes else { return nil }
    guard let payload = StoredPayload(bytes),
      payload.commitment.digits == json["payload_digest"]?.string
    else { throw .damaged(index: index, reason: "the payload isn't the one that it names") }
    return payload
  }
}
