import Foundation
import Testing

@Suite("export") struct ExportTests {
  /// The files of a bundle, unpacked into the folder `bundle` by a program that isn't ours.
  private static func unpack(_ folder: Folder, _ archive: String = "case.zip") throws -> [String] {
    try? FileManager.default.removeItem(at: folder.file("bundle"))
    let python = try #require(Program.tool("python3"))
    let run = try folder.start(python, ["-m", "zipfile", "-e", archive, "bundle"]).finish()
    #expect(run.status == 0, "\(run.errors)")
    return TestData.files(in: folder.file("bundle")) { !$0.isEmpty }
      .filter {
        !$0.hasSuffix("/") && (try? FileManager.default.contentsOfDirectory(atPath: $0)) == nil
      }
      .map { String($0.dropFirst(folder.file("bundle").path.count + 1)) }
  }

  @Test("the same ledger gives the same bytes, which other programs unpack")
  func deterministic() throws {
    let folder = try Samples.decided()
    let first = try folder.succeed("export", "CASE-1", "--output", "case.zip")
    try folder.succeed("export", "CASE-1", "-o", "again.zip")
    #expect(try folder.data("case.zip") == folder.data("again.zip"))
    let digest = try folder.shell("sha256sum < case.zip").output.prefix(64)
    #expect(first.output.contains("digest  sha256:\(digest)\n"))
    let test = try folder.shell("python3 -m zipfile -t case.zip && unzip -tq case.zip")
    #expect(test.output.contains("Done testing"), "\(test.errors)")
    if Program.tool("unzip") != nil { #expect(test.status == 0, "\(test.errors)") }
    try folder.succeed("record", "result", "CASE-2", "--value", "paid=1")
    try folder.succeed("export", "CASE-1", "-o", "later.zip")
    #expect(try folder.data("case.zip") != folder.data("later.zip"), "the tree has grown")
  }

  @Test("what is in it: entry, payload, sources, programs, receipts, what came later")
  func contents() throws {
    let folder = try Samples.decided()
    try folder.succeed("record", "result", "CASE-1", "--value", "paid=80")
    try folder.succeed(
      "receipt", "CASE-1", "--output", "one.tlog-proof", "--entry-output", "one.json")
    try folder.succeed("compile", "ruleset.xml", "-o", "one.lprg")
    try folder.succeed("export", "CASE-1", "-o", "case.zip")
    #expect(
      try Self.unpack(folder) == [
        "SHA256SUMS", "VERIFY.md", "bundle.json", "checkpoint", "decision/entry.json",
        "decision/payload.json", "decision/receipt.tlog-proof", "events/5-result/entry.json",
        "events/5-result/payload.json", "events/5-result/receipt.tlog-proof", "explanation.html",
        "explanation.json", "key.vkey", "releases/0-model/definition.bin",
        "releases/0-model/entry.json", "releases/0-model/payload.json",
        "releases/0-model/receipt.tlog-proof", "releases/0-model/source.xml",
        "releases/1-ruleset/entry.json", "releases/1-ruleset/payload.json",
        "releases/1-ruleset/program.lprg", "releases/1-ruleset/receipt.tlog-proof",
        "releases/1-ruleset/source.xml", "releases/1-ruleset/wording.lpwd",
        "releases/2-pipeline/definition.bin", "releases/2-pipeline/entry.json",
        "releases/2-pipeline/payload.json", "releases/2-pipeline/receipt.tlog-proof",
        "releases/2-pipeline/source.xml",
      ])
    for (inside, outside) in [
      ("decision/entry.json", "one.json"), ("decision/receipt.tlog-proof", "one.tlog-proof"),
      ("releases/1-ruleset/source.xml", "ruleset.xml"),
      ("releases/1-ruleset/program.lprg", "one.lprg"),
    ] {
      #expect(try folder.data("bundle/\(inside)") == folder.data(outside), "\(inside)")
    }
    let check = try folder.shell(
      """
      "$leafproof" verify --receipt bundle/events/5-result/receipt.tlog-proof \\
        --key bundle/key.vkey && cd bundle && sha256sum --check --strict SHA256SUMS
      """)
    #expect(check.status == 0, "\(check.errors)")
    let explanation = try JSONObject(line: folder.text("bundle/explanation.json"))
    #expect(explanation["verdict"] == "identical")
    #expect(try folder.text("bundle/VERIFY.md").contains("Nothing was erased."))
  }

