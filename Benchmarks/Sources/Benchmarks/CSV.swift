/// Rows a second of `leafproof eval` over a CSV file, from the start of the process to its end,
/// against a C program that reads the same file and prints the same lines.
enum CSVBenchmark {
  private static let rowCount = 400_000

  /// Runs for both sizes of trees.
  static func run(_ options: Options, _ workspace: Workspace) throws {
    for leafCount in [60, 2000] {
      Report.heading("csv: \(leafCount) leaves, \(rowCount) rows of 15 columns, processor time")
      var random = Random(seed: options.seed)
      let tree = GeneratedTree(leafCount: leafCount, random: &random)
      let ruleSet = try workspace.write("ruleset.xml", tree.xml)
      let rows = try workspace.write("rows.csv", csv(GeneratedTree.rows(rowCount, &random)))
      let source = try workspace.write("csv.c", tree.csvProgram)
      let program = workspace.file("csv")
      try Program.run(
        CompiledTree.compiler, ["-O2", "-o", program, source, "-lm"], errors: nil)
      let (ours, theirs) = (workspace.file("ours.csv"), workspace.file("theirs.csv"))
      let comparison = try Comparison.measure(rounds: options.rounds) {
        try Program.run(
          Program.leafproof, ["eval", ruleSet, "--input", rows], output: ours
        ).processor
      } reference: {
        try Program.run("./" + program, [rows], output: theirs).processor
      }
      guard try Workspace.read(ours) == Workspace.read(theirs) else {
        throw BenchmarkError("leafproof eval and C don't print the same lines")
      }
      Report.rate("leafproof eval", comparison, unit: "rows/s", count: rowCount)
    }
  }

  /// Rows as CSV with a header.
  static func csv(_ cells: [Int64]) -> String {
    let width = GeneratedTree.inputs.count
    var text = (0..<width).map { GeneratedTree.name($0) }.joined(separator: ",") + "\n"
    for (place, cell) in cells.enumerated() {
      let column = place % width
      text += GeneratedTree.text(cell, of: column)
      text += column == width - 1 ? "\n" : ","
    }
    return text
  }
}
