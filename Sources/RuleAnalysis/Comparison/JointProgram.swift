public import RuleProgram

/// Several programs over one input space: the trees of all, rewritten over common slots, so that the
/// paths through two trees can be intersected.
///
/// A joint program describes the rows that every one of its programs accepts. Its value is for
/// analysis only: it isn't verified and has several roots.
public struct JointProgram: Sendable {
  /// Common inputs, derived values, expressions and slots; the nodes and leaves of all trees.
  public private(set) var program: Program
  /// One for each program, in their order.
  public private(set) var sides: [Side]
  /// The programs as they were.
  let parts: [Program]

  /// One program's part.
  public struct Side: Sendable {
    /// Where the program's tree starts among the joint nodes and leaves.
    public var root: Program.Target
    /// The joint number of the program's leaf 0.
    public var firstLeaf: Int
    /// The joint input of each of the program's inputs.
    public var inputs: [Int]
    /// The joint expression of each of the program's expressions.
    public var expressions: [Int]
    /// The joint slot of each of the program's slots.
    public var slots: [Int]
  }

  /// Why programs can't be put together.
  public struct Incompatible: Error, Hashable, Sendable {
    /// The name of an input that has another type in each.
    public var input: String
    /// The types that it has.
    public var types: [ValueType]
  }

  /// Puts `programs` together: inputs of the same name are the same.
  public init(_ programs: [Program]) throws(Incompatible) {
    try self.init(programs, names: programs.map { $0.inputs.map(\.name) })
  }

  /// Two runs of `program` in which the input number `input` has a value of its own in each run and
  /// every other input is the same; its name in the second run has a prime (`income'`).
  public static func twoRuns(
    of program: Program, varying input: Int
  ) throws(Incompatible) -> JointProgram {
    let names = program.inputs.map(\.name)
    var primed = names
    primed[input] += "'"
    return try JointProgram([program, program], names: [names, primed])
  }

  private init(_ programs: [Program], names: [[String]]) throws(Incompatible) {
    var inputs = JointInputs()
    var inputNumbers: [[Int]] = []
    for (program, names) in zip(programs, names) {
      var numbers: [Int] = []
      for (input, name) in zip(program.inputs, names) {
        numbers.append(try inputs.add(input, as: name))
      }
      inputNumbers.append(numbers)
    }
    var merger = CodeMerger()
    let numbers = zip(programs, inputNumbers).map { merger.add($0, inputs: $1) }
    program = Program(
      inputs: inputs.all, derived: merger.derived, constants: merger.pool.constants,
      patterns: merger.pool.patterns, expressions: merger.pool.expressions)
    var slots = JointSlots(program)
    let slotNumbers = zip(programs, numbers).map { slots.add($0, $1) }
    program.slots = slots.finished
    sides = []
    parts = programs
    for (index, part) in programs.enumerated() {
      append(part, numbers[index], slotNumbers[index])
    }
  }

  /// True when no row is accepted by all programs, as their declarations alone say.
  public var isEmpty: Bool {
    program.inputs.contains { input in
      if let low = input.minimum, let high = input.maximum, (low.order(to: high) ?? 0) > 0 {
        return !input.allowsMissing
      }
      return false
    }
  }

  /// Adds a condition over the joint inputs.
  ///
  /// - Returns: the number of its slot, whose key is 1 where it is true.
  mutating func addCondition(_ code: Code) -> Int { program.addCondition(code) }

  private mutating func append(
    _ part: Program, _ numbers: CodeMerger.Numbers, _ slots: [Int]
  ) {
    let nodeOffset = program.nodes.count
    let leafOffset = program.leaves.count
    let shifted = { (target: Program.Target) -> Program.Target in
      switch target {
      case .node(let index): .node(index + nodeOffset)
      case .leaf(let index): .leaf(index + leafOffset)
      }
    }
    for node in part.nodes {
      var copy = recoded(node, of: part, slot: slots[node.slot])
      copy.children = copy.children.map(shifted)
      copy.missing = copy.missing.map(shifted)
      program.nodes.append(copy)
    }
    program.leaves += part.leaves
    sides.append(
      Side(
        root: shifted(part.root), firstLeaf: leafOffset, inputs: numbers.inputs,
        expressions: numbers.expressions, slots: slots))
  }

  /// The node over the joint slot: its cuts in the joint encoding.
  private func recoded(
    _ node: Program.Node, of part: Program, slot index: Int
  ) -> Program.Node {
    let old = part.slots[node.slot]
    let new = program.slots[index]
    var copy = Program.Node(slot: index, cuts: [], children: [], missing: node.missing)
    if new.encoding.isTable {
      copy.children = keyed(node, old, of: part, new).map { node.children[$0] }
    } else {
      copy.cuts = node.cuts.map { cut in JointSlots.recode(cut, old, of: part, as: new) }
      copy.children = node.children
    }
    return copy
  }

