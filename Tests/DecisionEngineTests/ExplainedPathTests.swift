import CanonicalJSON
import DecisionEngine
import Ledger
import RuleCompiler
import RuleProgram
import RuleSyntax
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The explained path is the executed one: what it states is true of the inputs, what it says failed
/// is false. Checked by the values' own order, not by the program's keys.
@Suite("The explained path")
struct ExplainedPathTests {
  private struct Broken: Error { var text: String }

  /// What compiles from `text`, to be published.
  static func publication(_ text: String) throws -> Publication {
    let source = SourceText(path: "test.xml", text: text)
    let bytes = Array(text.utf8)
    let digest = ContentDigest(of: bytes)
    switch parseDocument(source).document {
    case .ruleSet(let syntax)?:
      let compilation = RuleCompiler.compile(syntax, source: source)
      guard let result = compilation.result else {
        throw Broken(text: "\(compilation.diagnostics.map(\.message))\n\(text)")
      }
      return .ruleSet(
        source: bytes, sourceDigest: digest, program: result.program, wording: result.wording)
    case .pipeline(let syntax)?:
      guard let definition = RuleCompiler.compilePipeline(syntax).definition else {
        throw Broken(text: text)
      }
      return .pipeline(source: bytes, sourceDigest: digest, definition: definition)
    case .model(let syntax)?:
      return .model(
        source: bytes, sourceDigest: digest, definition: RuleCompiler.compileModel(syntax))
    case nil: throw Broken(text: text)
    }
  }

  /// Whether `values` hold `met`.
  private func holds(_ values: Explanation.Values, _ met: Explanation.ValueNote) -> Bool {
    guard let text = met.value else { return values.includesMissing }
    guard let value = Value(parsing: text, as: values.type) else { return false }
    let isListed = values.listed.contains { $0.value == text }
    if values.isAllBut { return !isListed }
    return isListed
      || values.ranges.contains { range in
        isInside(value, range.low, values.type) { $0 > 0 }
          && isInside(value, range.high, values.type) { $0 < 0 }
      }
  }

  private func isInside(
    _ value: Value, _ end: Explanation.Range.End?, _ type: ValueType, _ isRight: (Int) -> Bool
  ) -> Bool {
    guard let end else { return true }
    guard let limit = Value(parsing: end.value, as: type), let order = value.order(to: limit)
    else { return false }
    return order == 0 ? end.isIncluded : isRight(order)
  }

  /// Checks one explanation, and gives the IDs of the splits on its path.
  private func check(_ explanation: Explanation, _ note: String) throws -> [String] {
    let stage = try #require(explanation.results.first?.stages.first)
    #expect(explanation.verdict == .identical && explanation.remarks.isEmpty)
    #expect(stage.reexecutedLeaf == stage.leaf, "\(note)")
    for step in stage.path {
      let met = try #require(step.met)
      #expect(holds(step.taken.values, met), "\(note): \(step.on) \(step.taken.condition)")
      for other in step.others {
        #expect(!holds(other.values, met), "\(note): \(step.on) not \(other.condition)")
      }
    }
    return stage.path.compactMap(\.id)
  }

  @Test("each decision of examples/german-credit")
  func germanCredit() throws {
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let folder = root.appendingPathComponent("examples/german-credit")
    let engine = Engine(store: try Samples.store())
    _ = try engine.publish(
      try ["model.xml", "ruleset.xml", "pipeline.xml"].map { name in
        try Self.publication(
          String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
      })
    let lines = try String(
      contentsOf: folder.appendingPathComponent("applicants.jsonl"), encoding: .utf8)
    let requests = lines.split(separator: "\n").map { Array($0.utf8) }
    let answers = try engine.decide(requests, pipeline: "instalment-credit").map { try $0.get() }
    #expect(answers.count == 1000)
    for answer in answers {
      let explanation = try engine.explain(answer.caseID)
      _ = try check(explanation, answer.caseID)
      let response = try answer.response
      #expect(explanation.results[0].stages[0].leaf == response["leaf"]?.string)
    }
  }

  @Test("random decisions over random trees")
  func randomTrees() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("explained paths: seed \(seed)")
    for number in 0..<60 {
      var maker = TreeMaker(seed: seed &+ UInt64(number) &* 7919)
      let ruleSet = maker.ruleSet()
      let engine = Engine(store: try Samples.store())
      _ = try engine.publish([
        try Self.publication(ruleSet),
        try Self.publication(
          """
          <pipeline xmlns="urn:leafproof:pipeline:1" id="p" version="1.0.0">
            <rules ruleset="r@1.0.0"/>
          </pipeline>
          """),
      ])
      let rows = (0..<25).map { _ in maker.row() }
      let answers = try engine.decide(
        rows.map { (["inputs": $0.json] as JSON).canonicalBytes }, pipeline: "p")
      for (row, answer) in zip(rows, answers) {
        let note = "seed \(seed), tree \(number): \(row)\n\(ruleSet)"
        let explanation = try engine.explain(try answer.get().caseID)
        let expected = maker.run(row)
        #expect(try check(explanation, note) == expected.splits, "\(note)")
        #expect(explanation.results[0].stages[0].leaf == expected.leaf, "\(note)")
      }
    }
  }
}
