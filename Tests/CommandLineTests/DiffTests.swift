import Foundation
import Testing

@Suite("diff") struct DiffTests {
  /// `ruleset.xml` (1.0.0, approves from 620 on) and, as `new.xml`, that with its tree changed.
  private static func folder(
    _ changes: (String, String)..., version: String = "1.1.0"
  ) throws -> Folder {
    let folder = try Folder()
    try folder.write("ruleset.xml", Samples.ruleSet(Samples.tree))
    try folder.write("new.xml", changed(changes, version))
    return folder
  }

  private static func changed(_ changes: [(String, String)], _ version: String) -> String {
    changes.reduce(Samples.ruleSet(version: version, Samples.tree)) {
      $0.replacingOccurrences(of: $1.0, with: $1.1)
    }
  }

  /// Declines from 620 to 650 and approves below: outcomes change both ways.
  private static let bothWays = [("&lt; 620", "[620..650)"), (">= 620", "&lt; 620, >= 650")]

  // MARK: - Two files

  @Test("a changed outcome is told with its region, reasons and a row, and exits with 1")
  func outcomes() throws {
    let folder = try Self.folder(("620", "650"))
    let run = try folder.leafproof("diff", "ruleset.xml", "new.xml")
    #expect(run.status == 1 && run.errors.isEmpty)
    let lines = run.lines
    #expect(lines.first == "old  ruleset.xml (loan 1.0.0, 2 leaves)")
    let head = try #require(lines.firstIndex(of: "approve -> decline  (HIGH -> LOW)"))
    #expect(lines[head + 1] == "  where income is [620..650)")
    #expect(lines[head + 2] == "  reasons none -> R1")
    #expect(lines.contains("leaves moved: HIGH, LOW"))
    #expect(lines.suffix(2).first == "outcomes change")
    // The row that is shown does what is said.
    let row = try #require(lines[head + 3].split(separator: " example ").last)
    try folder.write("row.jsonl", "\(row)\n")
    for (file, answer) in [("ruleset.xml", "1,approve,HIGH"), ("new.xml", "1,decline,LOW")] {
      #expect(try folder.succeed("eval", file, "--input", "row.jsonl").lines.last == answer)
    }
  }

  @Test("what keeps every outcome exits with 0, and is equivalent only when all is the same")
  func harmless() throws {
    let folder = try Self.folder(("income * 2", "income * 3"))
    let other = try folder.succeed("diff", "ruleset.xml", "new.xml")
    #expect(other.output.contains("approve, other outputs  (HIGH -> HIGH)"))
    #expect(!other.output.contains("equivalent"))
    try folder.write("same.xml", Self.changed([("620", "620.00")], "1.0.1"))
    for pair in [["ruleset.xml", "same.xml"], ["ruleset.xml", "ruleset.xml"]] {
      let run = try folder.start(["diff"] + pair).finish()
      #expect(run.status == 0 && run.output.contains("\nequivalent: proven for every row\n"))
    }
  }

  @Test("JSON says the same for programs")
  func json() throws {
    let folder = try Self.folder(("620", "650"))
    let run = try folder.leafproof("diff", "--format", "json", "ruleset.xml", "new.xml")
    #expect(run.status == 1)
    let answer = try JSONObject(line: run.output)
    #expect(answer["verdict"] == "outcomes-change" && answer["version_step"] == "minor")
    let digest = try folder.succeed("compile", "new.xml").lines.last?.dropFirst(8)
    #expect(answer.object("new")?["program_digest"] == digest.map(String.init))
    let changes = answer.objects("changes")
    #expect(changes.count == 1)
    let change = try #require(changes.first)
    #expect(change.flag("certain") == true && change.strings("changes").contains("outcome"))
    #expect(change.object("old")?["leaf"] == "HIGH" && change.object("new")?["leaf"] == "LOW")
    #expect(change.object("new")?.strings("reasons") == ["R1"])
    #expect(change.objects("where").first?["is"] == "[620..650)")
    #expect((change.object("witness")?.integer("income")).map { (620..<650) ~= $0 } == true)
    #expect(answer.object("past_decisions") == nil)
    let same = try folder.succeed("diff", "--format", "json", "ruleset.xml", "ruleset.xml")
    #expect(try JSONObject(line: same.output)["verdict"] == "equivalent")
  }

