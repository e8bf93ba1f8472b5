/// A ledger's storage. What every store promises, and the conformance suite tests:
///
/// - An append is durable before it returns, or it throws and nothing of it is stored.
/// - Indexes are dense: 0, 1, 2, ... without holes. A batch is appended whole or not at all.
/// - One writer at a time appends to a log, also among several processes; others wait.
/// - Readers never block the writer, and see whole batches only.
/// - A submission whose key the log has (or an earlier one of the same batch) isn't appended: its
///   outcome names the entry that has the key.
/// - Each append that adds entries stores a signed checkpoint with them; no entry is ever without.
///
/// Calls are synchronous and wait for the disk; ``GroupCommit`` serves many concurrent callers.
public protocol LedgerStore: TileReader, AuditSource, Sendable {
  /// The key that the log's checkpoints verify with; its name is the log's origin.
  var verifierKey: VerifierKey { get }

  /// Appends `submissions` in their order; the outcomes have the same order.
  ///
  /// With a `condition` that doesn't hold, throws `.conflict` and appends nothing.
  func append(
    _ submissions: [Submission], if condition: AppendCondition?
  ) throws(LedgerError) -> [AppendOutcome]

  /// Destroys the payload of the entry at `index` for good and appends `record`, which documents
  /// it, in the same transaction. Where it was erased before, gives that erasure's index.
  func erase(
    payloadAt index: UInt64, recording record: Submission
  ) throws(LedgerError) -> AppendOutcome

  /// The number of entries.
  func size() throws(LedgerError) -> UInt64

  /// The entry at `index`; nil when the log has no such entry.
  func entry(at index: UInt64) throws(LedgerError) -> Entry?

  /// At most `limit` entries from index `start` on, in order.
  func entries(from start: UInt64, limit: Int) throws(LedgerError) -> [Entry]

  /// The index of the entry with this key; nil when there is none.
  func index(ofKey key: String) throws(LedgerError) -> UInt64?

  /// The indexes of the entries that `filter` names and that lie in `range`, at most `limit`.
  func indexes(
    _ filter: EntryFilter, in range: Range<UInt64>, order: EntryOrder, limit: Int
  ) throws(LedgerError) -> [UInt64]

  /// The distinct subjects that begin with `prefix` (compared by bytes), in byte order, at most
  /// `limit`.
  func subjects(withPrefix prefix: String, limit: Int) throws(LedgerError) -> [String]

  /// The payload of the entry at `index`; nil when it has none, or it was erased.
  func payload(at index: UInt64) throws(LedgerError) -> Payload?

  /// The entries of `range` in their order, each with its payload; at least one where there is any,
  /// and no further ones once bodies and payloads have `byteLimit` bytes.
  func page(in range: Range<UInt64>, byteLimit: Int) throws(LedgerError) -> EntryPage

  /// The index of the entry that records the erasure of the payload at `index`; nil for none.
  func erasure(ofPayloadAt index: UInt64) throws(LedgerError) -> UInt64?

  /// The checkpoint of the whole log.
  func latestCheckpoint() throws(LedgerError) -> StoredCheckpoint

  /// At most `limit` checkpoints of trees with at least `size` entries, the smallest first.
  func checkpoints(fromSize size: UInt64, limit: Int) throws(LedgerError) -> [StoredCheckpoint]
}

/// Which entries to find.
public enum EntryFilter: Sendable, Equatable {
  /// Those of a kind.
  case kind(String)
  /// Those about a subject.
  case subject(String)
}

/// In which order to give indexes.
public enum EntryOrder: Sendable, Equatable {
  /// The oldest first.
  case ascending
  /// The newest first.
  case descending
}

/// A checkpoint as the log stores it.
public struct StoredCheckpoint: Sendable, Equatable {
  /// The signed note.
  public var note: String
  /// What the note says.
  public var checkpoint: Checkpoint

  /// A checkpoint from its note.
  public init(note: String) throws(ProofError) {
    self.note = note
    checkpoint = try Checkpoint(text: try SignedNote(note).text)
  }
}

extension LedgerStore {
  /// The same, read one payload at a time: for stores that have no quicker way.
  public func page(in range: Range<UInt64>, byteLimit: Int) throws(LedgerError) -> EntryPage {
    var page = EntryPage()
    for entry in try entries(from: range.lowerBound, limit: range.count) {
      page.append(entry, payload: try payload(at: entry.index)?.bytes)
      if page.bytes.count >= byteLimit { break }
    }
    return page
  }

  /// Appends `submissions` without a condition.
  public func append(_ submissions: [Submission]) throws(LedgerError) -> [AppendOutcome] {
    try append(submissions, if: nil)
  }

  /// Appends one submission.
  public func append(_ submission: Submission) throws(LedgerError) -> AppendOutcome {
    guard let outcome = try append([submission], if: nil).first else {
      throw .corrupt(place: "the log", reason: "an append gave no outcome")
    }
    return outcome
  }

  /// The indexes of the entries that `filter` names, from index `start` on, the oldest first.
  public func indexes(
    _ filter: EntryFilter, from start: UInt64 = 0, limit: Int = .max
  ) throws(LedgerError) -> [UInt64] {
    try indexes(filter, in: start..<UInt64.max, order: .ascending, limit: limit)
  }

  /// Gives each entry of the log as it is now, from `start` on, to `visit`, reading in pages; stops
  /// early when `visit` gives false. Entries appended meanwhile aren't visited.
  public func forEachEntry(
    from start: UInt64 = 0, _ visit: (Entry) throws(LedgerError) -> Bool
  ) throws(LedgerError) {
    let end = try size()
    var next = start
    while next < end {
      let page = try entries(from: next, limit: Int(min(512, end - next)))
      if page.isEmpty { throw .corrupt(place: "entry \(next)", reason: "it is missing") }
      for entry in page where try !visit(entry) { return }
      next += UInt64(page.count)
    }
  }

  /// The log's origin: the first line of its checkpoints.
  public var origin: String { verifierKey.name }

  /// A receipt for the entry at `index`: the proof that it is in the log as it is now.
  public func receipt(forEntryAt index: UInt64) throws(LedgerError) -> Receipt {
    let latest = try latestCheckpoint()
    let proof = try InclusionProof.prove(
      index: index, treeSize: latest.checkpoint.size, reader: self)
    return Receipt(index: index, hashes: proof.hashes, checkpoint: latest.note)
  }
}
