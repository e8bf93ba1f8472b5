/// The bytes that lie beside an entry and can be erased without touching the tree.
public struct Payload: Sendable, Equatable {
  /// The most bytes a payload may have: 64 MiB.
  public static let sizeLimit = 64 << 20

  /// A commitment to the bytes that the entry's body holds too. The ledger doesn't know how it is
  /// made; the `inspect` function of an audit checks that it covers every byte.
  public var address: Hash
  /// The bytes.
  public var bytes: [UInt8]

  /// A payload from its commitment and its bytes.
  public init(address: Hash, bytes: [UInt8]) {
    self.address = address
    self.bytes = bytes
  }
}

/// The columns by which entries are found. They aren't hashed: they repeat what the body says, and
/// an audit compares the two.
public struct EntryColumns: Sendable, Equatable {
  /// What sort of entry it is, for example `decision`; not empty.
  public var kind: String
  /// A name that no other entry of the log has; a second submission with it isn't appended.
  public var key: String?
  /// What the entry is about, for example a case ID; many entries may share it.
  public var subject: String?
  /// The address of the payload that came with the entry (and may have been erased since).
  public var payloadAddress: Hash?
  /// The index of the entry whose payload this entry records the erasure of.
  public var erases: UInt64?

  /// Columns from their values.
  public init(
    kind: String, key: String? = nil, subject: String? = nil, payloadAddress: Hash? = nil,
    erases: UInt64? = nil
  ) {
    self.kind = kind
    self.key = key
    self.subject = subject
    self.payloadAddress = payloadAddress
    self.erases = erases
  }

  /// Exact equality, strings by their bytes.
  public static func == (left: EntryColumns, right: EntryColumns) -> Bool {
    Array(left.kind.utf8) == Array(right.kind.utf8)
      && left.key.map { Array($0.utf8) } == right.key.map { Array($0.utf8) }
      && left.subject.map { Array($0.utf8) } == right.subject.map { Array($0.utf8) }
      && left.payloadAddress == right.payloadAddress && left.erases == right.erases
  }
}

/// An entry on its way into the log.
public struct Submission: Sendable, Equatable {
  /// The most bytes an entry's body may have: 65,535, the most a tlog-tiles bundle can hold.
  public static let bodyLimit = 65_535
  /// The most UTF-8 bytes of a kind, a key or a subject: 1,024.
  public static let columnLimit = 1_024

  /// The bytes that are hashed into the tree.
  public let body: [UInt8]
  /// What sort of entry it is; not empty.
  public let kind: String
  /// A name unique in the log, by which submitting twice is harmless; nil for none.
  public let key: String?
  /// What the entry is about; nil for nothing.
  public let subject: String?
  /// The bytes to lie beside the entry; nil for none.
  public let payload: Payload?

  /// A submission, checked: the body's and payload's size, and that kind, key and subject are
  /// neither empty nor longer than ``columnLimit``, and hold no U+0000.
  public init(
    body: [UInt8], kind: String, key: String? = nil, subject: String? = nil,
    payload: Payload? = nil
  ) throws(LedgerError) {
    guard body.count <= Submission.bodyLimit else {
      throw .entryTooLarge(bytes: body.count, limit: Submission.bodyLimit)
    }
    if let payload, payload.bytes.count > Payload.sizeLimit {
      throw .payloadTooLarge(bytes: payload.bytes.count, limit: Payload.sizeLimit)
    }
    try Submission.check(kind, "kind")
    if let key { try Submission.check(key, "key") }
    if let subject { try Submission.check(subject, "subject") }
    self.body = body
    self.kind = kind
    self.key = key
    self.subject = subject
    self.payload = payload
  }

  private static func check(_ text: String, _ name: String) throws(LedgerError) {
    let count = text.utf8.count
    if count == 0 { throw .invalidSubmission("its \(name) is empty") }
    if count > columnLimit {
      throw .invalidSubmission("its \(name) has \(count) bytes; at most \(columnLimit) are allowed")
    }
    if text.utf8.contains(0) { throw .invalidSubmission("its \(name) holds U+0000") }
  }

  /// The columns of the entry that this becomes.
  package func columns(erasing index: UInt64? = nil) -> EntryColumns {
    EntryColumns(
      kind: kind, key: key, subject: subject, payloadAddress: payload?.address, erases: index)
  }
}

/// What became of a submission.
public struct AppendOutcome: Sendable, Equatable {
  /// The index of the entry in the log, from 0.
  public var index: UInt64
  /// Whether it was appended now; false when the log already had an entry with its key.
  public var isNew: Bool

  /// An outcome from its parts.
  public init(index: UInt64, isNew: Bool) {
    self.index = index
    self.isNew = isNew
  }
}

/// An entry of the log, as stored.
public struct Entry: Sendable, Equatable {
  /// Its index, from 0.
  public var index: UInt64
  /// The bytes that are hashed into the tree.
  public var body: [UInt8]
  /// The columns by which it is found.
  public var columns: EntryColumns

  /// An entry from its parts.
  public init(index: UInt64, body: [UInt8], columns: EntryColumns) {
    self.index = index
    self.body = body
    self.columns = columns
  }
}

/// A condition on an append, checked in its transaction: that no entry of a kind has been recorded
/// since the caller looked.
public struct AppendCondition: Sendable, Equatable {
  /// The kind of entry that must not have been added.
  public var kind: String
  /// The log's size when the caller looked: entries of `kind` from this index on are conflicts.
  public var size: UInt64

  /// The condition that no entry of `kind` has been added since the log had `size` entries.
  public init(noEntryOfKind kind: String, since size: UInt64) {
    self.kind = kind
    self.size = size
  }
}
