public import RuleProgram

/// Something that a rule set promises about itself, for every row.
public enum Property: Hashable, Sendable {
  /// When only the input changes, upwards if `isIncreasing`, the outcome never moves towards the
  /// front of `outcomes`, which are ranked from the worst to the best.
  case monotone(input: Int, isIncreasing: Bool, outcomes: [Int])
  /// The outcome (or whether it is one certain outcome) is the same whatever the input is.
  case independent(input: Int, outcome: Int?)
  /// No row for which the condition is true gets the outcome.
  case never(Condition, outcome: Int)
  /// Every row for which the condition is true gets the outcome.
  case always(Condition, outcome: Int)

  /// A boolean expression over the program's inputs, with tables of its own.
  public struct Condition: Hashable, Sendable {
    /// The code; its constants and patterns are numbered among `constants` and `patterns`.
    public var code: Code
    public var constants: [Value]
    public var patterns: [Program.Pattern]

    /// The condition `code`, which reads inputs, but no derived values.
    public init(code: Code, constants: [Value], patterns: [Program.Pattern]) {
      self.code = code
      self.constants = constants
      self.patterns = patterns
    }
  }
}

/// What was found out about a property.
public enum PropertyVerdict: Hashable, Sendable {
  /// It holds: proven for every row.
  case holds
  /// It doesn't: these rows show it.
  case broken([Witness])
  /// Neither was shown. The leaves (or pairs of leaves) for which it stayed open.
  case undecided(leaves: [[Int]])

  /// A row that was executed.
  public struct Witness: Hashable, Sendable {
    /// A value of each input.
    public var inputs: [Value]
    /// The leaf that the row gets.
    public var leaf: Int
  }
}
