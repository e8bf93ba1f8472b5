import RuleProgram

/// A program's tree with two branches at each test, children before parents.
struct SQLTree {
  /// A question about one slot.
  struct Test {
    var slot: Int
    var kind: Kind
    /// A missing value is answered yes too. Otherwise only values that are there are asked about.
    var takesMissing = false

    enum Kind {
      case missing
      /// The slot's key is this cut or above.
      case atLeast(Int64)
      /// The key lies in one of these ranges; nil is no end.
      case within([(low: Int64?, high: Int64?)])
      /// The slot's declared string is one of these.
      case among([Int])
      case isTrue
    }
  }

  enum Node {
    /// nil: the slot is null where the program says that it can't be.
    case leaf(Int?)
    case test(Test, yes: Int, no: Int)
  }

  private(set) var nodes: [Node] = []
  private(set) var root = 0

  /// The tree of `program`, asking whether a value is missing wherever `canBeMissing` says so and
  /// no earlier split of the path has asked.
  init(_ program: Program, canBeMissing: [Bool]) {
    let known = Self.knownSlots(program)
    var place = [Int](repeating: 0, count: program.nodes.count)
    for index in program.nodes.indices.reversed() {
      let asks =
        canBeMissing[program.nodes[index].slot]
        && !known[index].contains(program.nodes[index].slot)
      place[index] = lay(program, index, place, asksMissing: asks)
    }
    root = target(place, program.root)
  }

  /// A subtree that several branches of one split lead to is asked for first, so that it is
  /// written once.
  private mutating func lay(
    _ program: Program, _ index: Int, _ place: [Int], asksMissing: Bool
  ) -> Int {
    let node = program.nodes[index]
    let isTable = program.slots[node.slot].encoding.isTable
    var runs = node.children.indices.map { child in
      Run(
        target: node.children[child], children: child...child,
        low: isTable || child == 0 ? nil : node.cuts[child - 1],
        high: isTable || child == node.cuts.count ? nil : node.cuts[child])
    }
    var asksMissing = asksMissing
    var first: [(Test, Int)] = []
    for case .node(let shared) in node.children {
      guard runs.contains(where: { $0.target == .node(shared) }) else { continue }
      let mine = runs.filter { $0.target == .node(shared) }
      let takesMissing = asksMissing && node.missing == .node(shared)
      guard mine.count + (takesMissing ? 1 : 0) > 1, mine.count < runs.count else { continue }
      let kind: Test.Kind =
        isTable
        ? .among(mine.map(\.children.lowerBound))
        : .within(mine.map { ($0.low, $0.high) })
      first.append((Test(slot: node.slot, kind: kind, takesMissing: takesMissing), place[shared]))
      if takesMissing { asksMissing = false }
      runs.removeAll { $0.target == .node(shared) }
    }
    var top = split(node, runs, program.slots[node.slot].encoding, place)
    for (test, place) in first where !test.takesMissing {
      top = add(.test(test, yes: place, no: top))
    }
    // Above the tests that can't answer a missing value.
    if asksMissing {
      let missing = node.missing.map { target(place, $0) } ?? add(.leaf(nil))
      top = add(.test(Test(slot: node.slot, kind: .missing), yes: missing, no: top))
    }
    for (test, place) in first where test.takesMissing {
      top = add(.test(test, yes: place, no: top))
    }
    return top
  }

  /// A run of keys that leads to one target.
  private struct Run {
    var target: Program.Target
    var children: ClosedRange<Int>
    var low: Int64?
    var high: Int64?
  }

  /// For each node the slots that the path there has found not missing.
  private static func knownSlots(_ program: Program) -> [Set<Int>] {
    var known = [Set<Int>](repeating: [], count: program.nodes.count)
    for (index, node) in program.nodes.enumerated() {
      for case .node(let child) in node.children {
        known[child] = known[index].union([node.slot])
      }
      // A child that is reached by a missing value too knows nothing of this slot.
      if case .node(let child)? = node.missing { known[child] = known[index] }
    }
    return known
  }

  private mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func target(_ place: [Int], _ target: Program.Target) -> Int {
    switch target {
    case .node(let index): place[index]
    case .leaf(let index): add(.leaf(index))
    }
  }

