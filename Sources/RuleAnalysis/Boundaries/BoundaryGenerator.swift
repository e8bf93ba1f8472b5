import RuleProgram

/// Collects the cases of a `BoundarySuite`.
///
/// The tree is walked from its root down, so that cases for the upper splits are there to start from for
/// the lower ones. Leaves that no case has reached by then get one of their own; in the end, cases all of
/// whose goals another case meets are dropped.
struct BoundaryGenerator {
  let program: Program
  let wording: Wording
  let conditions: SplitConditions
  let search: WitnessSearch
  private var binding: Binding
  private(set) var pool: [PoolCase] = []
  /// What a search for keys on a threshold may cost, where there is more to try after it.
  private static let nearBudget = 60
  /// For each node the cases that pass it, for each leaf those that reach it.
  private(set) var casesAtNode: [[Int]]
  private var casesAtLeaf: [[Int]]
  /// The splits from the root to where the walk is.
  private var path: [Int] = []
  private var met: [(goal: BoundaryGoal, choice: Int?, testCase: Int)] = []
  private var open: [BoundarySuite.OpenGoal] = []
  private var goals = 0
  private var goalsMetBefore = 0

  /// A case that is there or was found.
  struct PoolCase {
    var inputs: [Value]
    var leaf: Int
    /// Keys of the program's own slots.
    var keys: [Int64]
    /// What it shows, in words.
    var purposes: [String] = []
    var isExisting: Bool
    /// True for half of a pair, which can't be dropped alone.
    var isPaired = false
    var isDropped = false
  }

  init(_ program: VerifiedProgram, _ wording: Wording, budget: Int) {
    self.program = program.program
    self.wording = wording
    conditions = SplitConditions(program.program)
    var search = WitnessSearch(conditions.extended)
    search.budget = budget
    self.search = search
    binding = Binding(Evaluator(program))
    casesAtNode = Array(repeating: [], count: program.program.nodes.count)
    casesAtLeaf = Array(repeating: [], count: program.program.leaves.count)
  }

  /// Takes a row into account that is tested already; a row that is refused shows nothing.
  mutating func addExisting(_ row: [Value]) { _ = add(row, isExisting: true) }

  /// The cases for everything that is reachable.
  mutating func suite() -> BoundarySuite {
    var region = search.analysis.whole
    visit(program.root, &region)
    dropRedundant()
    return BoundarySuite(
      cases: namedCases(), open: open, goals: goals, goalsMetBefore: goalsMetBefore)
  }

  // MARK: - Walking

  private mutating func visit(_ target: Program.Target, _ region: inout Region) {
    guard case .node(let index) = target else {
      if case .leaf(let leaf) = target { meetLeaf(leaf, region) }
      return
    }
    let node = program.nodes[index]
    let saved = region.keys[node.slot]
    path.append(index)
    meetCondition(index, region)
    let subject = subject(ofNode: index)
    for goal in program.boundaryGoals(index, saved, subject: subject) {
      meet(goal, index, region)
    }
    for (child, keys) in program.branches(of: node, within: saved) {
      region.keys[node.slot] = keys
      visit(child, &region)
    }
    region.keys[node.slot] = saved
    path.removeLast()
  }

  private func subject(ofNode index: Int) -> String {
    wording.nodes.indices.contains(index) ? wording.nodes[index].on : "split \(index)"
  }

  private mutating func meetCondition(_ index: Int, _ region: Region) {
    let slot = program.nodes[index].slot
    if conditions.tooLarge.contains(slot) {
      leaveOpen(.split(index), "pairs for each part of the condition: it is too large", false)
    }
    guard let condition = conditions.ofSlot[slot] else { return }
    for atom in condition.atoms.indices {
      var pairs = PairSearch(
        search: search, condition: condition, atom: atom, region: region)
      let sides = max(1, condition.atoms[atom].edges.count)
      for side in 0..<sides {
        let places = casesAtNode[index]
        pairs.known = places.map { pool[$0].inputs }
        pairs.seeds = seeds()
        meetPair(index, pairs, side: side, places)
      }
    }
  }

