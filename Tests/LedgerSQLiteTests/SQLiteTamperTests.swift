import Foundation
import GRDB
import Ledger
import LedgerConformance
import LedgerSQLite
import Testing

/// Changes a sound ledger behind its back in every way there is, and asks the audit each time.
@Suite("The audit of a SQLite ledger finds every change") struct SQLiteTamperTests {
  /// Entries enough for two full tiles and a part of one, in batches of various sizes.
  static let batches = [1, 1, 1, 3, 10, 100, 140, 1, 1, 256, 1, 5]

  private func ledger(_ batches: [Int] = batches) throws -> (LedgerFolder, SQLiteStore) {
    let folder = try LedgerFolder()
    let store = try folder.create()
    var next = 0
    for batch in batches {
      _ = try store.append((next..<(next + batch)).map { try Samples.submission($0) })
      next += batch
    }
    _ = try store.erase(payloadAt: 2, recording: Samples.erasure(of: 2))
    return (folder, store)
  }

  /// The audit's problems with the changes of `sql` made; afterwards they are undone.
  private func problems(
    _ folder: LedgerFolder, _ store: SQLiteStore, _ queue: DatabaseQueue, _ sql: String,
    arguments: StatementArguments = StatementArguments()
  ) throws -> [AuditProblem] {
    var found: [AuditProblem] = []
    try queue.writeWithoutTransaction { db in
      try db.inTransaction {
        try db.execute(sql: sql, arguments: arguments)
        let report = try TransactionSource(db: db, store: store).audit(
          trusting: folder.key.verifierKey, inspect: Samples.inspect)
        found = report.problems
        return .rollback
      }
    }
    return found
  }

  /// Audits through the connection that has made the change without committing it.
  struct TransactionSource: AuditSource {
    let db: Database
    let store: SQLiteStore

    func withAuditSnapshot(
      _ body: (any AuditSnapshot) throws(LedgerError) -> Void
    ) throws(LedgerError) {
      try store.withAuditSnapshot(of: db, body)
    }
  }

  private func names(_ index: UInt64, in problems: [AuditProblem]) -> Bool {
    problems.contains { problem in
      switch problem.place {
      case .entry(let found), .payload(let found): found == index
      case .entries(let range): range.contains(index)
      default: false
      }
    }
  }

  @Test("before anything is changed, all is sound")
  func sound() throws {
    let (folder, store) = try ledger()
    let report = try store.audit(trusting: folder.key.verifierKey, inspect: Samples.inspect)
    #expect(report.problems.isEmpty)
    #expect(report.payloadsErased == 1)
  }

