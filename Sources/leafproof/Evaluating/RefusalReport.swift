import CanonicalJSON
import RuleProgram

/// The rows of a chunk that were refused, and why.
struct RefusalNotes: Sendable {
  private let showsAll: Bool
  /// Inputs that no row can have; said once at the start, they aren't repeated.
  private let absent: Set<String>
  /// A line for each row that there is something to tell of.
  private(set) var lines: [String] = []
  /// How many rows were refused.
  private(set) var count = 0

  /// No notes yet; `absent` are inputs whose absence has been told.
  init(showsAll: Bool, absent: [String] = []) {
    self.showsAll = showsAll
    self.absent = Set(absent)
  }

  /// Notes that `row` was refused for `refusals`.
  mutating func add(row: Int, _ refusals: [Binding.Refusal]) {
    count += 1
    let news = refusals.filter { $0.problem != .missing || !absent.contains($0.input) }
    if !news.isEmpty {
      note(row, news.map { "\($0.input) \($0.problem.text)" }.joined(separator: "; "))
    }
  }

  /// Notes that `row` was refused as a whole.
  mutating func add(row: Int, line: Int, _ defect: String) {
    count += 1
    note(row, "\(defect) (line \(line))")
  }

  /// Notes that the rule set has no answer for `row`.
  mutating func add(row: Int, undecided why: String) {
    count += 1
    note(row, why)
  }

  private mutating func note(_ row: Int, _ reason: String) {
    guard showsAll || lines.count < RefusalReport.limit else { return }
    lines.append("row \(row): \(Console.visible(reason))\n")
  }

  /// What the output says of a row that was refused for `refusals`.
  static func json(_ refusals: [Binding.Refusal]) -> JSON {
    .array(
      refusals.map { refusal in
        [
          "input": .string(refusal.input), "code": .string(refusal.problem.code),
          "message": .string(refusal.problem.text),
        ]
      })
  }

  /// What the output says of a row that was refused as a whole.
  static func json(_ defect: String) -> JSON {
    [["input": .null, "code": "malformed", "message": .string(defect)]]
  }

  /// What the output says of a row that the rule set has no answer for.
  static func json(undecided why: String) -> JSON {
    [["input": .null, "code": "undecided", "message": .string(why)]]
  }
}

/// Tells on standard error why rows were refused.
struct RefusalReport {
  /// How many refused rows are told one by one, unless all are asked for.
  static let limit = 20

  private let showsAll: Bool
  private var told = 0
  /// How many rows were refused.
  private(set) var count = 0
  private var sink = ByteSink(SystemCalls.error)

  /// A report of all rows, or of the first.
  init(showsAll: Bool) { self.showsAll = showsAll }

  /// Tells of further rows.
  mutating func tell(_ notes: RefusalNotes) {
    count += notes.count
    for line in notes.lines where showsAll || told < Self.limit {
      told += 1
      sink.bytes += line.utf8
    }
    try? sink.flush()
  }

  /// Tells how many more there were.
  func finish() {
    if told < count, told == Self.limit, !showsAll {
      Console.note("\(count - told) more rows were refused: see all with --all-refusals\n")
    }
  }
}
