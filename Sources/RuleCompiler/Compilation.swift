public import RuleAnalysis
public import RuleProgram
public import RuleSyntax

/// What came of compiling a rule set.
public struct Compilation: Sendable {
  /// The program and its wording; nil when an error was found.
  public var result: CompiledRuleSet?
  /// Where errors only leave some rows without an answer: a program that tells such rows apart. It is
  /// for trying rows, not for deciding.
  public var trial: TrialRuleSet?
  /// Everything that was found, sorted by place.
  public var diagnostics: [Diagnostic]

  /// True when something stands in the way of a program.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// A rule set, compiled.
public struct CompiledRuleSet: Sendable {
  public var program: VerifiedProgram
  public var wording: Wording
  /// The properties that it states, each proven or left open; a broken one is an error.
  public var properties: [StatedProperty] = []
}

/// A rule set with errors, as far as it can be tried.
public struct TrialRuleSet: Sendable {
  public var program: VerifiedProgram
  /// Why rows that come to these leaves, which the rule set doesn't have, have no answer.
  public var faults: [Int: String]
}

/// Compiles rule sets, pipelines and models from their syntax.
///
/// A compiler reports all that it can find in one run. It never approximates: what it can't carry
/// out exactly is an error that names the construct.
public enum RuleCompiler {
  /// Compiles the rule set `syntax`, which was read from `source`.
  public static func compile(_ syntax: RuleSetSyntax, source: SourceText) -> Compilation {
    var diagnostics: [Diagnostic] = []
    let declarations = Declarations(syntax, diagnostics: &diagnostics)
    var draft = Draft(declarations)
    draft.lowerDerived(syntax, diagnostics: &diagnostics)
    var builder = TreeBuilder(draft: draft)
    let tree = syntax.tree.flatMap { builder.build($0, diagnostics: &diagnostics) }
    draft = builder.draft
    reportUnused(syntax, declarations, draft, builder.usage, &diagnostics)
    var result: CompiledRuleSet?
    var trial: TrialRuleSet?
    if let tree {
      draft.chooseEncodings()
      var checker = TreeChecker(draft: draft, declarations: declarations)
      let checked = checker.check(tree)
      diagnostics += checker.diagnostics
      if !diagnostics.contains(where: { $0.severity == .error }) {
        let emitted = Emitter(draft: draft, syntax: syntax, source: source)
          .emit(checked, diagnostics: &diagnostics)
        result = emitted?.ruleSet
        if let emitted {
          var properties = PropertyChecker(emitted.ruleSet.program, draft, syntax, source)
          properties.check()
          result?.properties = properties.stated
          var structure = StructureChecker(emitted.ruleSet, emitted.splits, syntax)
          structure.check(draft.namesRead(from: builder.usage))
          diagnostics += properties.diagnostics + structure.diagnostics
        }
      }
      if let result {
        // What is wrong with a property doesn't touch the tree.
        if diagnostics.contains(where: { $0.severity == .error }) {
          trial = TrialRuleSet(program: result.program, faults: [:])
        }
      } else {
        trial = self.trial(checked, draft, syntax, source, diagnostics)
      }
    }
    return Compilation(result: result, trial: trial, diagnostics: Diagnostic.limited(diagnostics))
  }

  /// The program for trying rows; nil where there are no errors, or some that leave nothing to try.
  private static func trial(
    _ tree: CheckedNode, _ draft: Draft, _ syntax: RuleSetSyntax, _ source: SourceText,
    _ diagnostics: [Diagnostic]
  ) -> TrialRuleSet? {
    let errors = diagnostics.filter { $0.severity == .error }
    guard !errors.isEmpty, errors.allSatisfy({ ClosedTree.mendable.contains($0.id) }) else {
      return nil
    }
    var closed = ClosedTree(source)
    let whole = closed.close(tree)
    var ignored: [Diagnostic] = []
    guard
      let program = Emitter(draft: draft, syntax: syntax, source: source)
        .emit(whole, diagnostics: &ignored)?.ruleSet.program
    else { return nil }
    var faults: [Int: String] = [:]
    for (index, leaf) in program.program.leaves.enumerated() {
      if let why = closed.faults[leaf.id] { faults[index] = why }
    }
    return TrialRuleSet(program: program, faults: faults)
  }

  /// The first of `elements` that satisfy `condition`, as many as can be shown and one more.
  private static func few<Element>(
    _ elements: [Element], where condition: @escaping (Element) -> Bool
  ) -> some Sequence<Element> {
    elements.lazy.filter(condition).prefix(Diagnostic.limit + 1)
  }

  private static func reportUnused(
    _ syntax: RuleSetSyntax, _ declarations: Declarations, _ draft: Draft, _ usage: Usage,
    _ diagnostics: inout [Diagnostic]
  ) {
    guard usage.isComplete else { return }
    let read = draft.namesRead(from: usage)
    // A protected input may be declared so that it is recorded, and its effect measured later.
    for input in few(
      syntax.inputs, where: { !$0.isProtected && !read.inputs.contains($0.name.value) })
    {
      diagnostics.append(
        Diagnostic(
          .unusedInput, "no split or output depends on the input `\(input.name.value)`",
          at: input.name.span, help: "remove it, or use it"))
    }
    for derived in few(syntax.derived, where: { !read.derived.contains($0.name.value) }) {
      diagnostics.append(
        Diagnostic(
          .unusedDerived, "no split or output depends on the derived value `\(derived.name.value)`",
          at: derived.name.span, help: "remove it, or use it"))
    }
    for outcome in few(syntax.outcomes, where: { !usage.outcomes.contains($0.name.value) }) {
      diagnostics.append(
        Diagnostic(
          .unusedOutcome, "no leaf gives the outcome `\(outcome.name.value)`",
          at: outcome.name.span, help: "remove it, or give it in a leaf"))
    }
    for output in few(syntax.outputs, where: { !usage.outputs.contains($0.name.value) }) {
      diagnostics.append(
        Diagnostic(
          .outputNotSet, "no leaf sets the output `\(output.name.value)`",
          at: output.name.span, help: "remove it, or set it in a leaf"))
    }
    for reason in few(syntax.reasons, where: { !usage.reasons.contains($0.code.value) }) {
      diagnostics.append(
        Diagnostic(
          .unusedReason, "no leaf gives the reason `\(reason.code.value)`", at: reason.code.span,
          help: "remove it, or give it in a leaf"))
    }
  }
}

/// What the tree refers to.
struct Usage {
  var outcomes: Set<String> = []
  var outputs: Set<String> = []
  var reasons: Set<String> = []
  /// Inputs and derived values that splits and outputs read directly.
  var inputs: Set<Int> = []
  var derived: Set<Int> = []
  /// False when a part of the tree could not be read, so that nothing can be called unused.
  var isComplete = true
}
