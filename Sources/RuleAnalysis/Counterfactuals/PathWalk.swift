import RuleProgram

/// A way through all stages to a wanted end, and what a row must change to go it.
struct CounterfactualPath {
  /// Which target its end belongs to.
  let target: Int
  /// The leaf of each stage on it.
  let leaves: [Int]
  /// The values that must change, in ascending order.
  let moves: [Int]
  /// The others that conditions on computed values depend on and that may change, in ascending order.
  let free: [Int]
  /// For each of them: the numbers of its grid that the path's other conditions leave.
  let ranges: [Int: [ClosedRange<Int64>]]
  /// What changing `moves` costs at least.
  let cost: Double
  /// The conditions on computed values, by stage.
  let computed: [Condition]

  /// What one slot must be.
  struct Condition {
    let stage: Int
    let slot: Int
    let keys: KeySet
  }
}

/// Walks through the trees of all stages and collects the paths to wanted ends that the row could take
/// if what may change did.
struct PathWalk {
  private let search: CounterfactualSearch
  private let row: [Value]
  private let grids: [InputGrid?]
  /// For each value: whether it is a text that may become another than those in its grid.
  private let isOpen: [Bool]
  private let refused: [Set<Int>]
  private let budget: Int
  private let target: (RuleChain.End) -> Int?
  /// For each value: whatever it can be, as it is or changed.
  private let domains: [AbstractValue]
  /// The paths found.
  private(set) var paths: [CounterfactualPath] = []
  /// Sets of values by whose change, to texts that the grids don't hold, a path may be taken.
  private(set) var open: [(target: Int, set: [Int])] = []
  /// Whether the budget ran out.
  private(set) var isCut = false
  private var spent = 0
  /// Of each stage on the way: the leaf, the keys of each slot so far, enclosures.
  private var leaves: [Int] = []
  private var keys: [[KeySet?]] = []
  private var interpreters: [AbstractInterpreter] = []

  init(
    _ search: CounterfactualSearch, _ row: [Value], _ grids: [InputGrid?], _ isOpen: [Bool],
    _ refused: [Set<Int>], budget: Int, _ target: @escaping (RuleChain.End) -> Int?
  ) {
    self.search = search
    self.row = row
    self.grids = grids
    self.isOpen = isOpen
    self.refused = refused
    self.budget = budget
    self.target = target
    domains = row.indices.map { value in
      let present = AbstractValue(row[value])
      if isOpen[value] { return present.union(.anything(.string, mayBeNull: false)) }
      guard let grid = grids[value] else { return present }
      return grid.sides.reduce(present) { $0.union(grid.enclosure($1)) }
    }
  }

  /// Collects the paths.
  mutating func walk() { enter(0) }

  private mutating func enter(_ number: Int) {
    // What a stage refuses as it is must change before the stage can run.
    guard refused[number].allSatisfy({ grids[$0] != nil || isOpen[$0] }) else { return }
    let stage = search.stages[number]
    let inputs = stage.sources.map {
      search.enclosure(of: $0, domains, leaves, &interpreters)
    }
    interpreters.append(AbstractInterpreter(program: stage.program, inputs: inputs))
    keys.append(Array(repeating: nil, count: stage.program.slots.count))
    visit(stage.program.root, number)
    keys.removeLast()
    interpreters.removeLast()
  }

  private mutating func visit(_ place: Program.Target, _ number: Int) {
    let stage = search.stages[number]
    switch place {
    case .leaf(let leaf):
      leaves.append(leaf)
      defer { leaves.removeLast() }
      if stage.ends[stage.program.leaves[leaf].outcome] || number == search.stages.count - 1 {
        if let target = target(RuleChain.End(stage: number, leaf: leaf)) { finish(target) }
      } else {
        enter(number + 1)
      }
    case .node(let index):
      spent += 1
      guard spent <= budget else {
        isCut = true
        return
      }
      let node = stage.program.nodes[index]
      let saved = keys[number][node.slot]
      let possible =
        saved ?? stage.analysis.keys(of: stage.program.slots[node.slot], &interpreters[number])
      for (child, part) in stage.program.branches(of: node, within: possible) {
        keys[number][node.slot] = part
        visit(child, number)
      }
      keys[number][node.slot] = saved
    }
  }

  // MARK: The end of a path

  private mutating func finish(_ target: Int) {
    var moves = refused.prefix(leaves.count).reduce(into: Set<Int>()) { $0.formUnion($1) }
    var direct: [(value: Int, condition: CounterfactualPath.Condition)] = []
    var computed: [CounterfactualPath.Condition] = []
    var free: Set<Int> = []
    for (number, slots) in keys.enumerated() {
      for (slot, keys) in slots.enumerated() {
        guard let keys else { continue }
        let condition = CounterfactualPath.Condition(stage: number, slot: slot, keys: keys)
        if let value = search.value(ofSlot: slot, stage: number) {
          direct.append((value, condition))
          if !keys.contains(search.key(of: row[value], slot: slot, stage: number)) {
            moves.insert(value)
          }
        } else {
          let readers = search.readers(ofSlot: slot, stage: number, leaves)
          // What depends on earlier outcomes and leaves alone is as the path makes it.
          guard !readers.isEmpty else { continue }
          computed.append(condition)
          free.formUnion(readers.filter { grids[$0] != nil || isOpen[$0] })
        }
      }
    }
    add(target, moves, direct, computed, free)
  }

