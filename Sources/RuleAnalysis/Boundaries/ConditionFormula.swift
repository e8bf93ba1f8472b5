import RuleProgram

/// A boolean expression taken apart: `and`, `or`, `not` and `if` over atomic conditions, which are told
/// apart by what they compute, so that the same comparison in two places is one condition.
indirect enum ConditionFormula {
  /// Index of an atomic condition.
  case atom(Int)
  case constant(Value)
  case not(ConditionFormula)
  case and(ConditionFormula, ConditionFormula)
  case or(ConditionFormula, ConditionFormula)
  case select(ConditionFormula, ConditionFormula, ConditionFormula)

  /// What some of the atomic conditions must be.
  typealias Assignment = [Int: Bool]

  /// The most assignments of a list; one of up to 12 conditions that stand once each is never cut off.
  static let limit = 4_096

  /// True when an `if` is part of the formula.
  var hasSelect: Bool {
    switch self {
    case .atom, .constant: false
    case .not(let a): a.hasSelect
    case .and(let a, let b), .or(let a, let b): a.hasSelect || b.hasSelect
    case .select: true
    }
  }

  /// FEEL's value of the formula: true, false or null.
  func value(_ atoms: [Value]) -> Value {
    switch self {
    case .atom(let index): atoms[index]
    case .constant(let value): value
    case .not(let a): Operation.not.value(of: a.value(atoms))
    case .and(let a, let b): Operation.and.value(of: a.value(atoms), b.value(atoms))
    case .or(let a, let b): Operation.or.value(of: a.value(atoms), b.value(atoms))
    case .select(let a, let b, let c):
      a.value(atoms) == .boolean(true) ? b.value(atoms) : c.value(atoms)
    }
  }

  /// Assignments under which the formula is `wanted`, whatever the other conditions are.
  func ways(_ wanted: Bool) -> [Assignment] {
    switch self {
    case .atom(let index): [[index: wanted]]
    case .constant(let value): value == .boolean(wanted) ? [[:]] : []
    case .not(let a): a.ways(!wanted)
    case .and(let a, let b):
      wanted ? Self.both(a.ways(true), b.ways(true)) : Self.either(a.ways(false), b.ways(false))
    case .or(let a, let b):
      wanted ? Self.either(a.ways(true), b.ways(true)) : Self.both(a.ways(false), b.ways(false))
    case .select(let a, let b, let c):
      Self.either(
        Self.both(a.ways(true), b.ways(wanted)), Self.both(a.ways(false), c.ways(wanted)))
    }
  }

  /// Assignments of the other conditions under which the formula's value follows `atom`, as far as the
  /// form of the formula tells: an atom that stands twice may still cancel itself.
  func decided(by atom: Int) -> [Assignment] {
    switch self {
    case .atom(let index): return index == atom ? [[:]] : []
    case .constant: return []
    case .not(let a): return a.decided(by: atom)
    case .and(let a, let b): return Self.sides(a, b, besides: true, atom)
    case .or(let a, let b): return Self.sides(a, b, besides: false, atom)
    case .select(let a, let b, let c):
      let differing = Self.either(
        Self.both(b.ways(true), c.ways(false)), Self.both(b.ways(false), c.ways(true)))
      return Self.either(
        Self.both(a.decided(by: atom), differing),
        Self.either(
          Self.both(a.ways(true), b.decided(by: atom)),
          Self.both(a.ways(false), c.decided(by: atom))))
    }
  }

  private static func sides(
    _ a: ConditionFormula, _ b: ConditionFormula, besides: Bool, _ atom: Int
  ) -> [Assignment] {
    either(
      both(a.decided(by: atom), b.ways(besides)), both(b.decided(by: atom), a.ways(besides)))
  }

  private static func either(_ a: [Assignment], _ b: [Assignment]) -> [Assignment] {
    Array((a + b).prefix(limit))
  }

  /// Each assignment of one list with each of the other that doesn't contradict it.
  private static func both(_ a: [Assignment], _ b: [Assignment]) -> [Assignment] {
    var result: [Assignment] = []
    for first in a {
      for second in b where result.count < limit {
        let agrees = second.allSatisfy { atom, truth in first[atom].map { $0 == truth } ?? true }
        if agrees { result.append(first.merging(second) { $1 }) }
      }
    }
    return result
  }
}

/// Takes boolean code apart.
struct FormulaBuilder {
  private let program: Program
  private let context: Code.Context
  /// The atomic conditions found so far.
  private(set) var atoms: [Term] = []
  private var indexes: [[Instruction]: Int] = [:]
  /// The most atomic conditions of one formula.
  private static let limit = 64

  /// A builder for conditions of `program`.
  init(_ program: Program) {
    self.program = program
    context = Code.Context(
      inputs: program.inputs.map(\.type), derived: program.derived.map(\.type),
      constants: program.constants.map(\.type), patternCount: program.patterns.count)
  }

  /// The formula of expression number `expression`; nil when it is too large.
  mutating func formula(ofExpression expression: Int) -> ConditionFormula? {
    guard let term = Term(writingOut: program.expressions[expression], program.constants)
    else { return nil }
    let formula = formula(term)
    return atoms.count <= Self.limit ? formula : nil
  }

  /// The type of `term`; nil for a null.
  func type(of term: Term) -> ValueType? {
    (try? Code(term.instructions).check(in: context)) ?? nil
  }

  private mutating func formula(_ term: Term) -> ConditionFormula? {
    if let constant = term.constant { return .constant(constant) }
    switch term.operation {
    case .null: return .constant(.null)
    case .not:
      guard let a = formula(term.operands[0]) else { return nil }
      return .not(a)
    case .and, .or:
      guard let a = formula(term.operands[0]), let b = formula(term.operands[1]) else { return nil }
      return term.operation == .and ? .and(a, b) : .or(a, b)
    case .select:
      guard let a = formula(term.operands[0]), let b = formula(term.operands[1]),
        let c = formula(term.operands[2])
      else { return nil }
      return .select(a, b, c)
    case .derived where program.derived[term.operand].type == .boolean:
      return formula(ofExpression: program.derived[term.operand].expression)
    default: return atom(term)
    }
  }

  private mutating func atom(_ term: Term) -> ConditionFormula? {
    if let known = indexes[term.instructions] { return .atom(known) }
    guard atoms.count <= Self.limit else { return nil }
    indexes[term.instructions] = atoms.count
    atoms.append(term)
    return .atom(atoms.count - 1)
  }
}
