import RuleSyntax
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What rule engineers see. `LEAFPROOF_REFRESH=1 swift test` writes the expected texts anew.
@Suite struct GoldenTests {
  private static let bad = TestData.files(
    in: TestData.golden.appendingPathComponent("bad"), ending: ".xml")

  @Test func badFilesAreExplained() throws {
    #expect(!Self.bad.isEmpty)
    for file in Self.bad {
      let shown = Compiled(try TestData.source(file)).shown
      #expect(!shown.isEmpty, "\(file.lastPathComponent)")
      let expected = file.deletingPathExtension().appendingPathExtension("txt")
      if TestData.refreshes {
        try Data(shown.utf8).write(to: expected)
      } else {
        #expect(shown == (try TestData.text(expected)), "\(file.lastPathComponent)")
      }
    }
  }

  /// Two warnings stay: a score comes without key factors, which only the bank can mend, and
  /// protected inputs are declared so that everyone sees that nothing reads them.
  @Test func shippedRuleSetsHaveNoErrors() throws {
    #expect(TestData.shippedRuleSets.count >= 4)
    for file in TestData.shippedRuleSets {
      let compiled = Compiled(try TestData.source(file))
      #expect(compiled.result != nil, "\(file.path)")
      let protected = compiled.syntax?.inputs.filter(\.isProtected).map(\.name.span) ?? []
      let others = compiled.diagnostics.filter {
        $0.id != .reasonNamesOnlyScore
          && !($0.id == .unusedInput && protected.contains($0.span))
      }
      #expect(others.map(\.message) == [])
    }
  }

  /// A kind of finding that no golden file shows is one that nobody has read.
  @Test func everyKindOfFindingIsShownByAGoldenFile() throws {
    let syntax = TestData.root.appendingPathComponent("Tests/RuleSyntaxTests/Golden/bad")
    let texts = try TestData.files(in: syntax, ending: ".txt").map(TestData.text)
    var produced = Set(
      DiagnosticID.allCases.filter { id in texts.contains { $0.contains("[\(id.rawValue)]\n") } })
    for file in Self.bad {
      produced.formUnion(Compiled(try TestData.source(file)).diagnostics.map(\.id))
    }
    let missing = Set(DiagnosticID.allCases).subtracting(produced)
    // The first two need files of megabytes, or hundreds of findings: RuleSyntaxTests makes such
    // files. The last is found by backends: RuleBackendsTests.
    #expect(missing == [.fileTooLarge, .tooManyProblems, .inexpressible])
  }
}
