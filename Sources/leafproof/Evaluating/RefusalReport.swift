import CanonicalJSON
import RuleProgram

/// Tells on standard error why rows were refused.
struct RefusalReport {
  /// How many refused rows are told one by one, unless all are asked for.
  static let limit = 20

  private let showsAll: Bool
  /// Inputs that no row can have; said once at the start, they aren't repeated.
  private let absent: Set<String>
  private var told = 0
  /// How many rows were refused.
  private(set) var count = 0
  private var sink = ByteSink(SystemCalls.error)

  /// A report; `absent` are inputs whose absence has been told.
  init(showsAll: Bool, absent: [String] = []) {
    self.showsAll = showsAll
    self.absent = Set(absent)
  }

  /// Notes that `row` was refused for `refusals`; the result is what the output says of it.
  mutating func add(row: Int, _ refusals: [Binding.Refusal]) throws(Failure) -> JSON {
    let news = refusals.filter { $0.problem != .missing || !absent.contains($0.input) }
    count += 1
    if !news.isEmpty {
      try tell(row, news.map { "\($0.input) \($0.problem.text)" }.joined(separator: "; "))
    }
    return .array(
      refusals.map { refusal in
        [
          "input": .string(refusal.input), "code": .string(refusal.problem.code),
          "message": .string(refusal.problem.text),
        ]
      })
  }

  /// Notes that `row` was refused as a whole.
  mutating func add(row: Int, line: Int, _ defect: String) throws(Failure) -> JSON {
    count += 1
    try tell(row, "\(defect) (line \(line))")
    return [["input": .null, "code": "malformed", "message": .string(defect)]]
  }

  private mutating func tell(_ row: Int, _ reason: String) throws(Failure) {
    guard showsAll || told < Self.limit else { return }
    told += 1
    sink.bytes += "row \(row): \(Console.visible(reason))\n".utf8
    if showsAll { try? sink.flushIfLarge() } else { try? sink.flush() }
  }

  /// Tells how many more there were.
  mutating func finish() {
    try? sink.flush()
    if told < count, told == Self.limit, !showsAll {
      Console.note("\(count - told) more rows were refused: see all with --all-refusals\n")
    }
  }
}
