import Foundation
import RuleSyntax
import Testing

/// The pages of `Sources/RuleCompiler/Findings`, one for each kind of finding.
@Suite("pages about findings") struct FindingPageTests {
  private static let folder = TestData.root.appendingPathComponent("Sources/RuleCompiler/Findings")

  /// The blocks of a page by the word behind their language, or the language where there is none.
  private static func blocks(of page: String) -> [String: String] {
    var blocks: [String: String] = [:]
    var name: String?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = name, line == "```" {
        name = nil
        blocks[open, default: ""] += ""
      } else if let open = name {
        blocks[open, default: ""] += line + "\n"
      } else if line.hasPrefix("```") {
        name = line.dropFirst(3).split(separator: " ").last.map(String.init)
      }
    }
    return blocks
  }

  @Test("every kind has a page, and every page a kind")
  func complete() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(names) == Set(DiagnosticID.allCases.map { $0.rawValue + ".md" }))
  }

  /// `check` prints the finding, unless the page names another command. Where a page's output begins
  /// with `…`, the findings in front of it are left out.
  @Test(
    "the bad example gives the finding as printed, the good one gives none",
    arguments: DiagnosticID.allCases)
  func examples(_ id: DiagnosticID) throws {
    let file = Self.folder.appendingPathComponent(id.rawValue + ".md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let blocks = Self.blocks(of: page)
    let folder = try Folder()
    if let bad = blocks["bad.xml"] {
      try folder.write("bad.xml", bad)
    } else {
      #expect(try folder.shell(try #require(blocks["sh"])).status == 0)
    }
    let command =
      blocks["command"]?.split(whereSeparator: \.isWhitespace).dropFirst().map(String.init)
      ?? ["check", "bad.xml"]
    let run = try folder.start(command).finish()
    #expect(run.status == (id.severity == .error ? 1 : 0))
    let printed =
      run.errors.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast(2).joined(separator: "\n") + "\n"
    let shown = try #require(blocks["text"])
    if shown.hasPrefix("…\n") {
      #expect(printed.hasSuffix(shown.dropFirst(2)), "\(printed.suffix(2_000))")
      #expect(printed.contains("[\(id.rawValue)]\n"))
    } else if ProcessInfo.processInfo.environment["LEAFPROOF_REFRESH"] == "1" {
      let new = page.replacingOccurrences(
        of: "```text\n" + shown + "```", with: "```text\n" + printed + "```")
      try Data(new.utf8).write(to: file)
    } else {
      #expect(printed == shown)
      let ids = printed.matches(
        of: #/(?m)^bad\.xml.*: (?:error|warning|remark): .* \[([a-z0-9\-]+)\]$/#)
      #expect(Set(ids.map { String($0.1) }) == [id.rawValue], "no other finding beside it")
    }
    try folder.write("good.xml", try #require(blocks["good.xml"]))
    #expect(try folder.succeed("check", "good.xml").errors == "1 file checked: no errors\n")
    #expect(try folder.succeed("check", "--explain", id.rawValue).output == page)
  }

  @Test("--explain knows its IDs, and takes no files")
  func explain() throws {
    let folder = try Folder()
    let mistyped = try folder.leafproof("check", "--explain", "gapp")
    #expect(mistyped.status == 2 && mistyped.errors.contains("did you mean `gap`?"))
    #expect(try folder.leafproof("check", "--explain", "gap", "rules.xml").status == 2)
    #expect(try folder.succeed("check", "--help").output.contains("check --explain gap"))
  }
}
