import RuleProgram

/// The search for the cheapest rows of one target.
struct CounterfactualRun {
  private let search: CounterfactualSearch
  private let row: [Value]
  private let grids: [InputGrid?]
  private let paths: [CounterfactualPath]
  /// Sets of values whose change to texts that the grids don't hold may do.
  private let open: [[Int]]
  private let budget: Int
  private let present: [AbstractValue]
  private var execution: ChainExecution
  private var queue = CheapestFirst<Item>()
  private var spent = 0
  private var found: [Counterfactual] = []
  /// Whether some row that should have ended as wanted didn't, or wasn't looked at.
  private var isUnsure = false

  /// What waits to be looked at; all of it belongs to one path.
  private struct Item {
    let path: Int
    let kind: Kind

    enum Kind {
      /// All sets of so many values.
      case sets(Int)
      /// Rows in which these values have numbers in these ranges.
      case box([Side])
    }
  }

  /// Some numbers of one value.
  private struct Side {
    let value: Int
    let range: ClosedRange<Int64>
  }

  init(
    _ search: CounterfactualSearch, _ row: [Value], _ grids: [InputGrid?],
    _ execution: ChainExecution, _ paths: [CounterfactualPath],
    open: [[Int]], budget: Int
  ) {
    self.search = search
    self.row = row
    self.grids = grids
    self.execution = execution
    self.paths = paths
    self.open = open
    self.budget = budget
    present = row.map { AbstractValue($0) }
  }

  /// Looks at changes of one value, then of two, and so on.
  ///
  /// - Parameter isWhole: whether `paths` and the grids leave nothing out.
  mutating func run(
    isWhole: Bool, _ isWanted: (RuleChain.End) -> Bool
  ) -> CounterfactualAnswer {
    isUnsure = !isWhole
    for (number, path) in paths.enumerated() { addSets(number, max(path.moves.count, 1)) }
    while let (item, _) = queue.popLeast(), found.count < search.count {
      spent += CounterfactualSearch.boxWork
      guard isWithinBudget() else { break }
      switch item.kind {
      case .sets(let size): open(item.path, size)
      case .box(let sides): look(at: sides, item.path, isWanted)
      }
    }
    if !isUnsure { isUnsure = open.contains { !isMore($0) } }
    if found.isEmpty { return isUnsure ? .undecided : .none }
    return .found(found, areSmallest: !isUnsure)
  }

  private mutating func isWithinBudget() -> Bool {
    if spent > budget { isUnsure = true }
    return spent <= budget
  }

  // MARK: Sets

  private mutating func addSets(_ path: Int, _ size: Int) {
    let most = paths[path].moves.count + paths[path].free.count
    guard size <= most else { return }
    queue.add(Item(path: path, kind: .sets(size)), size, paths[path].cost)
  }

  /// Puts all sets of `size` values, with those that must change, into the queue as boxes.
  private mutating func open(_ number: Int, _ size: Int) {
    let path = paths[number]
    for others in Combinations(path.free, size - path.moves.count) {
      let set = (path.moves + others).sorted()
      if isMore(set) { continue }
      spent += CounterfactualSearch.boxWork
      guard isWithinBudget() else { return }
      guard path.computed.isEmpty || isPossible(path, hull(of: set, path)) else { continue }
      var boxes: [[Side]] = [[]]
      for value in set {
        let sides = (path.ranges[value] ?? []).map { Side(value: value, range: $0) }
        spent += boxes.count * sides.count
        guard isWithinBudget() else { return }
        boxes = boxes.flatMap { box in sides.map { box + [$0] } }
      }
      for box in boxes { add(box, number) }
    }
    addSets(number, size + 1)
  }

  private func hull(of set: [Int], _ path: CounterfactualPath) -> [Side] {
    set.compactMap { value in
      guard let ranges = path.ranges[value], let low = ranges.map(\.lowerBound).min(),
        let high = ranges.map(\.upperBound).max()
      else { return nil }
      return Side(value: value, range: low...high)
    }
  }

  /// True when something found changes no value outside `set`.
  private func isMore(_ set: [Int]) -> Bool {
    found.contains { $0.changes.allSatisfy { set.contains($0.input) } }
  }

  // MARK: Boxes

  private mutating func add(_ box: [Side], _ path: Int) {
    // In the order of the values, so that sums of costs are the same each time.
    let cost = box.reduce(0.0) { sum, side in
      sum + (grids[side.value].map { $0.cost($0.nearest(in: side.range)) } ?? 0)
    }
    queue.add(Item(path: path, kind: .box(box)), box.count, cost)
  }

