#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GRDB
import Ledger

/// A file that was found or made to be a ledger, opened.
struct LedgerFile {
  /// The connections: one that writes, several that read.
  let pool: DatabasePool
  /// The key that the file names, or the signing key's where it is open for writing.
  let verifierKey: VerifierKey

  /// How long a writer waits for another one, in seconds.
  static let busyTimeout = 30.0

  /// Opens or makes the ledger at `path`, as `mode` says.
  static func open(
    path: String, mode: SQLiteStore.Mode, views: [String]
  ) throws(LedgerError) -> LedgerFile {
    let state = try inspect(path)
    switch mode {
    case .create(let key): return try openForWriting(path, key, views, state)
    case .readWrite(let key):
      guard state == .ledger else { throw state.refusal(path) }
      return try openForWriting(path, key, views, state)
    case .readOnly:
      guard state == .ledger else { throw state.refusal(path) }
      return try openForReading(path)
    }
  }

  // MARK: - What is there

  private enum State: Equatable {
    case missing, empty, ledger

    func refusal(_ path: String) -> LedgerError {
      self == .missing ? .missing(path: path) : .notALedger(path: path)
    }
  }

  /// Looks at the file without changing it: opening it for writing would turn any database to WAL.
  private static func inspect(_ path: String) throws(LedgerError) -> State {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else { return .missing }
    // A link leads to its file; the attributes would be the link's own.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try ledgerErrors { try files.attributesOfItem(atPath: target) }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw .notALedger(path: path)
    }
    if attributes[.size] as? Int ?? 0 == 0 { return .empty }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: true))
      defer { try? queue.close() }
      return try queue.read { db in
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        if isEmpty { return .empty }
        try checkIdentity(db, path)
        return .ledger
      }
    } catch let error as LedgerError {
      throw error
    } catch let error as DatabaseError {
      if error.resultCode == .SQLITE_NOTADB { throw .notALedger(path: path) }
      throw LedgerError(error)
    } catch {
      throw .io("\(error)")
    }
  }

  private static func checkIdentity(_ db: Database, _ path: String) throws {
    guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
      throw LedgerError.notALedger(path: path)
    }
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version <= Schema.version else {
      throw LedgerError.newerFormat(found: version, supported: Schema.version)
    }
    guard version >= 1 else {
      throw LedgerError.corrupt(place: "the file", reason: "it has no format version")
    }
  }

  // MARK: - Opening

  private static func configuration(readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(busyTimeout)
    configuration.label = "ledger"
    configuration.prepareDatabase { db in
      // What is erased is overwritten, not only unlinked.
      try db.execute(sql: "PRAGMA secure_delete = ON")
    }
    return configuration
  }

  private static func openForReading(_ path: String) throws(LedgerError) -> LedgerFile {
    let pool = try ledgerErrors {
      try DatabasePool(path: path, configuration: configuration(readOnly: true))
    }
    let text = try ledgerErrors { try pool.read { try meta($0, Schema.Meta.verifierKey) } }
    return LedgerFile(pool: pool, verifierKey: try key(text))
  }

  private static func openForWriting(
    _ path: String, _ key: SigningKey, _ views: [String], _ state: State
  ) throws(LedgerError) -> LedgerFile {
    let pool = try openPool(path)
    try ledgerErrors {
      try pool.writeWithoutTransaction { db in
        // Opening a pool sets `synchronous` to NORMAL, which loses the last commits at a power
        // cut. It can only be set after that, and outside a transaction.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
          throw LedgerError.io("SQLite doesn't take `synchronous = FULL`")
        }
        try db.inTransaction(.immediate) {
          // Another process may have made the ledger since the file was inspected.
          if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 {
            try create(db, key)
          }
          try checkIdentity(db, path)
          try check(key, try meta(db, Schema.Meta.verifierKey))
          try install(views, db)
          return .commit
        }
      }
    }
    return LedgerFile(pool: pool, verifierKey: key.verifierKey)
  }

  /// Opens the pool; tries again while another process holds the file to make it a WAL database.
  private static func openPool(_ path: String) throws(LedgerError) -> DatabasePool {
    var tries = 0
    while true {
      do {
        return try ledgerErrors {
          try DatabasePool(path: path, configuration: configuration(readOnly: false))
        }
      } catch .busy(let reason) {
        tries += 1
        if tries == 20 { throw .busy(reason) }
      }
    }
  }

  private static func create(_ db: Database, _ key: SigningKey) throws {
    try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
    for object in Schema.objects { try db.execute(sql: object.sql) }
    let values = [
      (Schema.Meta.origin, key.verifierKey.name), (Schema.Meta.verifierKey, key.verifierKey.text),
    ]
    for (name, value) in values {
      try db.execute(sql: "INSERT INTO meta (name, value) VALUES (?, ?)", arguments: [name, value])
    }
    let first = try LogWriter(key: key, frontier: TreeFrontier()).checkpoint()
    try db.execute(
      sql: "INSERT INTO checkpoint (tree_size, previous_size, note) VALUES (0, NULL, ?)",
      arguments: [first])
  }

  private static func install(_ views: [String], _ db: Database) throws {
    guard !views.isEmpty else { return }
    let digest = Schema.digest(ofStatements: views)
    if try meta(db, Schema.Meta.views)?.hasPrefix(digest + " ") ?? false { return }
    for view in views { try db.execute(sql: view) }
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
      arguments: [Schema.Meta.views, "\(digest) \(try Schema.digestOfViews(in: db))"])
  }

  private static func meta(_ db: Database, _ name: String) throws -> String? {
    try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
  }

  private static func key(_ text: String?) throws(LedgerError) -> VerifierKey {
    do {
      return try VerifierKey(text ?? "")
    } catch {
      throw .corrupt(place: "the table `meta`", reason: "\(error)")
    }
  }

  private static func check(_ key: SigningKey, _ stored: String?) throws(LedgerError) {
    guard let stored, Array(stored.utf8) == Array(key.verifierKey.text.utf8) else {
      throw .keyMismatch(expected: stored ?? "none", found: key.verifierKey.text)
    }
  }
}
