import DecisionEngine
import Foundation
import Testing

/// The letters that companies start from are those that are used where there are no others.
@Suite struct LetterTests {
  @Test(arguments: ["en", "de"])
  func lettersAreTheStandardOnes(_ language: String) throws {
    let path = "examples/letters/letter-\(language).txt"
    let text = LetterTemplate.standardText(language)
    if Project.refreshes {
      try Data(text.utf8).write(to: Project.root.appendingPathComponent(path))
    }
    #expect(try Project.text(path) == text)
  }

  /// The README of the letters names each place that can be filled in.
  @Test func placesAreNamed() throws {
    let problem = try #require(
      #expect(throws: LetterTemplate.Problem.self) { try LetterTemplate("{{none}}") })
    let known = try #require(problem.message.split(separator: "there are ").last)
    let readme = try Project.text("examples/letters/README.md")
    for place in known.split(separator: ", ") {
      #expect(readme.contains("`{{\(place)}}`"), "\(place)")
    }
  }
}
