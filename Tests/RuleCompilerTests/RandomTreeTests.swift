import NaiveEvaluation
import RuleCompiler
import RuleProgram
import SeededRandom
import Testing

/// Random rule sets and rows: the compiled program finds the leaf that a plain walk over the
/// source finds.
@Suite struct RandomTreeTests {
  @Test func compiledRuleSetsAgreeWithAPlainWalkOverTheSource() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var ranked = 0
    for round in 0..<16 {
      var maker = RuleSetMaker(seed: random.next())
      let text = maker.ruleSet(leaves: Int.random(in: 60...300, using: &random))
      let place: Comment = "seed \(seed), round \(round)"
      let compiled = Compiled(text)
      let program = try #require(
        compiled.result?.program, "\(place): \(compiled.shown.prefix(2_000))\n\(text)")
      let naive = try #require(compiled.syntax.flatMap { NaiveEvaluator($0) }, place)
      ranked += program.program.slots.filter { $0.type == .number && $0.encoding.isRanked }.count
      var binding = Binding(Evaluator(program))
      var rows = RowMaker(seed: random.next(), slots: maker.slots)
      for _ in 0..<300 {
        let row = rows.row()
        let found = Self.leaf(row, &binding, program.program)
        #expect(found == naive.leaf(row), "\(place): \(row)\n\(text)")
        guard found == naive.leaf(row) else { return }
      }
    }
    #expect(ranked > 0, "no number needed a ranked encoding: the pools are too tame")
  }

  private static func leaf(
    _ row: [String: Value], _ binding: inout Binding, _ program: Program
  ) -> NaiveEvaluator.Answer {
    binding.begin()
    for (index, input) in program.inputs.enumerated() {
      if let value = row[input.name], value != .null { binding.bind(index, value: value) }
    }
    guard let leaf = binding.evaluate() else { return .stuck("\(binding.refusals)") }
    return .leaf(program.leaves[leaf].id)
  }
}

extension KeyEncoding {
  fileprivate var isRanked: Bool {
    if case .ranked = self { return true }
    return false
  }
}
