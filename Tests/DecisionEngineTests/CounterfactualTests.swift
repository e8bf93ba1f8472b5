import CanonicalJSON
import Ledger
import RuleCompiler
import RuleProgram
import RuleSyntax
import Testing

@testable import DecisionEngine

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What would have changed a decision: through whole pipelines, against trying everything.
/// `LEAFPROOF_COUNTERFACTUALS=1000` takes so many random pipelines and applicants.
@Suite("Counterfactuals")
struct CounterfactualTests {
  private static let wanted = ProcessInfo.processInfo.environment["LEAFPROOF_COUNTERFACTUALS"]
    .flatMap { Int($0) }

  // MARK: German credit

  /// The example's engine, its rule set's program, and the applicants.
  private func bank() throws -> (engine: Engine, program: Program, requests: [[UInt8]]) {
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let folder = root.appendingPathComponent("examples/german-credit")
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    let ruleSet = try Documents.publication(text("ruleset.xml"))
    let engine = Engine(store: try Samples.store())
    _ = try engine.publish([
      try Documents.publication(text("model.xml")), ruleSet,
      try Documents.publication(text("pipeline.xml")),
    ])
    guard case .ruleSet(_, _, let program, _) = ruleSet else {
      throw Samples.SampleError("no rule set")
    }
    return (
      engine, program.program,
      try text("applicants.jsonl").split(separator: "\n").map { Array($0.utf8) }
    )
  }