  @Test("HTML is one well-formed page without scripts, and escapes what files say")
  func page() throws {
    let folder = try Self.folder(("620", "650"))
    let name = "<script>&.xml"
    try folder.write(name, folder.text("new.xml"))
    let run = try folder.leafproof("diff", "--format", "html", "ruleset.xml", name)
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("<!DOCTYPE html>\n"))
    #expect(!run.output.contains("<script") && run.output.contains("&lt;script&gt;&amp;.xml"))
    #expect(run.output.contains("income is [620..650)"))
    #expect(run.output.contains("Content-Security-Policy"))
    guard let tool = Program.tool("xmllint") else { return }
    try folder.write("page.html", run.output)
    let check = try folder.start(tool, ["--html", "--noout", "page.html"]).finish()
    // Its parser knows HTML 4 only.
    let newer = ["main", "section", "bdi"]
    let faults = check.errors.split(separator: "\n").filter { line in
      line.contains("error") && !newer.contains { line.contains("Tag \($0) ") }
    }
    #expect(faults.isEmpty, "\(faults)")
  }

  @Test("another interface exits with 1: an input's type, a removed outcome")
  func interface() throws {
    let folder = try Self.folder(
      (
        "name=\"score\" type=\"number\" origin=\"model\" min=\"0\" max=\"1000\"",
        "name=\"score\" type=\"string\" origin=\"model\""
      ))
    let run = try folder.leafproof("diff", "ruleset.xml", "new.xml")
    #expect(run.status == 1 && run.output.contains("input score: number -> string"))
    #expect(run.output.contains("needs a major step"))
    let json = try folder.leafproof("diff", "--format", "json", "ruleset.xml", "new.xml")
    #expect(try JSONObject(line: json.output)["verdict"] == "incomparable")
  }

  @Test("compiled files are compared too, and two rule sets with a warning")
  func otherFiles() throws {
    let folder = try Self.folder(("620", "650"), ("id=\"loan\"", "id=\"card\""))
    let run = try folder.leafproof("diff", "ruleset.xml", "new.xml")
    #expect(run.status == 1)
    #expect(run.errors == "warning: loan and card are two rule sets, not two versions of one\n")
    try folder.succeed("compile", "new.xml", "-o", "new.lpp")
    let compiled = try folder.leafproof("diff", "ruleset.xml", "new.lpp")
    #expect(compiled.status == 1 && compiled.errors.isEmpty)
    #expect(compiled.output.contains("approve -> decline  (HIGH -> LOW)"))
  }

  @Test(
    "what can't be compared says why, and prints nothing",
    arguments: [
      (["none.xml"], 3, "none.xml: error: can't be read: No such file"),
      (["pipeline.xml"], 3, "pipeline.xml: error: is a pipeline, not a rule set"),
      (["."], 3, ".: error: is a directory"),
      (["broken.xml"], 1, "broken.xml:"),
      (["damaged.lpp"], 3, "damaged.lpp: error: "),
      (["new.xml", "--format", "yaml"], 2, "--format"),
      (["new.xml", "--on", "none.sqlite"], 4, "there is no ledger at none.sqlite"),
      (["new.xml", "--on", "pipeline.xml"], 4, "pipeline.xml isn't a ledger"),
      (["card.xml", "--on", "none.sqlite"], 2, "two versions of one rule set"),
    ])
  func refused(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let folder = try Self.folder(("620", "650"))
    try folder.write("pipeline.xml", Samples.pipeline())
    try folder.write("broken.xml", Samples.ruleSet(""))
    try folder.write("damaged.lpp", "LPRG and no more")
    try folder.write(
      "card.xml",
      folder.text("new.xml").replacingOccurrences(of: "id=\"loan\"", with: "id=\"card\""))
    let run = try folder.start(["diff", "ruleset.xml"] + arguments).finish()
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(!folder.has("none.sqlite"))
  }

  // MARK: - Past decisions

  /// Four decided cases, by incomes of 611, 620.5, 640 and 900, and both ways of change.
  private func decided() throws -> Folder {
    let folder = try Samples.decided()
    try folder.succeed(
      "decide", "loans", "--input", "-",
      input: Samples.request("CASE-3", income: "640") + Samples.request("CASE-4", income: "900"))
    try folder.write("new.xml", Self.changed(Self.bothWays, "1.1.0"))
    return folder
  }

  @Test("--on tells past decisions that flip, adverse ones first, and leaves the ledger alone")
  func past() throws {
    let folder = try decided()
    let before = try folder.query("SELECT count(*) FROM decision")
    let run = try folder.leafproof("diff", "ruleset.xml", "new.xml", "--on", "leafproof.sqlite")
    #expect(run.status == 1)
    let lines = run.lines
    let start = try #require(lines.firstIndex(of: "past decisions"))
    #expect(lines[start + 1].hasPrefix("4 cases decided anew with rule set loan@1.1.0"))
    #expect(lines[start + 2] == "3 outcomes change, 2 of them from another to an adverse one")
    let adverse = lines.firstIndex { $0.hasPrefix("  approve    decline *") }
    let relief = lines.firstIndex { $0.hasPrefix("  decline *  approve") }
    #expect(try #require(adverse) < #require(relief))
    #expect(adverse.map { lines[$0].hasSuffix("  2  CASE-2, CASE-3") } == true, "\(lines)")
    #expect(relief.map { lines[$0].hasSuffix("  1  CASE-1") } == true, "\(lines)")
    #expect(try folder.query("SELECT count(*) FROM decision") == before)
    try folder.succeed("verify")
  }

  @Test("--on in JSON and HTML")
  func pastForms() throws {
    let folder = try decided()
    let arguments = ["diff", "ruleset.xml", "new.xml", "--on", "leafproof.sqlite", "--format"]
    let json = try folder.start(arguments + ["json"]).finish()
    let past = try #require(JSONObject(line: json.output).object("past_decisions"))
    let first = try #require(past.objects("flows").first)
    #expect(first.object("new")?.flag("adverse") == true && first.integer("count") == 2)
    #expect(first.objects("first").map { $0["case_id"] } == ["CASE-2", "CASE-3"])
    let page = try folder.start(arguments + ["html"]).finish()
    #expect(page.output.contains("4 cases decided anew: 3 outcomes change"))
    #expect(page.output.contains("CASE-2, CASE-3"))
  }

  @Test("past decisions don't set the exit code, and none that flips is said so")
  func pastHarmless() throws {
    let folder = try decided()
    try folder.write("new.xml", Self.changed([("income * 2", "income * 3")], "1.1.0"))
    let run = try folder.succeed("diff", "ruleset.xml", "new.xml", "--on", "leafproof.sqlite")
    #expect(run.lines.contains("no outcome changes"))
    let nobody = try Samples.ledger()
    try nobody.write("new.xml", Self.changed(Self.bothWays, "1.1.0"))
    let empty = try nobody.leafproof("diff", "ruleset.xml", "new.xml", "--on", "leafproof.sqlite")
    #expect(empty.status == 1 && empty.output.contains("0 cases decided anew"))
  }
}
