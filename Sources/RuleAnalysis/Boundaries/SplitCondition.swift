import RuleProgram

/// A split on a boolean expression, with slots that show the truth of each atomic condition. The slots
/// stand behind the program's own in a copy of it, which is only searched.
struct SplitCondition {
  let formula: ConditionFormula
  let atoms: [Atom]

  /// One atomic condition.
  struct Atom {
    /// The condition as FEEL writes it.
    let text: String
    /// The slot of its truth: 0, 1 or missing.
    let truthSlot: Int
    /// The slot of what it compares with a constant, or of the difference of what it compares; nil
    /// where a comparison has no threshold.
    let subjectSlot: Int?
    /// For each side of the threshold that the condition tells from it, keys of `subjectSlot` on the
    /// threshold and beside it; the most readable first.
    let edges: [[Edge]]
  }

  /// Keys that make a condition true and keys that make it false.
  struct Edge {
    let whenTrue: KeySet
    let whenFalse: KeySet
  }

  /// The slots whose keys tell all that a search for pairs wants to know.
  var truthSlots: [Int] { atoms.map(\.truthSlot) }
}

/// Makes the split conditions of a program, and the copy of the program that has their slots.
struct SplitConditions {
  /// The program with further slots; its tree is the same.
  private(set) var extended: Program
  /// The condition of each slot over a boolean expression.
  private(set) var ofSlot: [Int: SplitCondition] = [:]
  /// Slots whose conditions are too large to be taken apart.
  private(set) var tooLarge: [Int] = []
  private var slots: [[Instruction]: Int] = [:]

  /// The conditions of `program`.
  init(_ program: Program) {
    extended = program
    for (index, slot) in program.slots.enumerated() where slot.encoding == .boolean {
      let expression: Int? =
        switch slot.source {
        case .input: nil
        case .derived(let derived): program.derived[derived].expression
        case .expression(let expression): expression
        }
      guard let expression else { continue }
      var builder = FormulaBuilder(program)
      if let formula = builder.formula(ofExpression: expression) {
        let atoms = builder.atoms.map { atom($0, builder) }
        ofSlot[index] = SplitCondition(formula: formula, atoms: atoms)
      } else {
        tooLarge.append(index)
      }
    }
  }

  private mutating func atom(_ term: Term, _ builder: FormulaBuilder) -> SplitCondition.Atom {
    let truth = slot(term.instructions, .boolean, .boolean)
    let text = term.text(in: extended)
    guard let (subject, type, operation, constant) = comparison(term, builder) else {
      return SplitCondition.Atom(text: text, truthSlot: truth, subjectSlot: nil, edges: [])
    }
    let encoding = KeyEncoding(type, constants: [constant])
    return SplitCondition.Atom(
      text: text, truthSlot: truth, subjectSlot: slot(subject, type, encoding),
      edges: Self.edges(operation, encoding.key(of: constant), encoding))
  }

  /// What a comparison compares with which constant; for two computed numbers or durations, their
  /// difference with zero.
  private func comparison(
    _ term: Term, _ builder: FormulaBuilder
  ) -> (subject: [Instruction], type: ValueType, operation: Operation, constant: Value)? {
    guard term.operation.isComparison else { return nil }
    let (left, right) = (term.operands[0], term.operands[1])
    if let constant = right.constant, left.constant == nil {
      return Self.isMeasured(constant.type)
        ? constant.type.map { (left.instructions, $0, term.operation, constant) } : nil
    }
    if let constant = left.constant, right.constant == nil {
      return Self.isMeasured(constant.type)
        ? constant.type.map { (right.instructions, $0, term.operation.mirrored, constant) } : nil
    }
    guard let type = builder.type(of: left), type == builder.type(of: right),
      [.number, .dayTimeDuration, .yearMonthDuration].contains(type),
      let zero = Value(measure: Decimal128(0), type: type, inUTC: false)
    else { return nil }
    let difference = left.instructions + right.instructions + [Instruction(.subtract)]
    return (difference, type, term.operation, zero)
  }

  /// Times are left out: those with and without offset have different thresholds.
  private static func isMeasured(_ type: ValueType?) -> Bool {
    switch type {
    case .number, .date, .dayTimeDuration, .yearMonthDuration: true
    case .string, .boolean, .time, .dateTime, nil: false
    }
  }

  /// The keys on the threshold and beside it: by one step of the scale, else by less than a step.
  private static func edges(
    _ operation: Operation, _ key: Int64, _ encoding: KeyEncoding
  ) -> [[SplitCondition.Edge]] {
    var steps: [Int64] = [1]
    if case .scaled = encoding { steps = [2, 1] }
    let on = KeySet([key...key])
    let below = steps.map { KeySet([(key - $0)...(key - $0)]) }
    let above = steps.map { KeySet([(key + $0)...(key + $0)]) }
    let edges = { (beside: [KeySet], isTrueOn: Bool) in
      beside.map {
        SplitCondition.Edge(whenTrue: isTrueOn ? on : $0, whenFalse: isTrueOn ? $0 : on)
      }
    }
    return switch operation {
    case .less: [edges(below, false)]
    case .lessOrEqual: [edges(above, true)]
    case .greater: [edges(above, false)]
    case .greaterOrEqual: [edges(below, true)]
    case .equal: [edges(above, true), edges(below, true)]
    default: [edges(above, false), edges(below, false)]
    }
  }

  private mutating func slot(
    _ code: [Instruction], _ type: ValueType, _ encoding: KeyEncoding
  ) -> Int {
    // Two thresholds of one subject may need two scales, so that the scale belongs to the key.
    if encoding == .boolean, let known = slots[code] { return known }
    extended.expressions.append(Code(code))
    extended.slots.append(
      Program.Slot(
        source: .expression(extended.expressions.count - 1), type: type, encoding: encoding))
    if encoding == .boolean { slots[code] = extended.slots.count - 1 }
    return extended.slots.count - 1
  }
}

extension Operation {
  /// True for `=`, `!=` and the orders.
  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}
