import RuleProgram

/// Runs a program over the rows of a file, in constant memory.
struct Evaluation {
  /// How to go about it.
  struct Options {
    /// The file; `-` is standard input.
    var input: String
    /// The form of the output.
    var form: RowWriter.Form
    /// Whether CSV output has a column for each output.
    var showsOutputs: Bool
    /// Whether columns that are no input end the command.
    var isStrict: Bool
    /// Whether every refused row is told.
    var showsAllRefusals: Bool
    /// How many threads evaluate.
    var threads: Int
  }

  private let program: VerifiedProgram
  private let options: Options
  /// Why rows that come to these leaves have no answer.
  private let faults: [Int: String]

  /// An evaluation of `program`; rows that come to the leaves in `faults` are refused for what it says.
  init(_ program: VerifiedProgram, _ options: Options, faults: [Int: String] = [:]) {
    self.program = program
    self.faults = faults
    self.options = options
  }

  /// Evaluates a CSV file; gives how many rows there were and how many of them were refused.
  func runCSV() throws(Failure) -> (rows: Int, refused: Int) {
    let reader = try CSVReader.open(options.input)
    let columns = CSVColumns(reader.header, program.program)
    try report(columns, reader.name, reader.header)
    let (shared, width) = (shared(absent: columns.absent), reader.header.count)
    return try ParallelRows(reader, showsAllRefusals: options.showsAllRefusals).run(
      threads: options.threads, header: shared.writer.header
    ) {
      CSVEvaluator(shared, columns.columns, width: width)
    }
  }

  /// Evaluates a file with one JSON object a line.
  func runJSONLines() throws(Failure) -> (rows: Int, refused: Int) {
    let lines = try LineChunks(options.input)
    let (shared, name) = (shared(), lines.name)
    return try ParallelRows(lines, showsAllRefusals: options.showsAllRefusals).run(
      threads: options.threads, header: shared.writer.header
    ) {
      JSONEvaluator(shared, name: name)
    }
  }

  private func shared(absent: [String] = []) -> RowEvaluation {
    RowEvaluation(
      program: program.program, binding: Binding(Evaluator(program)),
      writer: RowWriter(options.form, program.program, showsOutputs: options.showsOutputs),
      refusals: RefusalNotes(showsAll: options.showsAllRefusals, absent: absent),
      isStrict: options.isStrict, faults: faults)
  }

  private func report(
    _ columns: CSVColumns, _ name: String, _ header: [String]
  ) throws(Failure) {
    if !columns.unknown.isEmpty {
      let list = UnknownNames.list(columns.unknown, program.program)
      if options.isStrict { throw .refused("\(name): columns that are no input: \(list)") }
      Console.warn(name, "columns that are no input are ignored: \(list)")
    }
    guard !columns.absent.isEmpty else { return }
    let list = columns.absent.map(Console.visible).joined(separator: ", ")
    let noun = columns.absent.count == 1 ? "input" : "inputs"
    Console.warn(name, "no column for the required \(noun) \(list): every row is refused")
    if header.count == 1, header[0].contains(where: { $0 == ";" || $0 == "\t" }) {
      Console.warn(name, "there is only one column; fields must be separated by commas")
    }
  }
}
