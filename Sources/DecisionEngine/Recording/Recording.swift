public import CanonicalJSON
import Ledger

/// What became of a record: its index, and whether it was added now.
public struct Recorded: Sendable, Equatable {
  /// The ledger index of its entry.
  public var index: UInt64
  /// False when the same had been recorded before.
  public var isNew: Bool
}

extension Engine {
  /// The most bytes of a record's free fields, as canonical JSON.
  public static let fieldsLimit = 1 << 20

  /// Records which of its ranked candidates case `caseID` ended with.
  ///
  /// - Parameter candidate: the key of a candidate that the decision ranked.
  /// - Parameter fields: an object with whatever else is to be kept; it lies in the payload.
  /// - Returns: the entry; an identical choice of the same case isn't recorded twice.
  public func recordChoice(
    _ caseID: String, candidate: String, fields: JSON = .object([])
  ) throws(EngineError) -> Recorded {
    let decision = try decision(caseID)
    guard let payload = try decision.payload(in: store) else {
      throw .erased(index: decision.index)
    }
    let ranked = payload["response"]?["ranked"]?.array ?? []
    guard
      ranked.contains(where: { $0["key"]?.string?.utf8.elementsEqual(candidate.utf8) == true })
    else { throw .notRanked(caseID: caseID) }
    return try record(
      "choice", decision, candidate: candidate, content: JSON.Member("fields", fields))
  }

  /// Records what came of case `caseID`.
  ///
  /// - Parameter values: an object of named values; it lies in the payload.
  /// - Returns: the entry; an identical result of the same case isn't recorded twice.
  public func recordResult(
    _ caseID: String, values: JSON
  ) throws(EngineError) -> Recorded {
    guard values.object?.isEmpty == false else {
      throw .badRecord("a result is a JSON object with at least one named value")
    }
    return try record(
      "result", try decision(caseID), candidate: nil, content: JSON.Member("values", values))
  }

  /// Destroys for good the payloads of everything recorded about case `caseID`; an entry of type
  /// `erasure` documents each. The entries themselves remain, and the ledger still verifies.
  ///
  /// - Parameter reason: why, in at most 1,000 characters; it stays in the ledger for ever.
  /// - Returns: the erasures' entries; empty when all was erased before.
  public func erase(
    _ caseID: String, reason: String? = nil
  ) throws(EngineError) -> [Recorded] {
    if let reason, reason.unicodeScalars.count > 1000 {
      throw .badRecord("a reason has at most 1,000 characters")
    }
    let indexes = try ledger { () throws(LedgerError) in
      try store.indexes(.subject(caseID))
    }
    var isKnown = false
    var erased: [Recorded] = []
    for index in indexes {
      let entry = try StoredEntry.read(index, in: store)
      guard CaseEvent.personalTypes.contains(entry.type) else { continue }
      isKnown = true
      let isThere = try ledger { () throws(LedgerError) in try store.payload(at: index) != nil }
      guard isThere else { continue }
      let outcome = try ledger { () throws(LedgerError) in
        try store.erase(payloadAt: index, recording: try erasure(of: index, caseID, reason))
      }
      erased.append(Recorded(index: outcome.index, isNew: outcome.isNew))
    }
    guard isKnown else { throw .unknownCase(caseID) }
    return erased
  }

  private func erasure(
    of index: UInt64, _ caseID: String, _ reason: String?
  ) throws(LedgerError) -> Submission {
    let body = JSON.object(present: [
      ("case_id", .string(caseID)), ("engine", .string(Engine.version)),
      ("erases", .integer(index)), ("reason", reason.map { JSON.string($0) }),
      ("time", .string(clock().description)), ("type", "erasure"),
    ])
    return try Submission(body: body.canonicalBytes, kind: "erasure", subject: caseID)
  }
}

// MARK: - Finding and adding

extension Engine {
  /// The entry of the decision on `caseID`.
  func decision(_ caseID: String) throws(EngineError) -> StoredEntry {
    guard CaseID.isValid(caseID) else { throw .unknownCase(caseID) }
    let index = try ledger { () throws(LedgerError) in try store.index(ofKey: "case:\(caseID)") }
    if let index { return try StoredEntry.read(index, in: store) }
    let refusal = try ledger { () throws(LedgerError) in
      try store.index(ofKey: "refusal:\(caseID):0")
    }
    throw refusal == nil ? .unknownCase(caseID) : .notDecided(caseID: caseID)
  }

  /// The entry of the decision on `caseID`, or else of its last refusal.
  func decisionOrRefusal(_ caseID: String) throws(EngineError) -> StoredEntry {
    do {
      return try decision(caseID)
    } catch .notDecided {
      let indexes = try ledger { () throws(LedgerError) in
        try store.indexes(.subject(caseID))
      }
      for index in indexes.reversed() {
        let entry = try StoredEntry.read(index, in: store)
        if entry.type == "refusal" { return entry }
      }
      throw .unknownCase(caseID)
    }
  }

  private func record(
    _ type: String, _ decision: StoredEntry, candidate: String?, content: JSON.Member
  ) throws(EngineError) -> Recorded {
    guard content.value.object != nil else {
      throw .badRecord("its \(content.key) are not a JSON object")
    }
    let contentBytes = content.value.canonicalBytes
    guard contentBytes.count <= Self.fieldsLimit else {
      throw .badRecord("its \(content.key) are larger than \(Self.fieldsLimit) bytes")
    }
    let caseID = decision.caseID
    let salt = random(Commitment.saltLength)
    let bytes = JSON.object([
      JSON.Member("case_id", .string(caseID)), JSON.Member(content.key, content.value),
      JSON.Member("format", 1), JSON.Member("salt", .string(Hexadecimal.text(salt))),
      JSON.Member("type", .string(type)),
    ]).canonicalBytes
    let address = Commitment.of(bytes, salt: salt)
    let body = JSON.object(present: [
      ("candidate", candidate.map { JSON.string($0) }), ("case_id", .string(caseID)),
      ("decision", .integer(decision.index)), ("engine", .string(Engine.version)),
      ("payload_digest", .string(address.digits)), ("time", .string(clock().description)),
      ("type", .string(type)),
    ]).canonicalBytes
    var attempt = 0
    while true {
      let outcome = try ledger { () throws(LedgerError) in
        try store.append(
          try Submission(
            body: body, kind: type, key: "\(type):\(caseID):\(attempt)", subject: caseID,
            payload: Payload(address: address, bytes: bytes)))
      }
      if outcome.isNew { return Recorded(index: outcome.index, isNew: true) }
      let earlier = try StoredEntry.read(outcome.index, in: store)
      let known = try earlier.payload(in: store)?[content.key]?.canonicalBytes
      if known == contentBytes, earlier.json["candidate"] == candidate.map({ JSON.string($0) }) {
        return Recorded(index: outcome.index, isNew: false)
      }
      attempt += 1
    }
  }
}
