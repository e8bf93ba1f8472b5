public import RuleProgram

/// Cases that show where a rule set decides: each leaf, each side of each cut, each declared value, each
/// missing value, and for conditions of several parts pairs of cases that differ in one part alone
/// (unique-cause MC/DC).
public struct BoundarySuite: Sendable {
  /// The cases, in the order of their leaves. Each was executed.
  public var cases: [Case]
  /// What no case was found for, in the order of the tree.
  public var open: [OpenGoal]
  /// How many goals there are: leaves, sides of cuts, values, parts of conditions.
  public var goals: Int
  /// How many of them a case that was there before meets.
  public var goalsMetBefore: Int

  /// Inputs, what they reach, and what that shows.
  public struct Case: Hashable, Sendable {
    /// `APPROVE: debt_ratio on the threshold 0.4`; no two cases share a name.
    public var name: String
    /// One value for each input of the program.
    public var inputs: [Value]
    /// The leaf that the evaluator gives.
    public var leaf: Int
  }

  /// Something that no case shows.
  public struct OpenGoal: Hashable, Sendable {
    /// The split or the leaf.
    public var site: Site
    /// What was looked for: `debt_ratio on the threshold 0.4`.
    public var text: String
    /// True when it is proven that there is no such case, false when none was found.
    public var isImpossible: Bool
  }

  /// A place in the tree.
  public enum Site: Hashable, Sendable {
    /// The split of a node.
    case split(Int)
    case leaf(Int)
  }

  init(cases: [Case], open: [OpenGoal], goals: Int, goalsMetBefore: Int) {
    self.cases = cases
    self.open = open
    self.goals = goals
    self.goalsMetBefore = goalsMetBefore
  }

  /// The cases for `program`.
  ///
  /// - Parameters:
  ///   - wording: the words for the program's splits.
  ///   - existing: rows that are tested already; what they show is left out.
  ///   - budget: how many parts of the input space one search may look at.
  public init(
    _ program: VerifiedProgram, _ wording: Wording, besides existing: [[Value]] = [],
    budget: Int = 400
  ) {
    var generator = BoundaryGenerator(program, wording, budget: budget)
    for row in existing { generator.addExisting(row) }
    self = generator.suite()
  }
}
