import RuleAnalysis
import RuleProgram
import RuleSyntax

/// Finds what a tree says more often than it must, and what it looks at for nothing.
struct StructureChecker {
  private let program: Program
  private let wording: Wording
  private let splits: [CheckedSplit]
  private let syntax: RuleSetSyntax
  private let classes: AnswerClasses
  private let influences: (inputs: Set<Int>, derived: Set<Int>)
  private var rare = LimitedFindings()

  /// What was found; of cases that can be merged only the first few.
  var diagnostics: [Diagnostic] { rare.diagnostics }

  /// A check of `ruleSet`, whose nodes come from `splits`.
  init(_ ruleSet: CompiledRuleSet, _ splits: [CheckedSplit], _ syntax: RuleSetSyntax) {
    program = ruleSet.program.program
    wording = ruleSet.wording
    self.splits = splits
    self.syntax = syntax
    classes = AnswerClasses(program)
    influences = classes.influences
  }

  /// Checks the whole tree.
  mutating func check(_ read: (inputs: Set<String>, derived: Set<String>)) {
    reportInfluence(read)
    var pending = [program.root]
    while let target = pending.popLast() {
      guard case .node(let index) = target else { continue }
      if classes.decidesNothing(index), program.nodes[index].children.count > 1 {
        reportIdle(index)
        continue
      }
      for group in classes.mergeableChildren(of: index) { report(group, of: index) }
      let node = program.nodes[index]
      pending += ([node.missing].compactMap { $0 } + node.children.reversed()).reduce(into: []) {
        if $0.last != $1 { $0.append($1) }
      }
    }
  }

  private mutating func report(_ group: [Int], of node: Int) {
    let split = splits[node]
    let places = group.map { wording.nodes[node].branchOfChild[$0] }
    let branches = Set(places).sorted().map { split.branches[$0] }
    guard let last = branches.last, branches.count > 1 else { return }
    let others = branches.dropLast()
    let names = others.prefix(4).map(Self.name).joined(separator: ", ")
    let more = others.count > 4 ? " and \(others.count - 4) more" : ""
    rare.add(
      Diagnostic(
        .mergeableCases, "\(Self.name(last)) gives the same answers as \(names)\(more)",
        at: last.span,
        notes: others.prefix(1).map { Diagnostic.Note("the other case is here", $0.span) },
        help: "make one case of them, unless their leaf IDs are meant to tell them apart"))
  }

  private static func name(_ branch: CheckedBranch) -> String {
    branch.kind == .case ? "`\(branch.tests)`" : "<otherwise>"
  }

  /// A split on something without any influence is reported at its declaration.
  private mutating func reportIdle(_ node: Int) {
    switch program.slots[program.nodes[node].slot].source {
    case .input(let index) where !influences.inputs.contains(index): return
    case .derived(let index) where !influences.derived.contains(index): return
    default: break
    }
    let split = splits[node].draft.syntax
    rare.add(
      Diagnostic(
        .mergeableCases, "all cases of this split give the same answer", at: split.on.span,
        help: "put one leaf in its place, unless the leaf IDs are meant to tell the cases apart"))
  }

  /// Inputs and derived values that the tree looks at, and on which nothing depends. What it doesn't
  /// look at at all is another kind of finding.
  private mutating func reportInfluence(_ read: (inputs: Set<String>, derived: Set<String>)) {
    let inputs = Set(influences.inputs.map { program.inputs[$0].name })
    let derived = Set(influences.derived.map { program.derived[$0].name })
    for input in syntax.inputs
    where read.inputs.contains(input.name.value) && !inputs.contains(input.name.value) {
      reportInfluence(input.name)
    }
    for item in syntax.derived
    where read.derived.contains(item.name.value) && !derived.contains(item.name.value) {
      reportInfluence(item.name)
    }
  }

  private mutating func reportInfluence(_ name: Spanned<String>) {
    rare.add(
      Diagnostic(
        .noInfluence,
        "the tree looks at `\(name.value)`, but no outcome, output or reason depends on it",
        at: name.span, help: "take it out of the tree, or correct the leaves that should differ"))
  }
}