  private mutating func meetPair(
    _ index: Int, _ pairs: PairSearch, side: Int, _ places: [Int]
  ) {
    let text = pairs.condition.atoms[pairs.atom].text
    let answer = pairs.search(side: side)
    // The second side of `=` is a bonus: the pair that is asked for is there.
    if side == 0 || answer.isFound { goals += 1 }
    switch answer {
    case .known(let a, let b):
      let found = [places[a], places[b]]
      if found.allSatisfy({ pool[$0].isExisting }) { goalsMetBefore += 1 }
      note(found, ["\(text) decides: true", "\(text) decides: false"])
    case .found(let a, let b):
      let found = [a, b].compactMap { add($0, isExisting: false) }
      let slot = program.nodes[index].slot
      if found.count == 2, found.allSatisfy(casesAtNode[index].contains),
        pool[found[0]].keys[slot] != pool[found[1]].keys[slot]
      {
        note(found, ["\(text) decides: true", "\(text) decides: false"])
      } else if side == 0 {
        leaveOpen(.split(index), "a pair for \(text)", false)
      }
    case .none where side == 0: leaveOpen(.split(index), "a pair for \(text)", true)
    case .undecided where side == 0: leaveOpen(.split(index), "a pair for \(text)", false)
    case .none, .undecided: break
    }
  }

  private mutating func note(_ cases: [Int], _ purposes: [String]) {
    for (place, purpose) in zip(cases, purposes) {
      pool[place].isPaired = true
      if !pool[place].purposes.contains(purpose) { pool[place].purposes.append(purpose) }
    }
  }

  // MARK: - Goals

  private mutating func meet(_ goal: BoundaryGoal, _ node: Int, _ region: Region) {
    goals += 1
    let slot = program.nodes[node].slot
    var isImpossible = false
    // All near choices before any other.
    for isNear in [true, false] {
      let choices = goal.choices.enumerated().filter { $0.element.isNear == isNear }
      for (number, choice) in choices {
        let known = casesAtNode[node].first { choice.keys.contains(pool[$0].keys[slot]) }
        if let known { return settle(goal, number, by: known) }
      }
      for (number, choice) in choices {
        var narrowed = region
        narrowed.keys[slot] = choice.keys
        let isLast = number == goal.choices.count - 1
        let verdict = find(narrowed, budget: isLast ? search.budget : Self.nearBudget)
        if case .found(let inputs) = verdict, let added = add(inputs, isExisting: false),
          casesAtNode[node].contains(added), choice.keys.contains(pool[added].keys[slot])
        {
          return settle(goal, number, by: added)
        }
        // The last choice takes in all the others.
        isImpossible = verdict == .none
      }
    }
    leaveOpen(goal.site, goal.text, isImpossible)
  }

  /// A row of `region`, near one that comes close to it if there is one.
  private func find(_ region: Region, budget: Int) -> WitnessSearch.Verdict {
    if let near = search.point(of: region, near: seeds()) { return .found(near) }
    var search = search
    search.budget = budget
    return search.search(region)
  }

  /// Rows that pass the split where the walk is, or the one above it.
  private func seeds() -> [[Value]] {
    var found: [[Value]] = []
    for node in path.reversed() where found.count < 4 {
      found += casesAtNode[node].suffix(2).reversed().map { pool[$0].inputs }
    }
    return found
  }

  private mutating func meetLeaf(_ leaf: Int, _ region: Region) {
    goals += 1
    let goal = BoundaryGoal(site: .leaf(leaf), text: "reached")
    if let known = casesAtLeaf[leaf].first { return settle(goal, nil, by: known) }
    let verdict = find(region, budget: search.budget)
    if case .found(let inputs) = verdict, let added = add(inputs, isExisting: false),
      pool[added].leaf == leaf
    {
      return settle(goal, nil, by: added)
    }
    leaveOpen(goal.site, goal.text, verdict == .none)
  }

  private mutating func settle(_ goal: BoundaryGoal, _ choice: Int?, by testCase: Int) {
    if pool[testCase].isExisting { goalsMetBefore += 1 }
    met.append((goal, choice, testCase))
  }

