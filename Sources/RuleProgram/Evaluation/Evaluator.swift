/// Runs a verified program: short and total.
///
/// The splits lie in flat arrays; a target is a 32-bit number, a node's index or, negative, the
/// complement of a leaf's. Building an evaluator costs one pass over the program; it is then
/// immutable and may be shared between threads.
public struct Evaluator: Sendable {
  /// The program that runs.
  public let program: Program
  let root: Int32
  let nodes: [FlatNode]
  let cuts: [Int64]
  let targets: [Int32]
  let machine: ExpressionMachine
  let inputPlans: [InputPlan]
  /// What the plans refer to.
  let declaredValues: [DeclaredValues]
  /// The slots that no input feeds, in order.
  let computedSlots: [Int]

  /// One split, 20 bytes: where its keys, cuts and children lie.
  struct FlatNode: Sendable {
    var slot: Int32
    /// First cut in `cuts`; for a table, first child in `targets`.
    var first: Int32
    /// Number of cuts, or -1 for a table indexed by the key.
    var count: Int32
    /// First child in `targets`.
    var children: Int32
    /// The child of a missing value, or `nowhere`.
    var missing: Int32
  }

  /// The target that no valid row reaches.
  static let nowhere = Int32.min

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
  }

  /// Prepares `program`, which must be verified.
  public init(_ program: VerifiedProgram) {
    let program = program.program
    self.program = program
    var nodes: [FlatNode] = []
    var cuts: [Int64] = []
    var targets: [Int32] = []
    nodes.reserveCapacity(program.nodes.count)
    for node in program.nodes {
      let isTable = program.slots[node.slot].encoding.isTable
      nodes.append(
        FlatNode(
          slot: Int32(node.slot), first: Int32(cuts.count),
          count: isTable ? -1 : Int32(node.cuts.count), children: Int32(targets.count),
          missing: node.missing.map(Self.flat) ?? Self.nowhere))
      cuts += node.cuts
      targets += node.children.map(Self.flat)
    }
    self.nodes = nodes
    self.cuts = cuts
    self.targets = targets
    self.root = Self.flat(program.root)
    self.machine = ExpressionMachine(program)
    (self.inputPlans, self.declaredValues) = Self.plans(program)
    self.computedSlots = program.slots.indices.filter {
      if case .input = program.slots[$0].source { false } else { true }
    }
  }

  private static func flat(_ target: Program.Target) -> Int32 {
    switch target {
    case .node(let index): Int32(index)
    case .leaf(let index): ~Int32(index)
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
    return (plans, declared)
  }

  /// The number of the leaf that `keys` lead to: one key for each slot, in order.
  ///
  /// - Returns: nil when a slot is missing where the program says that it can't be: keys that
  ///   binding did not make.
  @inlinable
  public func leaf(keys: Span<Int64>) -> Int? {
    let found = walk(keys)
    return found == Int.min ? nil : found
  }

  @usableFromInline
  func walk(_ keys: Span<Int64>) -> Int {
    let nodes = nodes.span
    let cuts = cuts.span
    let targets = targets.span
    var target = root
    while target >= 0 {
      let node = nodes[Int(target)]
      let key = keys[Int(node.slot)]
      if key == KeyEncoding.missingKey {
        target = node.missing
        if target == Self.nowhere { return Int.min }
      } else if node.count < 0 {
        target = targets[Int(node.children) + Int(key)]
      } else {
        var index = Int(node.first)
        var end = index + Int(node.count)
        while end - index > 4 {
          let middle = (index + end) >> 1
          if cuts[middle] <= key { index = middle + 1 } else { end = middle }
        }
        while index < end, cuts[index] <= key { index += 1 }
        target = targets[Int(node.children) + index - Int(node.first)]
      }
    }
    return Int(~target)
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
