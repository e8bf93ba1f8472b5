import ArgumentParser
import CanonicalJSON
import RuleCompiler
import RuleProgram
import RuleSyntax

/// `leafproof check`.
struct Check: ParsableCommand {
  /// How the diagnostics are written.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json, sarif
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find what is wrong with rule sets, pipelines and models.",
    discussion: """
      All problems of all files in one run, each with its place and its mend. As text they go to \
      standard error; JSON and SARIF 2.1.0 go to standard output.

        leafproof check ruleset.xml
        leafproof check rulesets/*/ruleset.xml pipeline.xml
        leafproof check --format sarif ruleset.xml > results.sarif
        leafproof check --explain gap

      Each finding ends with its ID in brackets; --explain tells what an ID means, with examples.

      Exit codes: 0 no errors (warnings are allowed), 1 errors, 3 a file can't be read.
      """)

  @Argument(help: "Rule sets, pipelines and models.", completion: .file(extensions: ["xml"]))
  private var files: [String] = []

  @Option(name: .long, help: "How to write the diagnostics.")
  private var format: Form = .text

  @Flag(name: .long, help: "Exit with 1 when there are warnings, too.")
  private var warningsAsErrors = false

  @Option(
    name: .long,
    help: ArgumentHelp("Tell what the ID of a finding means, and check nothing.", valueName: "id"))
  private var explain: String?

  /// There must be something to do, and an ID must be known.
  func validate() throws {
    guard let explain else {
      if files.isEmpty { throw ValidationError("Missing expected argument '<files> ...'") }
      return
    }
    if !files.isEmpty { throw ValidationError("--explain takes no files") }
    guard DiagnosticID(rawValue: explain) == nil else { return }
    let ids = DiagnosticID.allCases.map(\.rawValue)
    let help = Suggestion.closest(to: explain, among: ids).map { "; did you mean `\($0)`?" }
    throw ValidationError("there is no finding `\(Console.visible(explain))`\(help ?? "")")
  }

  /// Checks all files, then answers.
  func run() throws {
    if let id = explain.flatMap({ DiagnosticID(rawValue: $0) }) {
      return try Console.print(FindingPage(id).markdown)
    }
    var documents: [LoadedDocument] = []
    var failures: [Failure] = []
    for file in files {
      do throws(Failure) {
        documents.append(try LoadedDocument(path: file))
      } catch {
        failures.append(error)
        if let text = error.text { Console.note(text + "\n") }
      }
    }
    let errors = documents.reduce(0) { $0 + $1.errorCount }
    let warnings = documents.reduce(0) { $0 + $1.count(.warning) }
    let remarks = documents.reduce(0) { $0 + $1.count(.remark) }
    let status = status(errors, warnings, failures)
    switch format {
    case .text: for document in documents { Console.note(document.report) }
    case .json: try Console.print(DiagnosticsReport(documents).json.prettyText)
    case .sarif:
      let report = SARIFReport(documents, failures: failures, status: status)
      try Console.print(report.json.prettyText)
    }
    Console.note(summary(documents.count, errors, warnings, remarks, failures.count))
    if status != .success { throw Failure(status, nil) }
  }

  private func status(_ errors: Int, _ warnings: Int, _ failures: [Failure]) -> ExitStatus {
    if failures.contains(where: { $0.status == .input }) { return .input }
    let isBad = errors > 0 || !failures.isEmpty || (warningsAsErrors && warnings > 0)
    return isBad ? .negative : .success
  }

  private func summary(
    _ checked: Int, _ errors: Int, _ warnings: Int, _ remarks: Int, _ unread: Int
  ) -> String {
    var parts = [
      errors == 0 ? "no errors" : Console.count(errors, "error")
    ]
    if warnings > 0 { parts.append(Console.count(warnings, "warning")) }
    if remarks > 0 { parts.append(Console.count(remarks, "remark")) }
    if unread > 0 { parts.append(Console.count(unread, "file") + " not read") }
    return "\(Console.count(checked, "file")) checked: \(parts.joined(separator: ", "))\n"
  }
}