  private mutating func leaveOpen(
    _ site: BoundarySuite.Site, _ text: String, _ isImpossible: Bool
  ) {
    open.append(
      BoundarySuite.OpenGoal(site: site, text: text, isImpossible: isImpossible))
  }

  // MARK: - Cases

  /// Executes `inputs`; its place in the pool, or nil when the row is refused.
  private mutating func add(_ inputs: [Value], isExisting: Bool) -> Int? {
    binding.begin()
    for (index, value) in inputs.enumerated() where value != .null {
      binding.bind(index, value: value)
    }
    guard let leaf = binding.evaluate() else { return nil }
    if let same = casesAtLeaf[leaf].first(where: { pool[$0].inputs == inputs }) { return same }
    let place = pool.count
    pool.append(
      PoolCase(inputs: inputs, leaf: leaf, keys: binding.keys, isExisting: isExisting))
    casesAtLeaf[leaf].append(place)
    var target = program.root
    while case .node(let index) = target {
      casesAtNode[index].append(place)
      let node = program.nodes[index]
      guard let next = program.child(of: node, key: binding.keys[node.slot]) else { break }
      target = next
    }
    return place
  }

  /// Drops cases that are not needed, the first ones first: later ones were made for splits further
  /// up and pass more of them.
  private mutating func dropRedundant() {
    var goalsOfCase = Array(repeating: [Int](), count: pool.count)
    for (index, item) in met.enumerated() { goalsOfCase[item.testCase].append(index) }
    for place in pool.indices where !pool[place].isExisting && !pool[place].isPaired {
      let others = goalsOfCase[place].map { otherCase(for: met[$0], than: place) }
      if others.contains(nil) { continue }
      for (goal, other) in zip(goalsOfCase[place], others) {
        guard let other else { continue }
        met[goal].testCase = other
        goalsOfCase[other].append(goal)
      }
      pool[place].isDropped = true
    }
    for item in met.reversed() {
      guard case .split = item.goal.site, let choice = item.choice else { continue }
      let text = item.goal.choices[choice].text
      if !pool[item.testCase].purposes.contains(text) { pool[item.testCase].purposes.append(text) }
    }
  }

  /// Another case that meets a goal as well as case `place` does.
  private func otherCase(
    for item: (goal: BoundaryGoal, choice: Int?, testCase: Int), than place: Int
  ) -> Int? {
    switch item.goal.site {
    case .leaf(let leaf):
      return casesAtLeaf[leaf].first { $0 != place && !pool[$0].isDropped }
    case .split(let node):
      guard let choice = item.choice else { return nil }
      let slot = program.nodes[node].slot
      let keys = item.goal.choices[choice].keys
      return casesAtNode[node].first {
        $0 != place && !pool[$0].isDropped && keys.contains(pool[$0].keys[slot])
      }
    }
  }

  private func namedCases() -> [BoundarySuite.Case] {
    var used: Set<String> = []
    let places = casesAtLeaf.flatMap { $0 }.filter { !pool[$0].isExisting && !pool[$0].isDropped }
    return places.map { place in
      let found = pool[place]
      let shown = found.purposes.prefix(3).joined(separator: "; ")
      let rest = found.purposes.count > 3 ? "; and \(found.purposes.count - 3) more" : ""
      let base = "\(program.leaves[found.leaf].id): " + (shown.isEmpty ? "reached" : shown + rest)
      var name = base
      var number = 2
      while !used.insert(name).inserted {
        name = "\(base) (\(number))"
        number += 1
      }
      return BoundarySuite.Case(name: name, inputs: found.inputs, leaf: found.leaf)
    }
  }
}

extension Program {
  /// Where a key leads from `node`; nil for a missing value that can't be missing there.
  func child(of node: Node, key: Int64) -> Target? {
    if key == KeyEncoding.missingKey { return node.missing }
    if slots[node.slot].encoding.isTable { return node.children[Int(key)] }
    return node.children[node.cuts.count { $0 <= key }]
  }
}
