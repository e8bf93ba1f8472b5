#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GRDB
public import Ledger
import Synchronization

/// A ledger in one SQLite file, with the contract of `LedgerStore`.
///
/// The file is in WAL mode with `synchronous=FULL`, so an append that returned survives a power
/// cut. Any SQLite client may read the file meanwhile; SCHEMA.md documents its tables.
public final class SQLiteStore: LedgerStore {
  /// What to open a ledger for.
  public enum Mode: Sendable {
    /// Reading and writing, signing with this key; a new ledger where there is no file.
    case create(SigningKey)
    /// Reading and writing, signing with this key; the file must be there.
    case readWrite(SigningKey)
    /// Reading; the file must be there, and is never changed.
    case readOnly
  }

  /// The key that the file says its checkpoints are signed with. Where the store was opened for
  /// writing, it is the signing key's.
  public let verifierKey: VerifierKey
  /// The path that it was opened with.
  public let path: String

  /// The file's connections.
  let pool: DatabasePool
  /// The SQL of the views that it was opened with.
  let views: [String]
  private let signingKey: SigningKey?
  private let cache = Mutex<Head?>(nil)

  /// The end of the log as this process last wrote it.
  struct Head {
    /// The tree's right edge and the key.
    var writer: LogWriter
    /// The last checkpoint: whoever finds another one in the file reads the edge anew.
    var note: String
  }

  /// Opens the ledger at `path`.
  ///
  /// `views` are SQL statements, each safe to repeat (`DROP VIEW IF EXISTS …; CREATE VIEW …`);
  /// they run when the file is made, and when opening for writing finds that they changed.
  public static func open(
    path: String, mode: Mode, views: [String] = []
  ) throws(LedgerError) -> SQLiteStore {
    let file = try LedgerFile.open(path: path, mode: mode, views: views)
    return SQLiteStore(path: path, file: file, views: views, mode: mode)
  }

  private init(path: String, file: LedgerFile, views: [String], mode: Mode) {
    self.path = path
    self.views = views
    pool = file.pool
    verifierKey = file.verifierKey
    signingKey =
      switch mode {
      case .create(let key), .readWrite(let key): key
      case .readOnly: nil
      }
  }

  /// Closes the file; later calls throw. Without it the file closes when the store goes away.
  public func close() throws(LedgerError) {
    try ledgerErrors { try pool.close() }
  }

  /// `PRAGMA synchronous` as the writing connection has it: 2 is FULL.
  public func synchronousSetting() throws(LedgerError) -> Int {
    try ledgerErrors {
      try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } ?? -1
    }
  }

  // MARK: - Writing

  public func append(
    _ submissions: [Submission], if condition: AppendCondition?
  ) throws(LedgerError) -> [AppendOutcome] {
    try write { batch throws(LedgerError) in
      if let condition { try batch.check(condition) }
      return try batch.append(submissions)
    }
  }

  public func erase(
    payloadAt index: UInt64, recording record: Submission
  ) throws(LedgerError) -> AppendOutcome {
    let outcome = try write { batch throws(LedgerError) in
      try batch.erase(payloadAt: index, recording: record)
    }
    try flushErasedBytes()
    return outcome
  }

  /// Runs `body` in one transaction that no other writer can come between.
  private func write<T>(
    _ body: (inout SQLiteBatch) throws(LedgerError) -> T
  ) throws(LedgerError) -> T {
    guard let signingKey else { throw .readOnly }
    return try ledgerErrors {
      try pool.writeWithoutTransaction { db in
        var result: T?
        var head: Head?
        try db.inTransaction(.immediate) {
          var batch = try SQLiteBatch(
            db, key: signingKey, cached: cache.withLock { $0 })
          result = try body(&batch)
          head = try batch.finish()
          return .commit
        }
        cache.withLock { $0 = head }
        guard let result else { throw LedgerError.io("the transaction gave no result") }
        return result
      }
    }
  }

  /// Drives what was erased out of the write-ahead log: its pages are written into the database,
  /// where `secure_delete` has overwritten the bytes, and the log is cut to nothing.
  private func flushErasedBytes() throws(LedgerError) {
    try ledgerErrors {
      try pool.writeWithoutTransaction { db in
        let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        let isBlocked: Int = row?[0] ?? 1
        if isBlocked != 0 {
          throw LedgerError.busy(
            "the payload is erased, but a reader keeps its bytes in the write-ahead log; erase it"
              + " again when the reader is done")
        }
      }
    }
  }

  // MARK: - Reading

  /// Runs `body` on a reading connection, which sees one moment's state.
  func read<T>(_ body: (Database) throws -> T) throws(LedgerError) -> T {
    try ledgerErrors { try pool.read(body) }
  }

  public func tile(level: Int, index: UInt64, width: Int) throws(LedgerError) -> [Hash] {
    try read { try DatabaseTiles(db: $0).tile(level: level, index: index, width: width) }
  }
}

/// Reads tiles through one connection.
struct DatabaseTiles: TileReader {
  /// The connection.
  let db: Database

  func tile(level: Int, index: UInt64, width: Int) throws(LedgerError) -> [Hash] {
    guard (0..<8).contains(level), index < 1 << 48, (1...256).contains(width) else {
      throw .corrupt(place: "tile \(level)/\(index)", reason: "no log has such a tile")
    }
    let first = Int64(index) * 256
    let blobs: [Data] = try ledgerErrors {
      if level == 0 {
        return try Data.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT leaf_hash FROM entry WHERE entry_index >= ? AND entry_index < ?
              ORDER BY entry_index
              """),
          arguments: [first, first + Int64(width)])
      }
      return try Data.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT root FROM tile WHERE level = ? AND tile_index >= ? AND tile_index < ?
            ORDER BY tile_index
            """),
        arguments: [level - 1, first, first + Int64(width)])
    }
    let hashes = blobs.compactMap { Hash(bytes: $0) }
    guard hashes.count == width else {
      throw .corrupt(
        place: "tile \(level)/\(index)",
        reason: "\(hashes.count) of \(width) hashes are stored; run an audit")
    }
    return hashes
  }
}
