import RuleAnalysis
import RuleProgram
import RuleSyntax

/// What a rule set owes to its subjects: missing values, protected inputs, adverse leaves.
extension TreeChecker {
  mutating func reportMissing(_ split: DraftSplit, _ possible: KeySet, _ reach: Reach) {
    if possible.includesMissing, split.syntax.missing == nil {
      reportMissing(split, sight(of: split, KeySet(includesMissing: true), reach))
    }
    if !possible.includesMissing, let missing = split.syntax.missing {
      diagnostics.append(
        Diagnostic(
          .unreachable, "<missing> can never be reached: \(subject(split)) always has a value here",
          at: missing.span, help: "remove it"))
    }
  }

  private mutating func reportMissing(_ split: DraftSplit, _ sight: Sight) {
    if sight == .excluded { return }
    diagnostics.append(
      Diagnostic(
        .missingNotHandled,
        possibly(sight, "gap") + "\(subject(split)) can be missing here, and there is no <missing>",
        at: split.syntax.on.span, notes: missingNotes(split),
        help: "add <missing> to the split: null never equals a value, and never falls into "
          + "<otherwise>" + missingHelp(split), row: row(sight)))
  }

  /// The optional inputs that a split's value depends on, sorted.
  private func optionalInputs(_ split: DraftSplit) -> [String] {
    draft.inputsReached(by: draft.slots[split.slot].lowered).filter { name in
      declarations.inputIndex[name].map { declarations.inputs[$0].allowsMissing } ?? false
    }.sorted()
  }

  /// Why a value can be missing: the declarations of the optional inputs that it depends on, else
  /// the derived value whose operations may give none.
  private func missingNotes(_ split: DraftSplit) -> [Diagnostic.Note] {
    let optional = optionalInputs(split)
    if !optional.isEmpty {
      return optional.compactMap { name in
        declarations.inputSpans[name].map {
          Diagnostic.Note("`\(name)` is declared with missing=\"allowed\"", $0)
        }
      }
    }
    return draft.slots[split.slot].lowered.reads(.derived).prefix(1).map { index in
      Diagnostic.Note(
        "an operation in `\(draft.derived[index].name)` can be without a value",
        draft.derived[index].span)
    }
  }

  /// What to do about a missing value, besides handling it, when no optional input explains it.
  private func missingHelp(_ split: DraftSplit) -> String {
    optionalInputs(split).isEmpty
      ? "; a division by something that can be 0 gives null, and a `min` on the divisor's input "
        + "can exclude that" : ""
  }

  mutating func checkProtected(_ split: DraftSplit) {
    guard split.syntax.justification == nil else { return }
    let lowered = draft.slots[split.slot].lowered
    let names = draft.inputsReached(by: lowered).intersection(declarations.protectedInputs).sorted()
    guard !names.isEmpty else { return }
    let list = names.map { "`\($0)`" }.joined(separator: ", ")
    let direct = Set(lowered.reads(.input).map { declarations.inputs[$0].name })
    let way = direct.isDisjoint(with: names) ? ", through a derived value" : ""
    diagnostics.append(
      Diagnostic(
        .protectedInput,
        "this split looks at the protected input\(names.count > 1 ? "s" : "") \(list)\(way)",
        at: split.syntax.on.span,
        notes: names.compactMap { name in
          declarations.inputSpans[name].map {
            Diagnostic.Note("`\(name)` is declared as protected", $0)
          }
        },
        help: "take it out of the rules, or state in a <justification> inside the split why the "
          + "law requires it"))
  }

  /// An adverse leaf that only the model's score decides gives no reason that its subject can use.
  mutating func checkReasons(_ leaf: DraftLeaf, path: [Int]) {
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
