import SeededRandom
import Testing

@testable import RuleAnalysis
@testable import RuleProgram

/// What the analysis excludes never happens: "this can never be reached" rests on it.
@Suite struct SoundnessTests {
  /// DESIGN: a key outside the enclosure is impossible, one inside it may be.
  @Test func valuesLieInTheirEnclosure() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var maker = ProgramMaker(seed: seed)
    var operations: Set<Operation> = []
    var notNull = 0
    for round in 0..<700 {
      let program = maker.program()
      let analysis = RegionAnalysis(program)
      let machine = ExpressionMachine(program)
      let region = maker.region(analysis, program)
      let last = program.slots.count - 1
      let enclosure = analysis.enclosure(of: program.slots[last], in: region)
      let possible = analysis.possibleKeys(last, in: region)
      operations.formUnion(program.expressions.flatMap { $0.instructions.map(\.operation) })
      for _ in 0..<12 {
        guard let inputs = maker.inputs(program, region) else { break }
        let derived = [machine.evaluate(0, inputs: inputs, derived: [])]
        let value = machine.evaluate(1, inputs: inputs, derived: derived)
        if value != .null { notNull += 1 }
        let isPossible = possible.contains(program.slots[last].key(of: value))
        guard enclosure.encloses(value), isPossible else {
          let place = "seed \(seed), round \(round): \(value) of \(inputs) with \(derived)"
          Issue.record("\(place)\n\(enclosure)\n\(possible)\n\(program.disassembly())")
          return
        }
      }
    }
    #expect(notNull > 1_000, "seed \(seed): too few rows had a value")
    #expect(operations.count >= 42, "seed \(seed): too few operations were tried")
  }

  @Test func arithmeticOfIntervalsEnclosesThatOfNumbers() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let (x, a) = Self.interval(&random)
      let (y, b) = Self.interval(&random)
      let holds = [
        x.contains(a) && y.contains(b),
        a.adding(b).map { x.adding(y).contains($0) } ?? true,
        a.multiplied(by: b).map { x.multiplied(by: y).contains($0) } ?? true,
        a.divided(by: b).map { x.divided(by: y).contains($0) } ?? true,
        x.negated.contains(a.negated), x.hull(y).contains(a) && x.hull(y).contains(b),
      ]
      if holds.contains(false) {
        Issue.record("seed \(seed): \(a) of \(x), \(b) of \(y): \(holds)")
        return
      }
    }
  }

  /// An interval, often with an infinite or open end, and a number in it.
  private static func interval(_ random: inout SeededGenerator) -> (Interval, Decimal128) {
    let ends = [ProgramMaker.number(&random), ProgramMaker.number(&random)].sorted()
    let middle = ends[0].adding(ends[1])?.divided(by: Decimal128(2)) ?? ends[0]
    let number = random.pick([ends[0], middle, ends[1]])
    let isInside = ends[0] < number && number < ends[1]
    return (
      Interval(
        random.pick([ends[0], ends[0], nil]), random.pick([ends[1], ends[1], nil]),
        lowIsClosed: !isInside || Bool.random(using: &random),
        highIsClosed: !isInside || Bool.random(using: &random)), number
    )
  }
}

extension AbstractValue {
  /// Whether `value` is among what this stands for.
  fileprivate func encloses(_ value: Value) -> Bool {
    if value == .null { return mayBeNull }
    if let hasOffset = value.hasOffset, offset != .any, hasOffset != (offset == .required) {
      return false
    }
    switch (domain, value) {
    case (.none, _): return false
    case (.booleans(let canBeFalse, let canBeTrue), .boolean(let flag)):
      return flag ? canBeTrue : canBeFalse
    case (.strings(let texts), .string(let text)): return texts?.contains(text) ?? true
    case (.numbers(let interval), _): return value.measure.map { interval.contains($0) } ?? false
    default: return false
    }
  }
}
