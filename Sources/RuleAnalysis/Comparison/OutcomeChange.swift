public import RuleProgram

/// Whether any row gets another outcome from a new version of a rule set: the first such row that is
/// found, within bounds that keep the answer quick also for large versions.
public enum OutcomeChange: Sendable {
  /// Proven: every row that both versions accept gets the same outcome.
  case none
  /// This row, which was executed, gets these leaves; the row as a person can read it.
  case found(row: String, oldLeaf: Int, newLeaf: Int)
  /// No row was found, and none was ruled out: from these leaves, where it may be.
  case open(oldLeaf: Int, newLeaf: Int)
  /// The versions are too different for the bounds.
  case tooLarge

  /// How much is looked at.
  public struct Bounds: Sendable {
    /// Pairs of subtrees.
    public var pairs: Int
    /// Pairs of leaves with different outcomes that rows are searched for.
    public var searches: Int
    /// Boxes that one search looks at.
    public var boxes: Int

    /// Bounds; by default those of a check that takes about a second at most.
    public init(pairs: Int = 1_000_000, searches: Int = 500, boxes: Int = 400) {
      self.pairs = pairs
      self.searches = searches
      self.boxes = boxes
    }
  }

  /// Looks for a row that `old` and `new` give different outcomes. Throws when an input has another
  /// type in each, so that no row is accepted by both.
  public static func first(
    from old: Program, to new: Program, within bounds: Bounds = Bounds()
  ) throws(JointProgram.Incompatible) -> OutcomeChange {
    let joint = try JointProgram([old, new])
    return joint.isEmpty ? .none : first(joint, bounds)
  }

  /// What of a leaf is an outcome.
  private struct Outcome: Hashable {
    var name: String
    var isAdverse: Bool
  }

  private static func first(_ joint: JointProgram, _ bounds: Bounds) -> OutcomeChange {
    let outcomes = joint.leafContents.map { Outcome(name: $0.outcome, isAdverse: $0.isAdverse) }
    let subtrees = SubtreeIdentity(joint, leaves: outcomes)
    var search = WitnessSearch(joint.program)
    search.budget = bounds.boxes
    var pairs = 0
    var searches = 0
    var result = OutcomeChange.none
    var walk = PairWalk(joint.program) { first, second in
      pairs += 1
      return pairs <= bounds.pairs && !subtrees.areSame(first, second)
    } visit: { first, second, region in
      if outcomes[first] == outcomes[second] { return true }
      searches += 1
      if searches > bounds.searches { return false }
      let newLeaf = second - joint.sides[1].firstLeaf
      switch search.search(region) {
      case .none: return true
      case .undecided:
        if case .none = result { result = .open(oldLeaf: first, newLeaf: newLeaf) }
        return true
      case .found(let point):
        result = .found(row: joint.program.row(point), oldLeaf: first, newLeaf: newLeaf)
        return false
      }
    }
    var whole = search.analysis.whole
    walk.walk(joint.sides[0].root, joint.sides[1].root, &whole)
    if case .none = result, pairs > bounds.pairs || searches > bounds.searches { return .tooLarge }
    return result
  }
}
