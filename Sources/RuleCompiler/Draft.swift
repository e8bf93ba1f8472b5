import RuleAnalysis
import RuleProgram
import RuleSyntax

/// A program under construction: declarations, lowered expressions and slots in the order in which
/// they were met. The emitter numbers everything anew, in the order of the finished tree.
struct Draft {
  let declarations: Declarations
  /// Derived values in an order in which each refers only to earlier ones.
  var derived: [DraftDerived] = []
  var slots: [DraftSlot] = []
  private var slotIndex: [Lowered: Int] = [:]
  /// What each name in an expression stands for.
  var names: [String: ExpressionLowering.Name] = [:]

  struct DraftDerived {
    var name: String
    var type: ValueType
    var lowered: Lowered
    var span: SourceSpan
  }

  struct DraftSlot {
    var lowered: Lowered
    var type: ValueType
    var source: Source
    var encoding: KeyEncoding = .boolean
    var offset: Program.OffsetRule = .any
    /// The constants that the tests compare this slot with.
    var constants: [Value] = []

    enum Source {
      case input(Int)
      case derived(Int)
      case expression
    }
  }

  init(_ declarations: Declarations) {
    self.declarations = declarations
    for (index, input) in declarations.inputs.enumerated() {
      names[input.name] = .input(index, input.type)
    }
  }

  /// Parses, orders and lowers the derived values.
  mutating func lowerDerived(_ syntax: RuleSetSyntax, diagnostics: inout [Diagnostic]) {
    for input in syntax.inputs where names[input.name.value] == nil {
      names[input.name.value] = .broken
    }
    var parsed: [String: (syntax: DerivedSyntax, expression: Expression?)] = [:]
    for item in syntax.derived {
      if names[item.name.value] == nil { names[item.name.value] = .broken }
      guard parsed[item.name.value] == nil, declarations.derivedTypes[item.name.value] != nil
      else { continue }
      let expression = parseExpression(
        item.expression, names: declarations.scope, diagnostics: &diagnostics)
      parsed[item.name.value] = (item, expression)
    }
    let order = DerivedOrder(parsed.compactMapValues { $0.expression?.names ?? [] })
    for circle in order.circles {
      report(circle: circle.compactMap { parsed[$0]?.syntax.name }, &diagnostics)
    }
    for name in order.sorted {
      guard let entry = parsed[name], let expression = entry.expression,
        let type = declarations.derivedTypes[name]
      else { continue }
      lowerDerived(entry.syntax, expression, type, &diagnostics)
    }
  }

  private func report(circle: [Spanned<String>], _ diagnostics: inout [Diagnostic]) {
    let members = circle.sorted { $0.span.lower < $1.span.lower }
    guard let first = members.first else { return }
    guard members.count > 1 else {
      diagnostics.append(
        Diagnostic(
          .cyclicDerived, "the derived value `\(first.value)` refers to itself", at: first.span,
          help: "compute it from inputs and other derived values"))
      return
    }
    let names = members.prefix(8).map { "`\($0.value)`" }.joined(separator: ", ")
    let more = members.count > 8 ? " and \(members.count - 8) more" : ""
    diagnostics.append(
      Diagnostic(
        .cyclicDerived, "the derived values \(names)\(more) refer to each other in a circle",
        at: first.span,
        notes: members.dropFirst().prefix(7).map {
          Diagnostic.Note("`\($0.value)` belongs to it", $0.span)
        },
        help: "compute one of them without the others"))
  }

  private mutating func lowerDerived(
    _ item: DerivedSyntax, _ expression: Expression, _ type: ValueType,
    _ diagnostics: inout [Diagnostic]
  ) {
    var lowering = ExpressionLowering(names: names)
    let lowered = lowering.lower(expression)
    diagnostics += lowering.diagnostics
    guard let lowered, Self.isShortEnough(lowered, expression.span, &diagnostics) else { return }
    if let found = lowered.type, found != type {
      diagnostics.append(
        Diagnostic(
          .typeMismatch,
          "the derived value `\(item.name.value)` is declared as \(type.name), but is a \(found.name)",
          at: expression.span,
          notes: [Diagnostic.Note("the type is declared here", item.type.span)],
          help: "declare it as type=\"\(found.name)\", or change the expression"))
      return
    }
    names[item.name.value] = .derived(derived.count, type)
    derived.append(
      DraftDerived(
        name: item.name.value, type: type, lowered: lowered, span: expression.span))
  }

  static func isShortEnough(
    _ lowered: Lowered, _ span: SourceSpan, _ diagnostics: inout [Diagnostic]
  ) -> Bool {
    if lowered.instructions.count <= Code.maximumLength, lowered.depth <= Code.maximumDepth {
      return true
    }
    diagnostics.append(
      Diagnostic(
        .tooLarge, "this expression is too long", at: span,
        help: "split it into several derived values"))
    return false
  }

  /// The slot over `lowered`, made at its first use.
  mutating func slot(for lowered: Lowered, type: ValueType) -> Int {
    if let known = slotIndex[lowered] { return known }
    var source = DraftSlot.Source.expression
    if lowered.instructions.count == 1, case .instruction(let only) = lowered.instructions[0] {
      if only.operation == .input { source = .input(only.operand) }
      if only.operation == .derived { source = .derived(only.operand) }
    }
    slots.append(DraftSlot(lowered: lowered, type: type, source: source))
    slotIndex[lowered] = slots.count - 1
    return slots.count - 1
  }

  /// The names of inputs and derived values that the tree reads, through derived values too.
  func namesRead(from usage: Usage) -> (inputs: Set<String>, derived: Set<String>) {
    var reached = usage.derived
    var inputs = usage.inputs
    for index in derived.indices.reversed() where reached.contains(index) {
      reached.formUnion(derived[index].lowered.reads(.derived))
      inputs.formUnion(derived[index].lowered.reads(.input))
    }
    return (
      Set(inputs.map { declarations.inputs[$0].name }), Set(reached.map { derived[$0].name })
    )
  }

  /// The names of inputs that `lowered` depends on, through derived values too.
  func inputsReached(by lowered: Lowered) -> Set<String> {
    var usage = Usage()
    usage.inputs = Set(lowered.reads(.input))
    usage.derived = Set(lowered.reads(.derived))
    return namesRead(from: usage).inputs
  }
}

extension Expression {
  /// Every name that the expression mentions.
  var names: Set<String> {
    var found: Set<String> = []
    var pending = [self]
    while let next = pending.popLast() {
      if case .name(let name) = next.kind { found.insert(name) }
      pending += next.operands
    }
    return found
  }

  /// True when the expression mentions `?`.
  var mentionsTested: Bool {
    var pending = [self]
    while let next = pending.popLast() {
      if next.kind == .tested { return true }
      pending += next.operands
    }
    return false
  }

  private var operands: [Expression] {
    switch kind {
    case .number, .string, .boolean, .null, .temporal, .name, .tested: []
    case .negate(let a), .not(let a), .property(let a, _): [a]
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .and(let a, let b),
      .or(let a, let b):
      [a, b]
    case .ifThenElse(let a, let b, let c), .between(let a, let b, let c): [a, b, c]
    case .membership(let a, let tests): [a] + tests.tests.flatMap(\.operands)
    case .call(_, let arguments): arguments
    case .list(let elements): elements
    }
  }
}

extension UnaryTest {
  var operands: [Expression] {
    switch kind {
    case .any: []
    case .comparison(_, let a), .expression(let a): [a]
    case .interval(_, let a, let b, _): [a, b]
    }
  }
}
