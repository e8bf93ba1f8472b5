import DecisionEngine
import Glibc
import Ledger
import LedgerSQLite

/// One case found and explained out of a ledger of a million decisions: by the command line, by the
/// server, and by the library's search.
final class LookupBenchmark {
  private let options: Options
  private let workspace: Workspace
  private let ledger: String
  private var random: Random

  private static let count = 1_000_000
  /// How many random cases are asked for in all.
  private static let samples = 1_000
  private static let pipeline = "instalment-credit"

  /// The ledger of the options' folder, made there when it isn't there yet.
  init(_ options: Options, _ workspace: Workspace) throws {
    self.options = options
    self.workspace = workspace
    random = Random(seed: options.seed)
    ledger = (options.cache ?? workspace.path) + "/million.sqlite"
    if unsafe access(ledger, R_OK) != 0 { try Self.make(ledger, workspace) }
    let found = try RawSQLite.number(
      "SELECT count(*) FROM entry WHERE kind = 'decision'", in: ledger)
    guard found == Self.count else {
      throw BenchmarkError("\(ledger) holds \(found) decisions; remove it, and it is made again")
    }
  }

  /// The applicants of the example, each many times under other case IDs.
  private static func make(_ ledger: String, _ workspace: Workspace) throws {
    print("  making \(ledger): \(count) decisions, some minutes and 4 GB")
    fflush(nil)
    let making = ledger + ".part"
    let example = Program.project + "/examples/german-credit/"
    try Program.run(
      Program.leafproof,
      ["publish", "--ledger", making]
        + ["ruleset", "model", "pipeline"].map { example + $0 + ".xml" }, errors: nil)
    let prefix = Array("{\"case_id\": \"".utf8)
    let lines = try Workspace.read(example + "applicants.jsonl").split(separator: 0x0A)
      .filter { $0.starts(with: prefix) }
      .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    guard !lines.isEmpty else { throw BenchmarkError("there are no applicants") }
    let step = 100_000
    for first in stride(from: 1, through: count, by: step) {
      let requests = (first..<first + step).map {
        "{\"case_id\": \"\($0)-" + lines[$0 % lines.count] + "\n"
      }
      let file = try workspace.write("million.jsonl", requests.joined())
      try Program.run(
        Program.leafproof, ["decide", pipeline, "--input", file, "--ledger", making],
        errors: nil)
    }
    try Program.run("/bin/mv", [making + ".key", ledger + ".key"], errors: nil)
    try Program.run("/bin/mv", [making, ledger], errors: nil)
  }

  /// A case ID at random.
  private func caseID() throws -> String {
    let index = Int.random(in: 3..<Self.count, using: &random)
    return try RawSQLite.text(
      "SELECT subject FROM entry WHERE entry_index = \(index)", in: ledger)
  }

  /// Explains cases.
  func explain() throws {
    Report.heading(
      "explain: one of \(Self.count) decisions, wall time; reference: leafproof --version")
    let rounds = options.rounds * 4
    let comparison = try Comparison.measure(rounds: rounds) {
      try Program.run(
        Program.leafproof, ["explain", try caseID(), "--ledger", ledger],
        output: workspace.file("explanation")
      ).wall
    } reference: {
      try Program.run(Program.leafproof, ["--version"]).wall
    }
    Report.line("leafproof explain", comparison, unit: "ms", per: 1e3)
    let besides = zip(comparison.ours, comparison.reference).map { $0 - $1 }
    Report.line("  besides start-up", besides, unit: "ms", per: 1e3)
    try explainByServer()
  }

  private func explainByServer() throws {
    let cases = try (0..<Self.samples).map { _ in try caseID() }
    let server = try RunningServer(
      Program.leafproof, ["serve", "--port", "0", "--ledger", ledger],
      output: workspace.file("serve"), tokenPath: ledger + ".token")
    defer { server.stop() }
    let connection = try server.connect()
    for format in ["application/json", "text/html"] {
      var times: [Double] = []
      for (number, caseID) in (cases.prefix(20) + cases).enumerated() {
        let start = Clock.wall
        let answer = try connection.get("/v1/decisions/\(caseID)/explanation", accept: format)
        let time = Clock.wall - start
        guard answer.status == 200, !answer.body.isEmpty else {
          throw BenchmarkError("the server answered \(answer.status) for \(caseID)")
        }
        if number >= 20 { times.append(time) }
      }
      Report.line("GET …/explanation, \(format)", times, unit: "ms", per: 1e3)
      let sorted = times.sorted()
      Report.line(
        "  the slowest of a hundred", [sorted[sorted.count * 99 / 100]], unit: "ms", per: 1e3)
    }
  }

  /// Searches.
  func search() throws {
    Report.heading("search: pages of 50 of \(Self.count) decisions, wall time")
    let store = try SQLiteStore.open(path: ledger, mode: .readOnly, views: LedgerViews.statements)
    let engine = Engine(store: store)
    try measure("by case ID", engine) { query in query.caseIDPrefix = try self.caseID() }
    try measure("by the beginning of one", engine) { query in
      query.caseIDPrefix = String(try self.caseID().prefix(4))
    }
    let first = try engine.search(CaseQuery(), limit: 1).cases.first?.time ?? ""
    guard let newest = Instant(first) else { throw BenchmarkError("the ledger has no time") }
    try measure("by time, the last minute", engine) { query in
      query.from = Instant(milliseconds: newest.milliseconds - 60_000)
    }
    try measure("by outcome, newest first", engine) { query in query.outcome = "decline" }
    try store.close()
  }

  private func measure(
    _ name: String, _ engine: Engine, _ ask: (inout CaseQuery) throws -> Void
  ) throws {
    var times: [Double] = []
    for _ in 0..<100 {
      var query = CaseQuery()
      try ask(&query)
      let start = Clock.wall
      let page = try engine.search(query)
      times.append(Clock.wall - start)
      guard !page.cases.isEmpty else { throw BenchmarkError("\(name): nothing was found") }
    }
    Report.line(name, times, unit: "ms", per: 1e3)
  }
}
