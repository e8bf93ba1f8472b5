import RuleAnalysis
import RuleProgram
import Testing

/// Counterfactuals against counting over all rows of a small world.
@Suite struct CounterfactualTests {
  @Test(arguments: [false, true]) func theSmallestChangeIsFound(isComputed: Bool) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var found = 0
    for _ in 0..<(isComputed ? 60 : 25) {
      guard let world = SmallWorld(leaves: 9, isComputed: isComputed, &random) else { continue }
      let rows = world.rows(SmallWorld.wholes)
      let leaves = Self.leaves(world, rows)
      let program = world.program.program
      for _ in 0..<3 {
        guard let row = rows.randomElement(using: &random) else { continue }
        let rules = Self.rules(&random)
        let wanted = Int.random(in: 0...2, using: &random)
        guard let present = leaves[row], program.leaves[present].outcome != wanted else { continue }
        let best = Self.best(row, rules, leaves) { program.leaves[$0].outcome == wanted }
        let place: Comment = "seed \(seed): \(row) \(rules) \(wanted)\n\(world.text)"
        let search = CounterfactualSearch(world.program)
        switch search.search(from: row, rules, isWanted: { program.leaves[$0].outcome == wanted }) {
        case .none:
          #expect(best == nil, place)
        case .undecided: Issue.record(place)
        case .found(let changes, let areSmallest):
          found += 1
          #expect(areSmallest, place)
          let first = try #require(changes.first, place)
          #expect(first.changes.count == best?.count, place)
          #expect(abs(first.cost - (best?.cost ?? -1)) < 1e-9, place)
          for change in changes {
            var copy = row
            for item in change.changes { copy[item.input] = item.to }
            #expect(leaves[copy] == change.leaf, place)
            #expect(program.leaves[change.leaf].outcome == wanted, place)
          }
        }
      }
    }
    #expect(found > 10, "seed \(seed): \(found) found")
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

  /// The fewest inputs and the least cost among all rows that may be reached.
  private static func best(
    _ row: [Value], _ rules: [Actionability], _ leaves: [[Value]: Int],
    _ isWanted: (Int) -> Bool
  ) -> (count: Int, cost: Double)? {
    var best: (count: Int, cost: Double)?
    for (other, leaf) in leaves where isWanted(leaf) {
      guard let cost = cost(row, other, rules) else { continue }
      if best.map({ cost < $0 }) ?? true { best = cost }
    }
    return best
  }

  private static func cost(
    _ row: [Value], _ other: [Value], _ rules: [Actionability]
  ) -> (count: Int, cost: Double)? {
    var count = 0
    var cost = 0.0
    for index in row.indices where row[index] != other[index] {
      let rule = rules[index]
      guard rule.direction != .fixed, other[index] != .null else { return nil }
      count += 1
      guard let from = row[index].measure, let to = other[index].measure else {
        cost += rule.weight
        continue
      }
      if rule.direction == .increaseOnly, to < from { return nil }
      if rule.direction == .decreaseOnly, from < to { return nil }
      let distance = (Double(to.description) ?? 0) - (Double(from.description) ?? 0)
      cost += rule.weight * abs(distance) / 4
    }
    return (count, cost)
  }
}