  /// For each key of a table, the child that the node has for it.
  private func keyed(
    _ node: Program.Node, _ old: Program.Slot, of part: Program, _ new: Program.Slot
  ) -> [Int] {
    guard new.encoding == .declared, case .input(let input) = new.source,
      case .input(let oldInput) = old.source
    else { return Array(node.children.indices) }
    return program.inputs[input].values.map { text in
      let key = old.key(of: .string(text), declared: part.inputs[oldInput].values)
      if old.encoding.isTable {
        return node.children.indices.contains(Int(key)) ? Int(key) : 0
      }
      return node.cuts.firstIndex { key < $0 } ?? node.cuts.count
    }
  }
}

extension Program {
  /// Adds a boolean expression and a slot for it, for analysis.
  ///
  /// - Returns: the slot's number.
  mutating func addCondition(_ code: Code) -> Int {
    expressions.append(code)
    slots.append(
      Slot(source: .expression(expressions.count - 1), type: .boolean, encoding: .boolean))
    return slots.count - 1
  }
}

/// The inputs of several programs: what all of them accept.
private struct JointInputs {
  private(set) var all: [Program.Input] = []
  private var index: [String: Int] = [:]

  mutating func add(
    _ input: Program.Input, as name: String
  ) throws(JointProgram.Incompatible) -> Int {
    guard let known = index[name] else {
      index[name] = all.count
      all.append(input)
      all[all.count - 1].name = name
      return all.count - 1
    }
    guard all[known].type == input.type else {
      throw JointProgram.Incompatible(input: name, types: [all[known].type, input.type])
    }
    all[known] = Self.intersection(all[known], input)
    return known
  }

  private static func intersection(_ a: Program.Input, _ b: Program.Input) -> Program.Input {
    var result = a
    result.allowsMissing = a.allowsMissing && b.allowsMissing
    if let low = b.minimum, a.minimum.map({ ($0.order(to: low) ?? 0) < 0 }) ?? true {
      result.minimum = low
    }
    if let high = b.maximum, a.maximum.map({ ($0.order(to: high) ?? 0) > 0 }) ?? true {
      result.maximum = high
    }
    if a.values.isEmpty {
      result.values = b.values
    } else if !b.values.isEmpty {
      result.values = a.values.filter { b.values.sortedIndex(of: $0) != nil }
    }
    if a.offset == .any { result.offset = b.offset }
    return result
  }
}

/// The slots of several programs: one for each thing that any of them splits on.
private struct JointSlots {
  private let program: Program
  private var slots: [Program.Slot] = []
  private var constants: [[Value]] = []
  private var index: [Identity: Int] = [:]

  /// What makes two slots the same.
  private struct Identity: Hashable {
    var source: Program.Slot.Source
    var offset: Program.OffsetRule
  }

  init(_ program: Program) { self.program = program }

  /// The joint slots of `part`'s slots, and the constants that its nodes compare them with.
  mutating func add(_ part: Program, _ numbers: CodeMerger.Numbers) -> [Int] {
    let result = part.slots.map { slot in add(slot, numbers) }
    for node in part.nodes {
      let old = part.slots[node.slot]
      constants[result[node.slot]] += node.cuts.compactMap { part.lowerBound($0, old)?.value }
    }
    return result
  }

  private mutating func add(_ slot: Program.Slot, _ numbers: CodeMerger.Numbers) -> Int {
    var copy = slot
    copy.source =
      switch slot.source {
      case .input(let input): .input(numbers.inputs[input])
      case .derived(let item): .derived(numbers.derived[item])
      case .expression(let expression): source(ofExpression: numbers.expressions[expression])
      }
    // An input's rule on offsets is the declaration's, so it doesn't tell slots apart.
    if case .input = copy.source { copy.offset = .any }
    let identity = Identity(source: copy.source, offset: copy.offset)
    if let known = index[identity] { return known }
    if case .input(let input) = copy.source { copy.offset = program.inputs[input].offset }
    slots.append(copy)
    constants.append([])
    index[identity] = slots.count - 1
    return slots.count - 1
  }

  /// What one program calls a derived value may stand in a split of another.
  private func source(ofExpression expression: Int) -> Program.Slot.Source {
    if let item = program.derived.firstIndex(where: { $0.expression == expression }) {
      return .derived(item)
    }
    return .expression(expression)
  }

  /// The slots with encodings that fit the constants of all programs.
  var finished: [Program.Slot] {
    zip(slots, constants).map { slot, constants in
      var slot = slot
      var isDeclared = false
      if case .input(let input) = slot.source { isDeclared = !program.inputs[input].values.isEmpty }
      slot.encoding = KeyEncoding(slot.type, constants: constants, isDeclared: isDeclared)
      return slot
    }
  }

  /// The cut `cut` of `old`, as a key of `new`.
  static func recode(
    _ cut: Int64, _ old: Program.Slot, of part: Program, as new: Program.Slot
  ) -> Int64 {
    guard old.encoding != new.encoding, let bound = part.lowerBound(cut, old) else { return cut }
    return new.key(of: bound.value) + (bound.isClosed ? 0 : 1)
  }
}
