/// Which component gives the principal reasons of an adverse outcome: the rules, the model's key
/// factors, or both (Regulation B, comment 9(b)(2)-7).
public struct ReasonPolicy: Hashable, Sendable {
  /// What gives the reasons where no band says otherwise.
  public var source: Source
  /// Whether it is stated that the component which the subject failed gives the reasons.
  public var isByComponent: Bool
  /// The most reasons that are given.
  public var maximum: Int
  /// Which of the model's factors count against the subject.
  public var factors: Factors
  /// The first band that an outcome falls into decides.
  public var bands: [Band]

  /// The most reasons unless a pipeline says otherwise: comment 9(b)(2)-1.
  public static let usualMaximum = 4
  /// The most reasons that a pipeline may ask for.
  public static let greatestMaximum = 16

  /// A policy; by default the rules give up to four reasons.
  public init(
    source: Source = .rules, isByComponent: Bool = false, maximum: Int = usualMaximum,
    factors: Factors = .asGiven, bands: [Band] = []
  ) {
    self.source = source
    self.isByComponent = isByComponent
    self.maximum = maximum
    self.factors = factors
    self.bands = bands
  }

  /// The policy's name in XML and in records: `rules`, `factors`, `both` or `component`.
  public var name: String { isByComponent ? "component" : source.name }

  /// What gives reasons.
  public enum Source: UInt8, Hashable, Sendable, CaseIterable {
    case rules = 1
    case factors = 2
    case both = 3

    /// The word for it in XML and in records.
    public var name: String { "\(self)" }
  }

  /// Which factors of a model count against the subject, and in which order.
  public enum Factors: UInt8, Hashable, Sendable, CaseIterable {
    /// All, in the order given.
    case asGiven = 1
    /// Those with a contribution below zero, the greatest magnitude first.
    case negative = 2
    /// Those with a contribution above zero, the greatest first.
    case positive = 3

    /// The word for it in XML: `as-given`, `negative`, `positive`.
    public var name: String { self == .asGiven ? "as-given" : "\(self)" }
  }

  /// A band of outcomes that takes its reasons from `give`. All that it states must hold.
  public struct Band: Hashable, Sendable {
    public var give: Source
    /// Names of outcomes; empty for any.
    public var outcomes: [String]
    /// Leaf IDs; empty for any.
    public var leaves: [String]
    /// A range of a score; nil for any.
    public var score: ScoreRange?

    /// A band that takes its reasons from `give`.
    public init(
      give: Source, outcomes: [String] = [], leaves: [String] = [], score: ScoreRange? = nil
    ) {
      self.give = give
      self.outcomes = outcomes
      self.leaves = leaves
      self.score = score
    }
  }

  /// A range of a score: from `from` (included) to below `below`.
  public struct ScoreRange: Hashable, Sendable {
    /// The name that the score goes into.
    public var into: String
    public var from: Decimal128?
    public var below: Decimal128?

    /// The range of the score `into`.
    public init(into: String, from: Decimal128?, below: Decimal128?) {
      self.into = into
      self.from = from
      self.below = below
    }

    /// Whether the range holds `score`.
    public func contains(_ score: Decimal128) -> Bool {
      (from.map { score >= $0 } ?? true) && (below.map { score < $0 } ?? true)
    }
  }
}