  @Test(
    "VERIFY.md's commands check each part, and find what was changed",
    .enabled(
      if: ["openssl", "xmllint", "python3"].allSatisfy { Program.tool($0) != nil },
      "openssl, xmllint or python3 is not installed"))
  func guide() throws {
    let folder = try Samples.decided()
    try folder.succeed("export", "CASE-1", "-o", "case.zip")
    _ = try Self.unpack(folder)
    let guide = try folder.text("bundle/VERIFY.md")
    let blocks = guide.components(separatedBy: "   ```sh\n").dropFirst().map { part in
      part.components(separatedBy: "   ```\n")[0].split(separator: "\n").map { $0.dropFirst(3) }
        .joined(separator: "\n")
    }
    #expect(blocks.count == 5)
    func statuses() throws -> [Bool] {
      try blocks.map { try folder.shell("set -euo pipefail; cd bundle\n\($0)\n").status == 0 }
    }
    #expect(try statuses() == [true, true, true, true, true])
    let digests = try folder.shell("set -euo pipefail; cd bundle\n\(blocks[4])\n").output
    for name in ["source", "program", "definition"] {
      for match in digests.matches(of: try Regex("\"\(name)_digest\":\"([0-9a-f]{64})\"")) {
        let digest = match.output[1].substring ?? ""
        #expect(digests.contains("\n\(digest)  "), "\(name)")
      }
    }
    for (file, findings) in [
      ("checkpoint", [false, false, false, true, true]),
      ("decision/entry.json", [false, true, false, true, true]),
      ("decision/payload.json", [false, true, true, false, true]),
    ] {
      let whole = try folder.data("bundle/\(file)")
      var changed = whole
      // A digit of the tree's size, of a digest's name, of the payload's salt.
      let mark = file == "checkpoint" ? "\n5\n" : file.contains("entry") ? "decline" : "\"age\":40"
      let place = try #require(changed.range(of: Data(mark.utf8)))
      changed[place.lowerBound + mark.utf8.count - 2] ^= 1
      try folder.write("bundle/\(file)", changed)
      #expect(try statuses() == findings, "\(file)")
      try folder.write("bundle/\(file)", whole)
    }
  }

