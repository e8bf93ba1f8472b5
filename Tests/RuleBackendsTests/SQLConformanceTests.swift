import Foundation
import NaiveEvaluation
import RuleBackends
import RuleProgram
import Testing

/// Each dialect gives the evaluator's leaf and outcome for every row.
@Suite(.serialized) struct SQLConformanceTests {
  private static let isNightly = ProcessInfo.processInfo.environment["LEAFPROOF_NIGHTLY"] == "1"
  private static let runsSpark =
    isNightly || ProcessInfo.processInfo.environment["LEAFPROOF_SPARK"] == "1"

  private func check(_ dialect: SQLDialect) throws {
    let given = ProcessInfo.processInfo.environment["LEAFPROOF_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("SQL conformance, \(dialect.title): LEAFPROOF_SEED=\(seed)")
    var random = SQLRandom(seed: seed)
    var cases = [
      try SQLCase.shipped("rulesets/consumer-credit/ruleset.xml"),
      try SQLCase.shipped("rulesets/stock-availability/ruleset.xml"),
      try SQLCase.shipped("examples/german-credit/ruleset.xml"),
      try SQLCase.shipped("rulesets/retail-lending/ruleset.xml", digits: (10, 2), outputs: false),
      try SQLCase.xml("calculating", SQLSource.calculating),
      try SQLCase.xml("quotients", SQLSource.quotients, digits: (6, 2)),
      try SQLCase.random(leaves: 60, &random),
      try SQLCase.random(leaves: 2000, &random),
      try SQLCase.chain(2000),
    ]
    let quotients = cases.firstIndex { $0.name == "quotients" }
    quotients.map { cases[$0].hasSmallNumbers = true }
    let count = (Self.isNightly ? 1_000_000 : 20_000) / cases.count + 1
    for index in cases.indices { cases[index].fill(count, &random) }
    let answers = try SQLDatabase(dialect: dialect).answers(cases)
    for (item, answer) in zip(cases, answers) {
      try #require(answer.count == item.rows.count)
      let wrong = item.rows.indices.filter {
        answer[$0].steps != item.expected[$0]
          || $0 < SQLDatabase.inlineRows && answer[$0].inline != item.expected[$0]
      }
      let example = wrong.first.map {
        "\(item.rows[$0]) gives \(item.expected[$0]), not \(answer[$0])"
      }
      #expect(
        wrong.count == 0,
        "\(item.name), seed \(seed): \(wrong.count) rows, such as \(example ?? "")")
      try checkNaive(item, seed)
      let reached = Set(item.expected.map { $0.prefix { $0 != "|" } }).count
      let leaves = item.program.program.leaves.count
      // Random rows reach only some leaves of a tree that is random, or deep behind rare values.
      let least =
        item.isRandom || !item.hasOutputs ? min(leaves / 12, 100) : leaves > 100 ? 100 : leaves / 2
      #expect(reached > least, "\(item.name): only \(reached) leaves reached")
    }
  }

  /// The evaluator's leaves are those of a plain walk over the source too.
  private func checkNaive(_ item: SQLCase, _ seed: UInt64) throws {
    guard item.naive != nil else { return }
    let places = item.rows.indices.filter { !item.expected[$0].hasPrefix("|") }
    let wrong = places.first {
      item.naiveLeaf($0) != .leaf(String(item.expected[$0].prefix { $0 != "|" }))
    }
    try #require(
      wrong == nil,
      "\(item.name), seed \(seed): \(wrong.map { "\(item.rows[$0]) gives \(item.expected[$0])" } ?? "")"
    )
  }

  @Test func sqlite() throws { try check(.sqlite) }

  @Test(.enabled(if: SQLDatabase.postgresFolder != nil, "run Tests/Backends/prepare"))
  func postgres() throws { try check(.postgres) }

  @Test(
    .enabled(if: SQLDatabase.hasModule("duckdb"), "run Tests/Backends/prepare")
  )
  func duckdb() throws { try check(.duckdb) }

  @Test(
    .enabled(
      if: runsSpark && SQLDatabase.hasModule("pyspark"),
      "set LEAFPROOF_SPARK=1, and run Tests/Backends/prepare"))
  func spark() throws { try check(.spark) }
}
