import ArgumentParser
import RuleBackends
import RuleCompiler
import RuleProgram

/// `leafproof emit sql`.
struct EmitSQL: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Write a rule set as SQL.",
    discussion: """
      The SQL gives the same leaf and the same outcome for the same row, or the command says what \
      the database can't compute exactly, and where. Without --table it prints one expression each \
      for leaf, outcome and outputs, over columns named like the inputs; with --table a query that \
      computes every intermediate value once, which is faster. A row that would be refused has the \
      leaf null and the outcome `refused`.

      Numbers are DECIMAL(18, 6), in SQLite REAL or INTEGER with 15 digits, 4 of them behind the \
      point; --number says otherwise. A date is a DATE, a dayTimeDuration its seconds, a \
      yearMonthDuration its months. In SQLite dates and times are ISO 8601 text.

        leafproof emit sql ruleset.xml --dialect postgres --table applications --key id
        leafproof emit sql ruleset.xml --dialect sqlite --number 12,2

      PostgreSQL should run large rule sets with `SET jit = off`: compiling takes seconds.

      Exit codes: 0 done; 1 something can't be expressed, or the rule set has errors; 3 the file \
      can't be read.
      """)

  @Argument(
    help: "The rule set.", completion: .file(extensions: ["xml"]))
  private var file: String

  @Option(name: .long, help: "Whose SQL: sqlite, postgres, duckdb or spark.")
  private var dialect: String

  @Option(name: .long, help: "The table that has a column for each input.")
  private var table: String?

  @Option(name: .long, help: "A column to give beside the results; may be repeated.")
  private var key: [String] = []

  @Option(name: .long, help: "Digits of the number columns, and how many stand behind the point.")
  private var number: String?

  @Option(name: .long, help: "An input whose column holds doubles; may be repeated.")
  private var double: [String] = []

  @Flag(name: .long, help: "Leave out the outputs: leaf and outcome only.")
  private var noOutputs = false

  /// Wrong options are told before a file is read.
  func validate() throws {
    guard SQLDialect(rawValue: dialect) != nil else {
      throw ValidationError("--dialect takes sqlite, postgres, duckdb or spark")
    }
    _ = try digits()
    guard table != nil || key.isEmpty else { throw ValidationError("--key needs --table") }
    guard table != "" else { throw ValidationError("--table takes a name") }
    guard !key.contains("") else { throw ValidationError("--key takes a name") }
  }

  /// Compiles, writes.
  func run() throws {
    guard let dialect = SQLDialect(rawValue: dialect) else { return }
    let source = try EmitSource(path: file)
    let program = source.ruleSet.program
    let inputs = program.program.inputs
    for name in double where !inputs.contains(where: { $0.name == name && $0.type == .number }) {
      throw Failure.usage(
        "--double \(Console.visible(name)): no input of type number has this name")
    }
    let digits = try digits()
    let backend = SQLBackend(
      dialect, precision: digits?.precision, scale: digits?.scale, doubles: Set(double))
    let text: SQLText
    do {
      text = try backend.text(of: program, outputs: !noOutputs, keys: key)
    } catch {
      throw source.refused(
        [error], target: dialect.title,
        help:
          "write it without, narrow min and max or the digits (--number) where they are too many, or"
          + " leave out the outputs (--no-outputs)")
    }
    if let table {
      let results = Set(text.resultNames.map { $0.lowercased() })
      if let twice = key.first(where: { results.contains($0.lowercased()) }) {
        throw Failure.usage(
          "--key \(Console.visible(twice)): the query gives a column of this name itself")
      }
      try Console.print(text.select(from: table, keys: key) + ";\n")
      return
    }
    var expressions = [("leaf", text.leaf), ("outcome", text.outcome)]
    expressions += text.outputs.map { ("output \($0.name)", $0.sql) }
    try Console.print(expressions.map { "-- \($0)\n\($1)\n" }.joined(separator: "\n"))
  }

  private func digits() throws -> (precision: Int, scale: Int)? {
    guard let number, let dialect = SQLDialect(rawValue: dialect) else { return nil }
    let parts = number.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let greatest = SQLBackend.greatestPrecision(dialect)
    guard parts.count == 2, let precision = parts[0], let scale = parts[1],
      (1...greatest).contains(precision), (0...precision).contains(scale)
    else {
      throw ValidationError(
        "--number takes digits and fraction digits such as 12,2; at most \(greatest) digits")
    }
    return (precision, scale)
  }
}
