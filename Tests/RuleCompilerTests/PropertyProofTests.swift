import RuleAnalysis
import RuleProgram
import SeededRandom
import Testing

/// Stated properties against counting: over all rows that tell regions apart.
@Suite struct PropertyProofTests {
  @Test(arguments: [false, true]) func verdictsAgreeWithCounting(isComputed: Bool) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var broken = 0
    var held = 0
    var open = 0
    for _ in 0..<(isComputed ? 24 : 12) {
      guard let world = SmallWorld(leaves: 8, isComputed: isComputed, &random) else { continue }
      let facts = Facts(world)
      for property in Self.properties {
        let isBroken = facts.isBroken(property)
        switch PropertyProof(world.program).verdict(on: property) {
        case .holds:
          held += 1
          #expect(!isBroken, "seed \(seed): \(property) is broken\n\(world.text)")
        case .broken(let witnesses):
          broken += 1
          let rows = witnesses.map(\.inputs)
          #expect(rows.map(facts.leaf) == witnesses.map(\.leaf), "seed \(seed)\n\(world.text)")
          // Over derived values, a row between the half numbers may be the one that breaks it.
          #expect(facts.isBroken(property, by: rows), "seed \(seed): \(property)\n\(world.text)")
          #expect(isBroken || isComputed, "seed \(seed): \(property) holds\n\(world.text)")
        case .undecided: open += 1
        }
      }
    }
    #expect(broken > 5 && held > 5, "seed \(seed)")
    #expect(open * 20 <= broken + held, "seed \(seed): \(open) stayed open")
  }

  // Inputs: a, b, c, k; outcomes: bad, fair, good.
  private static let properties: [Property] = [
    .monotone(input: 0, isIncreasing: true, outcomes: [0, 1, 2]),
    .monotone(input: 1, isIncreasing: false, outcomes: [0, 2]),
    .monotone(input: 2, isIncreasing: true, outcomes: [1, 2]),
    .independent(input: 0, outcome: nil), .independent(input: 2, outcome: 2),
    .independent(input: 3, outcome: 0),
    .never(condition([.input: 0], .less, "2"), outcome: 2),
    .never(condition([.input: 2], .greaterOrEqual, "3"), outcome: 0),
    .always(condition([.input: 1], .greater, "3"), outcome: 1),
  ]

  private static func condition(
    _ subject: [RuleProgram.Operation: Int], _ operation: RuleProgram.Operation, _ constant: String
  ) -> Property.Condition {
    let code = subject.map { Instruction($0.key, $0.value) }
    return Property.Condition(
      code: Code(code + [Instruction(.constant, 0), Instruction(operation)]),
      constants: [.number(Decimal128(constant) ?? Decimal128(0))], patterns: [])
  }
}

/// What counting says of a small world.
private struct Facts {
  private let world: SmallWorld
  private let rows: [[Value]]
  private let outcomes: [[Value]: Int]

  init(_ world: SmallWorld) {
    self.world = world
    rows = world.rows(SmallWorld.halves)
    var binding = Binding(Evaluator(world.program))
    let program = world.program.program
    outcomes = Dictionary(
      uniqueKeysWithValues: rows.map { row in
        (row, world.leaf(row, &binding).map { program.leaves[$0].outcome } ?? -1)
      })
  }

  func leaf(_ row: [Value]) -> Int? {
    var binding = Binding(Evaluator(world.program))
    return world.leaf(row, &binding)
  }

  /// True when some of the rows that were counted break `property`.
  func isBroken(_ property: Property) -> Bool {
    switch property {
    case .never(let condition, _), .always(let condition, _):
      rows.contains { row in
        meets(row, condition) && outcomes[row].map { isForbidden(property, $0) } ?? false
      }
    case .independent(let input, _): pairs(input, property)
    case .monotone(let input, _, _): pairs(input, property)
    }
  }

  /// True when `rows` (one, or two that differ in the property's input) break `property`.
  func isBroken(_ property: Property, by rows: [[Value]]) -> Bool {
    let found = rows.compactMap { leaf($0) }.map { world.program.program.leaves[$0].outcome }
    guard found.count == rows.count, let first = rows.first else { return false }
    switch property {
    case .never(let condition, _), .always(let condition, _):
      return rows.count == 1 && meets(first, condition) && isForbidden(property, found[0])
    case .independent(let input, _), .monotone(let input, _, _):
      guard rows.count == 2 else { return false }
      let others = first.indices.filter { rows[0][$0] != rows[1][$0] }
      return others == [input]
        && isForbidden(property, rows[0][input], rows[1][input], found[0], found[1])
    }
  }

  private func isForbidden(_ property: Property, _ outcome: Int) -> Bool {
    switch property {
    case .never(_, let other): outcome == other
    case .always(_, let other): outcome != other
    default: false
    }
  }

  private func isForbidden(
    _ property: Property, _ from: Value, _ to: Value, _ a: Int, _ b: Int
  ) -> Bool {
    switch property {
    case .independent(_, let outcome): return outcome.map { (a == $0) != (b == $0) } ?? (a != b)
    case .monotone(_, let isIncreasing, let ranks):
      guard let order = from.order(to: to), isIncreasing ? order < 0 : order > 0,
        let before = ranks.firstIndex(of: a), let after = ranks.firstIndex(of: b)
      else { return false }
      return after < before
    default: return false
    }
  }

  private func meets(_ row: [Value], _ condition: Property.Condition) -> Bool {
    let input = row[condition.code.instructions[0].operand]
    guard let order = input.order(to: condition.constants[0]) else { return false }
    return switch condition.code.instructions[2].operation {
    case .less: order < 0
    case .greater: order > 0
    default: order >= 0
    }
  }

  private func pairs(_ input: Int, _ property: Property) -> Bool {
    let values =
      input == 3 ? SmallWorld.texts : SmallWorld.halves + (input == 2 ? [.null] : [])
    return rows.contains { row in
      guard let first = outcomes[row] else { return false }
      return values.contains { value in
        var other = row
        other[input] = value
        guard let second = outcomes[other] else { return false }
        return isForbidden(property, row[input], value, first, second)
      }
    }
  }
}
