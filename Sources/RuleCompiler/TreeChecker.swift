import RuleAnalysis
import RuleProgram
import RuleSyntax

/// A split whose branches have been turned into keys.
indirect enum CheckedNode {
  case split(CheckedSplit)
  case leaf(DraftLeaf)
}

struct CheckedSplit {
  var draft: DraftSplit
  /// Branches in the order of the source: cases, otherwise, missing.
  var branches: [CheckedBranch]
  /// What can reach the split, as far as inputs and earlier splits on the same slot say: the
  /// geometry that the program is made of, which does not depend on how clever the analysis is.
  var reachable: KeySet
}

struct CheckedBranch {
  var kind: Wording.Branch.Kind
  var tests: String
  var span: SourceSpan
  var keys: KeySet
  var child: CheckedNode
}

/// Proves that the cases of each split are disjoint and, together with `otherwise`, complete over
/// what can reach them; that each branch can be reached; that missing values are handled; and that
/// no protected input is looked at without a justification. What fails is shown with a row.
///
/// Where only inputs decide, the geometry of keys is exact. Where derived values do, enclosures say what
/// is impossible, and a search looks for a row or proves that there is none; what stays open is said to
/// be possible.
struct TreeChecker {
  let draft: Draft
  let declarations: Declarations
  let program: Program
  var analysis: RegionAnalysis { search.analysis }
  /// What can reach the place that is looked at.
  var region: Region
  var search: WitnessSearch
  /// How much searching is left: the most that a tree may cost.
  var effort = 100_000
  var diagnostics: [Diagnostic] = []
  var rare = LimitedFindings()

  init(draft: Draft, declarations: Declarations) {
    self.draft = draft
    self.declarations = declarations
    program = draft.program
    search = WitnessSearch(program)
    region = search.analysis.whole
  }

  /// Checks the whole tree.
  mutating func check(_ root: DraftNode) -> CheckedNode {
    let checked = check(root, Reach())
    diagnostics += rare.diagnostics
    return checked
  }

  private mutating func check(_ node: DraftNode, _ reach: Reach) -> CheckedNode {
    switch node {
    case .leaf(let leaf):
      checkReasons(leaf, path: reach.path)
      return .leaf(leaf)
    case .split(let split): return .split(check(split, reach))
    }
  }

  private mutating func check(_ split: DraftSplit, _ reach: Reach) -> CheckedSplit {
    checkProtected(split)
    let saved = region.keys[split.slot]
    let possible = reach.isDead ? .empty : analysis.possibleKeys(split.slot, in: region)
    let keys = branchKeys(split, possible)
    if !possible.isEmpty { report(split, possible, keys, reach) }
    var checked = CheckedSplit(draft: split, branches: [], reachable: saved)
    for (item, itemKeys) in zip(split.cases, keys.cases) {
      let branch = Branch(split, .case, itemKeys, item.syntax.tests.span)
      checked.branches.append(
        CheckedBranch(
          kind: .case, tests: item.syntax.tests.text, span: item.syntax.span, keys: itemKeys,
          child: check(item.child, below: branch, possible, reach)))
    }
    let others = [
      (Wording.Branch.Kind.otherwise, split.otherwise, split.syntax.otherwise, keys.otherwise),
      (.missing, split.missing, split.syntax.missing, KeySet(includesMissing: true)),
    ]
    for (kind, child, syntax, branchKeys) in others {
      guard let child, let syntax else { continue }
      let branch = Branch(split, kind, branchKeys, syntax.span)
      checked.branches.append(
        CheckedBranch(
          kind: kind, tests: "", span: syntax.span, keys: branchKeys,
          child: check(child, below: branch, possible, reach)))
    }
    region.keys[split.slot] = saved
    return checked
  }

  private mutating func check(
    _ child: DraftNode, below branch: Branch, _ possible: KeySet, _ reach: Reach
  ) -> CheckedNode {
    let saved = region.keys[branch.split.slot]
    defer { region.keys[branch.split.slot] = saved }
    let inner = enter(branch, possible, reach)
    region.keys[branch.split.slot] = branch.keys.intersection(saved)
    return check(child, inner)
  }

  struct BranchKeys {
    var cases: [KeySet]
    var otherwise: KeySet
  }

  /// The keys of each branch, over all keys of the slot: `otherwise` takes what no case does.
  private func branchKeys(_ split: DraftSplit, _ possible: KeySet) -> BranchKeys {
    let slot = program.slots[split.slot]
    var declared: [String] = []
    if case .input(let index) = slot.source { declared = program.inputs[index].values }
    let all = slot.encoding.keys(declaredValues: declared.count)
    let cases = split.cases.map { $0.tests.keys(slot, declared: declared, all: all) }
    let covered = KeySet(cases.flatMap(\.ranges))
    return BranchKeys(cases: cases, otherwise: KeySet([all]).subtracting(covered))
  }
}

