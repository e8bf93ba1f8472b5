public import RuleProgram

/// The parts of a version number (SemVer 2.0) that a change calls for.
public enum VersionStep: Int, Comparable, Sendable {
  /// Nothing that a caller sees in an outcome changes.
  case patch
  /// Some rows get another outcome.
  case minor
  /// Inputs or outcomes are others.
  case major

  public static func < (left: VersionStep, right: VersionStep) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The step that leads from `old` to `new` calls for at least.
  ///
  /// - Parameter difference: the comparison of both; nil when no row is accepted by both.
  public static func needed(
    from old: Program, to new: Program, _ difference: Difference?
  ) -> VersionStep {
    if !InterfaceDifference.all(old, new).isEmpty { return .major }
    guard let difference else { return .major }
    return difference.changesOutcomes ? .minor : .patch
  }

  /// The step from version `old` to the higher `new`.
  ///
  /// While the major version is 0 anything may change (SemVer 4), so there a minor step counts as a
  /// major one.
  public static func taken(from old: SemanticVersion, to new: SemanticVersion) -> VersionStep {
    if new.major != old.major { return .major }
    if new.minor != old.minor { return new.major == 0 ? .major : .minor }
    return .patch
  }
}

/// A version number after Semantic Versioning 2.0.0, for comparison.
public struct SemanticVersion: Sendable, Hashable, Comparable {
  /// The first number.
  public let major: UInt64
  /// The second number.
  public let minor: UInt64
  /// The third number.
  public let patch: UInt64
  /// What stands behind the hyphen, cut at its dots; empty for a version proper.
  public let preRelease: [String]

  /// Whether it is announced as not being final.
  public var isPreRelease: Bool { !preRelease.isEmpty }

  /// The version that `text` names; nil when it isn't one. Build metadata is passed over, as it has
  /// no part in the order (SemVer 10).
  public init?(_ text: String) {
    let core = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let parts = core.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let values = numbers.compactMap { Self.number($0) }
    guard numbers.count == 3, values.count == 3 else { return nil }
    (major, minor, patch) = (values[0], values[1], values[2])
    guard parts.count == 2 else {
      preRelease = []
      return
    }
    preRelease = parts[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard preRelease.allSatisfy(Self.isIdentifier) else { return nil }
  }

  private static func number(_ text: some StringProtocol) -> UInt64? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.utf8.count > 1 && text.utf8.first == 0x30 ? nil : UInt64(text)
  }

  private static func isIdentifier(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || byte == 0x2D
      }
  }

  /// Precedence (SemVer 11): a pre-release comes before its version; its identifiers are compared
  /// as numbers where they are, and numbers come before words.
  public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
    let numbers = ([left.major, left.minor, left.patch], [right.major, right.minor, right.patch])
    if numbers.0 != numbers.1 { return numbers.0.lexicographicallyPrecedes(numbers.1) }
    if left.isPreRelease != right.isPreRelease { return left.isPreRelease }
    for (first, second) in zip(left.preRelease, right.preRelease) where first != second {
      switch (number(first), number(second)) {
      case (let first?, let second?): return first < second
      case (.some, nil): return true
      case (nil, .some): return false
      case (nil, nil): return first.utf8.lexicographicallyPrecedes(second.utf8)
      }
    }
    return left.preRelease.count < right.preRelease.count
  }
}
