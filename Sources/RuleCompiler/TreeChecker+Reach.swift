import RuleAnalysis
import RuleProgram
import RuleSyntax

/// How a place in the tree is reached.
struct Reach {
  /// The slots that the path looks at.
  var path: [Int] = []
  /// True as long as the path looks at inputs only, so that the geometry of keys is exact.
  var isExact = true
  /// True where nothing arrives, which has been reported: nothing more is said below.
  var isDead = false
  /// True where it stayed open whether anything arrives, which has been reported.
  var isOpen = false
  /// A row that arrives, as far as one is known.
  var row: [Value]?
}

/// A branch on its way to its child.
struct Branch {
  var split: DraftSplit
  var kind: Wording.Branch.Kind
  var keys: KeySet
  var span: SourceSpan

  init(_ split: DraftSplit, _ kind: Wording.Branch.Kind, _ keys: KeySet, _ span: SourceSpan) {
    self.split = split
    self.kind = kind
    self.keys = keys
    self.span = span
  }

  /// How messages name it.
  var name: String {
    switch kind {
    case .case: "this case"
    case .otherwise: "<otherwise>"
    case .missing: "<missing>"
    }
  }
}

/// Whether some row comes to a split with certain keys.
enum Sight: Equatable {
  /// Some do: this one, where it could be written down.
  case seen([Value]?)
  /// None does.
  case excluded
  /// Neither was found.
  case possible
}

/// What can be reached: geometry where it is exact, searches elsewhere.
extension TreeChecker {
  /// How many boxes one search may look at: more where the answer is an error's.
  private static var budget: (verdict: Int, branch: Int) { (2_000, 400) }

  private func isInput(_ slot: Int) -> Bool {
    if case .input = program.slots[slot].source { true } else { false }
  }

  /// Whether some row comes to `split` with one of `keys`, which the enclosures allow.
  mutating func sight(of split: DraftSplit, _ keys: KeySet, _ reach: Reach) -> Sight {
    let verdict = look(split.slot, keys, reach, budget: Self.budget.verdict)
    if case .found(let row) = verdict { return .seen(row) }
    if reach.isExact, isInput(split.slot) {
      let slot = program.slots[split.slot]
      let isKnown = keys.includesMissing || analysis.witness(keys, slot: slot) != nil
      return isKnown ? .seen(nil) : .possible
    }
    return verdict == .none ? .excluded : .possible
  }

  private mutating func look(
    _ slot: Int, _ keys: KeySet, _ reach: Reach, budget: Int
  ) -> WitnessSearch.Verdict {
    guard effort > 0 else { return .undecided }
    let saved = region.keys[slot]
    defer { region.keys[slot] = saved }
    region.keys[slot] = keys
    search.budget = min(budget, effort)
    effort -= 1
    let verdict = search.search(region, spending: &effort)
    guard verdict == .undecided, let row = reach.row, effort > 0 else { return verdict }
    effort -= 100
    return search.point(of: region, near: [row]).map { .found($0) } ?? .undecided
  }

  /// How the child of `branch` is reached; where nothing arrives, or where that stays open, it is said.
  mutating func enter(_ branch: Branch, _ possible: KeySet, _ reach: Reach) -> Reach {
    var inner = reach
    inner.path.append(branch.split.slot)
    let keys = branch.keys.intersection(possible)
    if keys.isEmpty { inner.isDead = true }
    if inner.isDead { return inner }
    inner.isExact = reach.isExact && isInput(branch.split.slot)
    if inner.isExact || reach.isOpen { return inner }
    if let row = reach.row,
      keys.contains(search.keys(of: row, slots: [branch.split.slot])[0])
    {
      return inner
    }
    switch look(branch.split.slot, keys, reach, budget: Self.budget.branch) {
    case .found(let row): inner.row = row
    case .none:
      inner.isDead = true
      diagnostics.append(
        Diagnostic(
          .unreachable,
          "\(branch.name) can never be reached: no row that comes here has such a value",
          at: branch.span, help: "remove it, or correct the case above it"))
    case .undecided:
      inner.isOpen = true
      reportOpen(branch)
    }
    return inner
  }

  private mutating func reportOpen(_ branch: Branch) {
    var finding = Diagnostic(
      .unreachable,
      "possible: \(branch.name) can never be reached; no row that reaches it was found",
      at: branch.span,
      help:
        "the derived values on the way are beyond what the analysis decides; what lies below was "
        + "not searched")
    finding.severity = .warning
    rare.add(finding)
  }

  // MARK: - Wording

  /// What stands in front of a message about something that is only possible.
  func possibly(_ sight: Sight, _ what: String) -> String {
    sight == .possible ? "possible \(what): " : ""
  }

  /// What is added to the help of something that is only possible.
  func openHelp(_ sight: Sight) -> String {
    sight == .possible
      ? "; no row that shows it was found, nor was it ruled out: if it can never be so, say what "
        + "should happen all the same" : ""
  }

  /// The row as `eval` takes it.
  func row(_ sight: Sight) -> String? {
    guard case .seen(let row?) = sight else { return nil }
    return program.row(row)
  }

  /// The split's subject with the value that it has in the row, or one whose key lies in `keys`.
  func value(of split: DraftSplit, _ keys: KeySet, _ sight: Sight) -> String {
    if case .seen(let row?) = sight, let value = search.value(of: split.slot, row) {
      return "\(subject(split)) = \(value.feelLiteral)"
    }
    guard let value = analysis.witness(keys, slot: program.slots[split.slot]) else {
      return subject(split)
    }
    return "\(subject(split)) = \(value.feelLiteral)"
  }
}

/// Findings of which only the first few of each kind are shown, so that a large tree isn't buried in
/// them.
struct LimitedFindings {
  private var shown: [DiagnosticID: [Diagnostic]] = [:]
  private var counts: [DiagnosticID: Int] = [:]

  /// The most that are shown of one kind.
  static let limit = 20

  /// Takes `finding` in, or counts it.
  mutating func add(_ finding: Diagnostic) {
    counts[finding.id, default: 0] += 1
    if shown[finding.id, default: []].count < Self.limit {
      shown[finding.id, default: []].append(finding)
    }
  }

  /// The findings; the last one of a kind says how many there are besides.
  var diagnostics: [Diagnostic] {
    shown.keys.sorted { $0.rawValue < $1.rawValue }.flatMap { id -> [Diagnostic] in
      var findings = shown[id] ?? []
      let rest = counts[id, default: 0] - findings.count
      if rest > 0, let last = findings.indices.last {
        let more = rest == 1 ? "1 more place" : "\(rest) more places"
        findings[last].help = (findings[last].help.map { $0 + "; " } ?? "") + "\(more) like this"
      }
      return findings
    }
  }
}