  @Test(
    "of declined applicants of examples/german-credit: exact, confirmed, and only what may change")
  func germanCredit() throws {
    let (engine, program, requests) = try bank()
    let evaluator = Evaluator(try VerifiedProgram(program))
    let answers = try engine.decide(requests, pipeline: "instalment-credit").map { try $0.get() }
    var looked = 0
    for (request, answer) in zip(requests, answers) {
      guard try answer.response["adverse"]?.bool == true, looked < Self.wanted ?? 100 else {
        continue
      }
      looked += 1
      let explanation = try engine.explain(answer.caseID)
      let note = try #require(explanation.results[0].counterfactuals)
      #expect(note.targets.map(\.outcome) == ["approve", "counter_offer", "refer"])
      #expect(note.targets.allSatisfy { $0.answer == .smallest || $0.answer == .none })
      #expect(note.found.count <= 3)
      #expect(
        note.given.map(\.name).sorted() == ["history", "score"], "\(answer.caseID)")
      for found in note.found {
        try confirm(found, request, answer.caseID, engine)
        for change in found.changes { check(change) }
      }
      guard looked <= Self.wanted ?? 12 else { continue }
      try compare(note, try JSON(parsing: request), program, evaluator, answer.caseID)
    }
    #expect(looked == min(155, Self.wanted ?? 100))
  }

  /// What the rule set says of its inputs.
  private func check(_ change: Explanation.Change) {
    let name = change.from.name
    #expect(
      !["score", "history", "age", "personal_status", "foreign_worker"].contains(name), "\(name)")
    guard let from = change.from.value.flatMap({ Int($0) }),
      let to = change.to.value.flatMap({ Int($0) })
    else { return }
    if name == "amount" { #expect(to < from && to % 50 == 0, "\(from) \(to)") }
  }

  /// The changed request, tried out, gets the outcome and the leaf.
  private func confirm(
    _ found: Explanation.Counterfactual, _ request: [UInt8], _ caseID: String, _ engine: Engine
  ) throws {
    let json = try JSON(parsing: request)
    var inputs = try #require(json["inputs"])
    for change in found.changes {
      inputs = inputs.setting(change.to.name, to: change.to.value.map { .string($0) })
    }
    let trial = try engine.tryOut(
      json.setting("inputs", to: inputs).compactBytes,
      pipeline: try Samples.reference("instalment-credit@1.0.0"), caseID: caseID)
    #expect(trial.response["outcome"]?.string == found.outcome, "\(caseID)")
    #expect(trial.response["leaf"]?.string == found.leaf, "\(caseID)")
  }

  /// Every change of one input: where one gives an outcome, the nearest of them is found; where none
  /// does, no single change is.
  private func compare(
    _ note: Explanation.Counterfactuals, _ request: JSON, _ program: Program,
    _ evaluator: Evaluator,
    _ caseID: String
  ) throws {
    var binding = Binding(evaluator)
    let row = program.inputs.map { input -> Value in
      if input.name == "score" {
        return Value(request["scores"]?["gc-logit@1.0.0"], as: .number)
      }
      return Value(request["inputs"]?[input.name], as: input.type)
    }
    var nearest: [String: [String: Int]] = [:]
    for (place, input) in program.inputs.enumerated() {
      let present = row[place].measure.flatMap { Int($0.description) }
      for value in candidates(input, present) {
        binding.begin()
        for (other, value) in row.enumerated() where other != place {
          binding.bind(other, value: value)
        }
        binding.bind(place, value: value)
        guard value != row[place], let leaf = binding.evaluate() else { continue }
        let name = program.outcome(ofLeaf: leaf).name
        let distance = value.measure.flatMap { Int($0.description) }.map {
          abs($0 - (present ?? 0))
        }
        nearest[name, default: [:]][input.name] = min(
          nearest[name]?[input.name] ?? .max, distance ?? 0)
      }
    }
    for target in note.targets {
      let best = nearest[target.outcome] ?? [:]
      if target.answer == .none { #expect(best.isEmpty, "\(caseID) \(target.outcome) \(best)") }
      let found = note.found.filter { $0.outcome == target.outcome }
      #expect((found.first?.changes.count == 1) == !best.isEmpty, "\(caseID) \(target.outcome)")
      for item in found where item.changes.count == 1 {
        let change = item.changes[0]
        let distance = try #require(best[change.from.name], "\(caseID) \(change.from.name)")
        guard let from = change.from.value.flatMap({ Int($0) }),
          let to = change.to.value.flatMap({ Int($0) })
        else { continue }
        #expect(abs(to - from) == distance, "\(caseID) \(change.from.name)")
      }
    }
  }

  /// All values that the rule set lets an input take.
  private func candidates(_ input: Program.Input, _ present: Int?) -> [Value] {
    switch input.name {
    case "amount": stride(from: 50, to: present ?? 0, by: 50).map { .number(Decimal128($0)) }
    case "months", "existing_credits": (1...150).map { .number(Decimal128($0)) }
    case "installment_rate": (1...4).map { .number(Decimal128($0)) }
    case "score", "history", "age", "personal_status", "foreign_worker": []
    default: input.values.map { .string($0) }
    }
  }

  // MARK: Random pipelines

  @Test("through two rule sets, against trying every row")
  func pipelines() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("counterfactuals through pipelines: seed \(seed)")
    var found = 0
    var none = 0
    var made = 0
    for number in 0..<10 * (Self.wanted ?? 25) where made < Self.wanted ?? 25 {
      var world = TwoRuleSets(seed: seed &+ UInt64(number) &* 7919)
      let place = "seed \(seed), pipeline \(number):\n\(world.first)\n\(world.second)"
      // Some random trees have cases that nothing reaches.
      guard let documents = try? world.documents.map({ try Documents.publication($0) }) else {
        continue
      }
      made += 1
      let engine = Engine(store: try Samples.store())
      _ = try engine.publish(documents)
      let rows = TwoRuleSets.rows
      let answers = try engine.decide(rows.map(TwoRuleSets.request), pipeline: "p")
      var outcomes: [[Int]: String] = [:]
      for (row, answer) in zip(rows, answers) {
        outcomes[row] = try answer.get().response["outcome"]?.string
      }
      for _ in 0..<4 {
        let row = world.pick(rows)
        let outcome = try #require(outcomes[row])
        let wanted = world.pick(["bad", "fair", "good"].filter { $0 != outcome })
        let answer = try answers[rows.firstIndex(of: row) ?? 0].get()
        let explanation: Explanation
        do throws(EngineError) {
          explanation = try engine.explain(
            answer.caseID, counterfactuals: CounterfactualQuery(outcome: wanted, count: 20))
        } catch {
          // The pipeline can't end with it at all.
          guard case .unknownOutcome = error else { throw error }
          #expect(!outcomes.values.contains(wanted), "\(place)")
          continue
        }
        let note = try #require(explanation.results[0].counterfactuals, "\(place)")
        let best = world.smallest(from: row, outcomes) { $0 == wanted }
        let about: Comment = "\(row) to \(wanted), \(note)\n\(place)"
        #expect(note.targets.map(\.answer) == [best.isEmpty ? .none : .smallest], about)
        #expect(note.found.count == best.count, about)
        if best.isEmpty { none += 1 }
        for (item, best) in zip(note.found, best) {
          found += 1
          var changed = row
          for change in item.changes {
            let input = try #require(TwoRuleSets.names.firstIndex(of: change.to.name))
            changed[input] = try #require(change.to.value.flatMap { Int($0) })
          }
          #expect(outcomes[changed] == wanted && item.outcome == wanted, about)
          #expect(world.distance(row, changed) == best, about)
        }
      }
    }
    #expect(found > 20 && none > 5, "seed \(seed): \(found) found, \(none) none")
  }

  // MARK: Details

  private func declined(
    _ request: [UInt8]? = nil, _ query: CounterfactualQuery? = CounterfactualQuery()
  ) throws -> Explanation {
    let engine = try Samples.engine()
    let answer = try engine.answer(request ?? Samples.request("C-1", score: "611", job: "none"))
    return try engine.explain(answer.caseID, counterfactuals: query)
  }

  @Test("scores are taken as given, and it is said so")
  func scores() throws {
    let note = try #require(try declined().results[0].counterfactuals)
    #expect(note.given == [.init(name: "score", label: "credit score", why: .score)])
    #expect(note.found.map(\.outcome) == ["refer"])
    #expect(note.found[0].changes.map(\.to.value) == ["employed"])
    #expect(note.targets.map(\.answer) == [.none, .smallest])
    let low = try declined(Samples.request("C-2", score: "100"))
    let nothing = try #require(low.results[0].counterfactuals)
    #expect(nothing.found.isEmpty && nothing.targets.allSatisfy { $0.answer == .none })
    #expect(low.text().contains("It is proven that no change"))
  }

  @Test("random numbers and what assigns the arm are taken as given, whatever the rule set says")
  func assignment() throws {
    var wording = Samples.creditWording("1.0.0")
    wording.inputs[0].change = .init(direction: .either)
    let engine = Engine(store: try Samples.store())
    let experiment = PipelineDefinition.Experiment(
      id: "e", unit: "income", arms: [.init(id: "random", share: 100, model: nil, into: "score")])
    _ = try engine.publish([
      try Samples.publication(Samples.credit, wording),
      Samples.publication(
        PipelineDefinition(
          id: "loans", version: "1.0.0", title: nil, candidates: nil,
          stages: [
            .experiment(experiment),
            .rules(ruleset: try Samples.reference("credit@1.0.0"), discard: []),
          ])),
    ])
    let answer = try engine.answer(Samples.request("C-1"))
    let note = try #require(try engine.explain(answer.caseID).results[0].counterfactuals)
    #expect(note.given.map(\.name) == ["income", "score"])
    #expect(note.given.map(\.why) == [.assignment, .random])
    #expect(note.found.isEmpty && note.targets.allSatisfy { $0.answer == .none })
  }

  @Test("a score that the rule set declares changeable is changed where the request has it")
  func changeableScore() throws {
    var wording = Samples.creditWording("1.0.0")
    wording.inputs[0].change = .init(direction: .increaseOnly)
    let engine = Engine(store: try Samples.store())
    _ = try engine.publish([
      try Samples.publication(Samples.credit, wording),
      Samples.publication(model: "risk", "1.0.0"),
      Samples.publication(try Samples.creditPipeline()),
    ])
    let answer = try engine.answer(Samples.request("C-1", score: "400", job: "none"))
    let note = try #require(
      try engine.explain(answer.caseID).results[0].counterfactuals)
    #expect(note.given.isEmpty)
    let approve = try #require(note.found.first { $0.outcome == "approve" })
    #expect(approve.changes.map(\.to.value) == ["620"] && approve.leaf == "APPROVE")
    #expect(note.found.count == 2)
  }

  @Test("by default only for adverse outcomes, and only for outcomes that there are")
  func queries() throws {
    let engine = try Samples.engine()
    let good = try engine.answer(Samples.request("C-1", score: "700"))
    #expect(try engine.explain(good.caseID).results[0].counterfactuals == nil)
    let worse = try engine.explain(
      good.caseID, counterfactuals: CounterfactualQuery(outcome: "decline", count: 1)
    ).results[0].counterfactuals
    #expect(worse?.found.map(\.leaf) == ["BURDEN-HIGH"])
    let same = try engine.explain(
      good.caseID, counterfactuals: CounterfactualQuery(outcome: "approve"))
    #expect(same.results[0].counterfactuals == nil && same.remarks.count == 1)
    #expect(
      throws: EngineError.unknownOutcome(
        caseID: "C-1", known: ["approve", "refer", "decline"])
    ) {
      try engine.explain("C-1", counterfactuals: CounterfactualQuery(outcome: "maybe"))
    }
    #expect(try declined(nil, nil).results[0].counterfactuals == nil)
  }

  @Test("a candidate's own fields are changed, the others' stay")
  func candidates() throws {
    let engine = try Samples.engine()
    let request = Array(
      """
      {"case_id":"T","inputs":{"customer":"c-7","stock":0,"products":[{"sku":"a","stock":4,
      "scores":{"risk@1.0.0":1}},{"sku":"b","scores":{"risk@1.0.0":2}}]}}
      """.utf8)
    _ = try engine.answer(request, "top")
    let query = CounterfactualQuery(outcome: "keep")
    #expect(
      try engine.explain("T", counterfactuals: query).results.allSatisfy {
        $0.counterfactuals == nil
      })
    let note = try #require(
      try engine.explain("T", candidate: "b", counterfactuals: query).results[0].counterfactuals)
    #expect(note.targets.map(\.answer) == [.smallest])
    #expect(note.found.map(\.changes.first?.to.value) == ["1"])
    let own = try #require(
      try engine.explain(
        "T", candidate: "a", counterfactuals: CounterfactualQuery(outcome: "discard")
      ).results[0].counterfactuals)
    #expect(own.targets.map(\.answer) == [.smallest])
    #expect(own.found.map(\.changes.first?.to.value) == ["0"])
  }

  @Test("not with thresholds withheld, nor without inputs; changed scores go with the scores")
  func withheld() throws {
    let explanation = try declined()
    #expect(explanation.results[0].counterfactuals != nil)
    #expect(explanation.withholding([.thresholds]).results[0].counterfactuals == nil)
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", score: "611", job: "none"))
    _ = try engine.erase("C-1")
    #expect(try engine.explain("C-1").results[0].counterfactuals == nil)
    var shown = explanation
    let from = Explanation.ValueNote(name: "score", value: "611", isScore: true)
    let to = Explanation.ValueNote(name: "score", value: "777", isScore: true)
    shown.results[0].counterfactuals?.found = [
      .init(changes: [.init(from: from, to: to)], outcome: "approve")
    ]
    let hidden = shown.withholding([.scores])
    #expect(!hidden.json.compactText.contains("777"))
    #expect(!hidden.text().contains("777"))
    #expect(!String(decoding: hidden.html(for: .subject), as: UTF8.self).contains("777"))
  }

  @Test("what is undecided, proven or perhaps not the smallest is said, in the reader's language")
  func words() throws {
    var explanation = try declined()
    let found = explanation.results[0].counterfactuals?.found ?? []
    explanation.results[0].counterfactuals?.targets = [
      .init(outcome: "approve", answer: .undecided), .init(outcome: "refer", answer: .found),
      .init(outcome: "other", answer: .none),
    ]
    func page(_ audience: Audience) -> String {
      String(decoding: explanation.html(for: audience), as: UTF8.self)
    }
    for audience in Audience.allCases {
      let text = page(audience)
      #expect(text.contains("<bdi>approve</bdi>” is undecided: the search reached its limit."))
      #expect(text.contains("Smaller changes may exist for the outcome “<bdi>refer"))
      // Beside what would do, the subject needn't know what wouldn't.
      let proven = "no change of what can be changed would have given the outcome “<bdi>other"
      #expect(text.contains(proven) == (audience != .subject))
      #expect(text.contains("Taken as given: <bdi>credit score</bdi> (from a model)."))
      #expect(text.contains("<bdi>employed</bdi> instead of <bdi>without work</bdi>"))
    }
    let text = explanation.text()
    #expect(text.contains("refer, by leaf GRAY-REFER, with"))
    #expect(text.contains("employment (job) = employed instead of none (without work)"))
    explanation.language = "de"
    #expect(page(.subject).contains("ist offen: Die Suche kam an ihre Grenze."))
    #expect(page(.subject).contains("Als gegeben genommen: <bdi>credit score</bdi>"))
    #expect(explanation.text().contains("employment (job) = employed statt none (without work)"))
    #expect(!found.isEmpty)
  }
}
