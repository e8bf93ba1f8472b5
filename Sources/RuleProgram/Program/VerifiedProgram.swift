/// A program that has been checked: every index is in bounds, the tree is a tree, code is well
/// typed, names are unique and sorted. Only such a program can be evaluated.
public struct VerifiedProgram: Sendable {
  /// The program that was checked.
  public let program: Program

  /// Checks `program`; throws with the first fault.
  public init(_ program: Program) throws(FormatError) {
    try Verifier(program: program).verify()
    self.program = program
  }
}

/// The checks behind `VerifiedProgram`. Each message names the part and its number.
private struct Verifier {
  let program: Program

  func verify() throws(FormatError) {
    try require(!program.leaves.isEmpty, "there is no leaf")
    try require(
      program.leaves.count < 1 << 30 && program.nodes.count < 1 << 30, "the tree is too large")
    try verifyNames()
    try verifyInputs()
    try verifyCode()
    try verifySlots()
    try verifyLeaves()
    try verifyTree()
  }

  private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(FormatError)
  {
    if !condition { throw FormatError("invalid program: \(message())", at: 0) }
  }

  private func requireSorted(_ names: [String], _ what: String) throws(FormatError) {
    for index in names.indices.dropFirst() {
      try require(
        names[index - 1].precedesInUTF8(names[index]), "\(what) are not sorted or not unique")
    }
  }

  private func verifyNames() throws(FormatError) {
    try requireSorted(program.inputs.map(\.name), "inputs")
    try requireSorted(program.outcomes.map(\.name), "outcomes")
    try requireSorted(program.outputs.map(\.name), "outputs")
    try requireSorted(program.reasons, "reasons")
    let ids = program.leaves.map(\.id).sorted { $0.precedesInUTF8($1) }
    try requireSorted(ids, "leaf IDs")
    try require(!ids.contains(""), "a leaf has no ID")
  }

  private func verifyInputs() throws(FormatError) {
    for input in program.inputs {
      try requireSorted(input.values, "the values of input `\(input.name)`")
      try require(
        input.values.isEmpty || input.type == .string, "`\(input.name)` is no string")
      for bound in [input.minimum, input.maximum] {
        guard let bound else { continue }
        try require(
          bound.type == input.type && bound.measure != nil,
          "a bound of `\(input.name)` is of another type")
      }
    }
  }

  private func verifyCode() throws(FormatError) {
    for (index, pattern) in program.patterns.enumerated() {
      let compiles = (try? RegularExpression(pattern.pattern, flags: pattern.flags)) != nil
      try require(compiles, "pattern \(index) can't be read")
    }
    try require(!program.constants.contains(.null), "a constant is null")
    for (index, item) in program.derived.enumerated() {
      try requireExpression(item.expression)
      try requireType(
        of: item.expression, item.type, visibleDerived: index, "derived `\(item.name)`")
    }
  }

  private func requireExpression(_ index: Int) throws(FormatError) {
    try require(program.expressions.indices.contains(index), "there is no expression \(index)")
  }

  /// The expression must give `type` (or only null), and read no derived value from
  /// `visibleDerived` on.
  private func requireType(
    of expression: Int, _ type: ValueType, visibleDerived: Int, _ what: String
  ) throws(FormatError) {
    let context = Code.Context(
      inputs: program.inputs.map(\.type),
      derived: program.derived.prefix(visibleDerived).map(\.type),
      constants: program.constants.map(\.type), patternCount: program.patterns.count)
    let found: ValueType?
    do {
      found = try program.expressions[expression].check(in: context)
    } catch {
      throw FormatError(
        "invalid program: \(what), instruction \(error.instruction): \(error.message)", at: 0)
    }
    try require(found == nil || found == type, "\(what) is not a \(type.name)")
  }

  private func verifySlots() throws(FormatError) {
    var inputs: Set<Int> = []
    for (index, slot) in program.slots.enumerated() {
      var declared = 0
      switch slot.source {
      case .input(let input):
        try require(program.inputs.indices.contains(input), "there is no input \(input)")
        try require(inputs.insert(input).inserted, "input \(input) feeds two slots")
        try require(program.inputs[input].type == slot.type, "slot \(index) is of another type")
        try require(program.inputs[input].offset == slot.offset, "slot \(index): offset rule")
        declared = program.inputs[input].values.count
      case .derived(let derived):
        try require(program.derived.indices.contains(derived), "there is no derived \(derived)")
        try require(program.derived[derived].type == slot.type, "slot \(index): another type")
      case .expression(let expression):
        try requireExpression(expression)
        try requireType(
          of: expression, slot.type, visibleDerived: program.derived.count, "slot \(index)")
      }
      try verifyEncoding(slot, declared, index)
    }
  }

