import CanonicalJSON
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
  }

  private let program: Program
  private let options: Options
  private var binding: Binding
  private var writer: RowWriter
  private var refusals: RefusalReport
  private var progress = Progress()
  /// How many rows were read.
  private(set) var rows = 0

  /// An evaluation of `program`.
  init(_ program: VerifiedProgram, _ options: Options) {
    self.program = program.program
    self.options = options
    binding = Binding(Evaluator(program))
    writer = RowWriter(options.form, program.program, showsOutputs: options.showsOutputs)
    refusals = RefusalReport(showsAll: options.showsAllRefusals)
  }

  /// How many rows were refused.
  var refusedRows: Int { refusals.count }

  // MARK: - CSV

  /// Evaluates a CSV file.
  mutating func runCSV() throws(Failure) {
    var reader = try CSVReader.open(options.input)
    let columns = CSVColumns(reader.header, program)
    try report(columns, reader.name, reader.header)
    refusals = RefusalReport(showsAll: options.showsAllRefusals, absent: columns.absent)
    let plan = columns.columns
    do throws(Failure) {
      while true {
        if reader.mayWait { try writer.flush() }
        guard try reader.next() else { break }
        try evaluate(reader, plan)
        rows = reader.row
        if rows & 0x3FFF == 0 { showProgress(reader.consumed, reader.size) }
      }
    } catch {
      // What was answered before the damage stays answered.
      finishQuietly()
      throw error
    }
    try finish()
  }

  @inline(__always)
  private mutating func evaluate(
    _ reader: borrowing CSVReader, _ plan: [CSVColumns.Column]
  ) throws(Failure) {
    if reader.isDefective {
      let defect = reader.defect ?? ""
      return try writer.write(
        row: reader.row, refused: try refusals.add(row: reader.row, line: reader.line, defect))
    }
    binding.begin()
    reader.bind(plan, to: &binding)
    try answer(row: reader.row)
  }

  private mutating func answer(row: Int) throws(Failure) {
    if let leaf = binding.evaluate() {
      try writer.write(row: row, leaf: leaf, &binding)
    } else {
      try writer.write(row: row, refused: try refusals.add(row: row, binding.refusals))
    }
  }

  private func report(
    _ columns: CSVColumns, _ name: String, _ header: [String]
  ) throws(Failure) {
    if !columns.unknown.isEmpty {
      let list = UnknownNames.list(columns.unknown, program)
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

  // MARK: - JSON Lines

  /// Evaluates a file with one JSON object a line: the inputs by their names, or, as requests have
  /// them, in the member `inputs`.
  mutating func runJSONLines() throws(Failure) {
    var reader = try LineReader(options.input)
    var hasWarned = false
    do throws(Failure) {
      reading: while true {
        let line: [UInt8]
        switch try reader.next(waits: false) {
        case .line(let bytes): line = bytes
        case .notYet:
          try writer.flush()
          guard case .line(let bytes) = try reader.next(waits: true) else { break reading }
          line = bytes
        case .end: break reading
        }
        rows += 1
        let unknown = try evaluate(line, reader.lineNumber)
        if !unknown.isEmpty, !hasWarned || options.isStrict {
          hasWarned = true
          try report(unknown, Console.visible(reader.name), reader.lineNumber)
        }
        if rows & 0xFFF == 0 { showProgress(reader.consumed, reader.size) }
      }
    } catch {
      finishQuietly()
      throw error
    }
    try finish()
  }

  /// Evaluates a line; gives the names in it that are no input.
  private mutating func evaluate(_ line: [UInt8], _ number: Int) throws(Failure) -> [String] {
    let json: JSON
    do {
      json = try JSON(parsing: line)
    } catch {
      let defect = "it is not JSON: \(error.message) at column \(error.column)"
      try writer.write(row: rows, refused: try refusals.add(row: rows, line: number, defect))
      return []
    }
    guard let members = json.object else {
      try writer.write(
        row: rows, refused: try refusals.add(row: rows, line: number, "it is no JSON object"))
      return []
    }
    binding.begin()
    let unknown: [String]
    if program.inputIndex("inputs") == nil, let inputs = json["inputs"]?.object {
      let others = members.map(\.key).filter { !["case_id", "inputs", "scores"].contains($0) }
      unknown = binding.bind(inputs, of: program) + others
    } else {
      unknown = binding.bind(members, of: program)
    }
    if options.isStrict, !unknown.isEmpty { return unknown }
    try answer(row: rows)
    return unknown
  }

  private func report(_ unknown: [String], _ name: String, _ line: Int) throws(Failure) {
    let list = UnknownNames.list(unknown, program)
    if options.isStrict {
      throw .refused("\(name):\(line): members that are no input: \(list)")
    }
    Console.warn("\(name):\(line)", "members that are no input are ignored: \(list)")
  }

  // MARK: - The end

  private mutating func showProgress(_ consumed: Int, _ size: Int?) {
    let rows = rows
    if let size, size > 0 {
      progress.update("\(rows) rows, \(min(100, 100 * consumed / size)) %")
    } else {
      progress.update("\(rows) rows")
    }
  }

  private mutating func finish() throws(Failure) {
    progress.clear()
    try writer.flush()
    refusals.finish()
  }

  private mutating func finishQuietly() {
    progress.clear()
    try? writer.flush()
    refusals.finish()
  }
}
