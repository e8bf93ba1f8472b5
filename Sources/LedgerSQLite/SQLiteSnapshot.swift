#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
package import GRDB
public import Ledger

extension SQLiteStore {
  public func withAuditSnapshot(
    _ body: (any AuditSnapshot) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    try read { try body(SQLiteSnapshot($0, views: views)) }
  }

  /// As ``withAuditSnapshot(_:)``, through another connection to the ledger, in its transaction.
  package func withAuditSnapshot(
    of db: Database, _ body: (any AuditSnapshot) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    try ledgerErrors { try body(SQLiteSnapshot(db, views: views)) }
  }
}

/// The rows of one moment for an audit. It has statements of its own and shares none with the code
/// that writes; it takes every column as it comes.
private final class SQLiteSnapshot: AuditSnapshot {
  private let db: Database
  private let views: [String]
  private let entries: RowCursor
  private let payloads: RowCursor
  private let checkpoints: RowCursor
  private let tiles: RowCursor
  private let tileStatement: Statement

  init(_ db: Database, views: [String]) throws {
    self.db = db
    self.views = views
    entries = try Row.fetchCursor(
      db,
      sql: """
        SELECT entry_index, CAST(body AS BLOB), CAST(leaf_hash AS BLOB), CAST(kind AS BLOB),
          CAST(key AS BLOB), CAST(subject AS BLOB), CAST(payload_address AS BLOB), erases
        FROM entry ORDER BY entry_index
        """)
    payloads = try Row.fetchCursor(
      db,
      sql: """
        SELECT entry_index, CAST(address AS BLOB), CAST(body AS BLOB) FROM payload
        ORDER BY entry_index
        """)
    checkpoints = try Row.fetchCursor(
      db,
      sql: """
        SELECT tree_size, previous_size, CAST(note AS BLOB) FROM checkpoint ORDER BY tree_size
        """)
    tiles = try Row.fetchCursor(db, sql: "SELECT level, tile_index FROM tile")
    tileStatement = try db.makeStatement(
      sql: "SELECT CAST(root AS BLOB) FROM tile WHERE level = ? AND tile_index = ?")
  }

  private static func bytes(_ row: Row, _ column: Int) -> [UInt8] {
    let data: Data? = row[column]
    return data.map { Array($0) } ?? []
  }

  private static func text(_ row: Row, _ column: Int) -> String? {
    let data: Data? = row[column]
    return data.map { String(decoding: $0, as: UTF8.self) }
  }

  func entryCount() throws(LedgerError) -> UInt64 {
    try ledgerErrors {
      UInt64(clamping: try Int64.fetchOne(db, sql: "SELECT count(*) FROM entry") ?? 0)
    }
  }

  func nextEntry() throws(LedgerError) -> StoredEntryRow? {
    guard let row = try ledgerErrors({ try entries.next() }) else { return nil }
    let address: Data? = row[6]
    return StoredEntryRow(
      index: row[0], body: Self.bytes(row, 1), leafHash: Self.bytes(row, 2),
      kind: Self.text(row, 3) ?? "", key: Self.text(row, 4), subject: Self.text(row, 5),
      payloadAddress: address.map { Array($0) }, erases: row[7])
  }

  func nextPayload() throws(LedgerError) -> StoredPayloadRow? {
    guard let row = try ledgerErrors({ try payloads.next() }) else { return nil }
    return StoredPayloadRow(
      index: row[0], address: Self.bytes(row, 1), bytes: Self.bytes(row, 2))
  }

  func nextCheckpoint() throws(LedgerError) -> StoredCheckpointRow? {
    guard let row = try ledgerErrors({ try checkpoints.next() }) else { return nil }
    return StoredCheckpointRow(
      size: row[0], previousSize: row[1], note: Self.text(row, 2) ?? "")
  }

  func tileRoot(level: Int, index: UInt64) throws(LedgerError) -> [UInt8]? {
    try ledgerErrors {
      try Data.fetchOne(tileStatement, arguments: [level, Int64(clamping: index)])
    }.map { Array($0) }
  }

