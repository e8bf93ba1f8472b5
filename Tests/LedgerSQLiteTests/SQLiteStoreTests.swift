import Foundation
import GRDB
import Ledger
import LedgerConformance
import LedgerSQLite
import Testing

@Suite("The SQLite store") struct SQLiteStoreTests {
  @Test("keeps the store contract", arguments: StoreCheck.all)
  func contract(check: StoreCheck) async throws {
    let folder = try LedgerFolder()
    try await check.run(folder.create())
  }

  @Test("synchronous is FULL and the journal is the write-ahead log")
  func durability() throws {
    let folder = try LedgerFolder()
    for _ in 0..<2 {
      let store = try folder.create()
      #expect(try store.synchronousSetting() == 2)
      let queue = try DatabaseQueue(path: folder.path)
      let mode = try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
      #expect(mode == "wal")
      try store.close()
    }
  }

  @Test("closed and opened again: the same log, going on")
  func reopening() throws {
    let folder = try LedgerFolder()
    for size in [0, 1, 255, 256, 257, 600] {
      let store = try folder.create()
      while try store.size() < size {
        _ = try store.append(Samples.submission(Int(try store.size())))
      }
      let report = try store.audit(trusting: folder.key.verifierKey, inspect: Samples.inspect)
      #expect(report.isSound && report.entriesChecked == size)
      try store.close()
    }
  }

