import RuleAnalysis
import RuleCompiler
import RuleProgram
import SeededRandom
import Testing

/// Generated cases: what they reach, and which changes of the rules they notice.
@Suite struct BoundarySuiteTests {
  /// A rule set with its cases.
  private struct Subject {
    var program: VerifiedProgram
    var suite: BoundarySuite
    /// What its splits look at.
    var slots: [RuleSetMaker.Slot]
  }

  private static func subject(_ seed: UInt64, leaves: Int, _ place: Comment) throws -> Subject {
    var maker = RuleSetMaker(seed: seed)
    let compiled = Compiled(maker.ruleSet(leaves: leaves))
    let result = try #require(compiled.result, place)
    return Subject(
      program: result.program, suite: BoundarySuite(result.program, result.wording),
      slots: maker.slots)
  }

  /// The leaf for each case's inputs in another program over the same inputs.
  private static func leaves(_ suite: BoundarySuite, _ program: VerifiedProgram) -> [Int?] {
    var binding = Binding(Evaluator(program))
    return suite.cases.map { testCase in
      binding.begin()
      for (index, value) in testCase.inputs.enumerated() where value != .null {
        binding.bind(index, value: value)
      }
      return binding.evaluate()
    }
  }

  /// The leaves that 2,000 random rows reach.
  private static func randomLeaves(_ subject: Subject, _ seed: UInt64) -> Set<Int> {
    var rows = RowMaker(seed: seed, slots: subject.slots)
    var binding = Binding(Evaluator(subject.program))
    var found: Set<Int> = []
    for _ in 0..<2_000 {
      let row = rows.row()
      binding.begin()
      for (index, input) in subject.program.program.inputs.enumerated() {
        if let value = row[input.name], value != .null { binding.bind(index, value: value) }
      }
      if let leaf = binding.evaluate() { found.insert(leaf) }
    }
    return found
  }

  @Test func casesReachEveryLeafThatCanBeReached() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var (leaves, reached, impossible, goals, undecided) = (0, 0, 0, 0, 0)
    for round in 0..<4 {
      let place: Comment = "seed \(seed), round \(round)"
      let subject = try Self.subject(
        random.next(), leaves: Int.random(in: 10...30, using: &random), place)
      let suite = subject.suite
      #expect(Self.leaves(suite, subject.program) == suite.cases.map(\.leaf), place)
      #expect(Set(suite.cases.map(\.name)).count == suite.cases.count, place)
      #expect(Set(suite.cases.map(\.inputs)).count == suite.cases.count, place)
      let found = Set(suite.cases.map(\.leaf))
      let open = suite.open.compactMap { goal -> Int? in
        if case .leaf(let leaf) = goal.site { return leaf }
        return nil
      }
      // Each leaf is reached or named, never both and never neither.
      #expect(found.isDisjoint(with: open), place)
      #expect(found.count + open.count == subject.program.program.leaves.count, place)
      // Random rows reach no leaf that is said to be impossible.
      let ruledOut = Set(
        suite.open.compactMap { goal -> Int? in
          if case .leaf(let leaf) = goal.site, goal.isImpossible { return leaf }
          return nil
        })
      #expect(ruledOut.isDisjoint(with: Self.randomLeaves(subject, random.next())), place)
      impossible += ruledOut.count
      leaves += subject.program.program.leaves.count
      reached += found.count
      goals += suite.goals
      undecided += suite.open.count { !$0.isImpossible }
    }
    print("boundaries: \(reached) of \(leaves) leaves, \(undecided) of \(goals) goals undecided")
    // Proven ones, such as a ratio that an earlier split has bounded, can't be reached by anyone.
    #expect(
      reached * 100 >= (leaves - impossible) * 97,
      "seed \(seed): \(reached) of \(leaves) leaves, \(impossible) impossible")
    #expect(undecided * 100 <= goals * 3, "seed \(seed): \(undecided) of \(goals) goals")
  }

  /// A cut moved by one step of its scale (a threshold), or by one key (an operator).
  private struct Mutation {
    var program: Program
    /// Where it was and where it is.
    var cut: (node: Int, from: Int64, to: Int64)
  }

  private static func mutation(
    of program: Program, _ random: inout SeededGenerator
  ) -> Mutation? {
    let nodes = program.nodes.indices.filter { !program.nodes[$0].cuts.isEmpty }
    guard let index = nodes.randomElement(using: &random) else { return nil }
    let node = program.nodes[index]
    guard let place = node.cuts.indices.randomElement(using: &random) else { return nil }
    let cut = node.cuts[place]
    var distance: Int64 = Bool.random(using: &random) ? 1 : -1
    if case .scaled = program.slots[node.slot].encoding {
      // `<` to `<=` passes over the threshold's own key, which is even; a step is two keys.
      distance = Bool.random(using: &random) ? 2 * distance : cut & 1 == 0 ? 1 : -1
    }
    if case .ranked = program.slots[node.slot].encoding { distance = cut & 1 == 0 ? 1 : -1 }
    var changed = program
    changed.nodes[index].cuts[place] = cut + distance
    // Cuts stay ascending: what another cut lies next to can't be moved over it.
    let cuts = changed.nodes[index].cuts
    guard zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    return Mutation(program: changed, cut: (index, cut, cut + distance))
  }

  @Test func movedThresholdsAndChangedOperatorsFailACase() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var (tried, noticed, equivalent) = (0, 0, 0)
    var survivors: [String] = []
    while tried < 200 {
      let place: Comment = "seed \(seed), mutation \(tried)"
      let subject = try Self.subject(
        random.next(), leaves: Int.random(in: 10...20, using: &random), place)
      let expected = subject.suite.cases.map(\.leaf)
      for _ in 0..<25 where tried < 200 {
        guard let mutation = Self.mutation(of: subject.program.program, &random),
          let program = try? VerifiedProgram(mutation.program)
        else { continue }
        tried += 1
        if Self.leaves(subject.suite, program) != expected {
          noticed += 1
        } else if let difference = try? Difference(subject.program.program, mutation.program),
          difference.isEquivalent
        {
          equivalent += 1
        } else {
          let slot = subject.program.program.slots[mutation.program.nodes[mutation.cut.node].slot]
          survivors.append("\(slot.source) \(slot.encoding) \(mutation.cut)")
        }
      }
    }
    let score = noticed * 100 / (tried - equivalent)
    print(
      "boundaries: \(noticed) of \(tried - equivalent) mutations noticed (\(score) %),"
        + " \(equivalent) more change nothing; survivors: \(survivors.prefix(5))")
    // What survives are steps that no row can show, and that isn't proven: parts of a day in a
    // difference of two dates.
    #expect(score >= 85, "seed \(seed): \(survivors)")
  }
}
