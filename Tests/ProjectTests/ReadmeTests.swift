import Foundation
import RuleSyntax
import Testing

/// README.md names what is there, and shows documents that are right.
@Suite struct ReadmeTests {
  @Test func tourNamesWhatIsThere() throws {
    let document = Markdown(try Project.text("README.md"))
    let section = try #require(document.section("A tour of the source"))
    let spans = section.flatMap { line in
      line.matches(of: #/`([^`\s]+)`/#).map { String($0.output.1) }
    }
    let paths = spans.filter { $0.contains("/") }
    for path in paths { #expect(Project.has(path), "the tour names \(path)") }
    for target in try Project.names(in: "Sources") {
      #expect(paths.contains("Sources/\(target)"), "the tour leaves out \(target)")
    }
  }

  @Test(arguments: ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + links())
  func linksLead(_ path: String) throws {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    for link in Markdown(try Project.text(path)).links {
      #expect(Project.has("\(folder)/\(link)"), "\(path) links to \(link)")
    }
  }

  private static func links() -> [String] {
    (try? ["Sources", "Tests", "examples", "rulesets"].flatMap {
      try Project.files(in: $0, suffix: ".md")
    }) ?? []
  }

  /// Documents that a reader isn't told to save are those of the examples.
  @Test func documentsAreThoseOfTheExamples() throws {
    let examples = try Project.files(in: "examples", suffix: ".xml").map { try Project.text($0) }
    let blocks = Markdown(try Project.text("README.md")).blocks
    let shown = blocks.filter { $0.language == "xml" && $0.file.isEmpty }
    #expect(!shown.isEmpty)
    for block in shown { #expect(examples.contains(block.text), "\(block.text)") }
  }

  /// The table of functions is the list that the parser knows.
  @Test func functionsAreThoseOfTheParser() throws {
    let section = try #require(Markdown(try Project.text("README.md")).section("Files"))
    let rows = ["numbers", "several", "strings", "time"]
    let names = section.filter { line in rows.contains { line.hasPrefix("| \($0) |") } }
      .flatMap { line in line.matches(of: #/`([^`]+)`/#).map { String($0.output.1) } }
    #expect(names.sorted() == BuiltinFunction.allCases.map(\.rawValue).sorted())
  }

  /// The table of commands is the list in the help, and so are the exit codes.
  @Test(.enabled(if: Project.hasProgram)) func commandsAreThoseOfTheHelp() throws {
    let section = try #require(Markdown(try Project.text("README.md")).section("Command line"))
    let shell = try Shell()
    defer { shell.remove() }
    let help = try shell.run(["leafproof --help"]).flatMap(\.lines)
    let commands = section.compactMap { $0.firstMatch(of: #/^\| `([a-z]+)/#)?.output.1 }
    #expect(
      commands.sorted()
        == help.compactMap { $0.firstMatch(of: #/^ {2}([a-z]+) {3,}/#)?.output.1 }.sorted())
    #expect(commands.count > 10)
    let text = help.joined(separator: " ")
    let listed = try #require(text.firstMatch(of: #/Exit codes: (.*?)\. /#)?.output.1)
    let codes = section.compactMap { $0.firstMatch(of: #/^\| (\d+) \|/#)?.output.1 }
    #expect(codes.count > 5)
    #expect(codes == listed.split(separator: "; ").compactMap { $0.split(separator: " ").first })
  }

  @Test(.enabled(if: Project.hasProgram)) func documentsAreRight() throws {
    let blocks = Markdown(try Project.text("README.md")).blocks
    let shell = try Shell()
    defer { shell.remove() }
    let documents = blocks.filter { $0.language == "xml" }
    #expect(documents.count >= 3)
    for (number, document) in documents.enumerated() {
      try shell.write(document.text, to: "\(number).xml")
    }
    let commands = documents.indices.map { "leafproof check --warnings-as-errors \($0).xml" }
    for (document, answer) in zip(documents, try shell.run(commands)) {
      #expect(answer.code == 0, "\(document.text)\(answer.lines.joined(separator: "\n"))")
    }
    for block in blocks where block.language == "json" {
      #expect(throws: Never.self) {
        try JSONSerialization.jsonObject(with: Data(block.text.utf8))
      }
    }
  }
}
