import RuleProgram

/// Proves that a region is empty where its slots ask about the order of the same two things in ways that
/// contradict each other: `income - debt` below 0 and `debt > income` false.
///
/// Boxes of inputs can't prove that: however small, they straddle the line on which both are equal.
struct OrderProof {
  /// What a slot tells of the order of two expressions; nil where it tells nothing.
  private let subjects: [Subject?]

  private struct Subject {
    var pair: Pair
    /// The comparison that a boolean slot makes; nil for a difference of numbers.
    var comparison: Operation?
    /// True where the pair stands the other way round in the slot's expression.
    var isSwapped: Bool
  }

  private struct Pair: Hashable {
    var first: [Instruction]
    var second: [Instruction]
  }

  /// Signs of `first - second` that are possible.
  private struct Signs: OptionSet {
    let rawValue: Int
    static let below = Signs(rawValue: 1)
    static let same = Signs(rawValue: 2)
    static let above = Signs(rawValue: 4)
    static let all: Signs = [.below, .same, .above]

    var reversed: Signs {
      var result = intersection(.same)
      if contains(.below) { result.insert(.above) }
      if contains(.above) { result.insert(.below) }
      return result
    }
  }

  init(_ program: Program) {
    subjects = program.slots.map { slot in
      switch slot.source {
      case .input: nil
      case .derived(let index):
        Self.subject(program.expressions[program.derived[index].expression], slot, program)
      case .expression(let index): Self.subject(program.expressions[index], slot, program)
      }
    }
  }

  /// True when no inputs reach `region`, as far as the order of pairs says.
  func excludes(_ region: Region, _ constrained: [Int], _ program: Program) -> Bool {
    var known: [Pair: Signs] = [:]
    for slot in constrained {
      guard let subject = subjects[slot], !region.keys[slot].includesMissing else { continue }
      var signs = Self.signs(subject, region.keys[slot], program.slots[slot], program)
      if subject.isSwapped { signs = signs.reversed }
      known[subject.pair, default: .all].formIntersection(signs)
      if known[subject.pair] == [] { return true }
    }
    return false
  }

  private static func signs(
    _ subject: Subject, _ keys: KeySet, _ slot: Program.Slot, _ program: Program
  ) -> Signs {
    guard let comparison = subject.comparison else {
      let zero = Decimal128(0)
      var signs: Signs = []
      for range in keys.ranges {
        let low = program.lowerBound(range.lowerBound, slot)
        let high = program.upperBound(range.upperBound, slot)
        let least = low?.value.measure
        let greatest = high?.value.measure
        if least.map({ $0 < zero }) ?? true { signs.insert(.below) }
        if greatest.map({ zero < $0 }) ?? true { signs.insert(.above) }
        let isAbove = least.map { zero < $0 || ($0 == zero && low?.isClosed == false) } ?? false
        let isBelow = greatest.map { $0 < zero || ($0 == zero && high?.isClosed == false) } ?? false
        if !isAbove, !isBelow { signs.insert(.same) }
      }
      return signs
    }
    let whenTrue: Signs =
      switch comparison {
      case .less: .below
      case .lessOrEqual: [.below, .same]
      case .greater: .above
      default: [.above, .same]
      }
    var signs: Signs = []
    if keys.contains(1) { signs.formUnion(whenTrue) }
    if keys.contains(0) { signs.formUnion(Signs.all.subtracting(whenTrue)) }
    return signs
  }

  /// The pair that `code` compares or subtracts. Only short operands are looked at: their values are so
  /// far from the least number that no difference of them is rounded to zero.
  private static func subject(_ code: Code, _ slot: Program.Slot, _ program: Program) -> Subject? {
    guard let last = code.instructions.last, last.arity == 2 else { return nil }
    let operation = last.operation
    switch operation {
    // `=` is left out: it is true of two missing values, too.
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    case .subtract where slot.type == .number: break
    default: return nil
    }
    let rest = Array(code.instructions.dropLast())
    guard let cut = start(of: rest), cut > 0 else { return nil }
    let (first, second) = (Array(rest[..<cut]), Array(rest[cut...]))
    guard isPlain(first, program), isPlain(second, program) else { return nil }
    let isSwapped = precedes(second, first)
    return Subject(
      pair: isSwapped ? Pair(first: second, second: first) : Pair(first: first, second: second),
      comparison: operation == .subtract ? nil : operation, isSwapped: isSwapped)
  }

  /// Where the last expression of `instructions` starts.
  private static func start(of instructions: [Instruction]) -> Int? {
    var wanted = 1
    for index in instructions.indices.reversed() {
      wanted += instructions[index].arity - 1
      if wanted == 0 { return index }
    }
    return nil
  }

  /// True for short expressions over numbers that are there when the whole has a value.
  private static func isPlain(_ instructions: [Instruction], _ program: Program) -> Bool {
    guard instructions.count <= 5 else { return false }
    return instructions.allSatisfy { instruction in
      switch instruction.operation {
      case .input: program.inputs[instruction.operand].type == .number
      case .constant: program.constants[instruction.operand].type == .number
      case .add, .subtract, .multiply, .negate: true
      default: false
      }
    }
  }

  private static func precedes(_ a: [Instruction], _ b: [Instruction]) -> Bool {
    let keys = [a, b].map { $0.flatMap { [Int($0.operation.rawValue), $0.operand] } }
    return keys[0].lexicographicallyPrecedes(keys[1])
  }
}
