import RuleAnalysis
import RuleCompiler
import RuleProgram
import SeededRandom
import Testing

/// Semantic differences against rows: what changes is listed, what is listed changes.
@Suite struct DifferenceTests {
  @Test func changesOfRandomRuleSetsAreFound() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var changed = 0
    var equivalent = 0
    for round in 0..<8 {
      var maker = RuleSetMaker(seed: random.next())
      let old = maker.ruleSet(leaves: Int.random(in: 20...60, using: &random))
      let new = Self.edited(old, &random)
      let place: Comment = "seed \(seed), round \(round)"
      guard let before = Compiled(old).result?.program, let after = Compiled(new).result?.program
      else { continue }
      let difference = try Difference(before.program, after.program)
      if difference.isEquivalent { equivalent += 1 } else { changed += 1 }
      let listed = Set(difference.changes.map { [$0.oldLeaf, $0.newLeaf] })
      var pair = Pair(before, after)
      for change in difference.changes {
        guard let witness = change.witness else { continue }
        let row = zip(difference.joint.program.inputs.map(\.name), witness)
        let leaves = pair.leaves(Dictionary(uniqueKeysWithValues: row))
        #expect(leaves == [change.oldLeaf, change.newLeaf], "\(place)\n\(old)\n\(new)")
      }
      var rows = RowMaker(seed: random.next(), slots: maker.slots)
      for _ in 0..<400 {
        let row = rows.row()
        let leaves = pair.leaves(row)
        guard leaves.count == 2, !pair.areSame(leaves) else { continue }
        #expect(listed.contains(leaves), "\(place): \(row)\n\(old)\n\(new)")
      }
    }
    #expect(changed > 0, "seed \(seed): \(changed) changed, \(equivalent) equivalent")
  }

  /// A copy with one leaf's outcome, or one number, changed.
  private static func edited(_ text: String, _ random: inout SeededGenerator) -> String {
    let isNumber = Bool.random(using: &random)
    let places =
      isNumber
      ? text.matches(of: #/is="[^"]*?(\d+)/#).map { $0.output.1.startIndex..<$0.output.1.endIndex }
      : text.matches(of: #/<leaf id="(\w+)/#).map { $0.output.1.startIndex..<$0.output.1.endIndex }
    guard let place = places.randomElement(using: &random) else { return text }
    let piece = String(text[place])
    let other = isNumber ? String((Int(piece) ?? 0) + 1) : piece + "X"
    return text.replacingCharacters(in: place, with: other)
  }

  private struct Pair {
    private let programs: [Program]
    private var bindings: [Binding]

    init(_ old: VerifiedProgram, _ new: VerifiedProgram) {
      programs = [old.program, new.program]
      bindings = [Binding(Evaluator(old)), Binding(Evaluator(new))]
    }

    /// The leaf in each program; fewer when a row is refused.
    mutating func leaves(_ row: [String: Value]) -> [Int] {
      programs.indices.compactMap { index in
        bindings[index].begin()
        for (number, input) in programs[index].inputs.enumerated() {
          if let value = row[input.name], value != .null {
            bindings[index].bind(number, value: value)
          }
        }
        return bindings[index].evaluate()
      }
    }

    func areSame(_ leaves: [Int]) -> Bool {
      programs[0].leaves[leaves[0]].id == programs[1].leaves[leaves[1]].id
        && programs[0].outcome(ofLeaf: leaves[0]) == programs[1].outcome(ofLeaf: leaves[1])
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
