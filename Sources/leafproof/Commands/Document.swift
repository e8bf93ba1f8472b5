import ArgumentParser
import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax

/// `leafproof document`.
struct Document: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "document",
    abstract: "Write a rule set as a book to read, print and file.",
    discussion: """
      One HTML file that needs nothing else: authority, the tree as a picture and an outline, each \
      leaf with its conditions in words, inputs, outcomes, reasons, properties with their proofs, \
      the findings of `check`, what the cases beside the rule set reach, what changed since the \
      version before, and digests. The same rule set gives the same bytes.

        leafproof document ruleset.xml -o ruleset.html
        leafproof document ruleset.xml --before old.xml --language de -o regelwerk.html

      The picture is kept to one printed page: what has no room is folded, with the number of its \
      leaves. The outline is for trees of up to 120 leaves, the table of leaves for up to 3,000.

      Exit codes: 0 written; 1 the rule set has errors; 3 a file can't be read; 5 the output can't \
      be written.
      """)

  @Argument(help: "The rule set.", completion: .file(extensions: ["xml"]))
  private var file: String

  @Option(
    name: .long, help: "The version before, to say what changed.",
    completion: .file(extensions: ["xml", "lpp"]))
  private var before: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The reader's language, such as de; by default the rule set's own.", valueName: "tag"))
  private var language: String?

  @Option(
    name: [.short, .long], help: "Where to write it, instead of standard output.",
    completion: .file())
  private var output: String?

  /// A language must look like one.
  func validate() throws {
    if let language, !LanguageTag.isOne(language) {
      throw ValidationError("--language takes a language tag such as en, de or fr-CH")
    }
  }

  /// Compiles, tests, compares, writes.
  func run() throws {
    let document = try LoadedDocument(path: file)
    guard case .ruleSet(let ruleSet) = try document.compiledQuietly() else {
      throw Failure.input(
        "\(Console.visible(file)): error: is a \(document.kind ?? "file of another kind"), not a"
          + " rule set")
    }
    let program = ruleSet.program.program
    var content = RuleSetBook.Content(
      program: program, wording: ruleSet.wording,
      sourceDigest: "\(try document.sourceDigest())")
    content.properties = ruleSet.properties
    content.findings = document.diagnostics.map { RuleSetBook.Finding($0, document.source) }
    content.coverage = try coverage(ruleSet)
    content.change = try before.map { (path) throws(Failure) in try change(path, ruleSet) }
    let page = RuleSetBook(content, language: language?.lowercased()).page
    guard let output else { return try Console.write(page) }
    do {
      try SystemCalls.replace(output, with: page)
    } catch {
      throw Failure(writing: output, error)
    }
  }

  private func coverage(_ ruleSet: CompiledRuleSet) throws(Failure) -> RuleSetBook.Coverage? {
    let path = Test.beside(file)
    guard SystemCalls.exists(path) else { return nil }
    var runner = CaseRunner(ruleSet.program)
    let results = try CaseFile.read(path).map { runner.run($0) }
    let reached = TreeCoverage(
      leafVisits: runner.visits, ruleSet.program.program, ruleSet.wording)
    return RuleSetBook.Coverage(
      cases: results.count, failed: results.count { !$0.differences.isEmpty },
      leafVisits: runner.visits,
      branches: (reached.branches.reached, reached.branches.count))
  }

  private func change(
    _ path: String, _ ruleSet: CompiledRuleSet
  ) throws(Failure) -> RuleSetDifference {
    let old = try RuleSetFile(path: path)
    if let other = old.wording?.id, other != ruleSet.wording.id {
      throw .usage(
        "--before needs a version of the same rule set, not \(Console.visible(other)) for"
          + " \(Console.visible(ruleSet.wording.id))")
    }
    return RuleSetDifference(
      RuleSetDifference.Version(
        path: path, name: old.wording.map { "\($0.id) \($0.version)" },
        program: old.program.program, wording: old.wording),
      RuleSetDifference.Version(
        path: file, name: "\(ruleSet.wording.id) \(ruleSet.wording.version)",
        program: ruleSet.program.program, wording: ruleSet.wording))
  }
}

extension RuleSetBook.Finding {
  /// A diagnostic about `source`.
  init(_ diagnostic: Diagnostic, _ source: SourceText) {
    self.init(
      id: diagnostic.id.rawValue, message: diagnostic.message, help: diagnostic.help,
      line: source.region(of: diagnostic.span).begin.line)
  }
}