  @Test("an erased case: the bundle says what is gone, and still proves the rest")
  func erased() throws {
    let folder = try Samples.decided()
    try folder.succeed("record", "result", "CASE-1", "--value", "paid=80")
    try folder.succeed("erase", "CASE-1", "--reason", "request 7")
    let run = try folder.succeed("export", "CASE-1", "-o", "case.zip")
    #expect(run.output.contains("erased  the payload of entry 3\n"))
    #expect(run.output.contains("erased  the payload of entry 5\n"))
    let files = try Self.unpack(folder)
    #expect(
      !files.contains("decision/payload.json") && !files.contains("events/5-result/payload.json"))
    #expect(files.contains("events/6-erasure/entry.json"))
    let guide = try folder.text("bundle/VERIFY.md")
    #expect(guide.contains("Entry 3 (`decision`): its payload was destroyed, as entry 6 records."))
    let decision = try JSONObject(line: folder.text("bundle/bundle.json")).object("decision")
    #expect(decision?.integer("erased_by") == 6)
    for file in ["decision/entry.json", "explanation.json", "explanation.html"] {
      #expect(try folder.text("bundle/\(file)").firstMatch(of: /\b611\b/) == nil, "\(file)")
    }
  }

  @Test(
    "a refusal, and case IDs that no file system likes",
    arguments: [
      "R", "../../up", "loan@1.0.0", "`rm` <b>|\u{202E}", String(repeating: "é", count: 200),
    ])
  func strangeCases(_ caseID: String) throws {
    let folder = try Samples.ledger()
    let requests = [4, 5].map { "{\"case_id\": \"\(caseID)\", \"inputs\": {\"age\": \($0)}}\n" }
    try folder.succeed("decide", "loans", "--input", "-", input: requests.joined())
    try folder.succeed("export", caseID, "-o", "case.zip")
    let files = try Self.unpack(folder)
    #expect(files.contains("decision/entry.json") && files.contains("events/3-refusal/entry.json"))
    #expect(files.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9.\/-]+/) != nil && !$0.contains("..") })
    #expect(!files.contains { $0.hasPrefix("events/") && $0.contains("release") })
    #expect(try !folder.text("bundle/VERIFY.md").contains("\u{202E}"))
  }

  @Test("no such case, a case that doesn't verify: exit code 1, and no file")
  func refused() throws {
    let folder = try Samples.decided()
    let unknown = try folder.leafproof("export", "CASE-9", "-o", "case.zip")
    #expect(unknown.status == 1 && unknown.errors.contains("CASE-9") && unknown.output.isEmpty)
    _ = try folder.query(
      """
      UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'decline', 'approve') AS BLOB)
      WHERE subject = 'CASE-1'
      """)
    let changed = try folder.leafproof("export", "CASE-1", "-o", "case.zip")
    #expect(changed.status == 1 && changed.errors.contains("doesn't verify"), "\(changed.errors)")
    #expect(!folder.has("case.zip"))
  }

  @Test("output that can't be written: exit code 5, nothing half-written, what was there stays")
  func unwritable() throws {
    let folder = try Samples.ledger(note: String(repeating: "A long source. ", count: 3_000))
    let request = Samples.request("CASE-1", income: "611")
    try folder.succeed("decide", "loans", "--input", "-", input: request)
    let nowhere = try folder.leafproof("export", "CASE-1", "-o", "no/such/case.zip")
    #expect(nowhere.status == 5 && nowhere.errors.contains("no/such/case.zip"))
    try folder.write("case.zip", "what was there")
    // A file may grow to 40 KiB: enough to read the ledger, not for the bundle.
    let full = try folder.shell(
      "trap '' XFSZ; ulimit -f 40; \"$leafproof\" export CASE-1 -o case.zip")
    #expect(full.status == 5, "\(full.status) \(full.errors)")
    #expect(try folder.text("case.zip") == "what was there")
    #expect(TestData.files(in: folder.url) { $0.hasSuffix(".new") }.isEmpty)
  }
}

@Suite("output that would destroy evidence") struct ProtectedOutputTests {
  @Test("neither ledger nor key is replaced, whatever command is told to")
  func protected() throws {
    let folder = try Samples.decided()
    let ledger = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder.url.path).first {
        $0.hasSuffix(".sqlite")
      })
    for target in [ledger, ledger + ".key"] {
      let before = try Data(contentsOf: folder.url.appendingPathComponent(target))
      for command in [["explain"], ["export"], ["receipt"]] {
        let run = try folder.start(command + ["CASE-1", "--output", target]).finish()
        #expect(run.status == 5 && run.errors.contains("a ledger or a signing key"), "\(command)")
      }
      #expect(try Data(contentsOf: folder.url.appendingPathComponent(target)) == before)
    }
  }

  @Test("what is named in several --redact is withheld together")
  func redactions() throws {
    let folder = try Samples.decided()
    let both = try folder.succeed("explain", "CASE-1", "--redact", "scores,thresholds").output
    let apart = ["explain", "CASE-1", "--redact", "scores", "--redact", "thresholds"]
    #expect(try folder.start(apart).finish().output == both)
    #expect(!both.contains("500") && !both.contains("620"))
    #expect(try folder.leafproof("explain", "CASE-1", "--redact", "").status == 2)
  }
}
