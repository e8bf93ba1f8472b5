public import RuleProgram

extension Explanation {
  /// The smallest changes of a case's inputs that would have given it another outcome.
  public struct Counterfactuals: Sendable, Equatable {
    /// The outcomes that were looked for, and what is known of each.
    public var targets: [Target]
    /// The changes, the smallest first: by the number of inputs, then by distance or cost. Each was
    /// executed by the whole pipeline.
    public var found: [Counterfactual]
    /// The inputs that the rules look at but that were taken as given.
    public var given: [Given]

    /// Counterfactuals from their parts.
    public init(targets: [Target], found: [Counterfactual], given: [Given] = []) {
      self.targets = targets
      self.found = found
      self.given = given
    }
  }

  /// An outcome that was looked for.
  public struct Target: Sendable, Equatable {
    /// The outcome.
    public var outcome: String
    /// How people read it.
    public var label: String?
    /// What is known.
    public var answer: Answer

    /// A target from its parts.
    public init(outcome: String, label: String? = nil, answer: Answer) {
      self.outcome = outcome
      self.label = label
      self.answer = answer
    }

    /// What a search for an outcome came to.
    public enum Answer: String, Sendable {
      /// Changes were found, and it is proven that none is smaller.
      case smallest
      /// Changes were found; the search reached its limit, so that smaller ones may exist.
      case found
      /// It is proven that no change of what may change gives the outcome.
      case none
      /// The search reached its limit and found nothing.
      case undecided
    }
  }

  /// A change of the inputs that would have given another outcome.
  public struct Counterfactual: Sendable, Equatable {
    /// What would have had to be different.
    public var changes: [Change]
    /// The outcome then.
    public var outcome: String
    /// How people read that outcome.
    public var outcomeLabel: String?
    /// The leaf that gives it.
    public var leaf: String

    /// A counterfactual from its parts.
    public init(
      changes: [Change], outcome: String, outcomeLabel: String? = nil, leaf: String = ""
    ) {
      self.changes = changes
      self.outcome = outcome
      self.outcomeLabel = outcomeLabel
      self.leaf = leaf
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

  /// An input that was taken as given.
  public struct Given: Sendable, Equatable {
    /// The name in the rule set.
    public var name: String
    /// How people read the name.
    public var label: String?
    /// Why.
    public var why: Why

    /// An input from its parts.
    public init(name: String, label: String? = nil, why: Why) {
      self.name = name
      self.label = label
      self.why = why
    }

    /// Why an input was taken as given.
    public enum Why: String, Sendable, CaseIterable {
      /// The rule set protects it.
      case protected
      /// It is a model's score.
      case score
      /// It was drawn at random.
      case random
      /// It assigns the case to an arm of the experiment.
      case assignment
      /// The rule set says that it can't be changed.
      case immutable
      /// Rule sets of the pipeline read it as different types.
      case unlike
    }
  }
}

/// What to look for when it is asked what would have changed an outcome.
public struct CounterfactualQuery: Sendable, Equatable {
  /// The outcome that is wanted; nil for every outcome that isn't adverse.
  public var outcome: String?
  /// How many changes are shown at most, from 1 to ``countLimit``.
  public var count: Int

  /// The most changes that can be asked for.
  public static let countLimit = 20

  /// Looks for `outcome`, or for all that aren't adverse, and shows up to `count` changes.
  public init(outcome: String? = nil, count: Int = 3) {
    self.outcome = outcome
    self.count = min(max(count, 1), Self.countLimit)
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
