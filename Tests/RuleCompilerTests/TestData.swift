import RuleCompiler
import RuleProgram
import RuleSyntax

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the tests find their files.
enum TestData {
  /// The project's root.
  static let root: URL = {
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root
  }()

  /// The folder with golden files.
  static let golden = root.appendingPathComponent("Tests/RuleCompilerTests/Golden")

  /// True when golden files are to be written instead of compared: `LEAFPROOF_REFRESH=1`.
  static let refreshes = ProcessInfo.processInfo.environment["LEAFPROOF_REFRESH"] == "1"

  /// True with `LEAFPROOF_NIGHTLY=1`: more trials.
  static let isNightly = ProcessInfo.processInfo.environment["LEAFPROOF_NIGHTLY"] == "1"

  /// The seed of `LEAFPROOF_SEED`, or a new one.
  static func seed() -> UInt64 {
    ProcessInfo.processInfo.environment["LEAFPROOF_SEED"].flatMap { UInt64($0) }
      ?? UInt64.random(in: 0...UInt64.max)
  }

  /// The folder of data that others wrote: `LEAFPROOF_DATA`, else `../shared/data` beside the project.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["LEAFPROOF_DATA"] {
      return URL(fileURLWithPath: path)
    }
    return root.deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  /// Whether the folder `name` of the shared data is there.
  static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: shared.appendingPathComponent(name).path)
  }

  /// The files below `folder` whose path ends with `ending`, sorted.
  static func files(in folder: URL, ending: String) -> [URL] {
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder.path) else {
      return []
    }
    return paths.filter { $0.hasSuffix(ending) }.sorted().map { folder.appendingPathComponent($0) }
  }

  /// The source in `file`, shown under its last path component.
  static func source(_ file: URL) throws -> SourceText {
    SourceText(path: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
  }

  /// The text of `file`.
  static func text(_ file: URL) throws -> String {
    String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }

  /// The rule sets that the project ships.
  static let shippedRuleSets: [URL] =
    files(in: root.appendingPathComponent("rulesets"), ending: "ruleset.xml")
    + files(in: root.appendingPathComponent("examples"), ending: "ruleset.xml")
}

/// What a test wants to know of a source.
struct Compiled {
  var source: SourceText
  var syntax: RuleSetSyntax?
  var result: CompiledRuleSet?
  var trial: TrialRuleSet?
  /// The findings of the reader and the compiler.
  var diagnostics: [Diagnostic]

  /// Reads and compiles `source`, whatever kind of document it is.
  init(_ source: SourceText) {
    self.source = source
    let parsed = parseDocument(source)
    diagnostics = parsed.diagnostics
    switch parsed.document {
    case .ruleSet(let rules):
      syntax = rules
      let compilation = RuleCompiler.compile(rules, source: source)
      diagnostics += compilation.diagnostics
      if !parsed.hasErrors { result = compilation.result }
      trial = compilation.trial
    case .pipeline(let pipeline):
      diagnostics += RuleCompiler.compilePipeline(pipeline).diagnostics
    case .model, nil: break
    }
  }

  /// Compiles a tree that a test has changed.
  init(_ syntax: RuleSetSyntax, source: SourceText) {
    self.source = source
    self.syntax = syntax
    let compilation = RuleCompiler.compile(syntax, source: source)
    diagnostics = compilation.diagnostics
    result = compilation.result
  }

  init(_ text: String) { self.init(SourceText(path: "rules.xml", text: text)) }

  /// The findings as a user sees them.
  var shown: String { DiagnosticRenderer(source: source).render(diagnostics) }

  /// The program's digest, or what stands in its way.
  var digest: String { result.map { $0.program.program.digest.description } ?? shown }
}
