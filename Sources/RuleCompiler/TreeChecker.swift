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
  private func subject(_ split: DraftSplit) -> String { "`\(split.syntax.on.text)`" }

  private func isEnclosureOnly(_ slot: Program.Slot) -> Bool {
    if case .input = slot.source { return false }
    return true
  }

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
    var furthest: (upper: Int64, index: Int)?
    for (range, index) in ranges {
      if let last = furthest, range.lowerBound <= last.upper, last.index != index {
        let pair = [min(last.index, index), max(last.index, index)]
        if reported.insert(pair).inserted {
          let common = range.lowerBound...min(range.upperBound, last.upper)
          reportOverlap(split, pair[0], pair[1], KeySet([common]))
        }
      }
      if furthest.map({ $0.upper < range.upperBound }) ?? true {
        furthest = (range.upperBound, index)
      }
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
    let ranges = rest.ranges.prefix(4).map { "`\(program.condition(on: slot, keys: $0))`" }
    let more = rest.ranges.count > 4 ? " and \(rest.ranges.count - 4) more ranges" : ""
    let note =
      isEnclosureOnly(slot) ? "; if it can never be so, say what should happen all the same" : ""
    diagnostics.append(
      Diagnostic(
        .gap, "no case matches \(witness(split, rest.present))", at: split.syntax.on.span,
        help: "add a case for \(ranges.joined(separator: ", "))\(more), or <otherwise>\(note)"))
  }

  private mutating func reportUnreachable(
    _ what: String, _ span: SourceSpan, _ slot: Program.Slot, _ possible: KeySet
  ) {
    let ranges = possible.ranges.prefix(3).map { "`\(program.condition(on: slot, keys: $0))`" }
    let here =
      ranges.isEmpty
      ? "the value is always missing here"
      : "only \(ranges.joined(separator: ", ")) is possible here"
    diagnostics.append(
      Diagnostic(
        .unreachable, "\(what) can never be reached: \(here)", at: span,
        help: "remove it, or correct the case above it"))
  }

  private mutating func reportMissing(_ split: DraftSplit, _ possible: KeySet) {
    if possible.includesMissing, split.syntax.missing == nil {
      diagnostics.append(
        Diagnostic(
          .missingNotHandled, "\(subject(split)) can be missing here, and there is no <missing>",
          at: split.syntax.on.span, notes: missingNotes(split),
          help: "add <missing> to the split: null never equals a value, and never falls into "
            + "<otherwise>"))
    }
    if !possible.includesMissing, let missing = split.syntax.missing {
      diagnostics.append(
        Diagnostic(
          .unreachable, "<missing> can never be reached: \(subject(split)) always has a value here",
          at: missing.span, help: "remove it"))
    }
  }

  /// Why a value can be missing: the declarations of the optional inputs that it depends on.
  private func missingNotes(_ split: DraftSplit) -> [Diagnostic.Note] {
    let slot = draft.slots[split.slot]
    let names = draft.inputsReached(by: slot.lowered)
    let optional = names.filter { name in
      declarations.inputIndex[name].map { declarations.inputs[$0].allowsMissing } ?? false
    }
    if case .input = slot.source { return [] }
    if !optional.isEmpty {
      let list = optional.sorted().map { "`\($0)`" }.joined(separator: ", ")
      return [Diagnostic.Note("it depends on \(list), which may be missing", split.syntax.on.span)]
    }
    return [
      Diagnostic.Note(
        "an operation in it can be without a value, such as a division by something that can be 0",
        split.syntax.on.span)
    ]
  }

  private mutating func checkProtected(_ split: DraftSplit) {
    guard split.syntax.justification == nil else { return }
    let reached = draft.inputsReached(by: draft.slots[split.slot].lowered)
    let names = reached.intersection(declarations.protectedInputs).sorted()
    guard let name = names.first else { return }
    diagnostics.append(
      Diagnostic(
        .protectedInput, "this split looks at the protected input `\(name)`",
        at: split.syntax.on.span,
        help: "take it out of the rules, or state in a <justification> inside the split why the "
          + "law requires it"))
  }

  /// An adverse leaf that only the model's score decides gives no reason that its subject can use.
  private mutating func checkReasons(_ leaf: DraftLeaf, path: [Int]) {
    guard declarations.outcomes[leaf.outcome].isAdverse, !leaf.reasons.isEmpty, !path.isEmpty,
      !declarations.modelInputs.isEmpty
    else { return }
    let names = path.reduce(into: Set<String>()) { names, slot in
      names.formUnion(draft.inputsReached(by: draft.slots[slot].lowered))
    }
    guard !names.isEmpty, names.isSubset(of: declarations.modelInputs) else { return }
    diagnostics.append(
      Diagnostic(
        .reasonNamesOnlyScore,
        "only the model's score leads to the adverse leaf `\(leaf.syntax.id.value)`",
        at: leaf.syntax.reasons.first?.span ?? leaf.syntax.span,
        help: "a failed score is no specific reason by itself (Regulation B, 12 CFR "
          + "1002.9(b)(2)): have the model's key factors arrive with the score"))
  }
}

extension Draft {
  /// The draft as a program that the analysis can look at: the tree is left out.
  var program: Program {
    var pool = CodePool()
    let derivedParts = derived.map { item in
      Program.Derived(name: item.name, type: item.type, expression: pool.add(item.lowered))
    }
    let slotParts = slots.map { slot in
      let source: Program.Slot.Source =
        switch slot.source {
        case .input(let index): .input(index)
        case .derived(let index): .derived(index)
        case .expression: .expression(pool.add(slot.lowered))
        }
      return Program.Slot(
        source: source, type: slot.type, encoding: slot.encoding, offset: slot.offset)
    }
    return Program(
      inputs: inputs, outcomes: declarations.outcomes, outputs: declarations.outputs,
      derived: derivedParts, constants: pool.constants, patterns: pool.patterns,
      expressions: pool.expressions, slots: slotParts)
  }
}
