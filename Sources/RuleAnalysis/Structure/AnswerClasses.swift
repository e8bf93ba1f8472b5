public import RuleProgram

/// Which parts of a program's tree give the same answers: outcome, outputs and reasons, whatever the
/// leaves are called.
///
/// Each subtree has a class. Subtrees of one class give every row the same answer; a split whose
/// branches are all of one class decides nothing and has that class itself. One pass over the nodes
/// finds the classes, so what it says is proven, and what it doesn't see may still be the same.
public struct AnswerClasses: Sendable {
  private let program: Program
  private let nodes: [Int]
  private let leaves: [Int]

  private struct Answer: Hashable {
    var outcome: Int
    var reasons: [Int]
    var sets: [Program.OutputSet]
  }

  private struct Shape: Hashable {
    var slot: Int
    var cuts: [Int64]
    var children: [Int]
    var missing: Int?
  }

  /// The classes of `program`, whose nodes stand in front of their children.
  public init(_ program: Program) {
    self.program = program
    var answers = Numbering<Answer>()
    let leaves = program.leaves.map { leaf in
      -1 - answers.number(of: Answer(outcome: leaf.outcome, reasons: leaf.reasons, sets: leaf.sets))
    }
    var shapes = Numbering<Shape>()
    var nodes = [Int](repeating: 0, count: program.nodes.count)
    for (index, node) in program.nodes.enumerated().reversed() {
      let number = { (target: Program.Target) -> Int in
        switch target {
        case .node(let child): nodes[child]
        case .leaf(let leaf): leaves[leaf]
        }
      }
      let children = node.children.map(number)
      let missing = node.missing.map(number)
      if let first = children.first, children.allSatisfy({ $0 == first }),
        missing == nil || missing == first
      {
        nodes[index] = first
      } else {
        nodes[index] = shapes.number(of: Self.shape(node, children, missing))
      }
    }
    self.nodes = nodes
    self.leaves = leaves
  }

  /// Cuts with the same on both sides make no difference.
  private static func shape(_ node: Program.Node, _ children: [Int], _ missing: Int?) -> Shape {
    var shape = Shape(slot: node.slot, cuts: [], children: children, missing: missing)
    guard !node.cuts.isEmpty else { return shape }
    shape.children = [children[0]]
    for (cut, child) in zip(node.cuts, children.dropFirst()) where child != shape.children.last {
      shape.cuts.append(cut)
      shape.children.append(child)
    }
    return shape
  }

  /// The class of a subtree.
  public func `class`(of target: Program.Target) -> Int {
    switch target {
    case .node(let index): nodes[index]
    case .leaf(let index): leaves[index]
    }
  }

  /// True when node number `node` decides nothing: every row gets the same answer in all its branches.
  public func decidesNothing(_ node: Int) -> Bool {
    let children = program.nodes[node].children
    return children.first.map { self.class(of: $0) == nodes[node] } ?? true
  }

  /// The branches of node number `node` that could be one: neighbours (any two, where values have no
  /// order) that give the same answers. Each group holds the indices of two children or more.
  public func mergeableChildren(of node: Int) -> [[Int]] {
    let item = program.nodes[node]
    let classes = item.children.map { self.class(of: $0) }
    var groups: [[Int]] = []
    if program.slots[item.slot].encoding.isTable {
      groups = Dictionary(grouping: classes.indices, by: { classes[$0] }).values
        .sorted { $0[0] < $1[0] }
    } else {
      for child in classes.indices {
        if child > 0, classes[child - 1] == classes[child] {
          groups[groups.count - 1].append(child)
        } else {
          groups.append([child])
        }
      }
    }
    return groups.filter { $0.count > 1 && Set($0.map { item.children[$0] }).count > 1 }
  }

  /// The inputs and derived values on which an answer can depend: what splits that decide something and
  /// outputs read, through derived values too.
  public var influences: (inputs: Set<Int>, derived: Set<Int>) {
    var expressions: Set<Int> = []
    var inputs: Set<Int> = []
    var derived: Set<Int> = []
    for leaf in program.leaves { expressions.formUnion(leaf.sets.map(\.expression)) }
    var pending = [program.root]
    while let target = pending.popLast() {
      guard case .node(let index) = target else { continue }
      let node = program.nodes[index]
      if decidesNothing(index) {
        pending += node.children.prefix(1)
        continue
      }
      switch program.slots[node.slot].source {
      case .input(let input): inputs.insert(input)
      case .derived(let item): derived.insert(item)
      case .expression(let expression): expressions.insert(expression)
      }
      pending += node.children + [node.missing].compactMap { $0 }
    }
    for expression in expressions { add(expression, &inputs, &derived) }
    for index in program.derived.indices.reversed() where derived.contains(index) {
      add(program.derived[index].expression, &inputs, &derived)
    }
    return (inputs, derived)
  }

  private func add(_ expression: Int, _ inputs: inout Set<Int>, _ derived: inout Set<Int>) {
    for instruction in program.expressions[expression].instructions {
      if instruction.operation == .input { inputs.insert(instruction.operand) }
      if instruction.operation == .derived { derived.insert(instruction.operand) }
    }
  }
}
