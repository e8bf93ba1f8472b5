import RuleSyntax
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What users see. `LEAFPROOF_REFRESH=1 swift test` writes the expected texts anew.
@Suite struct GoldenTests {
  @Test func goodFilesHaveNoFindings() throws {
    let files = TestData.files(in: TestData.golden.appendingPathComponent("good")) { path in
      path.hasSuffix(".xml")
    }
    #expect(!files.isEmpty)
    for file in files {
      let source = try TestData.source(file)
      #expect(DiagnosticRenderer(source: source).render(findings(in: source)) == "")
    }
  }

  @Test func badFilesAreExplained() throws {
    let files = TestData.files(in: TestData.golden.appendingPathComponent("bad")) { path in
      path.hasSuffix(".xml")
    }
    #expect(!files.isEmpty)
    for file in files {
      let source = try TestData.source(file)
      let shown = DiagnosticRenderer(source: source).render(findings(in: source))
      #expect(!shown.isEmpty, "\(file.lastPathComponent)")
      let expected = file.deletingPathExtension().appendingPathExtension("txt")
      if TestData.refreshes {
        try Data(shown.utf8).write(to: expected)
      } else {
        let text = String(decoding: try Data(contentsOf: expected), as: UTF8.self)
        #expect(shown == text, "\(file.lastPathComponent)")
      }
    }
  }
}
