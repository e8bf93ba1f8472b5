import Foundation
import Testing

/// What README.md and the READMEs of the examples show is what a reader gets.
/// `LEAFPROOF_REFRESH=1 swift test` writes the outputs in README.md anew.
@Suite struct TranscriptTests {
  @Test func programIsBuilt() {
    #expect(
      Project.hasProgram, "no leafproof beside the tests in \(Project.products.path): swift build")
  }

  @Test(.enabled(if: Project.hasProgram)) func readmeShowsWhatIsPrinted() throws {
    var document = Markdown(try Project.text("README.md"))
    let steps = Transcript(document).steps
    #expect(steps.count > 10)
    let shell = try Shell()
    defer { shell.remove() }
    for block in document.blocks where !block.file.isEmpty {
      try shell.write(block.text, to: block.file)
    }
    let answers = try shell.run(steps.map(\.command))
    for (step, answer) in zip(steps, answers).reversed() {
      #expect(answer.code == 0, "\(step.command)\n\(answer.lines.joined(separator: "\n"))")
      let isSame = answer.lines.map(Transcript.steady) == step.shown.map(Transcript.steady)
      if isSame { continue }
      if Project.refreshes {
        document.lines.replaceSubrange(
          step.place..<(step.place + step.shown.count), with: answer.lines)
      } else {
        #expect(answer.lines == step.shown, "\(step.command)")
      }
    }
    if Project.refreshes {
      try Data(document.lines.joined(separator: "\n").utf8)
        .write(to: Project.root.appendingPathComponent("README.md"))
    }
    try decideInProcess(shell)
  }

  /// README.md's Swift code is LibraryUse.swift, and does what it says over the ledger that the
  /// transcripts made.
  private func decideInProcess(_ shell: Shell) throws {
    let blocks = Markdown(try Project.text("README.md")).blocks.filter { $0.language == "swift" }
    #expect(blocks.map(\.text) == [try Project.text("Tests/ProjectTests/LibraryUse.swift")])
    let answer = try decide(
      #"{"amount": 80, "cause": "late", "today": "2026-11-20"}"#,
      ledger: shell.folder.appendingPathComponent("refunds.sqlite").path)
    #expect(answer.contains(#""leaf":"FULL""#))
  }

  /// The blocks with the language `sh` in the READMEs of these folders can be run from the top
  /// folder, one after the other.
  @Test(
    .enabled(if: Project.hasProgram),
    arguments: try ["examples", "rulesets"].flatMap { try Project.files(in: $0, suffix: ".md") })
  func commandsOfExamplesRun(_ path: String) throws {
    let blocks = Markdown(try Project.text(path)).blocks.filter { $0.language == "sh" }
    #expect(!blocks.isEmpty, "\(path) shows no commands")
    let shell = try Shell()
    defer { shell.remove() }
    let script = "(set -euxo pipefail\n\(blocks.map(\.text).joined()))"
    for answer in try shell.run([script]) {
      #expect(answer.code == 0, "\(answer.lines.joined(separator: "\n"))")
    }
  }
}
