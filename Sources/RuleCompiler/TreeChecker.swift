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
/// no protected input is looked at without a justification. What fails is shown with a witness.
struct TreeChecker {
  let draft: Draft
  let declarations: Declarations
  let program: Program
  let analysis: RegionAnalysis
  var diagnostics: [Diagnostic] = []

  init(draft: Draft, declarations: Declarations) {
    self.draft = draft
    self.declarations = declarations
    program = draft.program
    analysis = RegionAnalysis(program)
  }

  /// Checks the whole tree.
  mutating func check(_ root: DraftNode) -> CheckedNode {
    var region = analysis.whole
    return check(root, &region, path: [])
  }

  private mutating func check(
    _ node: DraftNode, _ region: inout Region, path: [Int]
  ) -> CheckedNode {
    switch node {
    case .leaf(let leaf):
      checkReasons(leaf, path: path)
      return .leaf(leaf)
    case .split(let split): return .split(check(split, &region, path: path))
    }
  }

  private mutating func check(
    _ split: DraftSplit, _ region: inout Region, path: [Int]
  ) -> CheckedSplit {
    checkProtected(split)
    let saved = region.keys[split.slot]
    let possible = analysis.possibleKeys(split.slot, in: region)
    let keys = branchKeys(split, possible)
    if !possible.isEmpty { report(split, possible, keys) }
    var checked = CheckedSplit(draft: split, branches: [], reachable: saved)
    for (item, itemKeys) in zip(split.cases, keys.cases) {
      region.keys[split.slot] = itemKeys.intersection(saved)
      checked.branches.append(
        CheckedBranch(
          kind: .case, tests: item.syntax.tests.text, span: item.syntax.span, keys: itemKeys,
          child: check(item.child, &region, path: path + [split.slot])))
    }
    let others = [
      (Wording.Branch.Kind.otherwise, split.otherwise, split.syntax.otherwise, keys.otherwise),
      (.missing, split.missing, split.syntax.missing, KeySet(includesMissing: true)),
    ]
    for (kind, child, syntax, branchKeys) in others {
      guard let child, let syntax else { continue }
      region.keys[split.slot] = branchKeys.intersection(saved)
      checked.branches.append(
        CheckedBranch(
          kind: kind, tests: "", span: syntax.span, keys: branchKeys,
          child: check(child, &region, path: path + [split.slot])))
    }
    region.keys[split.slot] = saved
    return checked
  }

  private struct BranchKeys {
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
  private mutating func report(_ split: DraftSplit, _ possible: KeySet, _ keys: BranchKeys) {
    reportOverlaps(split, possible, keys)
    let slot = program.slots[split.slot]
    for (item, itemKeys) in zip(split.cases, keys.cases)
    where itemKeys.intersection(possible).isEmpty {
      reportUnreachable("this case", item.syntax.tests.span, slot, possible)
    }
    let rest = keys.otherwise.intersection(possible)
    if let otherwise = split.syntax.otherwise, rest.isEmpty {
      reportUnreachable("<otherwise>", otherwise.span, slot, possible)
    }
    if split.otherwise == nil, !rest.isEmpty { reportGap(split, rest) }
    reportMissing(split, possible)
  }

  /// How the split's subject is named in messages.
  func subject(_ split: DraftSplit) -> String { "`\(split.syntax.on.text)`" }

  private func isEnclosureOnly(_ slot: Program.Slot) -> Bool {
    if case .input = slot.source { return false }
    return true
  }

  /// The most overlaps that are reported of one split.
  private static var overlapLimit: Int { 20 }

  /// Sweeps over all ranges in ascending order; each overlap is reported once for a pair of cases.
  private mutating func reportOverlaps(
    _ split: DraftSplit, _ possible: KeySet, _ keys: BranchKeys
  ) {
    var ranges: [(range: ClosedRange<Int64>, index: Int)] = []
    for (index, set) in keys.cases.enumerated() {
      ranges += set.intersection(possible).ranges.map { ($0, index) }
    }
    ranges.sort { ($0.range.lowerBound, $0.index) < ($1.range.lowerBound, $1.index) }
    var reported: Set<[Int]> = []
    var open: [(range: ClosedRange<Int64>, index: Int)] = []
    for (range, index) in ranges {
      open.removeAll { $0.range.upperBound < range.lowerBound }
      for other in open where other.index != index {
        let pair = [min(other.index, index), max(other.index, index)]
        guard reported.insert(pair).inserted else { continue }
        let common = range.lowerBound...min(range.upperBound, other.range.upperBound)
        reportOverlap(split, pair[0], pair[1], KeySet([common]))
        if reported.count == Self.overlapLimit { return }
      }
      open.append((range, index))
    }
  }

  private mutating func reportOverlap(
    _ split: DraftSplit, _ first: Int, _ second: Int, _ common: KeySet
  ) {
    let a = split.cases[first].syntax.tests
    let b = split.cases[second].syntax.tests
    diagnostics.append(
      Diagnostic(
        .overlappingCases,
        "\(witness(split, common)) matches both `\(a.text)` and `\(b.text)`", at: b.span,
        notes: [Diagnostic.Note("the other case is here", a.span)],
        help: "make the cases disjoint: the order of cases never matters"))
  }

  private func witness(_ split: DraftSplit, _ keys: KeySet) -> String {
    let slot = program.slots[split.slot]
    guard let value = analysis.witness(keys, slot: slot) else { return subject(split) }
    return "\(subject(split)) = \(value.feelLiteral)"
  }

  private mutating func reportGap(_ split: DraftSplit, _ rest: KeySet) {
    let slot = program.slots[split.slot]
    let note =
      isEnclosureOnly(slot) ? "; if it can never be so, say what should happen all the same" : ""
    diagnostics.append(
      Diagnostic(
        .gap, "no case matches \(witness(split, rest.present))", at: split.syntax.on.span,
        help: "add a case for \(conditions(rest, slot)), or <otherwise>\(note)"))
  }

  /// `keys` as tests for people: a few of them when there are many.
  private func conditions(_ keys: KeySet, _ slot: Program.Slot) -> String {
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