  /// Flips a bit of each byte of a column, row by row, and expects the audit to tell.
  private func flipEveryByte(
    _ folder: LedgerFolder, _ store: SQLiteStore, table: String, id: String, column: String
  ) throws -> Int {
    let queue = try DatabaseQueue(path: folder.path)
    let rows = try queue.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT \(id), CAST(\(column) AS BLOB), typeof(\(column)) FROM \(table)
          WHERE \(column) IS NOT NULL
          """)
    }
    var changes = 0
    for row in rows {
      let value: Data = row[1]
      let type: String = row[2]
      // A note's own tests flip each of its bits; here it is enough that the audit reads it.
      for position in stride(from: 0, to: value.count, by: column == "note" ? 7 : 1) {
        var changed = value
        changed[changed.startIndex + position] ^= 1
        let found: [AuditProblem]
        do {
          found = try problems(
            folder, store, queue,
            "UPDATE \(table) SET \(column) = CAST(? AS \(type)) WHERE \(id) = ?",
            arguments: [changed, row[0] as DatabaseValue])
        } catch DatabaseError.SQLITE_CONSTRAINT {
          // Another row has this key: SQLite itself refuses the change.
          continue
        }
        let place = "\(table).\(column), row \(row[0] as DatabaseValue), byte \(position)"
        if let index = Int64.fromDatabaseValue(row[0]), table == "entry" || table == "payload" {
          #expect(names(UInt64(index), in: found), "\(place): \(found)")
        } else {
          #expect(!found.isEmpty, "\(place)")
        }
        changes += 1
      }
    }
    return changes
  }

  @Test(
    "every byte of every column of every row",
    arguments: [
      ("entry", "entry_index", "leaf_hash"), ("entry", "entry_index", "kind"),
      ("entry", "entry_index", "key"), ("entry", "entry_index", "subject"),
      ("entry", "entry_index", "payload_address"), ("entry", "entry_index", "body"),
      ("payload", "entry_index", "address"), ("payload", "entry_index", "body"),
      ("checkpoint", "tree_size", "note"), ("meta", "name", "name"), ("meta", "name", "value"),
    ])
  func everyByte(table: String, id: String, column: String) throws {
    let (folder, store) = try ledger([1, 3])
    let changes = try flipEveryByte(folder, store, table: table, id: id, column: column)
    #expect(changes > 15)
  }

  @Test("every byte of a tile's root")
  func everyTileByte() throws {
    let (folder, store) = try ledger([100, 160])
    let changes = try flipEveryByte(
      folder, store, table: "tile", id: "tile_index", column: "root")
    #expect(changes == 32)
  }

  @Test("numbers in rows: indexes, sizes, levels, the erased entry; values made null")
  func numbers() throws {
    let (folder, store) = try ledger()
    let queue = try DatabaseQueue(path: folder.path)
    let edits = [
      "UPDATE entry SET erases = 1 WHERE erases = 2",
      "UPDATE entry SET erases = NULL WHERE erases = 2",
      "UPDATE entry SET erases = 7 WHERE entry_index = 9",
      "UPDATE entry SET key = NULL WHERE entry_index = 1",
      "UPDATE entry SET subject = NULL WHERE entry_index = 1",
      "UPDATE entry SET payload_address = NULL WHERE entry_index = 1",
      "UPDATE entry SET entry_index = 100000 WHERE entry_index = 3",
      "UPDATE entry SET entry_index = -1 WHERE entry_index = 3",
      "UPDATE entry SET entry_index = 4611686018427387904 WHERE entry_index = 3",
      "UPDATE payload SET entry_index = 5 WHERE entry_index = 4",
      "UPDATE payload SET entry_index = -5 WHERE entry_index = 4",
      "UPDATE checkpoint SET tree_size = 4 WHERE tree_size = 3",
      "UPDATE checkpoint SET tree_size = -4 WHERE tree_size = 3",
      "UPDATE checkpoint SET tree_size = 9999 WHERE tree_size = 3",
      "UPDATE checkpoint SET previous_size = 1 WHERE tree_size = 3",
      "UPDATE checkpoint SET previous_size = NULL WHERE tree_size = 3",
      "UPDATE checkpoint SET previous_size = 0 WHERE tree_size = 0",
      "UPDATE tile SET tile_index = 5 WHERE tile_index = 1",
      "UPDATE tile SET level = 1 WHERE tile_index = 1",
      "UPDATE tile SET level = -1 WHERE tile_index = 1",
      "UPDATE tile SET root = x'00' WHERE tile_index = 1",
      "UPDATE entry SET leaf_hash = x'' WHERE entry_index = 8",
      "INSERT INTO tile VALUES (0, 2, zeroblob(32))",
      "INSERT INTO payload VALUES (5, zeroblob(32), x'00')",
      "INSERT INTO payload VALUES (99999, zeroblob(32), x'00')",
      "INSERT INTO meta VALUES ('other', 'x')",
      "PRAGMA user_version = 0",
      "PRAGMA application_id = 1",
      "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM payload; END",
      "DROP INDEX entry_by_key",
    ]
    for edit in edits {
      #expect(try !problems(folder, store, queue, edit).isEmpty, "\(edit)")
    }
  }

  @Test("rows deleted, swapped and added")
  func rows() throws {
    let (folder, store) = try ledger()
    let queue = try DatabaseQueue(path: folder.path)
    let size = try store.size()
    for index: UInt64 in [0, 1, 5, 100, 255, 256, 300, size - 2, size - 1] {
      let found = try problems(
        folder, store, queue, "DELETE FROM entry WHERE entry_index = \(index)")
      #expect(names(index, in: found), "entry \(index) deleted: \(found)")
    }
    for index: UInt64 in [0, 1, 4, 300] {
      let found = try problems(
        folder, store, queue, "DELETE FROM payload WHERE entry_index = \(index)")
      #expect(names(index, in: found), "payload \(index) deleted: \(found)")
    }
    let sizes = try store.checkpoints(fromSize: 0, limit: .max).map(\.checkpoint.size)
    for size in sizes {
      let found = try problems(
        folder, store, queue, "DELETE FROM checkpoint WHERE tree_size = \(size)")
      #expect(!found.isEmpty, "checkpoint \(size) deleted")
    }
    for name in ["origin", "verifier_key"] {
      let found = try problems(folder, store, queue, "DELETE FROM meta WHERE name = '\(name)'")
      #expect(!found.isEmpty, "meta \(name) deleted")
    }
    #expect(try !problems(folder, store, queue, "DELETE FROM tile WHERE tile_index = 1").isEmpty)
    for (one, other) in [(0, 1), (3, 4), (10, 300), (254, 257)] {
      for (table, id) in [("entry", "entry_index"), ("payload", "entry_index")] {
        let found = try problems(
          folder, store, queue,
          """
          UPDATE \(table) SET \(id) = -7 WHERE \(id) = \(one);
          UPDATE \(table) SET \(id) = \(one) WHERE \(id) = \(other);
          UPDATE \(table) SET \(id) = \(other) WHERE \(id) = -7;
          """)
        #expect(!found.isEmpty, "\(table) \(one) and \(other) swapped")
      }
    }
  }

  @Test("body and leaf hash changed together: the smallest range that can be proven")
  func bodyAndLeafHash() throws {
    let (folder, store) = try ledger()
    let queue = try DatabaseQueue(path: folder.path)
    // Checkpoints are at 0, 1, 2, 3, 6, 16, 116, 256, 257, 258, 514, 515, 520, 521; tiles end at
    // 256 and 512.
    let cases: [(UInt64, Range<UInt64>)] = [
      (0, 0..<1), (2, 2..<3), (4, 3..<6), (50, 16..<116), (200, 116..<256), (256, 256..<257),
      (300, 258..<514), (513, 258..<514), (514, 514..<515), (517, 515..<520), (520, 520..<521),
    ]
    for (index, range) in cases {
      let entry = try #require(try store.entry(at: index))
      var body = entry.body
      body[body.count - 1] ^= 1
      let leaf = TreeHashing.leafHash(body)
      let found = try problems(
        folder, store, queue, "UPDATE entry SET body = ?, leaf_hash = ? WHERE entry_index = ?",
        arguments: [Data(body), Data(leaf.bytes), Int64(index)])
      let isNamed = found.contains { problem in
        if case .entries(let named) = problem.place {
          named.contains(index) && range.lowerBound <= named.lowerBound
            && named.upperBound <= range.upperBound
        } else {
          false
        }
      }
      #expect(isNamed, "entry \(index): \(found)")
    }
    // Behind a full tile the log is confirmed again, from the tile's root.
    let entry = try #require(try store.entry(at: 2))
    let body = entry.body + [0]
    let found = try problems(
      folder, store, queue, "UPDATE entry SET body = ?, leaf_hash = ? WHERE entry_index = ?",
      arguments: [Data(body), Data(TreeHashing.leafHash(body).bytes), 2])
    #expect(!names(300, in: found) && !names(520, in: found), "\(found)")
  }

  @Test("the log's end cut off")
  func truncation() throws {
    let (folder, store) = try ledger()
    let queue = try DatabaseQueue(path: folder.path)
    let size = try store.size()
    for end: UInt64 in [0, 1, 3, 5, 256, 300, size - 1] {
      let found = try problems(
        folder, store, queue,
        """
        DELETE FROM entry WHERE entry_index >= \(end);
        DELETE FROM payload WHERE entry_index >= \(end);
        DELETE FROM tile WHERE (tile_index + 1) * 256 > \(end);
        DELETE FROM checkpoint WHERE tree_size > \(end + 1) AND tree_size < \(size);
        """)
      #expect(names(end, in: found), "cut at \(end): \(found)")
    }
    // Put back to an older state as a whole, which no file can tell about itself: a checkpoint
    // kept elsewhere tells.
    let note = try store.latestCheckpoint().note
    try queue.write { db in
      try db.execute(
        sql: """
          DELETE FROM entry WHERE entry_index >= 515;
          DELETE FROM payload WHERE entry_index >= 515;
          DELETE FROM checkpoint WHERE tree_size > 515;
          INSERT INTO payload (entry_index, address, body) SELECT 2, payload_address, body
          FROM entry WHERE entry_index = 2;
          """)
    }
    let report = try store.audit(
      trusting: folder.key.verifierKey, known: [note], inspect: Samples.inspect)
    #expect(report.problems.contains { $0.place == .checkpoint(Int64(size)) })
  }

  @Test("entries added behind the last checkpoint, or signed by a stranger")
  func additions() throws {
    let (folder, store) = try ledger()
    let queue = try DatabaseQueue(path: folder.path)
    let size = try store.size()
    let sample = try Samples.submission(3)
    let found = try problems(
      folder, store, queue, "INSERT INTO entry VALUES (?, ?, ?, NULL, ?, NULL, NULL, ?)",
      arguments: [
        Int64(size), Data(TreeHashing.leafHash(sample.body).bytes), sample.kind, sample.subject,
        Data(sample.body),
      ])
    #expect(names(size, in: found))
    let stranger = try SigningKey(generatingFor: store.origin)
    let latest = try store.latestCheckpoint().checkpoint
    let forged = try stranger.sign(latest.text).note
    let refused = try problems(
      folder, store, queue, "UPDATE checkpoint SET note = ? WHERE tree_size = ?",
      arguments: [forged, Int64(size)])
    #expect(!refused.isEmpty)
  }
}
