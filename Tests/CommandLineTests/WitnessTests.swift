import Foundation
import Testing

/// Rows that findings show are rows for `eval`, as they are printed.
@Suite("rows that show a finding") struct WitnessTests {
  private static let files: [String] = {
    let bad = TestData.root.appendingPathComponent("Tests/RuleCompilerTests/Golden/bad")
    return TestData.files(in: bad) { $0.hasSuffix(".xml") }
  }()

  /// A row of a finding that only says which cases take it is refused for that reason; one of a broken
  /// property gets the outcome that the finding says.
  @Test("every row of the golden findings is taken by eval, and shows what it is said to")
  func golden() throws {
    let folder = try Folder()
    var shown: [String: Int] = [:]
    for file in Self.files {
      let check = try folder.start(["check", file]).finish()
      let report = try JSONObject(
        line: folder.start(["check", "--format", "json", file]).finish().output)
      let findings = report.objects("files").flatMap { $0.objects("diagnostics") }
      let rows = Self.rows(check.errors)
      let structured = findings.reduce(0) { count, finding in
        count + ([finding] + finding.objects("notes")).count { $0.object("row") != nil }
      }
      #expect(structured == rows.count, "\(file): JSON has the rows, too")
      guard !rows.isEmpty else { continue }
      try folder.write("rows.jsonl", rows.map(\.row).joined(separator: "\n") + "\n")
      let run = try folder.start(
        ["eval", file, "--input", "rows.jsonl", "--format", "jsonl", "--all-refusals"]
      ).finish()
      #expect(run.status == 1, "a rule set with errors is tried, and said to have them")
      let answers = try run.output.split(separator: "\n").map { try JSONObject(line: String($0)) }
      guard answers.count == rows.count else {
        // Other errors can stand in the way of trying a rule set: then nothing is said.
        #expect(answers.isEmpty && run.output.isEmpty, "\(file)")
        continue
      }
      for (row, answer) in zip(rows, answers) {
        shown[row.id, default: 0] += 1
        if let outcome = row.outcome {
          #expect(answer["outcome"] == outcome, "\(file): \(row.row)")
        } else {
          #expect(answer["outcome"] == "refused", "\(file): \(row.row)")
          let codes = answer.objects("problems").map { $0["code"] }
          #expect(codes == ["undecided"], "\(file): \(row.row) \(run.errors)")
        }
      }
    }
    for id in ["gap", "overlapping-cases", "missing-not-handled", "broken-property"] {
      #expect(shown[id, default: 0] > 0, "no row of \(id) was tried: \(shown)")
    }
  }

  /// The rows of a report, as it is printed, with the ID of their finding and the outcome that is said.
  private static func rows(_ report: String) -> [(id: String, row: String, outcome: String?)] {
    var id = ""
    var rows: [(id: String, row: String, outcome: String?)] = []
    for line in report.split(separator: "\n").map(String.init) {
      if let match = line.firstMatch(of: #/: (?:error|warning|remark): .*\[([a-z\-]+)\]$/#) {
        id = String(match.output.1)
      } else if line.hasPrefix("row: ") {
        rows.append((id, String(line.dropFirst(5)), nil))
      } else if let match = line.firstMatch(of: #/: note: this row gets `(.+)` here: (\{.*\})$/#) {
        rows.append((id, String(match.output.2), String(match.output.1)))
      }
    }
    return rows
  }

  @Test("SARIF carries the rows")
  func sarif() throws {
    let folder = try Folder()
    let output = try folder.start(["check", "--format", "sarif"] + Self.files).finish().output
    let results = try JSONObject(line: output).objects("runs").flatMap { $0.objects("results") }
    let gap = try #require(results.first { $0["ruleId"] == "gap" })
    let text = try #require(gap.object("message")?["text"])
    #expect(text.contains("\nA row that shows it: {"))
    #expect(output.contains("\"rows\""))
    #expect(results.contains { $0["ruleId"] == "mergeable-cases" && $0["level"] == "note" })
  }
}
