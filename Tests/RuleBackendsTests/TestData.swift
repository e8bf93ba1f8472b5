import Foundation
import RuleCompiler
import RuleProgram
import RuleSyntax
import SeededRandom

/// Where the tests find their files, and what they draw their rows from.
enum TestData {
  /// The project's folder.
  static let root: URL = {
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root
  }()

  /// True with `LEAFPROOF_NIGHTLY=1`: more rows.
  static let isNightly = ProcessInfo.processInfo.environment["LEAFPROOF_NIGHTLY"] == "1"

  /// The seed of `LEAFPROOF_SEED`, or a new one.
  static func seed() -> UInt64 {
    ProcessInfo.processInfo.environment["LEAFPROOF_SEED"].flatMap { UInt64($0) }
      ?? UInt64.random(in: 0...UInt64.max)
  }

  /// All rule sets that the project ships.
  static func shippedRuleSets() throws -> [URL] {
    var found: [URL] = []
    for folder in ["rulesets", "examples"] {
      let base = root.appendingPathComponent(folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: base.path).sorted() {
        let file = base.appendingPathComponent(name).appendingPathComponent("ruleset.xml")
        if FileManager.default.fileExists(atPath: file.path) { found.append(file) }
      }
    }
    return found
  }

  /// The rule set in `file`.
  static func ruleSet(_ file: URL) throws -> CompiledRuleSet {
    try ruleSet(String(decoding: Data(contentsOf: file), as: UTF8.self), file.path)
  }

  /// The rule set in the text `xml`.
  static func ruleSet(_ xml: String, _ path: String = "ruleset.xml") throws -> CompiledRuleSet {
    let source = SourceText(path: path, bytes: Array(xml.utf8))
    let parsed = parseDocument(source)
    guard case .ruleSet(let syntax) = parsed.document, !parsed.hasErrors else {
      throw TestFailure(DiagnosticRenderer(source: source).render(parsed.diagnostics))
    }
    let compilation = RuleCompiler.compile(syntax, source: source)
    guard let result = compilation.result else {
      throw TestFailure(DiagnosticRenderer(source: source).render(compilation.diagnostics))
    }
    return result
  }
}

/// Why a test could not go on.
struct TestFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

extension SeededGenerator {
  /// True once in `count`.
  mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// A folder of its own, removed at the end.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("leafproof-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }
}

/// Other programs.
enum Tool {
  /// The path of a program that is installed, or nil.
  static func path(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program in `folder`; throws with what it said when it fails.
  @discardableResult
  static func run(_ path: String, _ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let log = folder.appendingPathComponent("log-\(UUID())")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let handle = try FileHandle(forWritingTo: log)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try handle.close()
    let said = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw TestFailure("\(path) \(arguments.joined(separator: " ")):\n\(said.prefix(4000))")
    }
    return said
  }
}
