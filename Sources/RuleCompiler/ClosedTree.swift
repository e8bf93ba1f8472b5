import RuleAnalysis
import RuleProgram
import RuleSyntax

/// A tree whose splits are not proven to be disjoint and complete, made so: what no case takes, or more
/// than one, leads to a leaf of its own. So rows that show an error can be tried.
struct ClosedTree {
  private let source: SourceText
  /// For each leaf that was added, by its ID, why a row that comes there has no answer.
  private(set) var faults: [String: String] = [:]

  init(_ source: SourceText) { self.source = source }

  /// The errors that leave a tree whose other rows have their answer.
  static let mendable: Set<DiagnosticID> = [
    .gap, .overlappingCases, .unreachable, .missingNotHandled,
  ]

  /// The closed form of `node`.
  mutating func close(_ node: CheckedNode) -> CheckedNode {
    guard case .split(var split) = node, let template = Self.leaf(of: node) else { return node }
    let reachable = split.reachable
    let (covered, doubled) = Self.coverage(split)
    var branches: [CheckedBranch] = []
    for var branch in split.branches {
      branch.keys = branch.keys.subtracting(doubled)
      if branch.keys.intersection(reachable).isEmpty { continue }
      branch.child = close(branch.child)
      branches.append(branch)
    }
    let on = split.draft.syntax.on
    let place = "`\(on.text)` in line \(source.location(of: on.span.lower).line)"
    let holes = [
      (doubled, "more than one case matches \(place)"),
      (reachable.present.subtracting(covered), "no case matches \(place)"),
      (
        KeySet(includesMissing: reachable.includesMissing && !covered.includesMissing),
        "there is no <missing> for \(place)"
      ),
    ]
    for (keys, why) in holes where !keys.intersection(reachable).isEmpty {
      branches.append(
        CheckedBranch(
          kind: keys.includesMissing ? .missing : .otherwise, tests: "", span: on.span, keys: keys,
          child: .leaf(leaf(why, like: template))))
    }
    if branches.count == 1, branches[0].kind == .missing { return branches[0].child }
    split.branches = branches
    return .split(split)
  }

  private mutating func leaf(_ why: String, like template: DraftLeaf) -> DraftLeaf {
    var leaf = template
    // No leaf of a rule set has such an ID.
    leaf.syntax.id.value = "#\(faults.count)"
    leaf.reasons = []
    leaf.sets = []
    faults[leaf.syntax.id.value] = why
    return leaf
  }

  /// The keys that some branch takes, and those that more than one takes.
  private static func coverage(_ split: CheckedSplit) -> (covered: KeySet, doubled: KeySet) {
    let ranges = split.branches.flatMap(\.keys.ranges).sorted { $0.lowerBound < $1.lowerBound }
    var doubled: [ClosedRange<Int64>] = []
    var reached: Int64?
    for range in ranges {
      if let reached, range.lowerBound <= reached {
        doubled.append(range.lowerBound...min(reached, range.upperBound))
      }
      reached = max(reached ?? range.upperBound, range.upperBound)
    }
    let hasMissing = split.branches.contains { $0.keys.includesMissing }
    return (KeySet(ranges, includesMissing: hasMissing), KeySet(doubled))
  }

  private static func leaf(of node: CheckedNode) -> DraftLeaf? {
    var node = node
    while case .split(let split) = node {
      guard let first = split.branches.first?.child else { return nil }
      node = first
    }
    guard case .leaf(let leaf) = node else { return nil }
    return leaf
  }
}
