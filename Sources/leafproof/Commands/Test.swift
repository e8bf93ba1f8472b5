import ArgumentParser
import CanonicalJSON
import RuleCompiler
import RuleProgram

/// `leafproof test`.
struct Test: ParsableCommand {
  /// The forms of the report.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json, junit
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the cases beside rule sets, and see which leaves they reach.",
    discussion: """
      The cases stand in `cases.json` in the rule set's folder:

        {"cases": [
          {"name": "below the band", "inputs": {"score": 499, "income": 3000},
           "leaf": "SCORE-LOW", "outcome": "decline", "reasons": ["R02"], "outputs": {}},
          {"name": "no such score", "inputs": {"score": 1001}, "refused": ["score", "income"]}
        ]}

      Numbers are compared by value, and may stand in strings; an output that is null must not be \
      set; what a case doesn't name isn't compared.

        leafproof test ruleset.xml
        leafproof test --minimum 100 rulesets/*/ruleset.xml
        leafproof test --format junit ruleset.xml > junit.xml

      Exit codes: 0 all passed, 1 a case failed, a rule set has errors, or fewer leaves than the \
      minimum were reached; 3 a file can't be read.
      """)

  @Argument(help: "Rule sets.", completion: .file(extensions: ["xml"]))
  private var files: [String]

  @Option(
    name: .long, help: "The cases, where they don't stand in cases.json beside the rule set.",
    completion: .file(extensions: ["json"]))
  private var cases: String?

  @Option(name: .long, help: "How many of the leaves must be reached, in per cent.")
  private var minimum: Int?

  @Option(name: .long, help: "The form of the report.")
  private var format: Form = .text

  /// Combinations and numbers that make no sense are refused.
  func validate() throws {
    if cases != nil && files.count > 1 {
      throw ValidationError("--cases takes the place of the cases of one rule set only")
    }
    if let minimum, !(0...100).contains(minimum) {
      throw ValidationError("--minimum is a percentage from 0 to 100")
    }
  }

  /// Tests rule set by rule set; goes on after one that can't be tested.
  func run() throws {
    var reports: [TestReport] = []
    var failures: [Failure] = []
    for file in files {
      do throws(Failure) {
        let report = try test(file)
        reports.append(report)
        if format == .text { try Console.print(report.text) }
      } catch {
        if error.status == .brokenPipe { throw error }
        if let text = error.text { Console.note(text + "\n") }
        failures.append(error)
      }
    }
    switch format {
    case .text: break
    case .json: try Console.print(JSON.array(reports.map(\.json)).prettyText)
    case .junit: try Console.print(junit(reports))
    }
    try judge(reports, failures)
  }

  private func test(_ file: String) throws(Failure) -> TestReport {
    let document = try LoadedDocument(path: file)
    guard case .ruleSet(let ruleSet) = try document.compiledQuietly() else {
      throw .input("\(Console.visible(file)): error: is no rule set, so there is nothing to test")
    }
    let testCases = try CaseFile.read(cases ?? Self.beside(file))
    let clock = ContinuousClock()
    let start = clock.now
    var runner = CaseRunner(ruleSet.program)
    let results = testCases.map { runner.run($0) }
    return TestReport(
      path: file, program: ruleSet.program.program, wording: ruleSet.wording, results: results,
      unreached: runner.unreachedLeaves, duration: clock.now - start)
  }

  /// `cases.json` in the folder of `file`.
  private static func beside(_ file: String) -> String {
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "cases.json" }
    return String(file[...slash]) + "cases.json"
  }

  private func junit(_ reports: [TestReport]) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      + reports.map(\.junit).joined() + "</testsuites>\n"
  }

  private func judge(_ reports: [TestReport], _ failures: [Failure]) throws(Failure) {
    let failed = reports.reduce(0) { $0 + $1.failures.count }
    let poor = reports.filter { $0.coverage < minimum ?? 0 }
    for report in poor {
      Console.note(
        "\(Console.visible(report.path)): error: \(report.coverage) % of the leaves were reached,"
          + " the minimum is \(minimum ?? 0) %\n")
    }
    if let unread = failures.first(where: { $0.status != .negative }) {
      throw Failure(unread.status, nil)
    }
    if failed > 0 || !poor.isEmpty || !failures.isEmpty { throw Failure.negative }
  }
}
