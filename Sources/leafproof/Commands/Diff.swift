import ArgumentParser
import CanonicalJSON
import DecisionEngine
import RuleProgram

/// `leafproof diff`.
struct Diff: ParsableCommand {
  /// The forms of the answer.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    abstract: "Say what changes between two versions of a rule set, for which inputs.",
    discussion: """
      The trees are compared by what they mean, not by how they are written. Each change is shown \
      with the conditions under which it happens and a row that was executed; what is listed as \
      possible was neither found nor ruled out. `equivalent` is said only when it is proven.

      With --on a ledger, its cases are decided anew by both versions, in the place of whichever \
      had decided them, and every past decision whose outcome changes is told, the adverse ones \
      first. That doesn't change the exit code.

        leafproof diff old.xml new.xml
        leafproof diff old.xml new.xml --on bank.sqlite
        leafproof diff old.xml new.xml --format html > difference.html
        leafproof diff old.xml new.xml --format json | jq .verdict
        git show HEAD~1:ruleset.xml > before.xml; leafproof diff before.xml ruleset.xml

      Exit codes: 0 no outcome changes, 1 outcomes change, or inputs or outcomes are others; \
      3 a file can't be read; 4 the ledger can't be used.
      """)

  @Argument(help: "The old version.", completion: .file(extensions: ["xml", "lpp"]))
  private var old: String

  @Argument(help: "The new version.", completion: .file(extensions: ["xml", "lpp"]))
  private var new: String

  @Option(name: .long, help: "The form of the answer.")
  private var format: Form = .text

  @Option(
    name: .long,
    help: ArgumentHelp("And which decisions of this ledger change.", valueName: "ledger"),
    completion: .file(extensions: ["sqlite"]))
  private var on: String?

  @Flag(name: .long, help: "Show every change and every case, not the first ones only.")
  private var all = false

  /// Compares, then answers.
  func run() throws {
    let files = try RuleSetFile.pair(old, new)
    if let before = files.0.wording?.id, let after = files.1.wording?.id, before != after {
      Console.note(
        "warning: \(Console.visible(before)) and \(Console.visible(after)) are two rule sets, not"
          + " two versions of one\n")
    }
    let past = try on.map { (path) throws(Failure) in try backtest(path, files.0, files.1) }
    let report = DifferenceReport(Self.version(old, files.0), Self.version(new, files.1), past)
    switch format {
    case .text: try Console.print(DifferenceText(report, showsAll: all).text)
    case .json: try Console.print(report.json.prettyText)
    case .html: try Console.write(DifferencePage(report, showsAll: all).bytes)
    }
    switch report.verdict {
    case .equivalent, .harmless: return
    case .outcomesChange, .interfaceChanges, .incomparable: throw Failure.negative
    }
  }

  private static func version(_ path: String, _ file: RuleSetFile) -> DifferenceReport.Version {
    let name = file.wording.map { "\($0.id) \($0.version)" }
    return DifferenceReport.Version(
      path: path, name: name, program: file.program.program, wording: file.wording)
  }

  private func backtest(
    _ path: String, _ before: RuleSetFile, _ after: RuleSetFile
  ) throws(Failure) -> BacktestReport {
    guard let id = after.wording?.id ?? before.wording?.id else {
      throw .usage("--on needs a rule set's XML, for compiled files don't hold its ID")
    }
    if let other = before.wording?.id, other != id {
      throw .usage(
        "--on needs two versions of one rule set, not \(Console.visible(other)) and"
          + " \(Console.visible(id))")
    }
    let engine = try LedgerSession.reading(path).engine
    let plan = BacktestPlan(
      try StandIn.of(after, id: id, in: engine),
      baseline: try StandIn.of(before, id: id, in: engine), keep: all ? nil : BacktestReport.keep,
      cores: SystemCalls.coreCount)
    return try BacktestReport.run(plan, engine)
  }
}
