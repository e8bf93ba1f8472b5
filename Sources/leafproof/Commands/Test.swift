import ArgumentParser
import CanonicalJSON
import RuleCompiler
import RuleProgram

/// `leafproof test`.
struct Test: ParsableCommand {
  /// The forms of the report.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json, junit, lcov
  }

  /// What can be generated.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case boundaries
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the cases beside rule sets, and see which leaves and branches they reach.",
    discussion: """
      The cases stand in `cases.json` in the rule set's folder:

        {"cases": [
          {"name": "below the band", "inputs": {"score": 499, "income": 3000},
           "leaf": "SCORE-LOW", "outcome": "decline", "reasons": ["R02"], "outputs": {}},
          {"name": "no such score", "inputs": {"score": 1001}, "refused": ["score", "income"]}
        ]}

      Numbers are compared by value, and may stand in strings; an output that is null must not be \
      set; what a case doesn't name isn't compared. A branch is a <case>, <otherwise> or <missing>.

        leafproof test ruleset.xml
        leafproof test --minimum 100 --minimum-branches 100 rulesets/*/ruleset.xml
        leafproof test --format junit ruleset.xml > junit.xml
        leafproof test --format lcov ruleset.xml > rules.info

      --generate writes cases instead, with the leaf and outcome that the rule set gives today, for \
      a person to review: one for each leaf, each side of each cut (on the threshold, and beside it \
      by one step of its last digit), each declared value and missing; and for conditions with `and`, \
      `or` and `not` two cases for each part, in which only that part's truth changes and the branch \
      with it (unique-cause MC/DC). What no case is found for is named on standard error.

        leafproof test --generate boundaries ruleset.xml -o boundaries.json
        leafproof test --cases boundaries.json ruleset.xml
        leafproof test --generate boundaries --missing-only ruleset.xml

      Exit codes: 0 all passed, or cases were written; 1 a case failed, a rule set has errors, or \
      fewer leaves or branches than the minimum were reached; 3 a file can't be read; 5 the output \
      can't be written.
      """)

  @Argument(help: "Rule sets.", completion: .file(extensions: ["xml"]))
  private var files: [String]

  @Option(
    name: .long, help: "The cases, where they don't stand in cases.json beside the rule set.",
    completion: .file(extensions: ["json"]))
  private var cases: String?

  @Option(name: .long, help: "How many of the leaves must be reached, in per cent.")
  private var minimum: Int?

  @Option(name: .long, help: "How many of the branches must be taken, in per cent.")
  private var minimumBranches: Int?

  @Option(name: .long, help: "Write cases instead of running them.")
  private var generate: Kind?

  @Flag(name: .long, help: "With --generate: only cases for what the present cases don't show.")
  private var missingOnly = false

  @Option(
    name: [.short, .long], help: "With --generate: the file to write.", completion: .file())
  private var output: String?

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
    if let minimumBranches, !(0...100).contains(minimumBranches) {
      throw ValidationError("--minimum-branches is a percentage from 0 to 100")
    }
    if generate == nil, missingOnly || output != nil {
      throw ValidationError("--missing-only and --output belong to --generate")
    }
    guard generate != nil else { return }
    if files.count > 1 { throw ValidationError("--generate takes one rule set") }
    if minimum != nil || minimumBranches != nil || format != .text {
      throw ValidationError("--generate runs no cases: it takes no minimum and no format")
    }
    if cases != nil && !missingOnly {
      throw ValidationError("with --generate, --cases belongs to --missing-only")
    }
  }

  /// Tests rule set by rule set; goes on after one that can't be tested.
  func run() throws {
    if generate != nil { return try generateCases(files[0]) }
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
    case .junit: try Console.print(TestReport.junit(reports))
    case .lcov: try Console.print(reports.map(\.lcov).joined())
    }
    try judge(reports, failures)
  }

  private func test(_ file: String) throws(Failure) -> TestReport {
    let ruleSet = try load(file)
    let program = ruleSet.program.program
    let testCases = try CaseFile.read(cases ?? Self.beside(file))
    let clock = ContinuousClock()
    let start = clock.now
    var runner = CaseRunner(ruleSet.program)
    let results = testCases.map { runner.run($0) }
    return TestReport(
      path: file, program: program, wording: ruleSet.wording, results: results,
      reached: TreeCoverage(leafVisits: runner.visits, program, ruleSet.wording),
      duration: clock.now - start)
  }

  private func load(_ file: String) throws(Failure) -> CompiledRuleSet {
    let document = try LoadedDocument(path: file)
    guard case .ruleSet(let ruleSet) = try document.compiledQuietly() else {
      throw .input("\(Console.visible(file)): error: is no rule set, so there is nothing to test")
    }
    return ruleSet
  }

  private func generateCases(_ file: String) throws(Failure) {
    let beside = cases ?? Self.beside(file)
    if let output, output == beside, SystemCalls.exists(output) {
      throw .usage(
        "\(Console.visible(output)) holds the present cases; name another file with --output")
    }
    let ruleSet = try load(file)
    let existing = missingOnly ? try CaseFile.read(beside) : []
    let generation = CaseGeneration(file, ruleSet.program, ruleSet.wording, besides: existing)
    if let output {
      do throws(SystemError) {
        try SystemCalls.replace(output, with: Array(generation.text.utf8))
      } catch {
        throw Failure(writing: output, error)
      }
    } else {
      try Console.print(generation.text)
    }
    Console.note(generation.notes)
  }

  /// `cases.json` in the folder of `file`.
  static func beside(_ file: String) -> String {
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "cases.json" }
    return String(file[...slash]) + "cases.json"
  }

  private func judge(_ reports: [TestReport], _ failures: [Failure]) throws(Failure) {
    let failed = reports.reduce(0) { $0 + $1.failures.count }
    var isPoor = false
    for report in reports {
      let shares = [
        ("leaves were reached", report.reached.leaves, minimum ?? 0),
        ("branches were taken", report.reached.branches, minimumBranches ?? 0),
      ]
      for (what, share, minimum) in shares where share.percent < minimum {
        isPoor = true
        Console.note(
          "\(Console.visible(report.path)): error: \(share.percent) % of the \(what),"
            + " the minimum is \(minimum) %\n")
      }
    }
    if let unread = failures.first(where: { $0.status != .negative }) {
      throw Failure(unread.status, nil)
    }
    if failed > 0 || isPoor || !failures.isEmpty { throw Failure.negative }
  }
}