  @Test("a file is never made by opening for reading or for writing")
  func missing() throws {
    let folder = try LedgerFolder()
    #expect(throws: LedgerError.missing(path: folder.path)) {
      try SQLiteStore.open(path: folder.path, mode: .readOnly)
    }
    #expect(throws: LedgerError.missing(path: folder.path)) {
      try SQLiteStore.open(path: folder.path, mode: .readWrite(folder.key))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    let nowhere = folder.path + "/none/l.sqlite"
    #expect(throws: LedgerError.self) {
      try SQLiteStore.open(path: nowhere, mode: .create(folder.key))
    }
  }

  @Test("another file is refused and stays as it is")
  func notALedger() throws {
    let folder = try LedgerFolder()
    let text = Data(String(repeating: "not a database ", count: 100).utf8)
    try text.write(to: URL(fileURLWithPath: folder.path))
    for mode in [SQLiteStore.Mode.create(folder.key), .readWrite(folder.key), .readOnly] {
      #expect(throws: LedgerError.notALedger(path: folder.path)) {
        try SQLiteStore.open(path: folder.path, mode: mode)
      }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == text)
    try FileManager.default.removeItem(atPath: folder.path)
    try folder.edit("CREATE TABLE other (a); PRAGMA journal_mode = DELETE")
    let before = try folder.bytes()
    for mode in [SQLiteStore.Mode.create(folder.key), .readWrite(folder.key), .readOnly] {
      #expect(throws: LedgerError.notALedger(path: folder.path)) {
        try SQLiteStore.open(path: folder.path, mode: mode)
      }
    }
    #expect(try folder.bytes() == before)
  }

  @Test("a newer format and another key are refused")
  func formatAndKey() throws {
    let folder = try LedgerFolder()
    try folder.create().close()
    let stranger = try SigningKey(generatingFor: "example.com/sqlite")
    #expect(
      throws: LedgerError.keyMismatch(
        expected: folder.key.verifierKey.text, found: stranger.verifierKey.text)
    ) { try SQLiteStore.open(path: folder.path, mode: .create(stranger)) }
    try folder.edit("PRAGMA user_version = 2")
    #expect(throws: LedgerError.newerFormat(found: 2, supported: 1)) {
      try SQLiteStore.open(path: folder.path, mode: .readOnly)
    }
  }

  @Test("reading only: sees what writers add, and can't write")
  func readOnly() throws {
    let folder = try LedgerFolder()
    let writer = try folder.create()
    _ = try writer.append(Samples.submission(0))
    let reader = try SQLiteStore.open(path: folder.path, mode: .readOnly)
    #expect(reader.verifierKey == folder.key.verifierKey)
    #expect(try reader.size() == 1)
    _ = try writer.append(Samples.submission(1))
    #expect(try reader.size() == 2)
    #expect(throws: LedgerError.readOnly) { try reader.append(Samples.submission(2)) }
    #expect(throws: LedgerError.readOnly) {
      try reader.erase(payloadAt: 0, recording: Samples.erasure(of: 0))
    }
    #expect(try reader.audit(trusting: reader.verifierKey, inspect: Samples.inspect).isSound)
    // A snapshot that a reader holds doesn't stop the writer, and doesn't move.
    try reader.withAuditSnapshot { snapshot throws(LedgerError) in
      let before = try snapshot.entryCount()
      _ = try writer.append(Samples.submission(2))
      #expect(try snapshot.entryCount() == before)
    }
    #expect(try reader.size() == 3)
  }

  @Test("stores of several processes' kind append to one file: one tree, nothing lost")
  func severalWriters() async throws {
    let folder = try LedgerFolder()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<3 {
        let (path, key) = (folder.path, folder.key)
        group.addTask {
          // Each opens the file itself, the first of them makes it.
          let store = try SQLiteStore.open(path: path, mode: .create(key))
          for number in 0..<30 {
            let body = Array("\(writer)/\(number)".utf8)
            _ = try store.append(
              (0..<4).map {
                try Submission(body: body, kind: "a", key: "\(writer)/\(number)/\($0)")
              })
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try SQLiteStore.open(path: folder.path, mode: .readOnly)
    #expect(try store.size() == 360)
    let report = try store.audit(trusting: folder.key.verifierKey) { _ in
      AuditInspection(columns: nil)
    }
    #expect(report.isSound, "\(report.problems)")
    #expect(report.checkpointsChecked == 91)
  }

  @Test("erased bytes are in no file any more")
  func erasure() throws {
    let folder = try LedgerFolder()
    let store = try folder.create()
    let secrets = [20, 900, 30_000].map { count in
      Array("SECRET\(count)".utf8) + Array(repeating: UInt8(ascii: "s"), count: count)
    }
    for (number, secret) in secrets.enumerated() {
      let payload = Payload(address: .sha256(secret), bytes: secret)
      _ = try store.append(Submission(body: [UInt8(number)], kind: "a", payload: payload))
    }
    for (number, secret) in secrets.enumerated() {
      let mark = Data(secret.prefix(12))
      #expect(try folder.bytes().range(of: mark) != nil)
      _ = try store.erase(
        payloadAt: UInt64(number), recording: Submission(body: [9], kind: "e", key: "e\(number)"))
      #expect(try folder.bytes().range(of: mark) == nil)
    }
    #expect(try folder.bytes().range(of: Data(repeating: UInt8(ascii: "s"), count: 12)) == nil)
  }

  @Test("views are made, kept, and made anew when they change")
  func views() throws {
    let folder = try LedgerFolder()
    func sql(_ kind: String) -> String {
      "DROP VIEW IF EXISTS found; CREATE VIEW found AS"
        + " SELECT entry_index FROM entry WHERE kind = '\(kind)'"
    }
    func count(_ store: SQLiteStore) throws -> Int? {
      let queue = try DatabaseQueue(path: folder.path)
      return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM found") }
    }
    let first = try folder.create(views: [sql("result")])
    _ = try first.append((0..<9).map { try Samples.submission($0) })
    #expect(try count(first) == 3)
    try first.close()
    let second = try folder.create(views: [sql("decision")])
    #expect(try count(second) == 6)
    #expect(try second.audit(trusting: second.verifierKey, inspect: Samples.inspect).isSound)
    try second.close()
    // A reader of another version takes the views as they are, as long as nobody changed them.
    let reader = try SQLiteStore.open(path: folder.path, mode: .readOnly, views: [sql("result")])
    let report = try reader.audit(trusting: reader.verifierKey, inspect: Samples.inspect)
    #expect(report.isSound && report.notes.count == 1)
    try folder.edit("DROP VIEW found; CREATE VIEW found AS SELECT 1 AS entry_index")
    let changed = try reader.audit(trusting: reader.verifierKey, inspect: Samples.inspect)
    #expect(!changed.isSound)
  }

  @Test("a writer refuses to go on from a damaged end")
  func damagedEnd() throws {
    let edits = [
      "UPDATE entry SET leaf_hash = zeroblob(32) WHERE entry_index = 4",
      "DELETE FROM entry WHERE entry_index = 4", "DELETE FROM checkpoint WHERE tree_size = 5",
      "UPDATE checkpoint SET note = replace(note, 'sqlite', 'sqlitf') WHERE tree_size = 5",
      "INSERT INTO entry VALUES (5, zeroblob(32), 'a', NULL, NULL, NULL, NULL, x'00')",
    ]
    for edit in edits {
      let folder = try LedgerFolder()
      let store = try folder.create()
      for number in 0..<5 { _ = try store.append(Samples.submission(number)) }
      try store.close()
      try folder.edit(edit)
      let again = try folder.create()
      #expect(throws: LedgerError.self, "\(edit)") { try again.append(Samples.submission(5)) }
    }
  }
}
