import RuleProgram

/// What a user would take instead, one row of plain values a call: GoRules' decision table in
/// Python, and JPMML in Java.
extension EvaluationBenchmark {
  /// Runs what there is.
  func runOthers(_ workspace: Workspace) throws {
    let csv = try workspace.write("others.csv", CSVBenchmark.csv(rows))
    // A table of 2,000 rows takes the better part of a millisecond for each call.
    let count = tree.leafCount > 1000 ? 500 : 5000
    let table = try workspace.write("table.json", tree.decisionTable)
    try compareProcess("one row a call, against GoRules' table", workspace, count: count) {
      (Program.python, [Program.project + "/Benchmarks/zen_table.py", table, csv] + $0)
    }
    guard let jars = try Self.jars(workspace) else {
      return print("  JPMML: skipped, `\(Program.python)` has no module jpmml_evaluator")
    }
    let model = try workspace.write("model.pmml", tree.pmml)
    try compareProcess("one row a call, against JPMML", workspace, count: 20_000) {
      ("java", ["-cp", jars, Program.project + "/Benchmarks/PMMLRows.java", model, csv] + $0)
    }
  }

  /// Where the Python package `jpmml_evaluator` keeps its Java archives; nil without it.
  private static func jars(_ workspace: Workspace) throws -> String? {
    let file = workspace.file("jars")
    let script = """
      import pathlib, jpmml_evaluator
      print(pathlib.Path(jpmml_evaluator.__file__).parent)
      """
    do {
      try Program.run(Program.python, ["-c", script], output: file)
    } catch {
      return nil
    }
    let folder = String(decoding: try Workspace.read(file), as: UTF8.self).prefix { $0 != "\n" }
    return "\(folder)/resources/*:\(folder)/dependencies/*"
  }

  /// Compares a row of doubles and strings, one call each, with a program that prints the seconds
  /// of its rounds and then its answers.
  private func compareProcess(
    _ name: String, _ workspace: Workspace, count: Int,
    _ command: ([String]) -> (program: String, arguments: [String])
  ) throws {
    let answer = workspace.file("answer.txt")
    let (program, arguments) = command(["\(rounds)", "\(count)"])
    do {
      try Program.run(program, arguments, output: answer, errors: nil)
    } catch {
      return print("  \(name): skipped, it doesn't run here (see README.md)")
    }
    let lines = String(decoding: try Workspace.read(answer), as: UTF8.self).split(separator: "\n")
    let times = (lines.first ?? "").split(separator: " ").compactMap { Double($0) }
    guard lines.dropFirst().map({ Int32($0) }) == expected.prefix(count).map({ $0 }),
      times.count == rounds
    else { throw BenchmarkError("\(name) reaches other leaves") }
    let ours = valueTimes(count: count)
    Report.line(
      name, Comparison(ours: ours, reference: times), unit: "ns",
      per: 1e9 / Double(count))
  }
}
