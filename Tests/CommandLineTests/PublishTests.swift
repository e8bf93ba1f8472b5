import Foundation
import Testing

@Suite("publish") struct PublishTests {
  /// A ledger with version 1.0.0 of `loan`, and how it looks.
  private func ledger() throws -> (folder: Folder, state: [String]) {
    let folder = try Samples.ledger()
    return (folder, try state(folder))
  }

  private func state(_ folder: Folder) throws -> [String] {
    try folder.query("SELECT * FROM release ORDER BY ledger_index")
  }

  private func expectRefused(
    _ source: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (folder, before) = try ledger()
    try folder.write("next.xml", source)
    let model = Samples.model.replacingOccurrences(of: "1.0.0", with: "1.1.0")
    try folder.write("model2.xml", model)
    // What is published together is refused together.
    let run = try folder.leafproof("publish", "model2.xml", "next.xml")
    #expect(run.status == 1, sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    for word in words + ["nothing was published"] {
      #expect(
        run.errors.contains(word), "\(word): \(run.errors)", sourceLocation: sourceLocation)
    }
    #expect(try state(folder) == before, sourceLocation: sourceLocation)
    try folder.succeed("verify", sourceLocation: sourceLocation)
  }

  @Test("a published leaf ID can't change its outcome")
  func changedOutcome() throws {
    let tree = Samples.tree.replacingOccurrences(
      of: "\"LOW\" outcome=\"decline\" reasons=\"R1\"", with: "\"LOW\" outcome=\"approve\"")
    #expect(tree != Samples.tree)
    try expectRefused(
      Samples.ruleSet(version: "1.1.0", tree), "loan@1.1.0", "`LOW`", "[leaf-outcome]")
  }

  @Test("a published leaf ID can't change its adverse flag")
  func changedAdverseFlag() throws {
    let source = Samples.ruleSet(version: "1.1.0", Samples.tree)
    try expectRefused(
      source.replacingOccurrences(of: " adverse=\"true\"", with: ""), "`LOW`", "[leaf-adverse]")
  }

  @Test("a retired leaf ID is never given again")
  func retiredLeaf() throws {
    let (folder, _) = try ledger()
    try folder.write(
      "2.xml",
      Samples.ruleSet(
        version: "2.0.0", Samples.tree.replacingOccurrences(of: "\"HIGH\"", with: "\"HIGHER\"")))
    try folder.succeed("publish", "2.xml")
    try folder.write("3.xml", Samples.ruleSet(version: "3.0.0", Samples.tree))
    let run = try folder.leafproof("publish", "3.xml")
    #expect(run.status == 1)
    #expect(run.errors.contains("`HIGH`") && run.errors.contains("[leaf-reused]"))
  }

  @Test("a version never changes; the same content again is no news")
  func sameVersion() throws {
    try expectRefused(
      Samples.ruleSet(Samples.tree.replacingOccurrences(of: "620", with: "621")),
      "loan@1.0.0", "[version-taken]")
    let (folder, before) = try ledger()
    let again = try folder.succeed("publish", "--json", "ruleset.xml", "pipeline.xml")
    #expect(again.output.components(separatedBy: "\"recorded\": \"earlier\"").count == 3)
    #expect(try state(folder) == before)
  }

  @Test("a reference must be published before or with it")
  func unknownReference() throws {
    try expectRefused(
      Samples.pipeline(version: "2.0.0", rules: "loan@7.0.0"), "loan@7.0.0",
      "[unknown-reference]")
  }

  @Test("a file with errors, or none at all, stops the whole publication and makes no ledger")
  func brokenFiles() throws {
    let folder = try Folder()
    try folder.write("good.xml", Samples.model)
    try folder.write("bad.xml", Samples.ruleSet(""))
    let bad = try folder.leafproof("publish", "good.xml", "bad.xml")
    #expect(bad.status == 1 && bad.errors.contains("bad.xml:") && bad.output.isEmpty)
    #expect(try folder.leafproof("publish", "good.xml", "nothing.xml").status == 3)
    #expect(!folder.has("leafproof.sqlite") && !folder.has("leafproof.sqlite.key"))
  }

  @Test("--from: a version decides from its date on, and not before")
  func effectiveDate() throws {
    let (folder, _) = try ledger()
    try folder.write("2.xml", Samples.pipeline(version: "2.0.0"))
    try folder.succeed("publish", "--from", "2999-01-01", "2.xml")
    #expect(
      try folder.query(
        "SELECT effective_from, effective_until IS NULL FROM release WHERE version = '2.0.0'")
        == ["2999-01-01T00:00:00.000Z|1"])
    #expect(
      try folder.query(
        "SELECT effective_until FROM release WHERE kind = 'pipeline' AND version = '1.0.0'")
        == ["2999-01-01T00:00:00.000Z"])
    let request = Samples.request("A", income: "1")
    let run = try folder.succeed("decide", "loans", "--input", "-", input: request)
    #expect(try run.objects().first?.object("pipeline")?["version"] == "1.0.0")
    try folder.write("3.xml", Samples.pipeline(version: "3.0.0"))
    let past = try folder.leafproof("publish", "--from", "2020-01-01", "3.xml")
    #expect(past.status == 1 && past.errors.contains("[effective-in-the-past]"))
    #expect(try folder.leafproof("publish", "--from", "2027-02-30", "3.xml").status == 2)
  }

  @Test("the signing key is made once, for its owner only; a ledger without it stays unwritten")
  func signingKey() throws {
    let (folder, before) = try ledger()
    let key = folder.file("leafproof.sqlite.key").path
    let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    try folder.write("model2.xml", Samples.model.replacingOccurrences(of: "1.0.0", with: "1.1.0"))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    let open = try folder.leafproof("publish", "model2.xml")
    #expect(open.status == 4 && open.errors.contains("chmod 600"))
    try FileManager.default.removeItem(atPath: key)
    let none = try folder.leafproof("publish", "model2.xml")
    #expect(none.status == 4 && none.errors.contains("--key"))
    #expect(!folder.has("leafproof.sqlite.key"))
    #expect(try state(folder) == before)
  }
}
