import Glibc

/// Runs what was asked for; each line is printed as soon as it is known.
func run() throws {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  let workspace = try Workspace()
  print("seed \(options.seed), \(options.rounds) rounds each, medians; C by:")
  fflush(nil)
  let version = workspace.file("version")
  try Program.run(CompiledTree.compiler, ["--version"], output: version)
  let lines = String(decoding: try Workspace.read(version), as: UTF8.self)
  print("  \(lines.prefix { $0 != "\n" })")
  let wanted = options.names
  if !wanted.isDisjoint(with: ["evaluate", "bind", "batch", "others"]) {
    try EvaluationBenchmark.run(options, workspace)
  }
  if wanted.contains("csv") { try CSVBenchmark.run(options, workspace) }
  if wanted.contains("ledger") || wanted.contains("decide") {
    try DecisionBenchmark(options, workspace).run()
  }
  if wanted.contains("check") { try CompilingBenchmark.runCheck(options, workspace) }
  if wanted.contains("replay") { try ReplayBenchmark.run(options, workspace) }
  if wanted.contains("explain") { try LookupBenchmark(options, workspace).explain() }
  if wanted.contains("search") { try LookupBenchmark(options, workspace).search() }
  if wanted.contains("start") { try CompilingBenchmark.runStart(options, workspace) }
}

do {
  try run()
} catch {
  Report.failure("benchmarks: \(error)")
  exit(1)
}
