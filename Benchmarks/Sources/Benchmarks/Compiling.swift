import Glibc

/// The processor time of `leafproof check` as rule sets grow, against the C compiler on the same
/// tree, and of starting the program at all.
enum CompilingBenchmark {
  /// Above this many leaves nested `if`s take the C compiler too long.
  private static let referenceLimit = 2000

  /// Checks rule sets of 60, 2,000, 20,000 and 100,000 leaves.
  static func runCheck(_ options: Options, _ workspace: Workspace) throws {
    Report.heading("check: processor time of the process; reference: the C compiler, -O2 -c")
    var last: (leaves: Int, time: Double)?
    for leafCount in [60, 2000, 20_000, 100_000] {
      var random = Random(seed: options.seed)
      let tree = GeneratedTree(leafCount: leafCount, random: &random)
      let ruleSet = try workspace.write("check.xml", tree.xml)
      let source = try workspace.write("check.c", tree.c)
      let object = workspace.file("check.o")
      let check = { try Program.run(Program.leafproof, ["check", ruleSet]).processor }
      let name = "leafproof check, \(leafCount) leaves"
      let time: Double
      if leafCount <= referenceLimit {
        let comparison = try Comparison.measure(rounds: options.rounds, ours: check) {
          try Program.run(
            CompiledTree.compiler, ["-O2", "-c", "-o", object, source], errors: nil
          ).processor
        }
        Report.line(name, comparison, unit: "ms", per: 1e3)
        time = median(comparison.ours)
      } else {
        let times = try (0..<options.rounds).map { _ in try check() }
        Report.line(name, times, unit: "ms", per: 1e3)
        time = median(times)
      }
      if let last {
        let growth = log(time / last.time) / log(Double(leafCount) / Double(last.leaves))
        print("    growth since \(last.leaves) leaves: leaves^\(Report.number(growth))")
      }
      last = (leafCount, time)
    }
  }

  /// Starts the program for next to nothing.
  static func runStart(_ options: Options, _ workspace: Workspace) throws {
    Report.heading("start: processor time of the process; reference: /bin/true")
    let small = Program.project + "/rulesets/consumer-credit/ruleset.xml"
    for arguments in [["--version"], ["check", small]] {
      let comparison = try Comparison.measure(rounds: options.rounds * 4) {
        try Program.run(Program.leafproof, arguments).processor
      } reference: {
        try Program.run("/bin/true", []).processor
      }
      Report.line("leafproof \(arguments[0])", comparison, unit: "ms", per: 1e3)
    }
  }
}
