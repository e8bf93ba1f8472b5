import CanonicalJSON
import DecisionEngine
import Ledger
import RuleProgram
import Synchronization
import Testing

/// Past decisions under another version.
@Suite("Backtesting")
struct BacktestingTests {
  /// The credit program with other thresholds on the score: as published [500, 620).
  private static func credit(low: Int64 = 500, high: Int64 = 620) -> Program {
    var program = Samples.credit
    program.nodes[0].cuts = [low * 2, high * 2]
    return program
  }

  private static func standIn(
    _ engine: Engine, _ program: Program = credit(high: 700)
  ) throws -> StandIn {
    try engine.standIn(Samples.publication(program, Samples.creditWording("1.1.0")))
  }

  /// Decisions at scores on both sides of both thresholds, a refusal, and another pipeline's case.
  private static func engine() throws -> Engine {
    let engine = try Samples.engine()
    for (name, score) in [("A", 450), ("B", 611), ("C", 650), ("D", 690), ("E", 800)] {
      _ = try engine.answer(Samples.request(name, score: "\(score)"))
    }
    #expect(try engine.answer(Samples.request("F", score: "2000")).isRefusal)
    _ = try engine.answer(Array(shopRequest(stock: 1).utf8), "top")
    return engine
  }

  private static func shopRequest(stock: Int) -> String {
    """
    {"case_id":"S","inputs":{"customer":"7","products":[\
    {"sku":"x","stock":\(stock),"shelf":"top","scores":{"risk@1.0.0":0.5}},\
    {"sku":"y","stock":9,"shelf":"low","scores":{"risk@1.0.0":0.7}}]}}
    """
  }

  private static func ways(_ summary: BacktestSummary) -> [String] {
    summary.sortedWays.map { way, traffic in
      "\(way.group.map { "\($0): " } ?? "")\(way.old.text) -> \(way.new.text) \(traffic.count)"
    }
  }

