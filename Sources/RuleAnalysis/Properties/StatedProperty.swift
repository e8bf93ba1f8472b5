/// A property as a rule set states it, and what became of its proof: for people.
public struct StatedProperty: Hashable, Sendable {
  /// What is promised, by the names of the source.
  public enum Promise: Hashable, Sendable {
    /// See ``Property/monotone(input:isIncreasing:outcomes:)``.
    case monotone(input: String, isIncreasing: Bool, outcomes: [String])
    /// See ``Property/independent(input:outcome:)``.
    case independent(input: String, outcome: String?)
    /// See ``Property/never(_:outcome:)``; the condition is FEEL text.
    case never(when: String, outcome: String)
    /// See ``Property/always(_:outcome:)``; the condition is FEEL text.
    case always(when: String, outcome: String)
  }

  /// What is promised.
  public var promise: Promise
  /// The line of the source, from 1.
  public var line: Int
  /// Proven for every row; false where it was neither proven nor broken.
  public var isProven: Bool

  /// A property on `line`.
  public init(_ promise: Promise, line: Int, isProven: Bool) {
    self.promise = promise
    self.line = line
    self.isProven = isProven
  }
}
