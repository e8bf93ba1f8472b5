import DecisionEngine
import RuleAnalysis
import RuleProgram

/// The semantic difference of two rule sets and, where a ledger was named, what becomes of its
/// decisions.
@dynamicMemberLookup
struct DifferenceReport {
  typealias Version = RuleSetDifference.Version

  /// The two versions compared.
  let rules: RuleSetDifference
  /// What becomes of past decisions; nil when no ledger was named.
  let past: BacktestReport?

  /// Compares two versions.
  init(_ old: Version, _ new: Version, _ past: BacktestReport? = nil) {
    rules = RuleSetDifference(old, new)
    self.past = past
  }

  /// What the comparison of the rules says.
  subscript<Member>(dynamicMember member: KeyPath<RuleSetDifference, Member>) -> Member {
    rules[keyPath: member]
  }
}
