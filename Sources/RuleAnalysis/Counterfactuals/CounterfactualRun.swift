import RuleProgram

/// One search under way.
struct CounterfactualRun {
  private let search: CounterfactualSearch
  private let row: [Value]
  private let grids: [Int: InputGrid]
  private var spent = 0
  private var found: [Counterfactual] = []

  /// Rows in which the inputs of `ranges` have the values with these numbers, and all others those of
  /// the row.
  private struct Box {
    var ranges: [Int: ClosedRange<Int64>]
    var cost: Double
  }

  init(search: CounterfactualSearch, row: [Value], grids: [Int: InputGrid]) {
    self.search = search
    self.row = row
    self.grids = grids
  }

  /// Looks at changes of one input, then of two, and so on.
  mutating func search(_ isWanted: (Int) -> Bool) -> CounterfactualAnswer {
    let inputs = grids.keys.sorted()
    guard search.mayReach(domains(free: Set(inputs)), isWanted) else { return .none }
    let most = min(search.maximumInputs, inputs.count)
    for size in 0..<most {
      guard look(at: Combinations(inputs, size + 1), isWanted) else {
        return found.isEmpty ? .undecided : .found(found, areSmallest: false)
      }
      if found.count >= search.count { break }
    }
    if found.isEmpty { return most == inputs.count ? .none : .undecided }
    return .found(found, areSmallest: true)
  }

  /// Looks at all changes of certain sets of inputs; false when the budget is spent.
  private mutating func look(at sets: Combinations, _ isWanted: (Int) -> Bool) -> Bool {
    var queue = Queue()
    for set in sets where !isMore(than: found, set) {
      spent += 1
      if spent > search.budget { return false }
      guard search.mayReach(domains(free: Set(set)), isWanted) else { continue }
      for ranges in sides(of: set) { queue.add(box(ranges)) }
    }
    while let next = queue.popLeast() {
      spent += 1
      if spent > search.budget { return false }
      if isMore(than: found, Array(next.ranges.keys)) { continue }
      if let change = execute(next), isWanted(change.leaf) {
        found.append(change)
        if found.count >= search.count { return true }
        continue
      }
      guard search.mayReach(domains(of: next), isWanted) else { continue }
      for half in halves(of: next) { queue.add(half) }
    }
    return true
  }

  /// True when something found changes no input outside `set`.
  private func isMore(than found: [Counterfactual], _ set: [Int]) -> Bool {
    found.contains { $0.changes.allSatisfy { set.contains($0.input) } }
  }

  /// Each input of `set` below or above its present value, in all combinations.
  private func sides(of set: [Int]) -> [[Int: ClosedRange<Int64>]] {
    set.reduce([[:]]) { boxes, input in
      boxes.flatMap { box in
        (grids[input]?.sides ?? []).map { side in
          var copy = box
          copy[input] = side
          return copy
        }
      }
    }
  }

  private func box(_ ranges: [Int: ClosedRange<Int64>]) -> Box {
    // In the order of the inputs, so that sums of costs are the same each time.
    let cost = ranges.keys.sorted().reduce(0.0) { sum, input in
      guard let range = ranges[input], let grid = grids[input] else { return sum }
      return sum + grid.cost(grid.nearest(in: range))
    }
    return Box(ranges: ranges, cost: cost)
  }

  /// The nearest row of a box, executed; nil when it is refused.
  private func execute(_ box: Box) -> Counterfactual? {
    var copy = row
    var changes: [Counterfactual.Change] = []
    for input in box.ranges.keys.sorted() {
      guard let range = box.ranges[input], let grid = grids[input],
        let value = grid.value(grid.nearest(in: range))
      else { return nil }
      copy[input] = value
      changes.append(Counterfactual.Change(input: input, from: row[input], to: value))
    }
    return search.leaf(of: copy).map {
      Counterfactual(changes: changes, leaf: $0, cost: box.cost)
    }
  }

  /// The box in two parts, cut at one input; none when all its rows are alike.
  private func halves(of box: Box) -> [Box] {
    var best: (input: Int, range: ClosedRange<Int64>, cut: Int64)?
    for input in box.ranges.keys.sorted() {
      guard let range = box.ranges[input], let grid = grids[input],
        let cut = search.cut(range, of: input, grid)
      else { continue }
      // The longest range first: the others then stay near to the row.
      if best.map({ $0.range.count < range.count }) ?? true { best = (input, range, cut) }
    }
    guard let best else { return [] }
    return [best.range.lowerBound...(best.cut - 1), best.cut...best.range.upperBound].map { part in
      var ranges = box.ranges
      ranges[best.input] = part
      return self.box(ranges)
    }
  }

  private func domains(of box: Box) -> [AbstractValue] {
    row.indices.map { input in
      guard let range = box.ranges[input], let grid = grids[input] else {
        return AbstractValue(row[input])
      }
      return grid.enclosure(range)
    }
  }

  /// The domains when the inputs of `free` may have any value that they may take, or the present one.
  private func domains(free: Set<Int>) -> [AbstractValue] {
    row.indices.map { input in
      let present = AbstractValue(row[input])
      guard free.contains(input), let grid = grids[input] else { return present }
      return grid.sides.reduce(present) { $0.union(grid.enclosure($1)) }
    }
  }

  /// Boxes by cost; of two that cost the same, the one that came first.
  private struct Queue {
    private var heap: [(box: Box, number: Int)] = []
    private var next = 0

    mutating func add(_ box: Box) {
      heap.append((box, next))
      next += 1
      var child = heap.count - 1
      while child > 0, precedes(child, (child - 1) / 2) {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    }

    mutating func popLeast() -> Box? {
      guard let least = heap.first, let last = heap.popLast() else { return nil }
      if heap.isEmpty { return least.box }
      heap[0] = last
      var parent = 0
      while true {
        let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
        guard let child = children.min(by: { precedes($0, $1) }), precedes(child, parent) else {
          return least.box
        }
        heap.swapAt(parent, child)
        parent = child
      }
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
      (heap[a].box.cost, heap[a].number) < (heap[b].box.cost, heap[b].number)
    }
  }
}

/// The subsets of one size, in the order of their elements.
struct Combinations: Sequence, IteratorProtocol {
  private let elements: [Int]
  private var places: [Int]
  private var isOver: Bool

  init(_ elements: [Int], _ size: Int) {
    self.elements = elements
    places = Array(0..<size)
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
