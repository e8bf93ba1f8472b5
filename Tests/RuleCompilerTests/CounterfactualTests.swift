import Foundation
import RuleAnalysis
import RuleCompiler
import RuleProgram
import SeededRandom
import Testing

/// Counterfactuals against counting over all rows of a small world. `LEAFPROOF_COUNTERFACTUALS=1000`
/// takes so many worlds of each kind.
@Suite struct CounterfactualTests {
  private static var worlds: Int {
    ProcessInfo.processInfo.environment["LEAFPROOF_COUNTERFACTUALS"].flatMap { Int($0) } ?? 60
  }

  @Test(arguments: [false, true]) func theSmallestChangesAreFound(isComputed: Bool) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var found = 0
    for _ in 0..<Self.worlds {
      guard let world = SmallWorld(leaves: 9, isComputed: isComputed, &random) else { continue }
      let rows = world.rows(SmallWorld.wholes)
      let leaves = Self.leaves(world, rows)
      let program = world.program.program
      let search = CounterfactualSearch(world.program)
      for _ in 0..<3 {
        guard let row = rows.randomElement(using: &random) else { continue }
        let rules = Self.rules(&random)
        let wanted = Int.random(in: 0...2, using: &random)
        guard let present = leaves[row], program.leaves[present].outcome != wanted else { continue }
        let best = Self.smallest(row, rules, leaves) { program.leaves[$0].outcome == wanted }
        let place: Comment = "seed \(seed): \(row) \(rules) \(wanted)\n\(world.text)"
        let answer = search.search(from: row, rules) {
          program.leaves[$0.leaf].outcome == wanted
        }
        switch answer {
        case .none: #expect(best.isEmpty, place)
        case .undecided: Issue.record(place)
        case .found(let changes, let areSmallest):
          found += 1
          #expect(areSmallest, place)
          #expect(changes.map(\.changes.count) == best.prefix(3).map(\.count), place)
          for (change, best) in zip(changes, best) {
            #expect(abs(change.cost - best.cost) < 1e-9, place)
            var copy = row
            for item in change.changes { copy[item.input] = item.to }
            #expect(leaves[copy] == change.end.leaf, place)
            #expect(program.leaves[change.end.leaf].outcome == wanted, place)
            let cost = Self.cost(row, copy, rules)?.cost ?? -1
            #expect(abs(cost - change.cost) < 1e-9, place)
          }
        }
      }
    }
    #expect(found > 10, "seed \(seed): \(found) found")
  }

  @Test("a search without room for work says that it is undecided, and more room decides it")
  func budget() throws {
    var random = SeededGenerator(seed: 7)
    var undecided = 0
    for _ in 0..<20 {
      guard let world = SmallWorld(leaves: 9, isComputed: true, &random),
        let row = world.rows(SmallWorld.wholes).randomElement(using: &random)
      else { continue }
      let program = world.program.program
      let rules = [Actionability](repeating: Actionability(), count: 4)
      var search = CounterfactualSearch(world.program)
      var answers: [CounterfactualAnswer] = []
      for budget in [0, 60, 200, 100_000] {
        search.budget = budget
        answers.append(search.search(from: row, rules) { program.leaves[$0.leaf].outcome == 2 })
      }
      #expect(answers[0] == .undecided)
      guard answers[3] != .undecided else {
        Issue.record("\(row)\n\(world.text)")
        continue
      }
      undecided += answers.count { $0 == .undecided }
      // Whatever is said to be proven with little work is so with much.
      for answer in answers {
        switch answer {
        case .none, .found(_, areSmallest: true): #expect(answer == answers[3])
        case .found, .undecided: continue
        }
      }
    }
    #expect(undecided > 5)
  }

  @Test("of texts that aren't declared only those that the rules name are known")
  func openTexts() throws {
    let text = """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="open" version="1.0.0">
      <inputs><input name="t" type="string"/></inputs>
      <outcomes><outcome name="bad"/><outcome name="good"/></outcomes>
      <tree><split on="t"><case is='"x", "y"'><leaf id="X" outcome="bad"/></case>
      <otherwise><leaf id="O" outcome="good"/></otherwise></split></tree>
      </ruleset>
      """
    let program = try #require(Compiled(text).result?.program)
    let search = CounterfactualSearch(program)
    let good = program.program.outcomes.firstIndex { $0.name == "good" }
    func answer(_ text: String, _ isGood: Bool) -> CounterfactualAnswer {
      search.search(from: [.string(text)], [Actionability()]) {
        (program.program.leaves[$0.leaf].outcome == good) == isGood
      }
    }
    // Any other text would do, so that it isn't proven that none does.
    #expect(answer("x", true) == .undecided)
    guard case .found(let found, areSmallest: true) = answer("other", false) else {
      Issue.record("nothing found")
      return
    }
    #expect(found.map(\.changes.first?.to) == [.string("x")])
  }

  @Test("a text that isn't declared makes nothing unsure that another change does with less")
  func openTextBeside() throws {
    let text = """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="open" version="1.0.0">
      <inputs><input name="n" type="number" min="0" max="9"/><input name="t" type="string"/></inputs>
      <outcomes><outcome name="bad"/><outcome name="good"/></outcomes>
      <tree><split on="n"><case is="&lt; 5"><leaf id="N" outcome="bad"/></case>
      <otherwise><split on="t"><case is='"x"'><leaf id="X" outcome="bad"/></case>
      <otherwise><leaf id="O" outcome="good"/></otherwise></split></otherwise></split></tree>
      </ruleset>
      """
    let program = try #require(Compiled(text).result?.program)
    let good = program.program.outcomes.firstIndex { $0.name == "good" }
    func answer(_ number: Int, _ text: String) -> CounterfactualAnswer {
      CounterfactualSearch(program).search(
        from: [.number(Decimal128(number)), .string(text)],
        [Actionability(), Actionability()]
      ) { program.program.leaves[$0.leaf].outcome == good }
    }
    guard case .found(let found, areSmallest: true) = answer(2, "y") else {
      Issue.record("nothing found")
      return
    }
    #expect(found.map { $0.changes.map(\.to) } == [[.number(Decimal128(5))]])
    #expect(answer(2, "x") == .undecided)
  }

  private static func rules(_ random: inout SeededGenerator) -> [Actionability] {
    (0..<4).map { _ in
      let ways: [Actionability.Direction] = [
        .either, .either, .increaseOnly, .decreaseOnly, .fixed,
      ]
      return Actionability(
        ways.randomElement(using: &random) ?? .either, step: nil,
        weight: Double(Int.random(in: 1...3, using: &random)))
    }
  }

  private static func leaves(_ world: SmallWorld, _ rows: [[Value]]) -> [[Value]: Int] {
    var binding = Binding(Evaluator(world.program))
    return Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in world.leaf(row, &binding).map { (row, $0) } })
  }

  /// Of each set of inputs whose change can do, and no part of which can: how many they are, and the
  /// least cost. The best first.
  private static func smallest(
    _ row: [Value], _ rules: [Actionability], _ leaves: [[Value]: Int],
    _ isWanted: (Int) -> Bool
  ) -> [(count: Int, cost: Double)] {
    var costs: [Set<Int>: Double] = [:]
    for (other, leaf) in leaves where isWanted(leaf) {
      guard let found = cost(row, other, rules) else { continue }
      costs[found.set] = min(costs[found.set] ?? .infinity, found.cost)
    }
    return costs.filter { item in
      !costs.keys.contains { $0.isStrictSubset(of: item.key) }
    }.map { ($0.key.count, $0.value) }.sorted { $0 < $1 }
  }

  private static func cost(
    _ row: [Value], _ other: [Value], _ rules: [Actionability]
  ) -> (set: Set<Int>, cost: Double)? {
    var set: Set<Int> = []
    var cost = 0.0
    for index in row.indices where row[index] != other[index] {
      let rule = rules[index]
      guard rule.direction != .fixed, other[index] != .null else { return nil }
      set.insert(index)
      // Texts have no order: one that may go one way only stays.
      if row[index].type == .string, rule.direction != .either { return nil }
      guard let from = row[index].measure, let to = other[index].measure else {
        cost += rule.weight
        continue
      }
      if rule.direction == .increaseOnly, to < from { return nil }
      if rule.direction == .decreaseOnly, from < to { return nil }
      let distance = (Double(to.description) ?? 0) - (Double(from.description) ?? 0)
      cost += rule.weight * abs(distance) / 4
    }
    return (set, cost)
  }
}