/// What is wrong with one split.
extension TreeChecker {
  private mutating func report(
    _ split: DraftSplit, _ possible: KeySet, _ keys: BranchKeys, _ reach: Reach
  ) {
    reportOverlaps(split, possible, keys, reach)
    let slot = program.slots[split.slot]
    for (item, itemKeys) in zip(split.cases, keys.cases)
    where itemKeys.intersection(possible).isEmpty {
      reportUnreachable("this case", item.syntax.tests.span, slot, possible)
    }
    let rest = keys.otherwise.intersection(possible)
    if let otherwise = split.syntax.otherwise, rest.isEmpty {
      reportUnreachable("<otherwise>", otherwise.span, slot, possible)
    }
    if split.otherwise == nil, !rest.isEmpty { reportGap(split, rest, reach) }
    reportMissing(split, possible, reach)
    reportSettled(split, possible, keys)
  }

  /// How the split's subject is named in messages.
  func subject(_ split: DraftSplit) -> String { "`\(split.syntax.on.text)`" }

  /// The most overlaps that are reported of one split.
  private static var overlapLimit: Int { 20 }

  /// Sweeps over all ranges in ascending order; each overlap is reported once for a pair of cases.
  private mutating func reportOverlaps(
    _ split: DraftSplit, _ possible: KeySet, _ keys: BranchKeys, _ reach: Reach
  ) {
    var ranges: [(range: ClosedRange<Int64>, index: Int)] = []
    for (index, set) in keys.cases.enumerated() {
      ranges += set.intersection(possible).ranges.map { ($0, index) }
    }
    ranges.sort { ($0.range.lowerBound, $0.index) < ($1.range.lowerBound, $1.index) }
    var seen: Set<[Int]> = []
    var open: [(range: ClosedRange<Int64>, index: Int)] = []
    for (range, index) in ranges {
      open.removeAll { $0.range.upperBound < range.lowerBound }
      for other in open where other.index != index {
        let pair = [min(other.index, index), max(other.index, index)]
        guard seen.insert(pair).inserted else { continue }
        // All that both take: one part of it may be possible where another is not.
        let common = keys.cases[pair[0]].intersection(keys.cases[pair[1]]).intersection(possible)
        reportOverlap(split, pair[0], pair[1], common, reach)
        if seen.count == Self.overlapLimit { return }
      }
      open.append((range, index))
    }
  }

  private mutating func reportOverlap(
    _ split: DraftSplit, _ first: Int, _ second: Int, _ common: KeySet, _ reach: Reach
  ) {
    let sight = sight(of: split, common, reach)
    if sight == .excluded { return }
    let a = split.cases[first].syntax.tests
    let b = split.cases[second].syntax.tests
    diagnostics.append(
      Diagnostic(
        .overlappingCases,
        possibly(sight, "overlap")
          + "\(value(of: split, common, sight)) matches both `\(a.text)` and `\(b.text)`",
        at: b.span, notes: [Diagnostic.Note("the other case is here", a.span)],
        help: "make the cases disjoint: the order of cases never matters" + openHelp(sight),
        row: row(sight)))
  }

  private mutating func reportGap(_ split: DraftSplit, _ rest: KeySet, _ reach: Reach) {
    let sight = sight(of: split, rest.present, reach)
    if sight == .excluded { return }
    let slot = program.slots[split.slot]
    diagnostics.append(
      Diagnostic(
        .gap, possibly(sight, "gap") + "no case matches \(value(of: split, rest.present, sight))",
        at: split.syntax.on.span,
        help: "add a case for \(conditions(rest, slot)), or <otherwise>" + openHelp(sight),
        row: row(sight)))
  }

  /// `keys` as tests for people: a few of them when there are many.
  func conditions(_ keys: KeySet, _ slot: Program.Slot) -> String {
    var parts = keys.ranges
    if slot.encoding == .declared { parts = parts.flatMap { $0.map { $0...$0 } } }
    let shown = parts.prefix(8).map { "`\(program.condition(on: slot, keys: $0))`" }
    let rest = parts.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private mutating func reportUnreachable(
    _ what: String, _ span: SourceSpan, _ slot: Program.Slot, _ possible: KeySet
  ) {
    let here =
      possible.ranges.isEmpty
      ? "the value is always missing here"
      : "only \(conditions(possible, slot)) is possible here"
    diagnostics.append(
      Diagnostic(
        .unreachable, "\(what) can never be reached: \(here)", at: span,
        help: "remove it, or correct the case above it"))
  }
}
