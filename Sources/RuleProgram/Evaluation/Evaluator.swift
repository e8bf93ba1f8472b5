/// Runs a verified program: short and total.
///
/// Building an evaluator costs one pass over the program; it is then immutable and may be shared
/// between threads.
public struct Evaluator: Sendable {
  /// The program that runs.
  public let program: Program
  /// The program's tree.
  let tree: FlatTree
  let machine: ExpressionMachine
  let inputPlans: [InputPlan]
  /// What the plans refer to.
  let declaredValues: [DeclaredValues]
  /// The slots that no input feeds, in order.
  let computedSlots: [Int]

  /// What binding needs to know of one input; nothing in it is counted by reference.
  struct InputPlan: Sendable {
    /// The input's type.
    var type: ValueType
    /// Whether the input may be missing.
    var allowsMissing: Bool
    /// The slot that the input feeds, or -1.
    var slot = -1
    /// True when an expression reads the input.
    var isRead = false
    /// Scale of a `scaled` number slot, or -1.
    var digits = -1
    /// Index into `declaredValues`, or -1 where the key of the input's slot isn't the index of a
    /// declared value.
    var declared = -1
    var minimum: Decimal128?
    var maximum: Decimal128?
    /// Where the input feeds a scaled slot and nothing else.
    var doubles: DoubleKeys?
  }

  /// Prepares `program`, which must be verified.
  public init(_ program: VerifiedProgram) {
    let program = program.program
    self.program = program
    self.tree = FlatTree(program)
    self.machine = ExpressionMachine(program)
    (self.inputPlans, self.declaredValues) = Self.plans(program)
    self.computedSlots = program.slots.indices.filter {
      if case .input = program.slots[$0].source { false } else { true }
    }
  }

  private static func plans(_ program: Program) -> ([InputPlan], [DeclaredValues]) {
    var plans = program.inputs.map { input in
      InputPlan(
        type: input.type, allowsMissing: input.allowsMissing, minimum: input.minimum?.measure,
        maximum: input.maximum?.measure)
    }
    var declared: [DeclaredValues] = []
    for (index, slot) in program.slots.enumerated() {
      guard case .input(let input) = slot.source else { continue }
      plans[input].slot = index
      switch slot.encoding {
      case .scaled(let digits) where slot.type == .number: plans[input].digits = digits
      case .declared:
        plans[input].declared = declared.count
        declared.append(DeclaredValues(program.inputs[input].values))
      default: break
      }
    }
    for code in program.expressions {
      for instruction in code.instructions where instruction.operation == .input {
        plans[instruction.operand].isRead = true
      }
    }
    for input in plans.indices where plans[input].digits >= 0 && !plans[input].isRead {
      plans[input].doubles = DoubleKeys(
        digits: plans[input].digits, minimum: plans[input].minimum,
        maximum: plans[input].maximum)
    }
    return (plans, declared)
  }

  /// The number of the leaf that `keys` lead to: one key for each slot, in order.
  ///
  /// - Returns: nil when a slot is missing where the program says that it can't be: keys that
  ///   binding did not make.
  public func leaf(keys: Span<Int64>) -> Int? {
    let found = tree.leaf(keys)
    return found == FlatTree.nowhere ? nil : Int(found)
  }
}

extension KeyEncoding {
  /// True when nodes over such a slot index their children by the key instead of cutting.
  public var isTable: Bool {
    switch self {
    case .boolean, .declared: true
    case .whole, .scaled, .ranked: false
    }
  }
}
