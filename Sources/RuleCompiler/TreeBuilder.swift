import RuleAnalysis
import RuleProgram
import RuleSyntax

/// The tree with every name resolved and every test reduced to constants, before keys exist.
indirect enum DraftNode {
  case split(DraftSplit)
  case leaf(DraftLeaf)
}

struct DraftSplit {
  var syntax: SplitSyntax
  var slot: Int
  var cases: [DraftCase]
  var otherwise: DraftNode?
  var missing: DraftNode?
}

struct DraftCase {
  var syntax: CaseSyntax
  var tests: ConstantTests
  var child: DraftNode
}

struct DraftLeaf {
  var syntax: LeafSyntax
  var outcome: Int
  var reasons: [String]
  var sets: [(output: Int, lowered: Lowered)]
}

/// Resolves the tree: names, types, outcomes, outputs, reasons. Parts with errors are reported and
/// left out, the rest is still looked at.
struct TreeBuilder {
  var draft: Draft
  var usage = Usage()
  private var leafIDs: [String: SourceSpan] = [:]

  init(draft: Draft) { self.draft = draft }

  /// The resolved node, or nil when it or something below it has an error.
  mutating func build(_ node: NodeSyntax, diagnostics: inout [Diagnostic]) -> DraftNode? {
    switch node {
    case .leaf(let leaf): return build(leaf, &diagnostics).map(DraftNode.leaf)
    case .split(let split): return build(split, &diagnostics).map(DraftNode.split)
    }
  }

  private mutating func build(
    _ split: SplitSyntax, _ diagnostics: inout [Diagnostic]
  ) -> DraftSplit? {
    let subject = lowerSubject(split, &diagnostics)
    if subject == nil { usage.isComplete = false }
    var isWhole = subject != nil
    var cases: [DraftCase] = []
    for item in split.cases {
      let tests = subject.flatMap { lowerTests(item, $0, &diagnostics) }
      let child = item.child.flatMap { build($0, diagnostics: &diagnostics) }
      if let tests, let child {
        cases.append(DraftCase(syntax: item, tests: tests, child: child))
      } else {
        isWhole = false
      }
    }
    let otherwise = split.otherwise?.child.flatMap { build($0, diagnostics: &diagnostics) }
    let missing = split.missing?.child.flatMap { build($0, diagnostics: &diagnostics) }
    if (split.otherwise != nil && otherwise == nil) || (split.missing != nil && missing == nil) {
      isWhole = false
    }
    guard isWhole, let subject else {
      usage.isComplete = false
      return nil
    }
    return DraftSplit(
      syntax: split, slot: subject, cases: cases, otherwise: otherwise, missing: missing)
  }

  /// The slot of the split's `on`.
  private mutating func lowerSubject(
    _ split: SplitSyntax, _ diagnostics: inout [Diagnostic]
  ) -> Int? {
    guard let lowered = lower(split.on, &diagnostics) else { return nil }
    guard let type = lowered.type, lowered.constant == nil else {
      diagnostics.append(
        Diagnostic(
          .typeMismatch, "`on` is a constant, so there is nothing to split", at: split.on.span,
          help: "split on an input, a derived value or a condition"))
      return nil
    }
    return draft.slot(for: lowered, type: type)
  }

  private mutating func lower(
    _ text: ExpressionText, _ diagnostics: inout [Diagnostic]
  ) -> Lowered? {
    guard
      let expression = parseExpression(
        text, names: draft.declarations.scope, diagnostics: &diagnostics)
    else { return nil }
    var lowering = ExpressionLowering(names: draft.names)
    let lowered = lowering.lower(expression)
    diagnostics += lowering.diagnostics
    guard let lowered, Draft.isShortEnough(lowered, expression.span, &diagnostics) else {
      return nil
    }
    usage.inputs.formUnion(lowered.reads(.input))
    usage.derived.formUnion(lowered.reads(.derived))
    return lowered
  }

  private mutating func lowerTests(
    _ item: CaseSyntax, _ slot: Int, _ diagnostics: inout [Diagnostic]
  ) -> ConstantTests? {
    guard
      let parsed = parseUnaryTests(
        item.tests, names: draft.declarations.scope, diagnostics: &diagnostics)
    else { return nil }
    let tests = constants(of: parsed, slot, &diagnostics)
    // Appended when no copy of the draft is left: a split may have many thousands of cases.
    draft.slots[slot].constants += tests?.constants ?? []
    return tests
  }

  private func constants(
    of tests: UnaryTests, _ slot: Int, _ diagnostics: inout [Diagnostic]
  ) -> ConstantTests? {
    var lowering = TestLowering(draft: draft, slot: draft.slots[slot])
    let constants = lowering.lower(tests)
    diagnostics += lowering.diagnostics
    return constants
  }

