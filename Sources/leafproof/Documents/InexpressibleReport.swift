import RuleBackends
import RuleCompiler
import RuleProgram
import RuleSyntax

/// Where in a rule set's source the parts stand that a backend can't express.
struct InexpressibleReport {
  private let document: LoadedDocument
  private let ruleSet: CompiledRuleSet

  /// A report on `ruleSet`, which `document` compiled to.
  init(_ document: LoadedDocument, _ ruleSet: CompiledRuleSet) {
    self.document = document
    self.ruleSet = ruleSet
  }

  /// `refusals` as diagnostics: `target` (`C`, `SQLite`) can't express this, `help` says what to do.
  func text(_ refusals: [Inexpressible], target: String, help: String) -> String {
    let diagnostics = refusals.map { refusal in
      Diagnostic(
        .inexpressible, "\(target) can't express \(refusal.construct)", at: span(of: refusal.part),
        help: help)
    }
    return DiagnosticRenderer(
      source: document.source, usesColor: Console.usesColor(SystemCalls.error)
    ).render(diagnostics)
  }

  private var syntax: RuleSetSyntax? {
    guard case .ruleSet(let syntax) = parseDocument(document.source).document else { return nil }
    return syntax
  }

  private func span(of part: Inexpressible.Part) -> SourceSpan {
    guard let syntax else { return SourceSpan(0, 0) }
    let program = ruleSet.program.program
    switch part {
    case .input(let index):
      let name = program.inputs[index].name
      return syntax.inputs.first { $0.name.value == name }?.name.span ?? syntax.span
    case .derived(let index):
      let name = program.derived[index].name
      return syntax.derived.first { $0.name.value == name }?.expression.span ?? syntax.span
    case .node(let index): return span(at: ruleSet.wording.nodes[index].place, syntax)
    case .leaf(let index): return span(at: ruleSet.wording.leaves[index], syntax)
    case .expression(let index):
      if let derived = program.derived.firstIndex(where: { $0.expression == index }) {
        return span(of: .derived(derived))
      }
      let slot = program.slots.firstIndex { $0.source == .expression(index) }
      if let slot, let node = program.nodes.firstIndex(where: { $0.slot == slot }) {
        return span(of: .node(node))
      }
      let leaf = program.leaves.firstIndex { $0.sets.contains { $0.expression == index } }
      return leaf.map { span(of: .leaf($0)) } ?? syntax.span
    }
  }

  /// What is to be underlined of the split or leaf at `place`.
  private func span(at place: Wording.Place, _ syntax: RuleSetSyntax) -> SourceSpan {
    var pending = syntax.tree.map { [$0] } ?? []
    while let next = pending.popLast() {
      switch next {
      case .leaf(let leaf):
        if isAt(place, leaf.span) { return leaf.span }
      case .split(let split):
        if isAt(place, split.span) || isAt(place, split.on.span) { return split.on.span }
        pending += split.cases.compactMap(\.child)
        pending += [split.otherwise?.child, split.missing?.child].compactMap { $0 }
      }
    }
    return syntax.span
  }

  private func isAt(_ place: Wording.Place, _ span: SourceSpan) -> Bool {
    let location = document.source.location(of: span.lower)
    return location.line == place.line && location.column == place.column
  }
}