  private mutating func look(
    at box: [Side], _ number: Int, _ isWanted: (RuleChain.End) -> Bool
  ) {
    if isMore(box.map(\.value)) { return }
    if let change = execute(box), isWanted(change.end) {
      found.append(change)
      return
    }
    let path = paths[number]
    guard !path.computed.isEmpty else {
      // The conditions said that this row goes the path.
      isUnsure = true
      return
    }
    guard isPossible(path, box) else { return }
    for half in halves(of: box) { add(half, number) }
  }

  /// The nearest row of a box, executed; nil when it is refused.
  private mutating func execute(_ box: [Side]) -> Counterfactual? {
    var copy = row
    var changes: [Counterfactual.Change] = []
    var cost = 0.0
    for side in box {
      guard let grid = grids[side.value] else { return nil }
      let number = grid.nearest(in: side.range)
      guard let value = grid.value(number) else { return nil }
      copy[side.value] = value
      cost += grid.cost(number)
      changes.append(
        Counterfactual.Change(input: side.value, from: row[side.value], to: value))
    }
    return execution.end(of: copy).map {
      Counterfactual(changes: changes, end: $0, cost: cost)
    }
  }

  /// The box in two parts, cut in the middle of the longest range, so that the others stay near to
  /// the row; none when it is one row.
  private func halves(of box: [Side]) -> [[Side]] {
    guard let place = box.indices.max(by: { length(box[$0]) < length(box[$1]) }),
      length(box[place]) > 1
    else { return [] }
    let range = box[place].range
    let cut = range.lowerBound + (range.upperBound - range.lowerBound) / 2
    return [range.lowerBound...cut, (cut + 1)...range.upperBound].map { part in
      var half = box
      half[place] = Side(value: box[place].value, range: part)
      return half
    }
  }

  private func length(_ side: Side) -> Int { side.range.count }

  /// False when it is proven that no row of the box meets the path's conditions on computed values.
  private func isPossible(_ path: CounterfactualPath, _ box: [Side]) -> Bool {
    var domains = present
    for side in box {
      if let grid = grids[side.value] { domains[side.value] = grid.enclosure(side.range) }
    }
    var interpreters: [AbstractInterpreter] = []
    var next = 0
    for (number, stage) in search.stages.enumerated() where next < path.computed.count {
      let inputs = stage.sources.map {
        search.enclosure(of: $0, domains, path.leaves, &interpreters)
      }
      interpreters.append(AbstractInterpreter(program: stage.program, inputs: inputs))
      while next < path.computed.count, path.computed[next].stage == number {
        let condition = path.computed[next]
        let keys = stage.analysis.keys(
          of: stage.program.slots[condition.slot], &interpreters[number])
        if keys.intersection(condition.keys).isEmpty { return false }
        next += 1
      }
    }
    return true
  }
}

/// What waits, by size and cost; of two alike, the one that came first.
struct CheapestFirst<Element> {
  private var heap: [(element: Element, size: Int, cost: Double, number: Int)] = []
  private var next = 0

  /// Adds `element`.
  mutating func add(_ element: Element, _ size: Int, _ cost: Double) {
    heap.append((element, size, cost, next))
    next += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the first one out.
  mutating func popLeast() -> (element: Element, size: Int)? {
    guard let least = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return (least.element, least.size) }
    heap[0] = last
    var parent = 0
    while true {
      let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
      guard let child = children.min(by: { precedes($0, $1) }), precedes(child, parent) else {
        return (least.element, least.size)
      }
      heap.swapAt(parent, child)
      parent = child
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (heap[a].size, heap[a].cost, heap[a].number) < (heap[b].size, heap[b].cost, heap[b].number)
  }
}

/// The subsets of one size, in the order of their elements.
struct Combinations: Sequence, IteratorProtocol {
  private let elements: [Int]
  private var places: [Int]
  private var isOver: Bool

  init(_ elements: [Int], _ size: Int) {
    self.elements = elements
    places = Array(0..<Swift.max(size, 0))
    isOver = size > elements.count
  }

  mutating func next() -> [Int]? {
    if isOver { return nil }
    let result = places.map { elements[$0] }
    var last = places.count - 1
    while last >= 0, places[last] == elements.count - places.count + last { last -= 1 }
    if last < 0 {
      isOver = true
    } else {
      places[last] += 1
      for place in places.indices where place > last { places[place] = places[place - 1] + 1 }
    }
    return result
  }
}
