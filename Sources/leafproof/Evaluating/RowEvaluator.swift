import CanonicalJSON
import RuleProgram

/// What the evaluators of all chunks share.
struct RowEvaluation: Sendable {
  /// The program.
  let program: Program
  /// The state of one thread's row, to be copied.
  let binding: Binding
  /// Words the answers.
  let writer: RowWriter
  /// No refusals yet.
  let refusals: RefusalNotes
  /// Whether members that are no input end the evaluation.
  let isStrict: Bool
  /// Why rows that come to these leaves have no answer.
  let faults: [Int: String]
}

/// Evaluates chunks of a CSV file.
struct CSVEvaluator: ChunkEvaluator {
  private let shared: RowEvaluation
  private let columns: [CSVColumns.Column]
  private var binding: Binding
  private var records: CSVRecords

  /// An evaluator of files whose header has `width` fields, of which `columns` are inputs.
  init(_ shared: RowEvaluation, _ columns: [CSVColumns.Column], width: Int) {
    self.shared = shared
    self.columns = columns
    binding = shared.binding
    records = CSVRecords(width: width)
  }

  mutating func evaluate(_ chunk: inout RowChunk) -> ChunkAnswer {
    // The chunk is moved there and back, so that its bytes are never copied.
    var taken = RowChunk()
    swap(&chunk, &taken)
    records.begin(taken)
    taken = RowChunk()
    defer { swap(&chunk, &records.chunk) }
    var answer = ChunkAnswer(refusals: shared.refusals, consumed: records.chunk.consumed)
    answer.output.reserveCapacity(records.chunk.bytes.count / 2)
    while records.next() {
      if records.isDefective {
        answer.refuse(records.row, line: records.line, records.defect ?? "", shared.writer)
      } else {
        binding.begin()
        records.bind(columns, to: &binding)
        answer.add(records.row, &binding, shared)
      }
    }
    return answer
  }
}

/// Evaluates chunks of JSON Lines: one object a line, the inputs by their names, or, as requests
/// have them, in the member `inputs`.
struct JSONEvaluator: ChunkEvaluator {
  private let shared: RowEvaluation
  private let name: String
  private var binding: Binding

  /// An evaluator of the lines of a file called `name`.
  init(_ shared: RowEvaluation, name: String) {
    self.shared = shared
    self.name = name
    binding = shared.binding
  }

  mutating func evaluate(_ chunk: inout RowChunk) -> ChunkAnswer {
    var answer = ChunkAnswer(refusals: shared.refusals, consumed: chunk.consumed)
    var lines = ChunkLines(chunk)
    var row = chunk.firstRow - 1
    while answer.failure == nil, let line = lines.next(of: chunk) {
      row += 1
      evaluate(line, lines.number, row, &answer)
    }
    return answer
  }

  private mutating func evaluate(
    _ line: [UInt8], _ number: Int, _ row: Int, _ answer: inout ChunkAnswer
  ) {
    let json: JSON
    do {
      json = try JSON(parsing: line)
    } catch {
      let defect = "it is not JSON: \(error.message) at column \(error.column)"
      return answer.refuse(row, line: number, defect, shared.writer)
    }
    guard let members = json.object else {
      return answer.refuse(row, line: number, "it is no JSON object", shared.writer)
    }
    binding.begin()
    let unknown: [String]
    if shared.program.inputIndex("inputs") == nil, let inputs = json["inputs"]?.object {
      let others = members.map(\.key).filter { !["case_id", "inputs", "scores"].contains($0) }
      unknown = binding.bind(inputs, of: shared.program) + others
    } else {
      unknown = binding.bind(members, of: shared.program)
    }
    if !unknown.isEmpty { report(unknown, number, &answer) }
    if answer.failure == nil { answer.add(row, &binding, shared) }
  }

  private func report(_ unknown: [String], _ line: Int, _ answer: inout ChunkAnswer) {
    guard shared.isStrict || answer.warning == nil else { return }
    let list = UnknownNames.list(unknown, shared.program)
    if shared.isStrict {
      answer.failure = .refused("\(name):\(line): members that are no input: \(list)")
    } else {
      answer.warning = "\(name):\(line): warning: members that are no input are ignored: \(list)\n"
    }
  }
}

extension ChunkAnswer {
  /// Adds the row that was bound.
  fileprivate mutating func add(_ row: Int, _ binding: inout Binding, _ shared: RowEvaluation) {
    let writer = shared.writer
    rows += 1
    if let leaf = binding.evaluate() {
      if !shared.faults.isEmpty, let why = shared.faults[leaf] {
        refusals.add(row: row, undecided: why)
        return writer.append(row: row, refused: RefusalNotes.json(undecided: why), to: &output)
      }
      writer.append(row: row, leaf: leaf, &binding, to: &output)
    } else {
      refusals.add(row: row, binding.refusals)
      writer.append(row: row, refused: RefusalNotes.json(binding.refusals), to: &output)
    }
  }

  /// Adds a row that is refused as a whole.
  fileprivate mutating func refuse(
    _ row: Int, line: Int, _ defect: String, _ writer: RowWriter
  ) {
    rows += 1
    refusals.add(row: row, line: line, defect)
    writer.append(row: row, refused: RefusalNotes.json(defect), to: &output)
  }
}
