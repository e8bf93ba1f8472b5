import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif
import Testing

/// Coverage of branches, the forms for CI servers, and cases that `test` writes itself.
@Suite("test: coverage and generated cases") struct TestCoverageTests {
  private static let tree = """
        <split on="job">
          <case is='"yes"'>
            <split on="income > 1000 and not(age &lt; 18)">
              <case is="true"><leaf id="OK" outcome="approve"/></case>
              <case is="false"><leaf id="POOR" outcome="decline" reasons="R1"/></case>
            </split>
          </case>
          <otherwise><leaf id="IDLE" outcome="decline" reasons="R1"/></otherwise>
          <missing><leaf id="UNKNOWN" outcome="approve"/></missing>
        </split>
    """
  private static let inputs = """
    <input name="score" type="number"/>
        <input name="income" type="number" min="0" max="100000"/>
        <input name="job" type="string" missing="allowed"><value>yes</value><value>no</value></input>
        <input name="age" type="number" min="0" max="130"/>
    """
  private static let one = """
    {"cases": [{"name": "a <b> ]]> \\"c\\" & d", "leaf": "POOR",
      "inputs": {"score": 1, "income": 5000, "age": 30, "job": "yes"}}]}
    """

  private func folder(_ cases: String? = nil) throws -> Folder {
    let folder = try Folder()
    try folder.write("ruleset.xml", Samples.ruleSet(Self.tree, inputs: Self.inputs))
    if let cases { try folder.write("cases.json", cases) }
    return folder
  }

