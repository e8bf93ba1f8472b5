public import RuleProgram

/// Proves properties of a program, or finds the rows that break them.
public struct PropertyProof {
  private let program: Program
  /// How many boxes the search for one witness may look at.
  public var searchBudget = 2_000

  /// Proofs about `program`.
  public init(_ program: VerifiedProgram) { self.program = program.program }

  /// What can be said of `property`.
  public func verdict(on property: Property) -> PropertyVerdict {
    switch property {
    case .never(let condition, let outcome):
      search(condition) { program.leaves[$0].outcome == outcome }
    case .always(let condition, let outcome):
      search(condition) { program.leaves[$0].outcome != outcome }
    case .independent(let input, let outcome):
      compare(input, .notEqual) { a, b in
        outcome.map { (a == $0) != (b == $0) } ?? (a != b)
      }
    case .monotone(let input, let isIncreasing, let outcomes):
      compare(input, isIncreasing ? .less : .greater) { a, b in
        guard let before = outcomes.firstIndex(of: a), let after = outcomes.firstIndex(of: b) else {
          return false
        }
        return after < before
      }
    }
  }

  // MARK: - One row

  /// Looks for a row that meets `condition` and gets a leaf that is `forbidden`.
  private func search(
    _ condition: Property.Condition, _ forbidden: @escaping (Int) -> Bool
  ) -> PropertyVerdict {
    let met = ConditionProgram(condition, over: program).program
    // Both are over the same inputs, so the types agree.
    guard let joint = try? JointProgram([program, met]) else { return .undecided(leaves: []) }
    var search = WitnessSearch(joint.program)
    search.budget = searchBudget
    let trueLeaf = joint.sides[1].firstLeaf + ConditionProgram.trueLeaf
    var open: [[Int]] = []
    var witness: PropertyVerdict.Witness?
    var walk = PairWalk(joint.program) { a, b in
      if case .leaf(let leaf) = a, !forbidden(leaf) { return false }
      return b != .leaf(joint.sides[1].firstLeaf)
    } visit: { leaf, condition, region in
      guard condition == trueLeaf else { return true }
      switch search.search(region) {
      case .none: return true
      case .undecided:
        if open.last != [leaf] { open.append([leaf]) }
        return true
      case .found(let inputs):
        witness = PropertyVerdict.Witness(inputs: inputs, leaf: leaf)
        return false
      }
    }
    var start = search.analysis.whole
    walk.walk(joint.sides[0].root, joint.sides[1].root, &start)
    if let witness { return .broken([witness]) }
    return open.isEmpty ? .holds : .undecided(leaves: open)
  }

  // MARK: - Two rows

  /// Looks for two rows that differ in `input` only, in the way that `relation` says, and whose
  /// outcomes are `forbidden` together.
  private func compare(
    _ input: Int, _ relation: Operation, _ forbidden: @escaping (Int, Int) -> Bool
  ) -> PropertyVerdict {
    // Both runs are of the same program, so the types agree.
    guard var joint = try? JointProgram.twoRuns(of: program, varying: input) else {
      return .undecided(leaves: [])
    }
    let other = joint.sides[1].inputs[input]
    let slot = joint.addCondition(
      Code([Instruction(.input, input), Instruction(.input, other), Instruction(relation)]))
    var search = WitnessSearch(joint.program)
    search.budget = searchBudget
    var start = search.analysis.whole
    start.keys[slot] = KeySet([1...1])
    let trends = RunTrends(joint, program, input: input, relation)
    let outcomes = SubtreeOutcomes(joint)
    let second = joint.sides[1].firstLeaf
    var open: [[Int]] = []
    var witnesses: [PropertyVerdict.Witness] = []
    var walk = PairWalk(joint.program) { a, b in
      outcomes.canMeet(a, b, forbidden)
    } visit: { [program, joint] a, b, region in
      guard forbidden(program.leaves[a].outcome, program.leaves[b - second].outcome) else {
        return true
      }
      if !trends.allow(region) { return true }
      switch search.search(region) {
      case .none: return true
      case .undecided:
        open.append([a, b - second])
        return true
      case .found(let point):
        witnesses = zip(joint.sides, [a, b - second]).map { side, leaf in
          PropertyVerdict.Witness(inputs: side.inputs.map { point[$0] }, leaf: leaf)
        }
        return false
      }
    }
    walk.walk(joint.sides[0].root, joint.sides[1].root, &start)
    if !witnesses.isEmpty { return .broken(witnesses) }
    return open.isEmpty ? .holds : .undecided(leaves: open)
  }
}

/// What is known of the slots of two runs between which one input rises (or falls): a slot that rises
/// with it can't be lower in the second run.
private struct RunTrends {
  private var pairs: [(first: Int, second: Int, trend: Trend)] = []

  /// Nothing is known when `relation` doesn't order the two values of the input.
  init(_ joint: JointProgram, _ program: Program, input: Int, _ relation: Operation) {
    guard relation != .notEqual else { return }
    let analysis = TrendAnalysis(program, input: input)
    for (index, slot) in program.slots.enumerated() {
      let (first, second) = (joint.sides[0].slots[index], joint.sides[1].slots[index])
      guard first != second else { continue }
      var trend = analysis.trend(of: slot)
      if relation == .greater { trend.direction = trend.direction.reversed }
      if trend.direction != .unknown || !trend.changesNull { pairs.append((first, second, trend)) }
    }
  }

  /// False when the trends rule out that both runs stay inside `region`.
  func allow(_ region: Region) -> Bool {
    pairs.allSatisfy { pair in
      let (first, second) = (region.keys[pair.first], region.keys[pair.second])
      if first.includesMissing && second.includesMissing { return true }
      if pair.trend.changesNull, first.includesMissing || second.includesMissing { return true }
      guard let a = first.hull, let b = second.hull else { return false }
      switch pair.trend.direction {
      case .rising: return a.lowerBound <= b.upperBound
      case .falling: return b.lowerBound <= a.upperBound
      case .constant, .unknown: return true
      }
    }
  }
}

/// Which outcomes lie below each node of a joint program.
private struct SubtreeOutcomes {
  private let ofNode: [Set<Int>]
  private let ofLeaf: [Int]

  init(_ joint: JointProgram) {
    let ofLeaf = joint.program.leaves.map(\.outcome)
    var found = [Set<Int>](repeating: [], count: joint.program.nodes.count)
    for (index, node) in joint.program.nodes.enumerated().reversed() {
      for target in node.children + [node.missing].compactMap({ $0 }) {
        switch target {
        case .node(let child): found[index].formUnion(found[child])
        case .leaf(let leaf): found[index].insert(ofLeaf[leaf])
        }
      }
    }
    ofNode = found
    self.ofLeaf = ofLeaf
  }

  /// True when some outcome below `a` and some below `b` are `forbidden` together.
  func canMeet(
    _ a: Program.Target, _ b: Program.Target, _ forbidden: (Int, Int) -> Bool
  ) -> Bool {
    let second = outcomes(b)
    return outcomes(a).contains { first in second.contains { forbidden(first, $0) } }
  }

  private func outcomes(_ target: Program.Target) -> Set<Int> {
    switch target {
    case .node(let index): ofNode[index]
    case .leaf(let leaf): [ofLeaf[leaf]]
    }
  }
}