  private func verifyEncoding(
    _ slot: Program.Slot, _ declared: Int, _ index: Int
  ) throws(FormatError) {
    let fits: Bool
    switch slot.encoding {
    case .boolean: fits = slot.type == .boolean
    case .declared: fits = slot.type == .string && declared > 0
    case .whole: fits = slot.type == .date || slot.type == .yearMonthDuration
    case .scaled(let digits):
      fits = digits <= 6200 && slot.type != .string && slot.type != .boolean
    case .ranked(let constants):
      fits = slot.type != .boolean && !constants.isEmpty
      for place in constants.indices {
        try require(constants[place].type == slot.type, "slot \(index): a constant's type")
        guard place > 0 else { continue }
        let order = constants[place - 1].order(to: constants[place])
        try require((order ?? 0) < 0, "slot \(index): constants are not sorted")
      }
    }
    try require(fits, "slot \(index): the encoding does not fit its type")
  }

  private func verifyLeaves() throws(FormatError) {
    for leaf in program.leaves {
      try require(program.outcomes.indices.contains(leaf.outcome), "leaf `\(leaf.id)`: outcome")
      try require(Set(leaf.reasons).count == leaf.reasons.count, "leaf `\(leaf.id)`: reasons")
      for reason in leaf.reasons {
        try require(program.reasons.indices.contains(reason), "leaf `\(leaf.id)`: reason")
      }
      var last = -1
      for set in leaf.sets {
        try require(
          program.outputs.indices.contains(set.output) && set.output > last,
          "leaf `\(leaf.id)`: outputs")
        last = set.output
        try requireExpression(set.expression)
        try requireType(
          of: set.expression, program.outputs[set.output].type,
          visibleDerived: program.derived.count, "leaf `\(leaf.id)`")
      }
    }
  }

  /// Each node and leaf has exactly one parent, whose index is lower, so there is no cycle and each
  /// leaf has one path. One parent may reach a child by several key ranges.
  private func verifyTree() throws(FormatError) {
    var nodeParent = [Int](repeating: -1, count: program.nodes.count)
    var leafParent = [Int](repeating: -1, count: program.leaves.count)
    for (index, node) in program.nodes.enumerated() {
      try verifyShape(node, index)
      for target in node.children + (node.missing.map { [$0] } ?? []) {
        switch target {
        case .node(let child):
          try require(child > index && child < program.nodes.count, "node \(index): child")
          try require(
            nodeParent[child] == -1 || nodeParent[child] == index, "node \(child): two parents")
          nodeParent[child] = index
        case .leaf(let leaf):
          try require(program.leaves.indices.contains(leaf), "node \(index): leaf")
          try require(
            leafParent[leaf] == -1 || leafParent[leaf] == index, "leaf \(leaf): two parents")
          leafParent[leaf] = index
        }
      }
    }
    switch program.root {
    case .node(let index):
      try require(index == 0 && !program.nodes.isEmpty, "the root is not node 0")
      try require(!nodeParent.dropFirst().contains(-1), "a node is reached by no path")
      try require(!leafParent.contains(-1), "a leaf is reached by no path")
    case .leaf(let index):
      try require(
        index == 0 && program.nodes.isEmpty && program.leaves.count == 1, "the root is not leaf 0")
    }
  }

  private func verifyShape(_ node: Program.Node, _ index: Int) throws(FormatError) {
    try require(program.slots.indices.contains(node.slot), "node \(index): slot")
    let slot = program.slots[node.slot]
    guard slot.encoding.isTable else {
      try require(node.children.count == node.cuts.count + 1, "node \(index): children")
      let keys = slot.encoding.keys(declaredValues: 0)
      for place in node.cuts.indices {
        try require(
          node.cuts[place] > (place == 0 ? keys.lowerBound : node.cuts[place - 1]),
          "node \(index): the cuts don't ascend")
      }
      try require(
        (node.cuts.last ?? keys.upperBound) <= keys.upperBound,
        "node \(index): a cut is beyond the slot's keys")
      return
    }
    var count = 2
    if slot.encoding == .declared, case .input(let input) = slot.source {
      count = program.inputs[input].values.count
    }
    try require(node.cuts.isEmpty && node.children.count == count, "node \(index): children")
  }
}
