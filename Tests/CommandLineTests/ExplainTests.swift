import Foundation
import Testing

@Suite("explain and replay") struct ExplainTests {
  @Test("text: the path with values and thresholds, what the other branches needed, the proof")
  func text() throws {
    let folder = try Samples.decided()
    let run = try folder.succeed("explain", "CASE-1")
    // Times, digests and the key differ from run to run; the rest is what a reader sees.
    let stable = run.output
      .replacing(try Regex("[0-9-]{10}T[0-9:.]{12}Z"), with: "TIME")
      .replacing(try Regex("sha256:[0-9a-f]{64}"), with: "sha256:DIGEST")
    try TestData.expectGolden(stable, "explain.txt")
    #expect(run.output.contains("needed >= 620, had 611"))
    #expect(!run.output.contains("\u{1B}"), "no colours where there is no terminal")
  }

  @Test("JSON: the same for programs")
  func json() throws {
    let folder = try Samples.decided()
    let explanation = try JSONObject(
      line: folder.succeed("explain", "CASE-1", "--format", "json").output)
    #expect(explanation["case_id"] == "CASE-1" && explanation["verdict"] == "identical")
    #expect(explanation.object("proof")?.flag("verified") == true)
    let result = try #require(explanation.objects("results").first)
    let stage = try #require(result.objects("stages").first)
    #expect(stage["leaf"] == "LOW" && stage.flag("adverse") == true)
    let step = try #require(stage.objects("path").first)
    #expect(step.object("met")?["value"] == "611")
    #expect(step.objects("others").first?["gap"]?.hasPrefix("needed >= 620, had 611") == true)
  }

  @Test("what would have changed it: as many as asked for, for an outcome that there is")
  func counterfactuals() throws {
    let folder = try Samples.decided()
    func found(_ options: String...) throws -> [JSONObject]? {
      let arguments = ["explain", "CASE-1", "--format", "json"] + options
      let run = try folder.start(arguments, input: "").finish()
      let result = try JSONObject(line: run.output).objects("results").first
      return result?.object("counterfactuals")?.objects("found")
    }
    let change = try #require(try found()?.first?.objects("changes").first)
    #expect(change.object("from")?["value"] == "611" && change.object("to")?["value"] == "620")
    #expect(try found("--changes", "0") == nil)
    #expect(try found("--outcome", "approve", "--changes", "1")?.count == 1)
    #expect(try found("--redact", "thresholds") == nil)
    let unknown = try folder.leafproof("explain", "CASE-1", "--outcome", "maybe")
    #expect(unknown.status == 1 && unknown.errors.contains("it can with"))
    #expect(try folder.leafproof("explain", "CASE-1", "--changes", "21").status == 2)
    #expect(
      try folder.leafproof("explain", "CASE-1", "--changes", "0", "--outcome", "x").status == 2)
  }

  @Test("one candidate of many")
  func candidate() throws {
    let folder = try Samples.shop()
    try folder.succeed("decide", "page", "--input", "-", input: Samples.products)
    let dear = try folder.succeed("explain", "PAGE-1", "--candidate", "E").output
    #expect(dear.contains("leaf DEAR") && !dear.contains("leaf OUT"))
    let all = try folder.succeed("explain", "PAGE-1").output
    #expect(all.contains("leaf DEAR") && all.contains("leaf OUT"))
    #expect(try folder.leafproof("explain", "PAGE-1", "--candidate", "Z").status == 1)
  }

  @Test("a refusal is explained by its problems")
  func refusal() throws {
    let folder = try Samples.ledger()
    try folder.succeed(
      "decide", "loans", "--input", "-", input: "{\"case_id\": \"R\", \"inputs\": {\"age\": 4}}")
    let run = try folder.succeed("explain", "R")
    #expect(run.output.contains("refused") && run.output.contains("income"))
    #expect(try folder.succeed("replay", "R").output.contains("(refusal, entry 3): identical"))
  }

  @Test("a later version changes no old decision")
  func laterVersion() throws {
    let folder = try Samples.decided()
    let before = try folder.succeed("explain", "CASE-1").output
    try folder.write(
      "2.xml",
      Samples.ruleSet(
        version: "2.0.0",
        Samples.tree.replacingOccurrences(of: "620", with: "600")))
    try folder.write("p2.xml", Samples.pipeline(version: "2.0.0", rules: "loan@2.0.0"))
    try folder.succeed("publish", "2.xml", "p2.xml")
    let run = try folder.succeed(
      "decide", "loans", "--input", "-", input: Samples.request("CASE-3", income: "611"))
    #expect(try run.objects().first?["leaf"] == "HIGH")
    let after = try folder.succeed("explain", "CASE-1").output
    #expect(
      after.replacingOccurrences(of: "signed tree of 8 entries", with: "signed tree of 5 entries")
        == before)
    let replay = try folder.succeed("replay", "--all", "--json")
    let summary = try JSONObject(line: replay.output)
    #expect(summary.integer("total") == 3 && summary.flag("sound") == true)
    #expect(summary.object("counts")?.integer("identical") == 3)
  }

  @Test("an unknown case is an error with exit code 1, a wrong call one with 2")
  func unknown() throws {
    let folder = try Samples.decided()
    for command in ["explain", "replay", "receipt", "erase"] {
      let run = try folder.leafproof(command, "CASE-9")
      #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("CASE-9"))
    }
    #expect(try folder.leafproof("replay").status == 2)
    #expect(try folder.leafproof("replay", "CASE-1", "--all").status == 2)
  }

  @Test("a changed entry: explain and replay say so and exit with 1, no receipt is given")
  func changed() throws {
    let folder = try Samples.decided()
    _ = try folder.query(
      """
      UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'decline', 'approve') AS BLOB)
      WHERE subject = 'CASE-1'
      """)
    let explain = try folder.leafproof("explain", "CASE-1")
    #expect(explain.status == 1 && explain.output.contains("NOT verified"))
    let replay = try folder.leafproof("replay", "--all")
    #expect(replay.status == 1 && replay.output.contains("CASE-1"))
    let receipt = try folder.leafproof("receipt", "CASE-1")
    #expect(receipt.status == 1 && receipt.output.isEmpty)
  }
}
