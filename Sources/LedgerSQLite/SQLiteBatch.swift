#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GRDB
import Ledger

/// One write transaction: knows the log's end as the file has it, and lets it grow.
struct SQLiteBatch {
  private let db: Database
  private var writer: LogWriter
  private let note: String
  private let size: UInt64

  /// Reads the end of the log inside the transaction. Another process may have appended since
  /// `cached` was kept; then the right edge of the tree is read anew, and checked against the
  /// checkpoint before anything is added to it.
  init(_ db: Database, key: SigningKey, cached: SQLiteStore.Head?) throws {
    self.db = db
    let checkpoint = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT tree_size, note FROM checkpoint ORDER BY tree_size DESC LIMIT 1"))
    let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(entry_index) FROM entry"))
    guard let checkpoint else {
      throw LedgerError.corrupt(place: "the checkpoints", reason: "there is none")
    }
    note = checkpoint[1]
    let count = (last ?? -1) + 1
    let treeSize: Int64 = checkpoint[0]
    guard count >= 0, count == treeSize else {
      throw LedgerError.corrupt(
        place: "the log's end",
        reason: "\(count) entries, but the last checkpoint is for \(treeSize); run an audit")
    }
    size = UInt64(count)
    if let cached, cached.note == note, cached.writer.nextIndex == size {
      writer = cached.writer
    } else {
      writer = try Self.writer(db, key: key, note: note, size: size)
    }
  }

  private static func writer(
    _ db: Database, key: SigningKey, note: String, size: UInt64
  ) throws -> LogWriter {
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint.verified(note: note, by: key.verifierKey)
    } catch {
      throw LedgerError.corrupt(place: "checkpoint of size \(size)", reason: "\(error)")
    }
    let frontier = try TreeFrontier.read(size: size, reader: DatabaseTiles(db: db))
    guard frontier.root == checkpoint.root, checkpoint.size == size else {
      throw LedgerError.corrupt(
        place: "the log's end",
        reason: "the entries don't give the last checkpoint's root hash; run an audit")
    }
    return LogWriter(key: key, frontier: frontier)
  }

  /// Throws `.conflict` where the condition of an append doesn't hold.
  func check(_ condition: AppendCondition) throws(LedgerError) {
    let later = try ledgerErrors {
      try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT entry_index FROM entry WHERE kind = ? AND entry_index >= ?
            ORDER BY entry_index DESC LIMIT 1
            """),
        arguments: [condition.kind, Int64(clamping: condition.size)])
    }
    if let later { throw .conflict(index: UInt64(later)) }
  }

  /// Appends what isn't there yet; with `erased`, as the record of that payload's erasure.
  mutating func append(
    _ submissions: [Submission], erasing erased: UInt64? = nil
  ) throws(LedgerError) -> [AppendOutcome] {
    do {
      var outcomes: [AppendOutcome] = []
      outcomes.reserveCapacity(submissions.count)
      let insertion = try db.cachedStatement(sql: Self.insertEntry)
      let payloadInsertion = try db.cachedStatement(sql: Self.insertPayload)
      for submission in submissions {
        outcomes.append(try append(submission, erased, insertion, payloadInsertion))
      }
      return outcomes
    } catch let error as LedgerError {
      throw error
    } catch let error as DatabaseError {
      throw LedgerError(error)
    } catch {
      throw .io("\(error)")
    }
  }

  private static let insertEntry = """
    INSERT INTO entry
      (entry_index, leaf_hash, kind, key, subject, payload_address, erases, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING
    """
  private static let insertPayload =
    "INSERT INTO payload (entry_index, address, body) VALUES (?, ?, ?)"

  private mutating func append(
    _ submission: Submission, _ erased: UInt64?, _ insertion: Statement,
    _ payloadInsertion: Statement
  ) throws -> AppendOutcome {
    let index = writer.nextIndex
    let row = Int64(clamping: index)
    let leaf = TreeHashing.leafHash(submission.body)
    insertion.setUncheckedArguments([
      row, Data(leaf.bytes), submission.kind, submission.key, submission.subject,
      submission.payload.map { Data($0.address.bytes) }, erased.map { Int64(clamping: $0) },
      Data(submission.body),
    ])
    try insertion.execute()
    if db.changesCount == 0, let key = submission.key {
      let existing = try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT entry_index FROM entry WHERE key = ?"), arguments: [key])
      guard let existing, let index = UInt64(exactly: existing) else {
        throw LedgerError.corrupt(place: "the key index", reason: "a key leads to no entry")
      }
      return AppendOutcome(index: index, isNew: false)
    }
    if let payload = submission.payload {
      payloadInsertion.setUncheckedArguments([
        row, Data(payload.address.bytes), Data(payload.bytes),
      ])
      try payloadInsertion.execute()
    }
    writer.append(leaf)
    return AppendOutcome(index: index, isNew: true)
  }

  /// Deletes a payload and appends the record of it.
  mutating func erase(
    payloadAt index: UInt64, recording record: Submission
  ) throws(LedgerError) -> AppendOutcome {
    guard index < size else { throw .noEntry(index: index) }
    let row = Int64(clamping: index)
    let earlier = try ledgerErrors {
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT entry_index FROM entry WHERE erases = ?"), arguments: [row])
    }
    if let earlier { return AppendOutcome(index: UInt64(earlier), isNew: false) }
    try ledgerErrors {
      let deletion = try db.cachedStatement(sql: "DELETE FROM payload WHERE entry_index = ?")
      try deletion.execute(arguments: [row])
    }
    guard db.changesCount == 1 else { throw .noPayload(index: index) }
    let outcome = try append([record], erasing: index)[0]
    guard outcome.isNew else { throw .invalidSubmission("its key is already in the log") }
    return outcome
  }

  /// Stores the completed tiles and the signed checkpoint, where the log grew, and gives its end.
  mutating func finish() throws -> SQLiteStore.Head {
    guard writer.nextIndex > size else { return SQLiteStore.Head(writer: writer, note: note) }
    for tile in writer.takeCompletedTiles() {
      try db.cachedStatement(
        sql: "INSERT INTO tile (level, tile_index, root) VALUES (?, ?, ?)"
      ).execute(arguments: [tile.level, Int64(clamping: tile.index), Data(tile.root.bytes)])
    }
    let note = try writer.checkpoint()
    try db.cachedStatement(
      sql: "INSERT INTO checkpoint (tree_size, previous_size, note) VALUES (?, ?, ?)"
    ).execute(arguments: [Int64(clamping: writer.nextIndex), Int64(clamping: size), note])
    return SQLiteStore.Head(writer: writer, note: note)
  }
}
