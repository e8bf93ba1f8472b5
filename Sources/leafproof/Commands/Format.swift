import ArgumentParser
import RuleCompiler
import RuleProgram
import RuleSyntax

/// `leafproof format`.
struct Format: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Bring rule sets, pipelines and models into the canonical layout.",
    discussion: """
      The layout changes, the meaning doesn't: the program digest stays. Comments stay. Files are \
      replaced whole or not at all; a file that isn't well-formed is left alone.

        leafproof format ruleset.xml
        leafproof format --check rulesets/*/ruleset.xml
        leafproof format --stdout ruleset.xml | diff ruleset.xml -
        leafproof format - < ruleset.xml

      Exit codes: 0 done, 1 with --check: a file would change; or a file isn't well-formed, \
      3 a file can't be read.
      """)

  @Argument(
    help: "Rule sets, pipelines and models; - is standard input, written to standard output.",
    completion: .file(extensions: ["xml"]))
  private var files: [String]

  @Flag(name: .long, help: "List the files that would change, and change none.")
  private var check = false

  @Flag(name: .long, help: "Print the result instead of changing the files.")
  private var stdout = false

  /// A combination that has no sensible output is refused.
  func validate() throws {
    if check && stdout { throw ValidationError("--check and --stdout can't be used together") }
  }

  /// Formats file by file; goes on after one that can't be formatted.
  func run() throws {
    var worst = ExitStatus.success
    for file in files {
      do throws(Failure) {
        if try format(file), check { worst = max(worst, .negative) }
      } catch {
        if error.status == .brokenPipe { throw error }
        if let text = error.text { Console.note(text + "\n") }
        worst = max(worst, error.status)
      }
    }
    if worst != .success { throw Failure(worst, nil) }
  }

  private func max(_ a: ExitStatus, _ b: ExitStatus) -> ExitStatus {
    a.rawValue > b.rawValue ? a : b
  }

  /// Formats one file; tells whether it was in another layout.
  private func format(_ path: String) throws(Failure) -> Bool {
    let source = try load(path)
    let result = try formatted(source)
    let isChanged = result != source.bytes
    if check {
      if isChanged { try Console.print(path + "\n") }
    } else if stdout || path == "-" {
      try Console.write(result)
    } else if isChanged {
      do {
        try SystemCalls.replace(path, with: result)
      } catch {
        throw Failure(writing: path, error)
      }
      Console.note("\(Console.visible(path)): formatted\n")
    }
    return isChanged
  }

  private func load(_ path: String) throws(Failure) -> SourceText {
    if path == "-" {
      return SourceText(
        path: "standard input", bytes: try WholeInput.read("-", limit: SourceText.sizeLimit))
    }
    do {
      return try SourceText.load(path: path)
    } catch {
      throw Failure(error)
    }
  }

  /// The source in the canonical layout, checked to mean the same.
  private func formatted(_ source: SourceText) throws(Failure) -> [UInt8] {
    let before = LoadedDocument(source)
    let isReadable = before.kind != nil && canonicalForm(of: source) != nil
    guard isReadable, !before.diagnostics.contains(where: { $0.id == .strayText }) else {
      Console.note(before.report)
      throw Failure(.negative, "\(Console.visible(source.path)): not formatted")
    }
    guard let bytes = Layout.canonical(source.bytes) else {
      throw Failure(
        .negative,
        "\(Console.visible(source.path)): error: not formatted: its markup"
          + " has a form that can't be laid out")
    }
    let after = LoadedDocument(SourceText(path: source.path, bytes: bytes))
    guard Self.meaning(of: before) == Self.meaning(of: after) else {
      throw Failure(
        .negative,
        "\(Console.visible(source.path)): error: not formatted: another"
          + " layout would change its meaning")
    }
    return bytes
  }

  /// What must not change: the content, or the findings of a file with errors.
  private static func meaning(of document: LoadedDocument) -> [UInt8] {
    switch document.content {
    case .ruleSet(let ruleSet):
      ruleSet.program.program.bytes
    case .pipeline(let definition): definition.bytes
    case .model(let definition): definition.bytes
    case nil: Array(document.diagnostics.map(\.id.rawValue).sorted().joined(separator: " ").utf8)
    }
  }
}