  private mutating func build(
    _ leaf: LeafSyntax, _ diagnostics: inout [Diagnostic]
  ) -> DraftLeaf? {
    // An absent ID, outcome or output has been reported by the reader: nothing more is said of it.
    let isNamed = !leaf.id.value.isEmpty
    if isNamed, let first = leafIDs[leaf.id.value] {
      diagnostics.append(
        Diagnostic(
          .duplicateLeafID, "the leaf ID `\(leaf.id.value)` is used twice", at: leaf.id.span,
          notes: [Diagnostic.Note("the first leaf with this ID is here", first)],
          help: "give this leaf an ID of its own: an ID names one leaf for ever"))
    } else {
      leafIDs[leaf.id.value] = leaf.id.span
    }
    let outcome = resolveOutcome(leaf, &diagnostics)
    let reasons = resolveReasons(leaf, &diagnostics)
    let sets = leaf.sets.compactMap { build($0, &diagnostics) }
    reportRepeatedSets(leaf, &diagnostics)
    guard let outcome, isNamed else {
      usage.isComplete = false
      return nil
    }
    if draft.declarations.outcomes[outcome].isAdverse, reasons.isEmpty {
      diagnostics.append(
        Diagnostic(
          .adverseWithoutReason,
          "the leaf `\(leaf.id.value)` gives the adverse outcome `\(leaf.outcome.value)` without a reason",
          at: leaf.outcome.span,
          help: "name the specific reason with reasons=\"CODE\", declared under <reasons>"))
    }
    guard sets.count == leaf.sets.count else { return nil }
    return DraftLeaf(
      syntax: leaf, outcome: outcome, reasons: reasons, sets: sets.sorted { $0.output < $1.output })
  }

  private mutating func resolveOutcome(
    _ leaf: LeafSyntax, _ diagnostics: inout [Diagnostic]
  ) -> Int? {
    usage.outcomes.insert(leaf.outcome.value)
    if let known = draft.declarations.outcomeIndex[leaf.outcome.value] { return known }
    let names = draft.declarations.outcomes.map(\.name)
    if names.isEmpty || leaf.outcome.value.isEmpty { return nil }
    diagnostics.append(
      Diagnostic(
        .unknownOutcome, "there is no outcome `\(leaf.outcome.value)`", at: leaf.outcome.span,
        help: suggestion(leaf.outcome.value, names, "declare it under <outcomes>")))
    return nil
  }

  private mutating func resolveReasons(
    _ leaf: LeafSyntax, _ diagnostics: inout [Diagnostic]
  ) -> [String] {
    var reasons: [String] = []
    for reason in leaf.reasons {
      usage.reasons.insert(reason.value)
      if reasons.contains(reason.value) {
        diagnostics.append(
          Diagnostic(
            .duplicateName, "the reason `\(reason.value)` stands twice", at: reason.span,
            help: "remove one of the two"))
      } else if draft.declarations.reasons.contains(reason.value) {
        reasons.append(reason.value)
      } else {
        let names = draft.declarations.reasons.sorted()
        diagnostics.append(
          Diagnostic(
            .unknownReason, "there is no reason `\(reason.value)`", at: reason.span,
            help: suggestion(reason.value, names, "declare it under <reasons>")))
        reasons.append(reason.value)
      }
    }
    return reasons
  }

  private mutating func build(
    _ set: SetSyntax, _ diagnostics: inout [Diagnostic]
  ) -> (output: Int, lowered: Lowered)? {
    usage.outputs.insert(set.output.value)
    let lowered = lower(set.expression, &diagnostics)
    guard let output = draft.declarations.outputIndex[set.output.value] else {
      if set.output.value.isEmpty { return nil }
      let names = draft.declarations.outputs.map(\.name)
      diagnostics.append(
        Diagnostic(
          .unknownOutput, "there is no output `\(set.output.value)`", at: set.output.span,
          help: suggestion(set.output.value, names, "declare it under <outputs>")))
      return nil
    }
    guard let lowered else { return nil }
    let type = draft.declarations.outputs[output].type
    if let found = lowered.type, found != type {
      diagnostics.append(
        Diagnostic(
          .typeMismatch,
          "the output `\(set.output.value)` is a \(type.name), but this is a \(found.name)",
          at: set.expression.span, help: "change the expression, or the output's type"))
      return nil
    }
    return (output, lowered)
  }

  private func reportRepeatedSets(_ leaf: LeafSyntax, _ diagnostics: inout [Diagnostic]) {
    var seen: [String: SourceSpan] = [:]
    for set in leaf.sets where !set.output.value.isEmpty {
      if let first = seen[set.output.value] {
        diagnostics.append(
          Diagnostic(
            .duplicateName, "the output `\(set.output.value)` is set twice", at: set.output.span,
            notes: [Diagnostic.Note("the first one is here", first)],
            help: "remove one of the two"))
      }
      seen[set.output.value] = set.output.span
    }
  }

  private func suggestion(_ name: String, _ names: [String], _ otherwise: String) -> String {
    Suggestion.closest(to: name, among: names).map {
      "did you mean `\($0)`? If not, \(otherwise)"
    } ?? otherwise
  }
}
