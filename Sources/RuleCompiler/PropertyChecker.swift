import RuleAnalysis
import RuleProgram
import RuleSyntax

/// Proves the properties that a rule set states about itself, or shows the rows that break them.
struct PropertyChecker {
  private let verified: VerifiedProgram
  private let draft: Draft
  private let syntax: RuleSetSyntax
  private let source: SourceText
  private let leafSpans: [String: SourceSpan]
  private(set) var diagnostics: [Diagnostic] = []
  /// The properties that hold or stayed open.
  private(set) var stated: [StatedProperty] = []

  private var program: Program { verified.program }

  init(
    _ program: VerifiedProgram, _ draft: Draft, _ syntax: RuleSetSyntax, _ source: SourceText
  ) {
    verified = program
    self.source = source
    self.draft = draft
    self.syntax = syntax
    leafSpans = syntax.properties.isEmpty ? [:] : syntax.tree?.leafSpans ?? [:]
  }

  /// Checks each property.
  mutating func check() {
    let proof = PropertyProof(verified)
    for item in syntax.properties {
      guard let property = resolve(item.kind) else { continue }
      switch proof.verdict(on: property) {
      case .holds: stated.append(promise(item, property, isProven: true))
      case .broken(let witnesses): reportBroken(item, witnesses)
      case .undecided(let leaves):
        reportUndecided(item, leaves)
        stated.append(promise(item, property, isProven: false))
      }
    }
  }

  private func promise(
    _ item: PropertySyntax, _ property: Property, isProven: Bool
  ) -> StatedProperty {
    var isAny = false
    if case .independent(_, nil) = property { isAny = true }
    let promise: StatedProperty.Promise =
      switch item.kind {
      case .monotone(let input, let isIncreasing, let outcomes):
        .monotone(
          input: input.value, isIncreasing: isIncreasing, outcomes: outcomes.map(\.value))
      case .independent(let input, let of):
        .independent(input: input.value, outcome: isAny ? nil : of.value)
      case .never(let when, let outcome): .never(when: when.text, outcome: outcome.value)
      case .always(let when, let outcome): .always(when: when.text, outcome: outcome.value)
      }
    let line = source.region(of: item.span).begin.line
    return StatedProperty(promise, line: line, isProven: isProven)
  }

  // MARK: - Names

  private mutating func resolve(_ kind: PropertySyntax.Kind) -> Property? {
    switch kind {
    case .monotone(let input, let isIncreasing, let outcomes):
      let numbers = outcomes.compactMap { outcome($0) }
      guard let input = orderedInput(input), numbers.count == outcomes.count else { return nil }
      guard numbers.count > 1, Set(numbers).count == numbers.count else {
        report(
          .invalidValue, "`outcome` must list two or more different outcomes", outcomes,
          help: "list them from the worst to the best, such as \"decline refer approve\"")
        return nil
      }
      return .monotone(input: input, isIncreasing: isIncreasing, outcomes: numbers)
    case .independent(let input, let of):
      guard let input = self.input(input) else { return nil }
      if of.value == "outcome", !program.outcomes.contains(where: { $0.name == "outcome" }) {
        return .independent(input: input, outcome: nil)
      }
      return outcome(of).map { .independent(input: input, outcome: $0) }
    case .never(let when, let name):
      guard let condition = condition(when), let outcome = outcome(name) else { return nil }
      return .never(condition, outcome: outcome)
    case .always(let when, let name):
      guard let condition = condition(when), let outcome = outcome(name) else { return nil }
      return .always(condition, outcome: outcome)
    }
  }

  private mutating func input(_ name: Spanned<String>) -> Int? {
    if let index = program.inputIndex(name.value) { return index }
    let names = program.inputs.map(\.name)
    report(
      .unknownName, "there is no input `\(name.value)`", [name],
      help: Suggestion.help(for: name.value, among: names) ?? "name an <input>")
    return nil
  }

  private mutating func orderedInput(_ name: Spanned<String>) -> Int? {
    guard let index = input(name) else { return nil }
    let type = program.inputs[index].type
    guard type != .string, type != .boolean else {
      report(
        .typeMismatch, "`\(name.value)` is a \(type.name): it can't rise or fall", [name],
        help: "use <independent>, <never> or <always>")
      return nil
    }
    return index
  }