  @Test("a stricter version: flips by outcome pair, the adverse ones first, in the ledger's order")
  func stricter() throws {
    let engine = try Self.engine()
    let size = try engine.store.size()
    var cases: [Backtest] = []
    let summary = try engine.backtest(BacktestPlan(Self.standIn(engine))) { cases.append($0) }
    #expect(summary.cases == 6)
    #expect(cases.map(\.caseID) == ["A", "B", "C", "D", "E", "F"])
    #expect(
      Self.ways(summary) == [
        "approve -> decline 2", "decline -> decline 2", "(refused) -> (refused) 1",
        "approve -> approve 1",
      ])
    #expect(summary.flips == 2)
    let first = try #require(summary.sortedWays.first)
    #expect(first.way.rank == 0)
    #expect(first.traffic.firsts.map(\.caseID) == ["C", "D"])
    #expect(first.traffic.leaves == [.init(old: "APPROVE", new: "GRAY-NO-INCOME"): 2])
    #expect(summary.verdicts == ["identical": 4, "differs": 2])
    #expect(cases[2].verdict == .differs([.leaf, .outcome, .outputs, .reasons]))
    #expect(try engine.store.size() == size)
  }

  @Test("the same program under another version changes nothing")
  func same() throws {
    let engine = try Self.engine()
    let plan = BacktestPlan(try Self.standIn(engine, Samples.credit))
    let summary = try engine.backtest(plan)
    #expect(summary.verdicts == ["identical": 6])
    #expect(summary.flips == 0)
  }

  @Test("a version that needs more refuses what was decided, and says what is missing")
  func refusedNow() throws {
    let engine = try Self.engine()
    var program = Samples.credit
    // The name comes last, so that no other input's number changes.
    program.inputs.append(.init(name: "tenure", type: .number))
    var cases: [Backtest] = []
    let plan = BacktestPlan(try Self.standIn(engine, program))
    let summary = try engine.backtest(plan) { cases.append($0) }
    #expect(summary.verdicts == ["decided-then-refused-now": 5, "identical": 1])
    #expect(cases[0].problems.map(\.description) == ["tenure is required, but missing"])
    #expect(summary.problems == ["tenure: missing": 5])
    #expect(Self.ways(summary).first == "approve -> (refused) 3")
  }

  @Test("a version that accepts more decides what was refused")
  func decidedNow() throws {
    let engine = try Self.engine()
    var program = Samples.credit
    program.inputs[3].maximum = .number(5000)
    let summary = try engine.backtest(BacktestPlan(try Self.standIn(engine, program)))
    #expect(summary.verdicts == ["identical": 5, "refused-then-decided-now": 1])
    #expect(Self.ways(summary).first == "(refused) -> approve 1")
  }

  @Test("erased inputs are counted as not known, under the recorded outcome")
  func erased() throws {
    let engine = try Self.engine()
    _ = try engine.erase("C", reason: nil)
    let summary = try engine.backtest(BacktestPlan(try Self.standIn(engine)))
    #expect(summary.verdicts["inputs-erased"] == 1)
    #expect(Self.ways(summary).contains("approve -> (not known) 1"))
    #expect(summary.flips == 1)
  }

  @Test("a baseline: both versions decide anew, and records of neither are told")
  func baseline() throws {
    let engine = try Self.engine()
    let old = try Self.standIn(engine, Self.credit(high: 660))
    let plan = BacktestPlan(try Self.standIn(engine), baseline: old)
    let summary = try engine.backtest(plan)
    #expect(Self.ways(summary).first == "approve -> decline 1")
    #expect(summary.sortedWays.first?.traffic.firsts.map(\.caseID) == ["D"])
    // C was approved, which the baseline doesn't do.
    #expect(summary.recordedOtherwise == 1)
  }

  @Test("candidates flow one by one")
  func candidates() throws {
    let engine = try Self.engine()
    let program = Samples.twoLeaves(
      threshold: 5, low: ("OUT", "discard"), high: ("IN", "keep"))
    let standIn = try engine.standIn(
      Samples.publication(program, Samples.twoLeavesWording("stock", "1.1.0")))
    let summary = try engine.backtest(BacktestPlan(standIn, group: "shelf"))
    #expect(summary.cases == 1)
    #expect(
      Self.ways(summary) == ["low: keep -> keep 1", "top: keep -> discard 1"])
    #expect(summary.sortedWays.last?.traffic.firsts.map(\.description) == ["S x"])
  }

  @Test("a version that lacks a discarded outcome doesn't fit the pipeline, and says so")
  func doesNotFit() throws {
    let engine = try Self.engine()
    let program = Samples.twoLeaves(low: ("OUT", "drop"), high: ("IN", "keep"))
    let standIn = try engine.standIn(
      Samples.publication(program, Samples.twoLeavesWording("stock", "1.1.0")))
    var verdicts: [String] = []
    let summary = try engine.backtest(BacktestPlan(standIn)) { verdicts.append("\($0.verdict)") }
    #expect(summary.verdicts == ["does-not-fit": 1])
    #expect(verdicts[0].contains("no outcome `discard`"))
  }

  @Test("selection by time, pipeline, outcome and leaf")
  func selection() throws {
    let start = try #require(Instant("2026-01-01"))
    let clock = Ticker(start)
    let engine = Engine(store: try Samples.store(), clock: { clock.next() })
    _ = try engine.publish([
      Samples.publication(try Samples.creditPipeline()),
      try Samples.publication(Samples.credit, Samples.creditWording("1.0.0")),
      Samples.publication(model: "risk", "1.0.0"),
    ])
    for (name, score) in [("A", 450), ("B", 611), ("C", 650)] {
      _ = try engine.answer(Samples.request(name, score: "\(score)"))
    }
    func cases(_ selection: CaseSelection) throws -> [String] {
      var found: [String] = []
      _ = try engine.replayAll(selection) { found.append($0.caseID) }
      let plan = BacktestPlan(try Self.standIn(engine), selection: selection)
      var again: [String] = []
      _ = try engine.backtest(plan) { again.append($0.caseID) }
      #expect(found == again)
      return found
    }
    #expect(try cases(CaseSelection()) == ["A", "B", "C"])
    #expect(try cases(CaseSelection(outcome: "decline")) == ["A", "B"])
    #expect(try cases(CaseSelection(outcome: "decline", leaf: "SCORE-LOW")) == ["A"])
    #expect(try cases(CaseSelection(pipeline: "loans@1.0.0")) == ["A", "B", "C"])
    #expect(try cases(CaseSelection(pipeline: "loans@2.0.0")) == [])
    let time = try #require(try engine.entry(4)["time"]?.string.flatMap { Instant($0) })
    #expect(try engine.entry(4)["case_id"] == "B")
    #expect(try cases(CaseSelection(since: time)) == ["B", "C"])
    #expect(try cases(CaseSelection(until: time)) == ["A"])
  }

  @Test("several cores give the same cases in the same order")
  func cores() throws {
    let engine = try Samples.engine()
    let requests = (0..<1300).map { Samples.request("C-\($0)", score: "\($0 % 1200)") }
    _ = try engine.decide(requests, pipeline: "loans")
    let standIn = try Self.standIn(engine)
    func backtest(_ cores: Int) throws -> ([Backtest], [String]) {
      var cases: [Backtest] = []
      let summary = try engine.backtest(BacktestPlan(standIn, cores: cores)) { cases.append($0) }
      return (cases, Self.ways(summary))
    }
    let one = try backtest(1)
    let four = try backtest(4)
    #expect(one.0.count == 1300)
    #expect(one.0 == four.0)
    #expect(one.1 == four.1)
    var replayed: [String] = []
    let summary = try engine.replayAll(cores: 4) { replayed.append($0.caseID) }
    #expect(replayed == (0..<1300).map { "C-\($0)" })
    #expect(summary.counts == ["identical": 1300])
  }

  @Test("grouping by an input, or by a value of a later result")
  func groups() throws {
    let engine = try Self.engine()
    _ = try engine.recordResult("C", values: ["repaid": true])
    _ = try engine.recordResult("D", values: ["repaid": false])
    let standIn = try Self.standIn(engine)
    let byJob = try engine.backtest(BacktestPlan(standIn, group: "job"))
    #expect(Self.ways(byJob).first == "none: approve -> decline 2")
    let byResult = try engine.backtest(BacktestPlan(standIn, group: "repaid"))
    let found = Self.ways(byResult)
    #expect(found.contains("true: approve -> decline 1"))
    #expect(found.contains("false: approve -> decline 1"))
    #expect(found.contains("decline -> decline 2"))
  }

  @Test("a backtest is recorded with what it was of, and the ledger stays sound")
  func recorded() throws {
    let engine = try Self.engine()
    let plan = BacktestPlan(
      try Self.standIn(engine), selection: CaseSelection(outcome: "approve"))
    let recorded = try engine.record(try engine.backtest(plan), of: plan)
    let entry = try engine.entry(recorded.index)
    #expect(entry["type"] == "replay")
    #expect(entry["against"]?["version"] == "1.1.0")
    #expect(entry["selection"] == ["outcome": "approve"])
    #expect(entry["counts"] == ["differs": 2, "identical": 1])
    #expect(try engine.audit() == [])
  }

  @Test("another version of a pipeline decides its cases")
  func pipeline() throws {
    let engine = try Self.engine()
    _ = try engine.publish(
      [
        try Samples.publication(Self.credit(high: 700), Samples.creditWording("1.1.0"))
      ].map { $0 })
    let definition = PipelineDefinition(
      id: "loans", version: "1.1.0", title: nil, candidates: nil,
      stages: [
        .score(model: try Samples.reference("risk@1.0.0"), into: "score"),
        .rules(ruleset: try Samples.reference("credit@1.1.0"), discard: []),
      ])
    let standIn = try engine.standIn(Samples.publication(definition))
    #expect(!standIn.isPublished)
    #expect(try engine.backtest(BacktestPlan(standIn)).flips == 2)
    let unknown = PipelineDefinition(
      id: "loans", version: "1.2.0", title: nil, candidates: nil,
      stages: [.rules(ruleset: try Samples.reference("credit@9.0.0"), discard: [])])
    #expect(throws: EngineError.self) {
      try engine.standIn(Samples.publication(unknown))
    }
  }
}

/// A clock that goes on by a second at each look.
private final class Ticker: Sendable {
  private let time: Mutex<Instant>
  init(_ start: Instant) { time = Mutex(start) }
  func next() -> Instant {
    time.withLock { time in
      time.milliseconds += 1000
      return time
    }
  }
}
