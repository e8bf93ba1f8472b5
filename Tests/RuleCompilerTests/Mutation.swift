import RuleSyntax
import SeededRandom

/// One random edit of a rule set, as an author makes it: a threshold moved, an operator changed on both
/// sides of a cut, two leaves swapped, a number in an expression changed.
struct Mutation {
  private(set) var syntax: RuleSetSyntax
  /// What was changed.
  private(set) var text = ""

  /// nil when the place that was drawn has nothing to change.
  init?(_ original: RuleSetSyntax, _ random: inout SeededGenerator) {
    syntax = original
    guard let tree = original.tree else { return nil }
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      let count = Self.count(tree) { if case .leaf = $0 { true } else { false } }
      var order = Array(0..<count)
      order.shuffle(using: &random)
      guard count > 1 else { return nil }
      let leaves = order.prefix(2).compactMap { Self.leaf($0, of: tree) }
      text = "leaves \(leaves.map(\.id.value)) swapped"
      syntax.tree = Self.map(tree) { node in
        guard case .leaf(let leaf) = node else { return node }
        if leaf.id.value == leaves[0].id.value { return .leaf(leaves[1]) }
        if leaf.id.value == leaves[1].id.value { return .leaf(leaves[0]) }
        return node
      }
    case 1: editExpression(&random)
    case let choice: editCut(tree, isOperator: choice == 2, &random)
    }
    if text.isEmpty { return nil }
  }

  /// Moves a cut, or gives the value on it to the other side.
  private mutating func editCut(
    _ tree: NodeSyntax, isOperator: Bool, _ random: inout SeededGenerator
  ) {
    let count = Self.count(tree) { if case .split = $0 { true } else { false } }
    let wanted = Int.random(in: 0..<count, using: &random)
    var index = 0
    var note = ""
    var dice = random
    syntax.tree = Self.map(tree) { node in
      guard case .split(var split) = node else { return node }
      defer { index += 1 }
      guard index == wanted else { return node }
      let tests = split.cases.map(\.tests.text)
      let numbers = tests.flatMap { $0.matches(of: #/\d+(\.\d+)?/#).map { String($0.output.0) } }
      guard let number = numbers.randomElement(using: &dice) else { return node }
      let other = Self.moved(number, &dice)
      for place in split.cases.indices {
        let text = tests[place]
        let new = isOperator ? Self.turned(text, number) : Self.replaced(text, number, other)
        split.cases[place].tests = ExpressionText(new)
      }
      note = "\(tests) to \(split.cases.map(\.tests.text))"
      return split.cases.map(\.tests.text) == tests ? node : .split(split)
    }
    random = dice
    text = note
  }

  private static func moved(_ number: String, _ random: inout SeededGenerator) -> String {
    if number.contains(".") { return number + "\(Int.random(in: 1...9, using: &random))" }
    return "\((Int(number) ?? 0) + random.pick([1, 2, 10]))"
  }

  private static func replaced(_ text: String, _ number: String, _ other: String) -> String {
    text.replacing(#/\d+(\.\d+)?/#) { String($0.output.0) == number ? other : String($0.output.0) }
  }

  /// `< 5` and `<= 5`, `[5..` and `(5..` and so on, exchanged.
  private static func turned(_ text: String, _ number: String) -> String {
    return text.replacing(#/(<=|<|>=|>)(\s*)([\w]+\("[^"]*"\)|[\d.]+)/#) { match in
      guard match.output.3.contains(number) else { return String(match.output.0) }
      let sign = ["<": "<=", "<=": "<", ">": ">=", ">=": ">"][String(match.output.1)] ?? ""
      return sign + match.output.2 + match.output.3
    }.replacing(#/([\[\(])([\w]+\("[^"]*"\)|\d+(?:\.\d+)?)\.\./#) { match in
      guard match.output.2.contains(number) else { return String(match.output.0) }
      return (match.output.1 == "[" ? "(" : "[") + match.output.2 + ".."
    }.replacing(#/\.\.([\w]+\("[^"]*"\)|\d+(?:\.\d+)?)([\]\)])/#) { match in
      guard match.output.1.contains(number) else { return String(match.output.0) }
      return ".." + match.output.1 + (match.output.2 == "]" ? ")" : "]")
    }
  }

  /// Changes a number in a derived value or in what a leaf sets.
  private mutating func editExpression(_ random: inout SeededGenerator) {
    if Bool.random(using: &random), let item = syntax.derived.indices.randomElement(using: &random)
    {
      let old = syntax.derived[item].expression.text
      guard let new = Self.edited(old, &random) else { return }
      syntax.derived[item].expression = ExpressionText(new)
      text = "\(old) to \(new)"
      return
    }
    guard let tree = syntax.tree else { return }
    let count = Self.count(tree) {
      if case .leaf(let leaf) = $0 { !leaf.sets.isEmpty } else { false }
    }
    guard count > 0 else { return }
    let wanted = Int.random(in: 0..<count, using: &random)
    var index = 0
    var note = ""
    var dice = random
    syntax.tree = Self.map(tree) { node in
      guard case .leaf(var leaf) = node, !leaf.sets.isEmpty else { return node }
      defer { index += 1 }
      guard index == wanted else { return node }
      let place = Int.random(in: 0..<leaf.sets.count, using: &dice)
      let old = leaf.sets[place].expression.text
      guard let new = Self.edited(old, &dice) else { return node }
      leaf.sets[place].expression = ExpressionText(new)
      note = "\(old) to \(new)"
      return .leaf(leaf)
    }
    random = dice
    text = note
  }

  private static func edited(_ text: String, _ random: inout SeededGenerator) -> String? {
    let numbers = text.matches(of: #/\d+(\.\d+)?/#).map { String($0.output.0) }
    guard let number = numbers.randomElement(using: &random) else { return nil }
    let other = moved(number, &random)
    return replaced(text, number, other)
  }

  // MARK: - Trees

  private static func map(_ node: NodeSyntax, _ body: (NodeSyntax) -> NodeSyntax) -> NodeSyntax {
    switch body(node) {
    case .leaf(let leaf): return .leaf(leaf)
    case .split(var split):
      for place in split.cases.indices {
        split.cases[place].child = split.cases[place].child.map { map($0, body) }
      }
      let others = [split.otherwise?.child, split.missing?.child].map { $0.map { map($0, body) } }
      split.otherwise?.child = others[0]
      split.missing?.child = others[1]
      return .split(split)
    }
  }

  private static func count(_ node: NodeSyntax, _ isWanted: (NodeSyntax) -> Bool) -> Int {
    var found = 0
    _ = map(node) { node in
      if isWanted(node) { found += 1 }
      return node
    }
    return found
  }

  private static func leaf(_ index: Int, of tree: NodeSyntax) -> LeafSyntax? {
    var found: [LeafSyntax] = []
    _ = map(tree) { node in
      if case .leaf(let leaf) = node { found.append(leaf) }
      return node
    }
    return found.indices.contains(index) ? found[index] : nil
  }
}
