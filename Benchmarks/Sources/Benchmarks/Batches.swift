import RuleProgram

/// Many rows at once.
extension EvaluationBenchmark {
  /// Encoded rows, keys, and columns of plain values; then the latter against DuckDB.
  func runBatch(_ workspace: Workspace) throws {
    let batch = BatchEvaluator(evaluator)
    let keys = keys()
    let encoded = batch.encode(keys: keys.span, count: expected.count)
    try compare("batch: encoded rows") { batch.evaluate(encoded, into: &$0) }
    try compare("batch: rows of keys, encoding included") { leaves in
      batch.evaluate(batch.encode(keys: keys.span, count: leaves.count), into: &leaves)
    }
    let columns = columns()
    try compare("batch: columns of doubles and strings") { leaves in
      batch.evaluate(batch.encode(columns), into: &leaves)
    }
    try runDuckDB(batch, columns, workspace)
  }

  /// The rows as columns.
  private func columns() -> [InputColumn] {
    let width = GeneratedTree.inputs.count
    let doubles = doubles()
    return GeneratedTree.inputs.enumerated().map { input, kind in
      let places = stride(from: input, to: rows.count, by: width)
      guard case .text(let count) = kind else { return .doubles(places.map { doubles[$0] }) }
      return .strings(
        places.map { Int32(rows[$0]) },
        of: (0..<Int64(count)).map { GeneratedTree.text($0, of: input) })
    }
  }

  /// The same columns in DuckDB, if the Python that `PYTHON` names has it: the tree as one `CASE`,
  /// on one thread.
  private func runDuckDB(
    _ batch: BatchEvaluator, _ columns: [InputColumn], _ workspace: Workspace
  ) throws {
    let query = try workspace.write("case.sql", tree.sqlCase)
    let csv = try workspace.write("case.csv", CSVBenchmark.csv(rows))
    let answer = workspace.file("case.txt")
    do {
      try Program.run(
        Program.python,
        [Program.project + "/Benchmarks/duckdb_case.py", query, csv, "\(rounds)"],
        output: answer, errors: nil)
    } catch {
      return print("  DuckDB: skipped, `\(Program.python)` has no module duckdb (see README.md)")
    }
    let lines = String(decoding: try Workspace.read(answer), as: UTF8.self).split(separator: "\n")
    let times = (lines.first ?? "").split(separator: " ").compactMap { Double($0) }
    guard lines.dropFirst().map({ Int32($0) }) == expected.map({ $0 }), times.count == rounds else {
      throw BenchmarkError("DuckDB's CASE reaches other leaves")
    }
    var leaves = expected
    let ours = (0..<rounds).map { _ in
      let start = Clock.thread
      batch.evaluate(batch.encode(columns), into: &leaves)
      return Clock.thread - start
    }
    Report.line(
      "batch: columns, against DuckDB's CASE", Comparison(ours: ours, reference: times), unit: "ns",
      per: 1e9 / Double(expected.count))
  }
}

extension GeneratedTree {
  /// The tree as one `CASE` over columns of doubles and texts.
  var sqlCase: String {
    var text = ""
    Self.write(root, toSQL: &text)
    return text
  }

  private static func write(_ node: Node, toSQL text: inout String) {
    switch node {
    case .leaf(let number): text += "\(number)"
    case .numbers(let input, let cuts, let children):
      text += "CASE"
      for (place, child) in children.enumerated() {
        text +=
          place < cuts.count
          ? " WHEN \(name(input)) < \(Self.text(cuts[place], of: input))::DOUBLE THEN " : " ELSE "
        write(child, toSQL: &text)
      }
      text += " END"
    case .texts(let input, let groups, let children):
      text += "CASE"
      for (place, child) in children.enumerated() {
        let values = groups[place].map { "'\(Self.text(Int64($0), of: input))'" }
        text +=
          place < children.count - 1
          ? " WHEN \(name(input)) IN (\(values.joined(separator: ", "))) THEN " : " ELSE "
        write(child, toSQL: &text)
      }
      text += " END"
    }
  }
}
