import Foundation
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