  private mutating func add(
    _ target: Int, _ moves: Set<Int>,
    _ direct: [(value: Int, condition: CounterfactualPath.Condition)],
    _ computed: [CounterfactualPath.Condition], _ free: Set<Int>
  ) {
    var ranges: [Int: [ClosedRange<Int64>]] = [:]
    var cost = 0.0
    var isWithoutGrid = false
    for value in moves.union(free).sorted() {
      guard let grid = grids[value] else {
        if moves.contains(value) { isWithoutGrid = true }
        continue
      }
      var left = grid.sides
      for item in direct where item.value == value {
        left = grid.numbers(
          in: left, with: item.condition.keys, search.stages[item.condition.stage].program,
          item.condition.slot)
      }
      if moves.contains(value) {
        guard let nearest = grid.nearest(in: left) else {
          guard isOpen[value] else { return }
          isWithoutGrid = true
          continue
        }
        cost += grid.cost(nearest)
        ranges[value] = free.contains(value) ? left : [nearest...nearest]
      } else if !left.isEmpty {
        ranges[value] = left
      }
    }
    for value in free where isOpen[value] {
      open.append((target, moves.union([value]).sorted()))
    }
    if isWithoutGrid { return open.append((target, moves.sorted())) }
    let others = free.filter { !moves.contains($0) && ranges[$0] != nil }
    guard !moves.isEmpty || !others.isEmpty else { return }
    paths.append(
      CounterfactualPath(
        target: target, leaves: leaves, moves: moves.sorted(), free: others.sorted(),
        ranges: ranges, cost: cost, computed: computed))
  }
}

/// How the stages of a chain hang together.
extension CounterfactualSearch {
  /// An enclosure of what comes from `source`.
  ///
  /// - Parameter domains: an enclosure of each value of the row.
  /// - Parameter leaves: the leaves of the earlier stages.
  /// - Parameter interpreters: what encloses the earlier stages' expressions.
  func enclosure(
    of source: RuleChain.Source, _ domains: [AbstractValue], _ leaves: [Int],
    _ interpreters: inout [AbstractInterpreter]
  ) -> AbstractValue {
    switch source {
    case .value(let value): return domains[value]
    case .outcome(let stage):
      return AbstractValue(.string(stages[stage].program.outcome(ofLeaf: leaves[stage]).name))
    case .leaf(let stage):
      return AbstractValue(.string(stages[stage].program.leaves[leaves[stage]].id))
    case .output(let stage, let output):
      return stages[stage].expression(ofOutput: output, leaf: leaves[stage])
        .map { interpreters[stage].evaluate($0) } ?? AbstractValue(.null)
    }
  }

  /// The row's value that a slot looks at as it is; nil for a computed slot.
  func value(ofSlot slot: Int, stage: Int) -> Int? {
    guard case .input(let input) = stages[stage].program.slots[slot].source,
      case .value(let value) = stages[stage].sources[input]
    else { return nil }
    return value
  }

  /// The key of a value of the row in a slot that looks at it.
  func key(of value: Value, slot: Int, stage: Int) -> Int64 {
    stages[stage].program.key(of: value, slot: slot)
  }

  /// The row's values that a slot depends on, when the earlier stages came to `leaves`.
  func readers(ofSlot slot: Int, stage: Int, _ leaves: [Int]) -> Set<Int> {
    readers(stages[stage].readers.inputs(ofSlots: [slot]), stage, leaves)
  }

  private func readers(_ inputs: Set<Int>, _ stage: Int, _ leaves: [Int]) -> Set<Int> {
    var found: Set<Int> = []
    for input in inputs {
      switch stages[stage].sources[input] {
      case .value(let value): found.insert(value)
      case .outcome, .leaf: continue
      case .output(let earlier, let output):
        guard
          let expression = stages[earlier].expression(ofOutput: output, leaf: leaves[earlier])
        else { continue }
        found.formUnion(
          readers(stages[earlier].readers.ofExpression[expression], earlier, leaves))
      }
    }
    return found
  }
}

extension Program {
  /// The key of `value` in slot number `slot`.
  func key(of value: Value, slot: Int) -> Int64 {
    var declared: [String] = []
    if case .input(let input) = slots[slot].source { declared = inputs[input].values }
    return slots[slot].key(of: value, declared: declared)
  }
}
