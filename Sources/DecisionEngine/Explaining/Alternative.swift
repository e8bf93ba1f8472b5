public import RuleProgram

extension Explanation {
  /// A change of the inputs that would have given another outcome.
  public struct Alternative: Sendable, Equatable {
    /// What would have had to be different.
    public var changes: [Change]
    /// The outcome then.
    public var outcome: String
    /// How people read that outcome.
    public var outcomeLabel: String?

    /// An alternative from its parts.
    public init(changes: [Change], outcome: String, outcomeLabel: String? = nil) {
      self.changes = changes
      self.outcome = outcome
      self.outcomeLabel = outcomeLabel
    }
  }

  /// One input that would have had to be different.
  public struct Change: Sendable, Equatable {
    /// The input and its value as it was.
    public var from: ValueNote
    /// The value that it would have had to have.
    public var to: ValueNote

    /// The change from one value to another.
    public init(from: ValueNote, to: ValueNote) {
      self.from = from
      self.to = to
    }
  }
}

extension Explanation.ValueNote {
  /// A named value; `value` is its text, nil when it is missing.
  public init(
    name: String, label: String?, value: String?, valueLabel: String?, unit: String?,
    type: ValueType?
  ) {
    self.name = name
    self.label = label
    self.value = value
    self.valueLabel = valueLabel
    self.unit = unit
    self.type = type
  }
}