  private mutating func outcome(_ name: Spanned<String>) -> Int? {
    if let index = draft.declarations.outcomeIndex[name.value] { return index }
    let names = program.outcomes.map(\.name)
    report(
      .unknownOutcome, "there is no outcome `\(name.value)`", [name],
      help: Suggestion.help(for: name.value, among: names) ?? "declare it under <outcomes>")
    return nil
  }

  private mutating func condition(_ text: ExpressionText) -> Property.Condition? {
    guard
      let expression = parseExpression(
        text, names: draft.declarations.scope, diagnostics: &diagnostics)
    else { return nil }
    var lowering = ExpressionLowering(names: draft.names)
    let lowered = lowering.lower(expression)
    diagnostics += lowering.diagnostics
    guard let lowered else { return nil }
    guard lowered.type == .boolean || lowered.type == nil else {
      diagnostics.append(
        Diagnostic(
          .typeMismatch, "`when` must be a condition, but this is a \(lowered.type?.name ?? "")",
          at: expression.span, help: "compare it with something"))
      return nil
    }
    let inlined = draft.inlined(lowered)
    guard Draft.isShortEnough(inlined, expression.span, &diagnostics) else { return nil }
    var pool = CodePool()
    let index = pool.add(inlined)
    return Property.Condition(
      code: pool.expressions[index], constants: pool.constants, patterns: pool.patterns)
  }

  private mutating func report(
    _ id: DiagnosticID, _ message: String, _ names: [Spanned<String>], help: String
  ) {
    let span = names.first?.span ?? syntax.span
    diagnostics.append(Diagnostic(id, message, at: span, help: help))
  }

  // MARK: - Verdicts

  private mutating func reportBroken(
    _ item: PropertySyntax, _ witnesses: [PropertyVerdict.Witness]
  ) {
    let notes = witnesses.map { witness in
      let leaf = program.leaves[witness.leaf].id
      let outcome = program.outcome(ofLeaf: witness.leaf).name
      return Diagnostic.Note(
        "this row gets `\(outcome)` here", leafSpans[leaf] ?? item.span,
        row: program.row(witness.inputs))
    }
    let many = witnesses.count > 1 ? "two rows show it" : "a row shows it"
    diagnostics.append(
      Diagnostic(
        .brokenProperty, "this property doesn't hold: \(many)", at: item.span, notes: notes,
        help: "correct the tree or the property; `leafproof eval` takes the rows as JSON Lines"))
  }

  private mutating func reportUndecided(_ item: PropertySyntax, _ leaves: [[Int]]) {
    let names = leaves.prefix(5).map { numbers in
      numbers.map { "`\(program.leaves[$0].id)`" }.joined(separator: " with ")
    }
    let more = leaves.count > 5 ? " and \(leaves.count - 5) more" : ""
    diagnostics.append(
      Diagnostic(
        .undecidedProperty, "this property could be neither proven nor broken", at: item.span,
        help: "open for the leaves \(names.joined(separator: ", "))\(more): the derived values "
          + "there are beyond what the analysis decides"))
  }
}

extension Draft {
  /// The expression with every derived value replaced by what computes it.
  func inlined(_ lowered: Lowered) -> Lowered {
    let instructions = lowered.instructions.flatMap { item -> [Lowered.Symbolic] in
      if case .instruction(let instruction) = item, instruction.operation == .derived {
        return inlined(derived[instruction.operand].lowered).instructions
      }
      return [item]
    }
    return Lowered(instructions, lowered.type)
  }
}

extension NodeSyntax {
  /// Where each leaf's ID stands.
  fileprivate var leafSpans: [String: SourceSpan] {
    var spans: [String: SourceSpan] = [:]
    var pending = [self]
    while let next = pending.popLast() {
      switch next {
      case .leaf(let leaf): spans[leaf.id.value] = leaf.id.span
      case .split(let split):
        pending += split.cases.compactMap(\.child)
        pending += [split.otherwise?.child, split.missing?.child].compactMap { $0 }
      }
    }
    return spans
  }
}
