public import RuleProgram

/// What changes between two versions of a rule set, for which inputs.
///
/// The paths of both trees are intersected over a joint input space; where two leaves that meet say
/// something different, a search looks for inputs that really reach both. So a change is shown with a
/// witness that was executed, is proven not to happen, or is listed as possible.
public struct Difference: Sendable {
  /// A region of inputs in which the answer changes.
  public struct Change: Sendable {
    /// Leaf numbers in the old and the new program.
    public var oldLeaf: Int
    public var newLeaf: Int
    /// What is different.
    public var aspects: Set<Aspect>
    /// Where, over the joint slots.
    public var region: Region
    /// Values of the joint inputs that get both leaves; nil when the change is only possible.
    public var witness: [Value]?
    /// How many more regions lead from the one leaf to the other.
    public var furtherRegions = 0
  }

  /// What of an answer can be different.
  public enum Aspect: String, CaseIterable, Sendable {
    /// The outcome's name or its adverse flag.
    case outcome
    case outputs
    case reasons
    case leaf
  }

  /// Both programs over one input space.
  public let joint: JointProgram
  /// The changes, the adverse ones and changed outcomes first.
  public private(set) var changes: [Change] = []
  /// How many more pairs of leaves change, beyond those listed.
  public private(set) var unlisted = 0
  /// Leaf IDs that only the new, and only the old program has.
  public let addedLeaves: [String]
  public let retiredLeaves: [String]

  /// The most changes that are listed.
  public static let limit = 10_000

  /// Compares `old` with `new`. Throws when an input has another type in each, so that no row is
  /// accepted by both.
  ///
  /// - Parameter searchBudget: how many boxes the search for one witness may look at.
  public init(
    _ old: Program, _ new: Program, searchBudget: Int = 400
  ) throws(JointProgram.Incompatible) {
    joint = try JointProgram([old, new])
    let oldIDs = Set(old.leaves.map(\.id))
    let newIDs = Set(new.leaves.map(\.id))
    addedLeaves = new.leaves.map(\.id).filter { !oldIDs.contains($0) }
    retiredLeaves = old.leaves.map(\.id).filter { !newIDs.contains($0) }
    if !joint.isEmpty { compare(searchBudget) }
  }

  /// True when it is proven that every row that both accept gets the same answer.
  public var isEquivalent: Bool { changes.isEmpty }

  /// True when some row gets another outcome, or that could not be ruled out.
  public var changesOutcomes: Bool { changes.contains { $0.aspects.contains(.outcome) } }

  private struct Pair: Hashable {
    var old: Int
    var new: Int
  }

  private mutating func compare(_ budget: Int) {
    let contents = joint.leafContents
    var search = WitnessSearch(joint.program)
    search.budget = budget
    var outputs = OutputSearch(joint, budget: budget)
    var found: [Pair: Change] = [:]
    var unlisted = 0
    let subtrees = SubtreeIdentity(joint)
    var walk = PairWalk(joint.program) {
      !subtrees.areSame($0, $1)
    } visit: {
      [joint] first, second, region in
      let aspects = contents[first].aspects(thatDifferFrom: contents[second])
      if aspects.isEmpty { return true }
      let pair = Pair(old: first, new: second)
      if found[pair]?.witness != nil {
        found[pair]?.furtherRegions += 1
        return true
      }
      let verdict =
        aspects == [.outputs]
        ? outputs.search(
          region, contents[first].outputs, contents[second].outputs, plain: search)
        : search.search(region)
      if verdict == .none { return true }
      if found[pair] == nil, found.count >= Self.limit {
        unlisted += 1
        return true
      }
      var change = Change(
        oldLeaf: first, newLeaf: second - joint.sides[1].firstLeaf, aspects: aspects,
        region: region)
      if case .found(let point) = verdict { change.witness = point }
      // A region with a witness says more than one without.
      change.furtherRegions = found[pair].map { $0.furtherRegions + 1 } ?? 0
      if found[pair] != nil, change.witness == nil {
        found[pair]?.furtherRegions += 1
      } else {
        found[pair] = change
      }
      return true
    }
    var whole = search.analysis.whole
    walk.walk(joint.sides[0].root, joint.sides[1].root, &whole)
    self.unlisted = unlisted
    changes = found.values.sorted { precedes($0, $1) }
  }

  private func precedes(_ a: Change, _ b: Change) -> Bool {
    let ranks = [a, b].map { change in
      (rank(of: change), change.witness == nil ? 1 : 0, change.oldLeaf, change.newLeaf)
    }
    return ranks[0] < ranks[1]
  }

  /// Changes to an adverse outcome first, then from one, then other outcomes, then the rest.
  private func rank(of change: Change) -> Int {
    guard change.aspects.contains(.outcome) else {
      return change.aspects.contains(.outputs) ? 3 : change.aspects.contains(.reasons) ? 4 : 5
    }
    let isAdverse = joint.parts[1].outcome(ofLeaf: change.newLeaf).isAdverse
    let wasAdverse = joint.parts[0].outcome(ofLeaf: change.oldLeaf).isAdverse
    return isAdverse ? 0 : wasAdverse ? 1 : 2
  }
}

extension LeafContent {
  /// In what this leaf and `other` are not the same.
  func aspects(thatDifferFrom other: LeafContent) -> Set<Difference.Aspect> {
    var aspects: Set<Difference.Aspect> = []
    if outcome != other.outcome || isAdverse != other.isAdverse { aspects.insert(.outcome) }
    if outputs != other.outputs { aspects.insert(.outputs) }
    if reasons != other.reasons { aspects.insert(.reasons) }
    if id != other.id { aspects.insert(.leaf) }
    return aspects
  }
}
