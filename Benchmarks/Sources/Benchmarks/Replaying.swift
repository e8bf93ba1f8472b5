import DecisionEngine
import Ledger
import LedgerSQLite

/// Decisions replayed in a second of one core's processor time, read from SQLite, against SQLite alone
/// reading the same rows.
enum ReplayBenchmark {
  private static let count = 100_000
  private static let leafCount = 60
  private static let pipeline = """
    <?xml version="1.0" encoding="UTF-8"?>
    <pipeline xmlns="urn:leafproof:pipeline:1" id="generated-pipeline" version="1.0.0">
      <title>Generated</title>
      <rules ruleset="generated@1.0.0"/>
    </pipeline>

    """

  /// Records decisions by a generated tree, then replays them.
  static func run(_ options: Options, _ workspace: Workspace) throws {
    Report.heading(
      "replay: \(count) decisions by a tree of \(leafCount) leaves, \(GeneratedTree.inputs.count)"
        + " inputs; processor time, one core; reference: SQLite reads the same rows")
    let ledger = try record(options, workspace)
    let store = try SQLiteStore.open(path: ledger, mode: .readOnly, views: LedgerViews.statements)
    let engine = Engine(store: store)
    let comparison = try Comparison.measure(rounds: options.rounds) {
      let start = Clock.process
      let summary = try engine.replayAll(cores: 1)
      let time = Clock.process - start
      guard summary.counts == ["identical": UInt64(count)] else {
        throw BenchmarkError("replayed otherwise than recorded: \(summary.counts)")
      }
      return time
    } reference: {
      let start = Clock.process
      let bytes = try RawSQLite.sum(
        """
        SELECT entry.body, payload.body FROM entry
        LEFT JOIN payload ON payload.entry_index = entry.entry_index ORDER BY entry.entry_index
        """, in: ledger)
      guard bytes > count else { throw BenchmarkError("there is nothing to read") }
      return Clock.process - start
    }
    Report.rate("Engine.replayAll, one core", comparison, unit: "/s", count: count)
    try store.close()
  }

  /// A new ledger with the decisions.
  private static func record(_ options: Options, _ workspace: Workspace) throws -> String {
    var random = Random(seed: options.seed)
    let tree = GeneratedTree(leafCount: leafCount, random: &random)
    let files = [
      try workspace.write("replay-ruleset.xml", tree.xml),
      try workspace.write("replay-pipeline.xml", pipeline),
    ]
    let ledger = workspace.file("replay.sqlite")
    try Program.run(Program.leafproof, ["publish", "--ledger", ledger] + files, errors: nil)
    let requests = try workspace.write("replay.jsonl", requests(&random))
    try Program.run(
      Program.leafproof,
      ["decide", "generated-pipeline", "--input", requests, "--ledger", ledger], errors: nil)
    return ledger
  }

  private static func requests(_ random: inout Random) -> String {
    let width = GeneratedTree.inputs.count
    let cells = GeneratedTree.rows(count, &random)
    var text = ""
    for row in 0..<count {
      text += "{\"case_id\": \"case-\(row)\", \"inputs\": {"
      for input in 0..<width {
        let value = GeneratedTree.text(cells[row * width + input], of: input)
        let isText = if case .text = GeneratedTree.inputs[input] { true } else { false }
        text += "\(input == 0 ? "" : ", ")\"\(GeneratedTree.name(input))\": "
        text += isText ? "\"\(value)\"" : value
      }
      text += "}}\n"
    }
    return text
  }
}
