import ArgumentParser

/// `leafproof eval`.
struct Eval: ParsableCommand {
  /// The forms of the output.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, table
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a rule set over rows, without a ledger.",
    discussion: """
      Rows come from CSV with a header row (RFC 4180) or from JSON Lines; each gets its outcome \
      and leaf. A row that can't be decided has the outcome `refused` and no leaf; its reasons go \
      to standard error. It reads and writes as a stream, so a file may be of any size; all \
      cores evaluate, and the answers come in the order of the rows.

        leafproof eval ruleset.xml --input rows.csv
        leafproof eval ruleset.xml --input rows.csv --outputs > decided.csv
        leafproof eval ruleset.lpp --input - --input-format jsonl --format jsonl < rows.jsonl

      A rule set with gaps, overlaps or broken properties can be tried, too: rows that no case, or \
      more than one, takes are refused. The exit code is then 1.

      Exit codes: 0 done, also when rows were refused; 1 the rule set has errors, or with --strict \
      a column is no input; 3 a file can't be read.
      """)

  @Argument(
    help: "The rule set, or what `leafproof compile` wrote.",
    completion: .file(extensions: ["xml", "lpp"]))
  private var file: String

  @Option(
    name: .long, help: "The rows: a .csv, .jsonl or .ndjson file, or - for standard input.",
    completion: .file(extensions: ["csv", "jsonl", "ndjson"]))
  private var input: String

  @Option(name: .long, help: "The form of the rows, where the file's name doesn't tell.")
  private var inputFormat: RowFormat?

  @Option(name: .long, help: "The form of the output.")
  private var format: Form = .csv

  @Flag(name: .long, help: "Add a CSV column for each output.")
  private var outputs = false

  @Flag(name: .long, help: "Refuse columns that are no input, instead of ignoring them.")
  private var strict = false

  @Flag(name: .long, help: "Tell the reasons of every refused row, not of the first 20 only.")
  private var allRefusals = false

  @Option(name: .long, help: "How many threads evaluate, instead of one for each core.")
  private var threads: Int?

  /// A combination that has no sensible output is refused.
  func validate() throws {
    if outputs && format != .csv {
      throw ValidationError("--outputs adds columns to CSV; the form jsonl has the outputs anyway")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 256")
    }
  }

  /// Evaluates, then sums up on standard error.
  func run() throws {
    let form = try RowFormat.of(input, stated: inputFormat, default: .csv, in: [.csv, .jsonl])
    let ruleSet = try RuleSetFile(path: file, isTrial: true)
    let options = Evaluation.Options(
      input: input, form: RowWriter.Form(rawValue: format.rawValue) ?? .csv,
      showsOutputs: outputs, isStrict: strict, showsAllRefusals: allRefusals,
      threads: threads ?? SystemCalls.coreCount)
    let evaluation = Evaluation(ruleSet.program, options, faults: ruleSet.faults ?? [:])
    let clock = ContinuousClock()
    let start = clock.now
    let counts = try form == .csv ? evaluation.runCSV() : evaluation.runJSONLines()
    let refused = counts.refused == 0 ? "none" : String(counts.refused)
    let duration = RoughDuration.text(clock.now - start)
    Console.note("\(Console.count(counts.rows, "row")), \(refused) refused, \(duration)\n")
    if ruleSet.faults != nil {
      throw Failure(.negative, "\(Console.visible(file)): has errors; don't rely on these answers")
    }
  }
}
