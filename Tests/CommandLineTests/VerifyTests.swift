import Foundation
import Testing

@Suite("verify and receipt") struct VerifyTests {
  /// A change behind the ledger's back, and what `verify` must name.
  struct Tampering: CustomTestStringConvertible, Sendable {
    let sql: String
    let named: String
    var testDescription: String { sql }
  }

  /// Changes byte `at` of a column by one bit.
  private static func flip(
    _ table: String, _ column: String, at byte: Int, where row: String, type: String = "BLOB"
  ) -> String {
    let old = "CAST(\(column) AS BLOB)"
    return """
      UPDATE \(table) SET \(column) = CAST(substr(\(old), 1, \(byte)) ||
        CASE hex(substr(\(old), \(byte) + 1, 1)) WHEN '41' THEN x'42' ELSE x'41' END ||
        substr(\(old), \(byte) + 2) AS \(type)) WHERE \(row)
      """
  }

  static let tamperings: [Tampering] =
    [0, 2, 3, 4].flatMap { index in
      [0, 40, 120].map {
        Tampering(
          sql: flip("entry", "body", at: $0, where: "entry_index = \(index)"),
          named: "entry \(index): ")
      }
    }
    + [1, 3, 4].flatMap { index in
      [1, 30, 90].map {
        Tampering(
          sql: flip("payload", "body", at: $0, where: "entry_index = \(index)"),
          named: "entry \(index)")
      }
    }
    + [
      Tampering(
        sql: flip("entry", "leaf_hash", at: 9, where: "entry_index = 3"), named: "entry 3: "),
      Tampering(
        sql: flip("entry", "subject", at: 2, where: "entry_index = 3", type: "TEXT"),
        named: "entry 3: "),
      Tampering(
        sql: flip("checkpoint", "note", at: 25, where: "tree_size = 5", type: "TEXT"),
        named: "checkpoint"),
      Tampering(
        sql: flip("checkpoint", "note", at: 120, where: "tree_size = 3", type: "TEXT"),
        named: "checkpoint"),
      Tampering(sql: "DELETE FROM entry WHERE entry_index = 3", named: "entry 3"),
      Tampering(sql: "DELETE FROM payload WHERE entry_index = 3", named: "entry 3"),
      Tampering(sql: "DELETE FROM checkpoint WHERE tree_size = 5", named: "checkpoint"),
      Tampering(
        sql: "UPDATE payload SET entry_index = entry_index + 100 WHERE entry_index = 4",
        named: "entry 4"),
      Tampering(
        sql: "DROP VIEW decision; CREATE VIEW decision AS SELECT 'approve' AS outcome",
        named: "view `decision`"),
      Tampering(
        sql: """
          CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM payload WHERE entry_index = 3; END
          """, named: "trigger `t`"),
    ]

  /// The undamaged ledger that every tampering starts from a copy of.
  private static let original = Result { try Samples.decided() }

  @Test("any change of the file is found, and the entry named", arguments: tamperings)
  func tampering(_ tampering: Tampering) throws {
    let original = try Self.original.get()
    let folder = try Folder()
    try folder.write("leafproof.sqlite", original.data("leafproof.sqlite"))
    try folder.write("leafproof.sqlite.key", original.data("leafproof.sqlite.key"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: folder.file("leafproof.sqlite.key").path)
    let before = try folder.query(".dump")
    _ = try folder.query(tampering.sql)
    #expect(try folder.query(".dump") != before, "nothing was changed")
    let run = try folder.leafproof("verify")
    #expect(run.status == 1, "\(run.output)\(run.errors)")
    #expect(run.output.contains("NOT VERIFIED"))
    #expect(run.lines.contains { $0.contains(tampering.named) }, "\(run.output)")
    #expect(!run.lines.contains("verified"))
  }

  @Test("a tile's root changed")
  func tile() throws {
    let folder = try Samples.ledger()
    let requests = (0..<300).map { Samples.request("T\($0)", income: "\($0)") }
    try folder.succeed("decide", "loans", "--input", "-", input: requests.joined())
    try folder.succeed("verify")
    #expect(try folder.query("SELECT count(*) FROM tile") == ["1"])
    _ = try folder.query(Self.flip("tile", "root", at: 31, where: "tile_index = 0"))
    let run = try folder.leafproof("verify")
    #expect(run.status == 1 && run.output.contains("tile"), "\(run.output)")
  }

  @Test("a sound ledger: what was recomputed, in text and JSON")
  func sound() throws {
    let folder = try Samples.decided()
    let run = try folder.succeed("verify")
    #expect(run.output.contains("entries      5 recomputed"))
    #expect(run.output.contains("payloads     5 recomputed, 0 erased"))
    #expect(run.lines.last?.hasPrefix("verified") == true)
    let json = try JSONObject(line: folder.succeed("verify", "--json").output)
    #expect(json.flag("verified") == true && json.integer("entries") == 5)
    #expect(json.object("head")?.integer("size") == 5)
    // Without the key's file, the ledger's word for its key is all there is; it says so.
    try FileManager.default.removeItem(at: folder.file("leafproof.sqlite.key"))
    let unpinned = try folder.succeed("verify")
    #expect(unpinned.lines.last?.contains("--key") == true)
    #expect(
      try JSONObject(line: folder.succeed("verify", "--json").output).flag("key_pinned") == false)
  }

