import ArgumentParser
import CanonicalJSON
import RuleProgram

/// `leafproof diff`.
struct Diff: ParsableCommand {
  /// The forms of the answer.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    abstract: "Say what changes between two versions of a rule set, for which inputs.",
    discussion: """
      The trees are compared by what they mean, not by how they are written. Each change is shown \
      with the conditions under which it happens and a row that was executed; what is listed as \
      possible was neither found nor ruled out. `equivalent` is said only when it is proven.

        leafproof diff old.xml new.xml
        leafproof diff old.xml new.xml --format json | jq .verdict
        git show HEAD~1:ruleset.xml > before.xml; leafproof diff before.xml ruleset.xml

      Exit codes: 0 no outcome changes, 1 outcomes change, or inputs or outcomes are others; \
      3 a file can't be read.
      """)

  @Argument(help: "The old version.", completion: .file(extensions: ["xml", "lpp"]))
  private var old: String

  @Argument(help: "The new version.", completion: .file(extensions: ["xml", "lpp"]))
  private var new: String

  @Option(name: .long, help: "The form of the answer.")
  private var format: Form = .text

  @Flag(name: .long, help: "Show every change, not the first 20 only.")
  private var all = false

  /// Compares, then answers.
  func run() throws {
    let report = DifferenceReport(try Self.version(old), try Self.version(new))
    switch format {
    case .text: try Console.print(DifferenceText(report, showsAll: all).text)
    case .json: try Console.print(report.json.prettyText)
    }
    switch report.verdict {
    case .equivalent, .harmless: return
    case .outcomesChange, .interfaceChanges, .incomparable: throw Failure.negative
    }
  }

  private static func version(_ path: String) throws(Failure) -> DifferenceReport.Version {
    let file = try RuleSetFile(path: path)
    let name = file.wording.map { "\($0.id) \($0.version)" }
    return DifferenceReport.Version(
      path: path, name: name, program: file.program.program, wording: file.wording)
  }
}