  @Test("unreached leaves and branches are named with file and line, and counted by minimums")
  func branches() throws {
    let folder = try folder(Self.one)
    let run = try folder.leafproof("test", "ruleset.xml")
    #expect(run.output.contains("1 of 4 leaves (25 %) and 2 of 5 branches (40 %) reached"))
    let source = try folder.text("ruleset.xml").components(separatedBy: "\n")
    let line = try #require(source.firstIndex { $0.contains("id=\"POOR\"") }) + 1
    #expect(
      run.output.contains("  ruleset.xml:\(line): not reached: branch false of `income > 1000"))
    #expect(run.output.contains("  ruleset.xml:\(line): not reached: leaf POOR"))
    #expect(run.output.contains("not reached: branch missing of `job`"))
    let poor = try folder.leafproof("test", "--minimum-branches", "41", "ruleset.xml")
    #expect(poor.status == 1 && poor.errors.contains("40 % of the branches were taken"))
    let enough = try folder.leafproof("test", "--minimum-branches", "40", "ruleset.xml")
    #expect(!enough.errors.contains("minimum"))
    let json = try folder.leafproof("test", "--format", "json", "ruleset.xml").output
    #expect(json.contains("\"branch_coverage\": 40") && json.contains("\"unreached_branches\""))
  }

  @Test("JUnit's XML is well formed whatever a case is called, and counts what failed")
  func junit() throws {
    let folder = try folder(Self.one)
    let run = try folder.leafproof("test", "--format", "junit", "ruleset.xml")
    let document = try XMLFacts(run.output)
    let suites = try #require(document.elements["testsuites"]?.first)
    #expect(suites["tests"] == "1" && suites["failures"] == "1" && suites["errors"] == "0")
    let suite = try #require(document.elements["testsuite"]?.first)
    #expect(suite["name"] == "loan@1.0.0" && suite["tests"] == "1" && suite["failures"] == "1")
    #expect(suite["time"].flatMap(Double.init) != nil && suite["file"] == "ruleset.xml")
    let testCase = try #require(document.elements["testcase"]?.first)
    #expect(testCase["name"] == "a <b> ]]> \"c\" & d" && testCase["classname"] == "loan")
    let failure = try #require(document.elements["failure"]?.first)
    #expect(failure["message"] == "leaf: expected POOR, got OK")
  }

  @Test("LCOV's records agree with themselves and with the text report")
  func lcov() throws {
    let folder = try folder(Self.one)
    let lines = try folder.leafproof("test", "--format", "lcov", "ruleset.xml").lines
    func all(_ key: String) -> [[String]] {
      lines.filter { $0.hasPrefix(key + ":") }
        .map { $0.dropFirst(key.count + 1).components(separatedBy: ",") }
    }
    #expect(lines.first == "TN:" && lines.last == "end_of_record")
    #expect(all("SF") == [["ruleset.xml"]])
    #expect(all("FNDA").contains(["1", "OK"]) && all("FNDA").contains(["0", "POOR"]))
    #expect(all("FNF") == [["4"]] && all("FNH") == [["1"]])
    let branches = all("BRDA")
    #expect(branches.count == 5 && all("BRF") == [["5"]] && all("BRH") == [["2"]])
    #expect(branches.map { $0[3] } == ["1", "0", "0", "1", "0"])
    let hits = all("DA")
    #expect(hits.map { $0[0] } == hits.map { $0[0] }.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
    #expect(all("LF") == [["\(hits.count)"]])
    #expect(all("LH") == [["\(hits.filter { $0[1] != "0" }.count)"]])
    // Each line with branches is a line with a count.
    #expect(Set(branches.map { $0[0] }).isSubset(of: hits.map { $0[0] }))
  }

  @Test("generated boundary cases pass, cover everything, and stand on both sides of thresholds")
  func boundaries() throws {
    let folder = try folder()
    let run = try folder.succeed("test", "--generate", "boundaries", "ruleset.xml")
    #expect(run.output.contains("income > 1000 decides: true"))
    #expect(run.output.contains("\"income\":1000,") && run.output.contains("\"income\":1001,"))
    #expect(run.output.contains("\"age\":17,") && run.output.contains("\"age\":18,"))
    #expect(run.output.contains("UNKNOWN: job missing"))
    try folder.write("cases.json", run.output)
    try folder.succeed(
      "test", "--minimum", "100", "--minimum-branches", "100", "ruleset.xml")
    // The same cases each time, and nothing more is needed besides them.
    #expect(
      try folder.leafproof("test", "--generate", "boundaries", "ruleset.xml").output == run.output)
    let more = try folder.succeed(
      "test", "--generate", "boundaries", "--missing-only", "ruleset.xml")
    #expect(more.output == "{\"cases\": []}\n")
  }

  @Test("a changed threshold or operator fails a generated case")
  func changes() throws {
    let folder = try folder()
    let cases = try folder.succeed("test", "--generate", "boundaries", "ruleset.xml").output
    try folder.write("cases.json", cases)
    let source = try folder.text("ruleset.xml")
    for (old, new) in [
      ("> 1000", "> 1001"), ("> 1000", "> 999"), ("> 1000", ">= 1000"), ("&lt; 18", "&lt; 19"),
      ("&lt; 18", "&lt;= 18"), ("&lt; 18", "&lt; 17"), (" and ", " or "), ("not(age", "(age"),
      ("\"yes\"", "\"no\""),
    ] {
      try folder.write(
        "ruleset.xml",
        source.replacingOccurrences(of: "is='\(old)'", with: "is='\(new)'")
          .replacingOccurrences(
            of: "on=\"income > 1000 and not(age &lt; 18)\"",
            with: "on=\""
              + "income > 1000 and not(age &lt; 18)".replacingOccurrences(of: old, with: new) + "\""
          ))
      #expect(try folder.leafproof("test", "ruleset.xml").status == 1, "\(old) to \(new)")
    }
  }

  @Test("only what the present cases don't show is written with --missing-only")
  func missingOnly() throws {
    let folder = try folder(Self.one.replacingOccurrences(of: "POOR", with: "OK"))
    let run = try folder.succeed(
      "test", "--generate", "boundaries", "--missing-only", "ruleset.xml", "-o", "more.json")
    #expect(run.output.isEmpty && run.errors.contains("by cases that were there"))
    let whole = try folder.succeed("test", "--generate", "boundaries", "ruleset.xml").output
    let more = try folder.text("more.json")
    #expect(
      more.components(separatedBy: "\"leaf\"").count
        <= whole.components(separatedBy: "\"leaf\"").count)
    #expect(more.contains("UNKNOWN"))
  }

  @Test("parts of a condition that can't decide alone are named with their place")
  func impossible() throws {
    let folder = try Folder()
    let tree = Self.tree.replacingOccurrences(
      of: "income > 1000 and not(age &lt; 18)", with: "income > 1000 and income > 500")
    try folder.write("ruleset.xml", Samples.ruleSet(tree, inputs: Self.inputs))
    let run = try folder.succeed("test", "--generate", "boundaries", "ruleset.xml")
    #expect(
      run.errors.contains("note: proven to be impossible: a pair for income > 500"), "\(run.errors)"
    )
    #expect(run.errors.hasPrefix("ruleset.xml:"))
  }

  @Test("present cases aren't overwritten, and options that don't fit are refused")
  func refusals() throws {
    let folder = try folder(Self.one)
    let run = try folder.leafproof(
      "test", "--generate", "boundaries", "ruleset.xml", "-o", "cases.json")
    #expect(run.status == 2 && run.errors.contains("cases.json"))
    #expect(try folder.text("cases.json") == Self.one)
    for wrong in [
      ["--missing-only"], ["-o", "x.json"], ["--generate", "boundaries", "--minimum", "5"],
      ["--generate", "boundaries", "--format", "lcov"], ["--generate", "all"],
      ["--minimum-branches", "-1"],
    ] {
      #expect(try folder.start(["test"] + wrong + ["ruleset.xml"]).finish().status == 2, "\(wrong)")
    }
  }
}

/// The elements of an XML text with their attributes, read by Foundation.
private final class XMLFacts: NSObject, XMLParserDelegate {
  var elements: [String: [[String: String]]] = [:]

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    try #require(parser.parse(), "not well formed: \(text)")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[name, default: []].append(attributes)
  }
}