  private mutating func split(
    _ node: Program.Node, _ runs: [Run], _ encoding: KeyEncoding, _ place: [Int]
  ) -> Int {
    switch encoding {
    case .boolean:
      let low = target(place, runs[0].target)
      guard runs.count == 2, runs[0].target != runs[1].target else { return low }
      let high = target(place, runs[1].target)
      return add(.test(Test(slot: node.slot, kind: .isTrue), yes: high, no: low))
    case .declared: return byString(node, runs, place)
    case .whole, .scaled, .ranked:
      let children = runs.map { target(place, $0.target) }
      return byCuts(node, runs[...], children)
    }
  }

  private mutating func byString(_ node: Program.Node, _ runs: [Run], _ place: [Int]) -> Int {
    var groups: [(target: Program.Target, values: [Int])] = []
    for run in runs {
      if let group = groups.firstIndex(where: { $0.target == run.target }) {
        groups[group].values.append(run.children.lowerBound)
      } else {
        groups.append((run.target, [run.children.lowerBound]))
      }
    }
    guard let last = groups.last else { return add(.leaf(nil)) }
    var result = target(place, last.target)
    for group in groups.dropLast().reversed() {
      let test = Test(slot: node.slot, kind: .among(group.values))
      let yes = target(place, group.target)
      result = add(.test(test, yes: yes, no: result))
    }
    return result
  }

  private mutating func byCuts(
    _ node: Program.Node, _ runs: ArraySlice<Run>, _ children: [Int]
  ) -> Int {
    guard runs.count > 1 else { return children[runs.startIndex] }
    let middle = (runs.startIndex + runs.endIndex) / 2
    let low = byCuts(node, runs[..<middle], children)
    let high = byCuts(node, runs[middle...], children)
    let test = Test(slot: node.slot, kind: .atLeast(runs[middle].low ?? .min))
    return add(.test(test, yes: high, no: low))
  }
}

/// The tree as one expression.
extension SQLTree {
  /// One test in both senses; nil when its answer is always yes, or always no.
  enum Condition {
    case always(Bool)
    case asked(yes: String, no: String)
  }

  /// What a node has become: a value, or a first clause and the node that goes on.
  private enum Piece {
    case value(String)
    case clause(String, next: Int)
  }

  /// The `CASE` that gives each leaf's `value`; branches with one value are merged.
  ///
  /// At each test the branch that nests less becomes a `WHEN`, the other one goes on in the same
  /// `CASE`: so it nests no deeper than the logarithm of its leaves.
  func sql(
    first: String? = nil, value: (Int?) -> String, condition: (Test) -> Condition
  ) -> String {
    var pieces: [Piece] = []
    var nesting: [Int] = []
    pieces.reserveCapacity(nodes.count)
    for node in nodes {
      switch node {
      case .leaf(let leaf):
        pieces.append(.value(value(leaf)))
        nesting.append(0)
      case .test(let test, let yes, let no):
        let (piece, depth) = Self.join(condition(test), yes, no, pieces, nesting)
        pieces.append(piece)
        nesting.append(depth)
      }
    }
    return Self.text(root, pieces, first: first)
  }

  private static func join(
    _ condition: Condition, _ yes: Int, _ no: Int, _ pieces: [Piece], _ nesting: [Int]
  ) -> (Piece, Int) {
    guard case .asked(let isTrue, let isFalse) = condition else {
      guard case .always(let answer) = condition else { return (.value("NULL"), 0) }
      return (pieces[answer ? yes : no], nesting[answer ? yes : no])
    }
    if case .value(let a) = pieces[yes], case .value(let b) = pieces[no], a == b {
      return (pieces[yes], 0)
    }
    let yesIsLight = nesting[yes] <= nesting[no]
    let (light, heavy) = yesIsLight ? (yes, no) : (no, yes)
    let clause = " WHEN \(yesIsLight ? isTrue : isFalse) THEN \(text(light, pieces))"
    return (.clause(clause, next: heavy), max(nesting[heavy], nesting[light] + 1))
  }

  private static func text(_ start: Int, _ pieces: [Piece], first: String? = nil) -> String {
    var clauses = first ?? ""
    var index = start
    while true {
      switch pieces[index] {
      case .value(let value):
        return clauses.isEmpty ? value : "CASE\(clauses) ELSE \(value) END"
      case .clause(let clause, let next):
        clauses += clause
        index = next
      }
    }
  }
}