  func nextTile() throws(LedgerError) -> (level: Int64, index: Int64)? {
    guard let row = try ledgerErrors({ try tiles.next() }) else { return nil }
    return (row[0], row[1])
  }

  func structure(trusting key: VerifierKey) throws(LedgerError) -> AuditedStructure {
    try ledgerErrors {
      var result = AuditedStructure(
        problems: try identityProblems() + metaProblems(key) + schemaProblems())
      try judgeViews(&result)
      result.problems += try integrityProblems()
      return result
    }
  }

  private func identityProblems() throws -> [AuditProblem] {
    let identity = try Int.fetchOne(db, sql: "PRAGMA application_id")
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version")
    if identity == Schema.applicationID && version == Schema.version { return [] }
    return [AuditProblem(.store("file"), "its application_id or user_version was changed")]
  }

  private func metaProblems(_ key: VerifierKey) throws -> [AuditProblem] {
    var expected = [
      Schema.Meta.origin: key.name, Schema.Meta.verifierKey: key.text,
    ]
    var problems: [AuditProblem] = []
    for row in try Row.fetchAll(db, sql: "SELECT name, value FROM meta") {
      let name: String = row[0]
      let value: String = row[1]
      if let wanted = expected.removeValue(forKey: name) {
        guard Array(value.utf8) != Array(wanted.utf8) else { continue }
        problems.append(
          AuditProblem(.store("meta row `\(name)`"), "it isn't what this log calls for"))
      } else if name != Schema.Meta.views {
        problems.append(AuditProblem(.store("meta row `\(name)`"), "no ledger has it"))
      }
    }
    for name in expected.keys.sorted() {
      problems.append(AuditProblem(.store("meta row `\(name)`"), "it is missing"))
    }
    return problems
  }

  /// Tables and indexes must be as they were made, and nothing may act on its own.
  private func schemaProblems() throws -> [AuditProblem] {
    var problems: [AuditProblem] = []
    for object in Schema.objects {
      let sql = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_master WHERE name = ?", arguments: [object.name])
      if sql != object.sql {
        problems.append(
          AuditProblem(.store("schema"), "`\(object.name)` isn't as this format defines it"))
      }
    }
    let triggers = try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    for name in triggers {
      problems.append(
        AuditProblem(.store("schema"), "a trigger `\(name)`, which could change rows"))
    }
    return problems
  }

  /// Whoever queries a view trusts it as much as the rows. Each must be as its statement makes it, or,
  /// where another version of the program made the views, as `meta` says that they were made.
  private func judgeViews(_ result: inout AuditedStructure) throws {
    let stored = try String.fetchOne(
      db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [Schema.Meta.views])
    guard let stored else {
      if !views.isEmpty {
        result.problems.append(AuditProblem(.store("meta row `views`"), "it is missing"))
      }
      return
    }
    let digests = stored.split(separator: " ", omittingEmptySubsequences: false)
    guard digests.count == 2, digests[1] == (try Schema.digestOfViews(in: db)) else {
      result.problems += try viewProblems()
      result.problems.append(
        AuditProblem(.store("meta row `views`"), "it isn't the digest of the views"))
      return
    }
    guard !views.isEmpty else { return }
    if digests[0] == Schema.digest(ofStatements: views) {
      result.problems += try viewProblems()
    } else {
      result.notes.append(
        "the views are those of another version of this program; the next writer makes them anew")
    }
  }

  private func viewProblems() throws -> [AuditProblem] {
    guard !views.isEmpty else { return [] }
    let fresh = try DatabaseQueue()
    let expected = try fresh.write { memory in
      for view in views { try memory.execute(sql: view) }
      return try Row.fetchAll(
        memory, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name")
    }
    return try expected.compactMap { row in
      let name: String = row[0]
      let sql: String = row[1]
      let found = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?",
        arguments: [name])
      if let found, Array(found.utf8) == Array(sql.utf8) { return nil }
      return AuditProblem(.store("schema"), "the view `\(name)` isn't as this program makes it")
    }
  }

  /// SQLite's own check, which compares each index with its table.
  private func integrityProblems() throws -> [AuditProblem] {
    try String.fetchAll(db, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" }
      .map { AuditProblem(.store("database"), $0) }
  }
}
