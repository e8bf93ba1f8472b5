/// What an audit reads: the stored rows as they are, however damaged, of one moment.
public protocol AuditSource {
  /// Gives `body` the store's rows as of one moment; writers go on meanwhile.
  func withAuditSnapshot(
    _ body: (any AuditSnapshot) throws(LedgerError) -> Void
  ) throws(LedgerError)
}

/// The stored rows of one moment, each kind to be read once from its beginning. Nothing here is
/// checked: bytes may have any length, text may be anything.
public protocol AuditSnapshot: AnyObject {
  /// The number of entry rows, for reporting progress.
  func entryCount() throws(LedgerError) -> UInt64
  /// The next entry row in the order of its index; nil after the last.
  func nextEntry() throws(LedgerError) -> StoredEntryRow?
  /// The next payload row in the order of its entry's index; nil after the last.
  func nextPayload() throws(LedgerError) -> StoredPayloadRow?
  /// The next checkpoint row in the order of its tree size; nil after the last.
  func nextCheckpoint() throws(LedgerError) -> StoredCheckpointRow?
  /// The root stored for a full tile; nil when there is none.
  func tileRoot(level: Int, index: UInt64) throws(LedgerError) -> [UInt8]?
  /// The level and index of the next tile row; nil after the last.
  func nextTile() throws(LedgerError) -> (level: Int64, index: Int64)?
  /// What the store finds wrong with itself besides the rows: its settings, its structure.
  func structure(trusting key: VerifierKey) throws(LedgerError) -> AuditedStructure
}

/// What a store says of itself besides the rows.
public struct AuditedStructure: Sendable {
  /// What is wrong.
  public var problems: [AuditProblem]
  /// What is worth knowing, and no failure.
  public var notes: [String]

  /// What was found.
  public init(problems: [AuditProblem], notes: [String] = []) {
    self.problems = problems
    self.notes = notes
  }
}

/// A stored entry, unchecked.
public struct StoredEntryRow: Sendable {
  /// The index as stored.
  public var index: Int64
  /// The body.
  public var body: [UInt8]
  /// The stored leaf hash.
  public var leafHash: [UInt8]
  /// The kind column.
  public var kind: String
  /// The key column.
  public var key: String?
  /// The subject column.
  public var subject: String?
  /// The payload address column.
  public var payloadAddress: [UInt8]?
  /// The column that names the entry whose payload this entry's erasure destroyed.
  public var erases: Int64?

  /// A row from its columns.
  public init(
    index: Int64, body: [UInt8], leafHash: [UInt8], kind: String, key: String?, subject: String?,
    payloadAddress: [UInt8]?, erases: Int64?
  ) {
    self.index = index
    self.body = body
    self.leafHash = leafHash
    self.kind = kind
    self.key = key
    self.subject = subject
    self.payloadAddress = payloadAddress
    self.erases = erases
  }
}

/// A stored payload, unchecked.
public struct StoredPayloadRow: Sendable {
  /// The index of the entry that it belongs to, as stored.
  public var index: Int64
  /// The address as stored.
  public var address: [UInt8]
  /// The bytes.
  public var bytes: [UInt8]

  /// A row from its columns.
  public init(index: Int64, address: [UInt8], bytes: [UInt8]) {
    self.index = index
    self.address = address
    self.bytes = bytes
  }
}

/// A stored checkpoint, unchecked.
public struct StoredCheckpointRow: Sendable {
  /// The tree size as stored.
  public var size: Int64
  /// The tree size of the checkpoint before it; nil for the first.
  public var previousSize: Int64?
  /// The signed note.
  public var note: String

  /// A row from its columns.
  public init(size: Int64, previousSize: Int64?, note: String) {
    self.size = size
    self.previousSize = previousSize
    self.note = note
  }
}
