public import RuleProgram

/// The smallest change of a row that gives it another outcome.
public struct Counterfactual: Hashable, Sendable {
  /// The values that change, in the order of the row.
  public var changes: [Change]
  /// Where the changed row ends: it was executed.
  public var end: RuleChain.End
  /// The sum of the changes' costs.
  public var cost: Double

  /// One value's change.
  public struct Change: Hashable, Sendable {
    /// The value's number in the row: for a chain of one program, the input's number.
    public var input: Int
    public var from: Value
    public var to: Value
  }
}

/// What may change, and how dear it is.
public struct Actionability: Hashable, Sendable {
  /// Which ways a value may go. Texts have no order, so that one which may go one way only can't be
  /// changed; of booleans, true is above false.
  public enum Direction: UInt8, Hashable, Sendable {
    case either = 0
    case increaseOnly = 1
    case decreaseOnly = 2
    /// It can't be changed.
    case fixed = 3
  }

  public var direction: Direction
  /// The least amount by which a number, date, time or duration moves, in the unit of its measure; nil for
  /// the finest that the rules tell apart.
  public var step: Decimal128?
  /// How much a change over the input's whole range costs.
  public var weight: Double

  /// A value that may go `direction`.
  public init(
    _ direction: Direction = .either, step: Decimal128? = nil, weight: Double = 1
  ) {
    self.direction = direction
    self.step = step
    self.weight = weight
  }
}

/// What a search for counterfactuals came to.
public enum CounterfactualAnswer: Hashable, Sendable {
  /// Changes, the best first: fewest values, then least cost; no two change the same values, and none
  /// changes more values than it must. When the budget ran out they may not be the smallest.
  case found([Counterfactual], areSmallest: Bool)
  /// Proven: no change of the values that may change gives such an outcome.
  case none
  /// Neither found nor ruled out within the budget.
  case undecided
}
