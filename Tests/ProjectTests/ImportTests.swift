import Testing

/// Imports run only downward: what each target of `Sources` imports, besides the system.
@Suite struct ImportTests {
  /// The table of the architecture. CanonicalJSON, Ledger, RuleProgram and RuleSyntax are roots:
  /// they import nothing of ours.
  static let table: [String: Set<String>] = [
    "CLibXML2": [],
    "RuleSyntax": ["CLibXML2"],
    "RuleProgram": ["Crypto"],
    "RuleAnalysis": ["RuleProgram"],
    "RuleCompiler": ["RuleSyntax", "RuleProgram", "RuleAnalysis"],
    "RuleBackends": ["RuleProgram"],
    "CanonicalJSON": [],
    "Ledger": ["Crypto"],
    "LedgerSQLite": ["Ledger", "GRDB", "GRDBSQLite"],
    "DecisionEngine": ["RuleProgram", "RuleAnalysis", "Ledger", "CanonicalJSON", "Crypto"],
    "DecisionServer": [
      "RuleSyntax", "RuleProgram", "RuleCompiler", "Ledger", "CanonicalJSON", "DecisionEngine",
      "Crypto", "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore",
    ],
    "leafproof": [
      "RuleSyntax", "RuleProgram", "RuleAnalysis", "RuleCompiler", "RuleBackends",
      "CanonicalJSON", "Ledger", "LedgerSQLite", "DecisionEngine", "DecisionServer",
      "ArgumentParser",
    ],
  ]

  /// The modules of the toolchain and the system, which any target may import.
  static let system: Set<String> = [
    "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization",
  ]

  @Test func tableNamesEachTarget() throws {
    #expect(try Project.names(in: "Sources") == Self.table.keys.sorted())
  }

  @Test(arguments: table.keys.sorted()) func importsRunDownward(_ target: String) throws {
    let allowed = (Self.table[target] ?? []).union(Self.system)
    for path in try Project.files(in: "Sources/\(target)", suffix: ".swift") {
      let found = Self.imports(in: try Project.text(path))
      #expect(found.subtracting(allowed) == [], "\(path) imports what \(target) may not")
    }
  }

  private static let samples: [(String, Set<String>)] = [
    ("import A", ["A"]), ("  public import struct B.C", ["B"]), ("@testable import D", ["D"]),
    ("@_spi(Inner) internal import E // why", ["E"]), ("// import F", []), ("important = 1", []),
    ("let python = \"\"\"\n  import os\n  \"\"\"", []),
  ]

  @Test(arguments: samples) func importsAreRead(_ line: String, _ modules: Set<String>) {
    #expect(Self.imports(in: "let x = 1\n\(line)\n") == modules)
  }

  /// The modules that a Swift source imports; what its long strings say is no import.
  static func imports(in source: String) -> Set<String> {
    let code = source.replacing(#/"""(?s:.*?)"""/#, with: "")
    let line =
      #/
      ^[\t\x20]*
      (?:@\w+(?:\(\w+\))?[\t\x20]+)*
      (?:\w+[\t\x20]+)?
      import[\t\x20]+
      (?:(?:class|enum|func|let|protocol|struct|typealias|var)[\t\x20]+)?
      (\w+)
      /#.anchorsMatchLineEndings()
    return Set(code.matches(of: line).map { String($0.output.1) })
  }
}
