import DecisionEngine
import Ledger
import LedgerSQLite

/// Decisions recorded durably in a second, against raw inserts of rows of the same size in the same
/// batches on the same disk.
final class DecisionBenchmark {
  private let workspace: Workspace
  private let options: Options
  private let templates: [[UInt8]]
  private let ledger: String
  private var nextCase = 0

  private static let pipeline = "instalment-credit"
  /// How many decisions are recorded through the process in a round.
  private static let processCount = 10_240

  /// The 1,000 applicants of the example, and its pipeline published into a new ledger.
  init(_ options: Options, _ workspace: Workspace) throws {
    self.options = options
    self.workspace = workspace
    let example = Program.project + "/examples/german-credit/"
    ledger = workspace.file("ledger.sqlite")
    try Program.run(
      Program.leafproof,
      ["publish", "--ledger", ledger]
        + ["ruleset", "model", "pipeline"].map { example + $0 + ".xml" }, errors: nil)
    let lines = try Workspace.read(example + "applicants.jsonl").split(separator: 0x0A)
    let prefix = Array("{\"case_id\": \"".utf8)
    templates = lines.filter { $0.starts(with: prefix) }.map { Array($0.dropFirst(prefix.count)) }
    guard !templates.isEmpty else { throw BenchmarkError("there are no applicants") }
  }

  /// Requests that no case ID of before has.
  private func requests(_ count: Int) -> [[UInt8]] {
    (0..<count).map { _ in
      nextCase += 1
      return Array("{\"case_id\": \"\(nextCase)-".utf8) + templates[nextCase % templates.count]
    }
  }

  /// Runs all batch sizes through the engine, then the process.
  func run() throws {
    let size = try sizeOfDecision()
    Report.heading("decide: decisions of \(size) bytes, durable, wall time")
    if options.names.contains("ledger") { try runEngine(rowSize: size) }
    if options.names.contains("decide") { try runProcess(rowSize: size) }
    try Program.run(Program.leafproof, ["verify", "--ledger", ledger], errors: nil)
    print("  leafproof verify: the ledger is whole")
  }

  /// What a decision stores: the entry's columns and body, and the payload's.
  private func sizeOfDecision() throws -> Int {
    let file = try workspace.write("first.jsonl", Self.lines(requests(1000)))
    try Program.run(Program.leafproof, decideArguments(file))
    return try RawSQLite.number(
      """
      SELECT avg(length(leaf_hash) + length(kind) + length(key) + length(subject)
        + length(payload_address) + length(entry.body) + length(address) + length(payload.body))
      FROM entry JOIN payload USING (entry_index) WHERE kind = 'decision'
      """, in: ledger)
  }

  private func decideArguments(_ file: String) -> [String] {
    ["decide", Self.pipeline, "--input", file, "--ledger", ledger]
  }

  private static func lines(_ requests: [[UInt8]]) -> String {
    requests.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
  }

  private func runEngine(rowSize: Int) throws {
    let key = try SigningKey.load(path: ledger + ".key")
    let store = try SQLiteStore.open(
      path: ledger, mode: .readWrite(key), views: LedgerViews.statements)
    let engine = Engine(store: store)
    for (batch, count) in [(1, 256), (16, 2048), (256, 10_240), (1024, 10_240)] {
      let raw = try RawSQLite(
        workspace.file("raw-\(batch).sqlite"), rowSize: rowSize, seed: options.seed)
      let comparison = try Comparison.measure(rounds: options.rounds) {
        try decide(requests(count), batch, engine)
      } reference: {
        try raw.insert(count, batch: batch)
      }
      Report.rate("Engine.decide, batches of \(batch)", comparison, unit: "/s", count: count)
    }
    try store.close()
  }

  private func decide(_ requests: [[UInt8]], _ batch: Int, _ engine: Engine) throws -> Double {
    let start = Clock.wall
    var new = 0
    for first in stride(from: 0, to: requests.count, by: batch) {
      let part = Array(requests[first..<min(first + batch, requests.count)])
      for answer in try engine.decide(part, pipeline: Self.pipeline) {
        let answer = try answer.get()
        if !answer.isRefusal, !answer.isEarlier { new += 1 }
      }
    }
    let time = Clock.wall - start
    guard new == requests.count else { throw BenchmarkError("not all were decided") }
    return time
  }

  private func runProcess(rowSize: Int) throws {
    let count = Self.processCount
    let raw = try RawSQLite(
      workspace.file("raw.sqlite"), rowSize: rowSize, seed: options.seed)
    let answers = workspace.file("answers.jsonl")
    let comparison = try Comparison.measure(rounds: options.rounds) {
      let file = try workspace.write("requests.jsonl", Self.lines(requests(count)))
      let time = try Program.run(Program.leafproof, decideArguments(file), output: answers).wall
      let lines = try Workspace.read(answers).count { $0 == 0x0A }
      guard lines == count else { throw BenchmarkError("\(lines) answers to \(count) requests") }
      return time
    } reference: {
      try raw.insert(count, batch: 1024)
    }
    Report.rate("leafproof decide, batches of 1024", comparison, unit: "/s", count: count)
  }
}
