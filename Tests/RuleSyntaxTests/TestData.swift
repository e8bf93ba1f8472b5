import RuleSyntax

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the tests find their files.
enum TestData {
  /// The folder with golden files.
  static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// True when golden files are to be written instead of compared: `LEAFPROOF_REFRESH=1`.
  static let refreshes = ProcessInfo.processInfo.environment["LEAFPROOF_REFRESH"] == "1"

  /// The folder of data that others wrote: `LEAFPROOF_DATA`, else `../shared/data` beside the project.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["LEAFPROOF_DATA"] {
      return URL(fileURLWithPath: path)
    }
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  /// Whether the folder `name` of the shared data is there.
  static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: shared.appendingPathComponent(name).path)
  }

  /// The files below `folder` whose path satisfies `condition`, sorted.
  static func files(in folder: URL, where condition: (String) -> Bool) -> [URL] {
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder.path) else {
      return []
    }
    return paths.filter(condition).sorted().map { folder.appendingPathComponent($0) }
  }

  /// The source in `file`, shown under its last path component.
  static func source(_ file: URL) throws -> SourceText {
    SourceText(path: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
  }
}

/// All findings about `source`, those of its expressions included, in the order of places.
func findings(in source: SourceText) -> [Diagnostic] {
  let parsed = parseDocument(source)
  var diagnostics = parsed.diagnostics
  guard case .ruleSet(let rules) = parsed.document else { return diagnostics }
  let names = NameScope(rules.inputs.map(\.name.value) + rules.derived.map(\.name.value))
  for derived in rules.derived {
    _ = parseExpression(derived.expression, names: names, diagnostics: &diagnostics)
  }
  if let tree = rules.tree { check(tree, names, &diagnostics) }
  return DiagnosticRenderer.sorted(diagnostics)
}

private func check(_ node: NodeSyntax, _ names: NameScope, _ diagnostics: inout [Diagnostic]) {
  switch node {
  case .leaf(let leaf):
    for set in leaf.sets {
      _ = parseExpression(set.expression, names: names, diagnostics: &diagnostics)
    }
  case .split(let split):
    _ = parseExpression(split.on, names: names, diagnostics: &diagnostics)
    for branch in split.cases {
      _ = parseUnaryTests(branch.tests, names: names, diagnostics: &diagnostics)
      if let child = branch.child { check(child, names, &diagnostics) }
    }
    for child in [split.otherwise?.child, split.missing?.child] {
      if let child { check(child, names, &diagnostics) }
    }
  }
}