  @Test("a ledger put back to an older state is found by a checkpoint or receipt from before")
  func rolledBack() throws {
    let folder = try Samples.decided()
    let old = try folder.data("leafproof.sqlite")
    try folder.succeed(
      "decide", "loans", "--input", "-", input: Samples.request("CASE-3", income: "1"))
    try folder.succeed("receipt", "CASE-3", "--output", "known.tlog-proof")
    try folder.succeed("verify", "--known", "known.tlog-proof")
    for name in ["leafproof.sqlite-wal", "leafproof.sqlite-shm"] where folder.has(name) {
      try FileManager.default.removeItem(at: folder.file(name))
    }
    try folder.write("leafproof.sqlite", old)
    try folder.succeed("verify")
    let run = try folder.leafproof("verify", "--known", "known.tlog-proof")
    #expect(run.status == 1, "\(run.output)")
  }

  @Test("a receipt is checked without a ledger, with the verifier key alone; a changed one fails")
  func receipt() throws {
    let folder = try Samples.decided()
    let key = try JSONObject(line: folder.succeed("verify", "--json").output)["key"] ?? ""
    #expect(key.hasPrefix("bank.example/loans+"))
    let printed = try folder.succeed("receipt", "CASE-1").output
    let elsewhere = try Folder()
    try elsewhere.write("r.tlog-proof", printed)
    let run = try elsewhere.leafproof("verify", "--receipt", "r.tlog-proof", "--key", key)
    #expect(run.status == 0 && run.output.contains("case_id CASE-1"), "\(run.output)")
    #expect(run.lines.last == "verified")
    let bytes = Array(printed.utf8)
    for position in stride(from: 3, to: bytes.count - 1, by: bytes.count / 24) {
      var changed = bytes
      changed[position] =
        bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      try elsewhere.write("changed.tlog-proof", Data(changed))
      let bad = try elsewhere.leafproof("verify", "--receipt", "changed.tlog-proof", "--key", key)
      #expect(bad.status == 1 || bad.status == 3, "byte \(position)")
      #expect(!bad.lines.contains("verified"), "byte \(position)")
    }
    let stranger = try Samples.decided()
    let other = try JSONObject(line: stranger.succeed("verify", "--json").output)["key"] ?? ""
    let forged = try elsewhere.leafproof("verify", "--receipt", "r.tlog-proof", "--key", other)
    #expect(forged.status == 1)
    #expect(try elsewhere.leafproof("verify", "--receipt", "r.tlog-proof").status == 2)
  }

  @Test("a file that is no ledger")
  func noLedger() throws {
    let folder = try Folder()
    try folder.write("text.sqlite", String(repeating: "no ledger at all\n", count: 100))
    let text = try folder.leafproof("verify", "--ledger", "text.sqlite")
    #expect(text.status == 4 && text.output.isEmpty && text.errors.contains("text.sqlite"))
    _ = try folder.query("CREATE TABLE t (x)", ledger: "other.sqlite")
    #expect(try folder.leafproof("verify", "--ledger", "other.sqlite").status == 4)
    #expect(try folder.leafproof("verify", "--ledger", "none.sqlite").status == 4)
    // A folder is none either, and gets no key beside it.
    try folder.write("model.xml", Samples.model)
    try FileManager.default.createDirectory(
      at: folder.file("nested"), withIntermediateDirectories: false)
    for command in [["verify"], ["publish", "model.xml"]] {
      let run = try folder.start(command + ["--ledger", "nested"]).finish()
      #expect(run.status == 4 && run.errors.contains("--ledger PATH"), "\(run.errors)")
    }
    #expect(!folder.has("nested.key"))
    try folder.succeed("publish", "model.xml")
    _ = try folder.shell("ln -s leafproof.sqlite link.sqlite")
    try folder.succeed("verify", "--ledger", "link.sqlite")
    #expect(!folder.has("none.sqlite"))
  }
}
