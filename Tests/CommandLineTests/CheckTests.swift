import Foundation
import Testing

/// What `leafproof check` says about mistakes. In a sample, `⟦…⟧` marks what must be underlined.
@Suite("check") struct CheckTests {
  /// A mistake, and what must be said about it.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let id: String
    let source: String
    /// Words that the message or its notes must hold.
    let says: [String]
    var testDescription: String { id }

    init(_ id: String, _ source: String, says: String...) {
      self.id = id
      self.source = source
      self.says = says
    }

    /// The place of the mark and the source without marks.
    func unmarked() throws -> (place: String, underlined: String, source: String) {
      let begin = try #require(source.range(of: "⟦"))
      let end = try #require(source.range(of: "⟧"))
      let before = source[..<begin.lowerBound]
      let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
      return (
        "\(lines.count):\((lines.last?.count ?? 0) + 1)",
        String(source[begin.upperBound..<end.lowerBound]),
        source.replacingOccurrences(of: "⟦", with: "").replacingOccurrences(of: "⟧", with: "")
      )
    }
  }

  private static func cases(_ cases: String) -> String {
    Samples.ruleSet("<split on=\"income\">\(cases)</split>")
  }

  private static let low = "<leaf id=\"LOW\" outcome=\"decline\" reasons=\"R1\"/>"
  private static let high =
    "<leaf id=\"HIGH\" outcome=\"approve\"><set output=\"limit\">1</set></leaf>"

  static let mistakes = [
    Mistake(
      "overlapping-cases",
      cases(
        "<case is=\"&lt;= 620\">\(low)</case>\n<case is=\"⟦>= 620⟧\">\(high)</case>"),
      says: "620", "both"),
    Mistake(
      "gap",
      cases("<case is=\"&lt; 620\">\(low)</case><case is=\"> 620\">\(high)</case>")
        .replacingOccurrences(of: "<split on=\"income\">", with: "<split on=\"⟦income⟧\">"),
      says: "620"),
    Mistake(
      "unreachable",
      cases(
        "<case is=\"&lt; 620\">\(low)</case><case is=\">= 620\"><split on=\"income\">"
          + "<case is=\"⟦&lt; 600⟧\"><leaf id=\"NEVER\" outcome=\"approve\"/></case>"
          + "<case is=\">= 600\">\(high)</case></split></case>")),
    Mistake(
      "duplicate-leaf-id",
      cases(
        "<case is=\"&lt; 620\">\(low)</case>"
          + "<case is=\">= 620\"><leaf id=\"⟦LOW⟧\" outcome=\"approve\"/></case>"),
      says: "LOW"),
    Mistake(
      "missing-not-handled",
      Samples.ruleSet(
        "<split on=\"⟦job⟧\"><case is=\"&quot;yes&quot;\">\(high)</case>"
          + "<otherwise>\(low)</otherwise></split>"),
      says: "job", "<missing>"),
    Mistake(
      "unknown-name",
      cases("<case is=\"&lt; 620\">\(low)</case><case is=\">= 620\">\(high)</case>")
        .replacingOccurrences(of: "<split on=\"income\">", with: "<split on=\"⟦incone⟧\">"),
      says: "incone", "income"),
    Mistake(
      "type-mismatch",
      cases(
        "<case is=\"&lt; 620\">\(low)</case><case is=\">= 620\"><leaf id=\"HIGH\""
          + " outcome=\"approve\"><set output=\"limit\">⟦income + \"a\"⟧</set></leaf></case>"),
      says: "number"),
    Mistake(
      "adverse-without-reason",
      cases(
        "<case is=\"&lt; 620\"><leaf id=\"LOW\" outcome=\"⟦decline⟧\"/></case>"
          + "<case is=\">= 620\">\(high)</case>"),
      says: "LOW"),
    Mistake(
      "protected-input",
      Samples.ruleSet(
        "<split on=\"⟦age⟧\"><case is=\"&lt; 30\">\(low)</case>"
          + "<case is=\">= 30\">\(high)</case></split>"),
      says: "age", "justification"),
    Mistake(
      "xml-doctype",
      Samples.ruleSet(Samples.tree)
        .replacingOccurrences(
          of: "<ruleset", with: "⟦<!DOCTYPE⟧ ruleset [ <!ENTITY a \"b\"> ]>\n<ruleset")),
    Mistake(
      "feel-unsupported",
      cases("<case is=\"&lt; 620\">\(low)</case><case is=\">= 620\">\(high)</case>")
        .replacingOccurrences(
          of: "<split on=\"income\">", with: "<split on=\"⟦for⟧ i in income return i\">"),
      says: "for"),
  ]

  @Test("names the place and the mend of", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    let folder = try Folder()
    let (place, underlined, source) = try mistake.unmarked()
    try folder.write("rules.xml", source)
    let run = try folder.leafproof("check", "rules.xml")
    #expect(run.status == 1)
    #expect(run.output.isEmpty, "diagnostics belong on standard error")
    let lines = run.errors.components(separatedBy: "\n")
    let start = try #require(
      lines.firstIndex {
        $0.hasPrefix("rules.xml:\(place): error: ") && $0.hasSuffix("[\(mistake.id)]")
      },
      "no error \(mistake.id) at \(place): \(run.errors)")
    let block = lines[start...].prefix { !$0.isEmpty }
    #expect(block.contains { $0.hasPrefix("help: ") }, "no mend: \(run.errors)")
    let marks = block.dropFirst(2).first?.filter { $0 == "^" || $0 == "~" }
    #expect(marks?.count == underlined.count, "underlined: \(run.errors)")
    for word in mistake.says { #expect(run.errors.contains(word), "\(word): \(run.errors)") }
  }

  @Test("tells all problems of all files in one run, sorted by place")
  func everything() throws {
    let folder = try Folder()
    try folder.write(
      "one.xml",
      Samples.ruleSet(
        "<split on=\"incone\"><case is=\"1\"><leaf id=\"A\" outcome=\"perhaps\"/></case></split>\n"
          + "<oops/>"))
    try folder.write("two.xml", Samples.pipeline(rules: "loan"))
    try folder.write("good.xml", Samples.model)
    let run = try folder.leafproof("check", "one.xml", "good.xml", "two.xml")
    #expect(run.status == 1)
    let found = run.errors.split(separator: "\n").filter { $0.contains(": error: ") }
    #expect(found.count >= 4)
    #expect(found.contains { $0.contains("[unknown-name]") })
    #expect(found.contains { $0.contains("[unknown-outcome]") })
    #expect(found.contains { $0.contains("[unknown-element]") })
    #expect(found.contains { $0.hasPrefix("two.xml:") && $0.contains("[unpinned-reference]") })
    let places = found.filter { $0.hasPrefix("one.xml:") }.compactMap {
      Int($0.split(separator: ":")[1])
    }
    #expect(places == places.sorted())
    #expect(run.errors.contains("3 files checked: "))
  }

  @Test("JSON and SARIF hold the same findings, on standard output")
  func machineForms() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Self.cases("<case is=\"&lt; 620\">\(Self.low)</case>"))
    let json = try folder.leafproof("check", "--format", "json", "rules.xml")
    #expect(json.status == 1)
    let file = try #require(JSONObject(line: json.output).objects("files").first)
    #expect(file["path"] == "rules.xml")
    let finding = try #require(file.objects("diagnostics").first { $0["id"] == "gap" })
    #expect(finding["severity"] == "error")
    #expect(finding["help"] != nil)
    #expect(finding.object("place")?.integer("line") == 14)
    let sarif = try folder.leafproof("check", "--format", "sarif", "rules.xml")
    #expect(sarif.status == 1)
    let log = try JSONObject(line: sarif.output)
    #expect(log["version"] == "2.1.0")
    let result = log.objects("runs").first?.objects("results").first { $0["ruleId"] == "gap" }
    let region = result?.objects("locations").first?.object("physicalLocation")?.object("region")
    #expect(region?.integer("startLine") == 14)
  }

  @Test("what the reader has reported as missing is not reported once more by the compiler")
  func noEchoes() throws {
    let folder = try Folder()
    let rules = Samples.ruleSet(Samples.tree)
    let changes = [
      ("<leaf id=\"LOW\"", "<leaf"), ("<leaf id=\"HIGH\"", "<leaf"),
      (" outcome=\"decline\"", ""), ("<set output=\"limit\"", "<set"),
    ]
    for (old, new) in changes {
      let changed = rules.replacingOccurrences(of: old, with: new)
      #expect(changed != rules, "\(old)")
      try folder.write("rules.xml", changed)
      let run = try folder.leafproof("check", "rules.xml")
      let errors = run.errors.split(separator: "\n").filter { $0.contains(": error: ") }
      #expect(errors.count == 1 && errors[0].hasSuffix("[missing-attribute]"), "\(run.errors)")
    }
  }

  @Test("warnings leave the exit code at 0, unless they are asked to count")
  func warnings() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Samples.ruleSet(Samples.tree))
    let run = try folder.succeed("check", "rules.xml")
    #expect(run.errors.contains("[unused-input]"))
    #expect(try folder.leafproof("check", "--warnings-as-errors", "rules.xml").status == 1)
  }

  @Test("a file that isn't there is told, the others are checked all the same")
  func unreadable() throws {
    let folder = try Folder()
    try folder.write("model.xml", Samples.model)
    let run = try folder.leafproof("check", "nothing.xml", "model.xml")
    #expect(run.status == 3)
    #expect(run.errors.contains("nothing.xml: error: "))
    #expect(run.errors.contains("1 file checked: "))
    #expect(try folder.leafproof("check", ".").status == 3)
  }

  @Test("the shipped rule sets, pipelines and models have no errors, and their cases pass")
  func shippedFiles() throws {
    let folder = try Folder()
    let files = ["rulesets", "examples"].flatMap { name in
      TestData.files(in: TestData.root.appendingPathComponent(name)) { $0.hasSuffix(".xml") }
    }
    #expect(files.count >= 9)
    let check = try folder.start(["check"] + files).finish()
    #expect(check.status == 0, "\(check.errors)")
    let ruleSets = files.filter { $0.hasSuffix("/ruleset.xml") }
    #expect(ruleSets.count >= 4)
    let test = try folder.start(["test", "--minimum", "100"] + ruleSets).finish()
    #expect(test.status == 0, "\(test.output)\(test.errors)")
  }
}
