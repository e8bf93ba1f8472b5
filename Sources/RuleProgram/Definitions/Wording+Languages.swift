extension Wording {
  /// A text in another language than the rule set's own.
  public struct Translation: Hashable, Sendable {
    /// A BCP 47 tag, such as `de` or `fr-CH`, in lower case.
    public var language: String
    public var text: String

    /// `text` in `language`.
    public init(language: String, text: String) {
      self.language = language
      self.text = text
    }
  }

  /// How an input may be proposed to change, when it is asked what would have changed an outcome.
  public struct Change: Hashable, Sendable {
    /// The ways that it may go.
    public var direction: Direction
    /// The least amount by which it moves, in the unit of its measure; nil when nothing is said.
    public var step: Decimal128?
    /// How dear a change is beside those of other inputs; nil when nothing is said.
    public var cost: Decimal128?

    /// A change that may go `direction`.
    public init(direction: Direction, step: Decimal128? = nil, cost: Decimal128? = nil) {
      self.direction = direction
      self.step = step
      self.cost = cost
    }

    /// The ways that an input may go.
    public enum Direction: UInt8, Hashable, Sendable, CaseIterable {
      case either = 0
      case increaseOnly = 1
      case decreaseOnly = 2
      /// It can't be changed.
      case fixed = 3
    }
  }

  /// The languages that the wording carries, its own first, the others in the order of their tags.
  public var languages: [String] {
    var found = Set(titles.map(\.language))
    for term in inputs + derived + outcomes + outputs + reasons {
      found.formUnion(term.labels.map(\.language))
      for value in term.values { found.formUnion(value.labels.map(\.language)) }
    }
    for node in nodes { found.formUnion(node.labels.map(\.language)) }
    found.remove(language)
    return [language] + found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

extension [Wording.Translation] {
  /// The text for readers of `language`: in that language, or else in the nearest more general one
  /// (`de` for `de-AT`); nil when there is none.
  public func text(in language: String) -> String? {
    var tag = language.lowercased()[...]
    while true {
      if let found = first(where: { $0.language == tag }) { return found.text }
      guard let dash = tag.lastIndex(of: "-") else { return nil }
      tag = tag[..<dash]
    }
  }
}
