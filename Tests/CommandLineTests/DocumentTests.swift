import Foundation
import Testing

@Suite("document") struct DocumentTests {
  private static let properties = """
    <properties>
        <never when="income &lt; 100" outcome="approve"/>
        <monotone input="income" direction="increasing" outcome="decline approve"/>
      </properties>
    """

  private func folder() throws -> Folder {
    let folder = try Folder()
    let ruleSet = Samples.ruleSet(Samples.tree).replacingOccurrences(
      of: "</tree>", with: "</tree>\n  \(Self.properties)")
    try folder.write("ruleset.xml", ruleSet)
    try folder.write(
      "cases.json",
      """
      {"cases": [{"name": "low", "inputs": {"score": 1, "income": 619, "age": 30}, "leaf": "LOW"},
        {"name": "wrong", "inputs": {"score": 1, "income": 1, "age": 30}, "leaf": "HIGH"}]}
      """)
    return folder
  }

  /// The text of a page without its elements, spaces in one piece.
  private func words(_ page: String) -> String {
    page.replacing(#/<style>.*?</style>/#.dotMatchesNewlines(), with: "")
      .replacing(#/<[^>]*>/#, with: " ").replacing(#/\s+/#, with: " ")
      .replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
  }

  @Test("the book holds conditions, proofs, findings, coverage and digests, the same each time")
  func book() throws {
    let folder = try folder()
    let run = try folder.succeed("document", "ruleset.xml")
    #expect(run.errors.isEmpty)
    let text = words(run.output)
    for part in [
      "Loan", "loan@1.0.0", "LOW decline (adverse) income : less than 620 R1",
      "HIGH approve income : at least 620", "limit : computed from income",
      "score number at least 0 and at most 1,000 no from a model",
      "age number any value no protected", "R1 The income is too low 1",
      "Never approve when income < 100 . proven",
      "When only income rises, the outcome never gets worse ( decline < approve ). proven",
      "no split or output depends on the input `score` unused-input",
      "2 test cases were run; 1 failed.", "They reach 1 of 2 leaves and take 1 of 2 branches.",
      "Not reached: HIGH",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    let digests = try folder.succeed("compile", "ruleset.xml").lines.compactMap {
      $0.split(separator: ":").last
    }
    #expect(digests.count == 2 && digests.allSatisfy { text.contains($0) })
    #expect(!run.output.contains("<script") && !run.output.contains("http-equiv=\"refresh\""))
    try folder.succeed("document", "ruleset.xml", "-o", "book.html")
    #expect(try folder.text("book.html") == run.output)
    #expect(!text.contains("version before"))
  }

  @Test("--before tells the same changes as diff")
  func before() throws {
    let folder = try folder()
    let old = try folder.text("ruleset.xml").replacingOccurrences(of: "620", with: "600")
    try folder.write("old.xml", old)
    let book = words(try folder.succeed("document", "ruleset.xml", "--before", "old.xml").output)
    let diff = try folder.leafproof("diff", "old.xml", "ruleset.xml", "--format", "html")
    let page = words(diff.output)
    let change = "1. approve becomes decline old new outcome approve decline (adverse)"
    #expect(book.contains(change) && page.contains(change))
    #expect(book.contains("income is [600..620)") && page.contains("income is [600..620)"))
    try folder.write("other.xml", old.replacingOccurrences(of: "id=\"loan\"", with: "id=\"card\""))
    let other = try folder.leafproof("document", "ruleset.xml", "--before", "other.xml")
    #expect(other.status == 2 && other.errors.contains("not card for loan") && other.output.isEmpty)
  }

  @Test("a rule set with errors is refused with its diagnostics, and nothing is written")
  func errors() throws {
    let folder = try folder()
    let bad = try folder.text("ruleset.xml").replacingOccurrences(of: ">= 620", with: ">= 700")
    try folder.write("ruleset.xml", bad)
    let run = try folder.leafproof("document", "ruleset.xml", "-o", "book.html")
    #expect(run.status == 1 && run.errors.contains("[gap]") && !folder.has("book.html"))
    try folder.write("pipeline.xml", Samples.pipeline())
    #expect(try folder.leafproof("document", "pipeline.xml").status == 3)
    #expect(try folder.leafproof("document", "none.xml").status == 3)
    #expect(try folder.leafproof("document", "ruleset.xml", "--language", "x y").status == 2)
  }

  @Test("a book speaks German; hostile titles and labels neither run nor break it")
  func words() throws {
    let folder = try folder()
    let evil = "&lt;script&gt;x&lt;/script&gt;&quot; \u{202E} 😀"
    let text = try folder.text("ruleset.xml").replacingOccurrences(of: "Loan", with: evil)
      .replacingOccurrences(of: "name=\"income\"", with: "name=\"income\" label=\"\(evil)\"")
    try folder.write("ruleset.xml", text)
    let page = try folder.succeed("document", "ruleset.xml", "--language", "de").output
    #expect(page.contains("<html lang=\"de\">") && page.contains(">Blätter</h2>"))
    #expect(words(page).contains("weniger als 620"))
    #expect(!page.contains("<script") && !page.contains("\u{202E}") && page.contains("😀"))
    for tag in ["section", "table", "tr", "td", "ul", "li", "p", "svg", "g", "text", "figure"] {
      let opened = page.ranges(of: "<\(tag)>").count + page.ranges(of: "<\(tag) ").count
      #expect(opened == page.ranges(of: "</\(tag)>").count, "\(tag)")
    }
    // Links and labels lead to something.
    for id in page.matches(of: #/(?:href="#|aria-labelledby=")([a-z -]+)"/#) {
      for part in id.output.1.split(separator: " ") {
        #expect(page.ranges(of: "id=\"\(part)\"").count == 1, "\(part)")
      }
    }
  }

  @Test("2,000 leaves: each has its row, the picture stays small")
  func large() throws {
    let folder = try Folder()
    try folder.write("ruleset.xml", Samples.ruleSet(Self.binary(0..<2000)))
    let page = try folder.succeed("document", "ruleset.xml").output
    #expect(page.utf8.count < 2_000_000)
    let leaves = page.matches(of: #/<tr><th scope="row"><code><bdi>L(\d+)</bdi></code></th>/#)
    #expect(leaves.map { Int($0.output.1) } == Array(0..<2000))
    let picture = try #require(page.firstMatch(of: #/<svg.*?</svg>/#.dotMatchesNewlines()))
    #expect(picture.output.utf8.count < 200_000)
    #expect(words(page).contains("an outline is written up to 120"))
  }

  private static func binary(_ range: Range<Int>) -> String {
    let middle = range.lowerBound + range.count / 2
    guard range.count > 1 else { return "<leaf id=\"L\(middle)\" outcome=\"approve\"/>" }
    return "<split on=\"income\"><case is=\"&lt; \(middle)\">\(binary(range.lowerBound..<middle))"
      + "</case><case is=\">= \(middle)\">\(binary(middle..<range.upperBound))</case></split>\n"
  }

  @Test("explain --format svg draws the path, and says where there is none")
  func svg() throws {
    let folder = try Samples.decided()
    try folder.succeed("explain", "CASE-1", "--format", "svg", "-o", "path.svg")
    let picture = try folder.text("path.svg")
    #expect(picture.hasPrefix("<?xml") && picture.contains("data-leaf=\"LOW\" ") == false)
    #expect(picture.contains("data-taken=\"yes\" data-leaf=\"LOW\""))
    #expect(words(picture).contains("income: 611"))
    try folder.leafproof("decide", "loans", "--input", "-", input: "{\"case_id\": \"NO\"}\n")
    let run = try folder.leafproof("explain", "NO", "--format", "svg")
    #expect(run.status == 1 && run.errors.contains("no path to draw") && run.output.isEmpty)
  }
}
