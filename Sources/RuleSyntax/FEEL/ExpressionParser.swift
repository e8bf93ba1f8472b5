/// Parses FEEL by precedence climbing (DMN 1.5 §10.3.1.2).
///
/// Work and memory are bounded: nesting, the depth of the tree and the number of its nodes have
/// limits, so that whoever walks a tree may recurse.
struct ExpressionParser {
  /// How deeply parentheses, arguments, branches and right operands may nest.
  static let nestingLimit = 100
  /// How deep a tree may be.
  static let depthLimit = 200
  /// How many nodes and tests one text may have.
  static let nodeLimit = 10_000

  /// A node with the depth of its tree and its place in the expression's text.
  struct Node {
    var expression: Expression
    var depth: Int
    var lower: Int
    var upper: Int
  }

  let source: ExpressionText
  let bytes: [UInt8]
  let scope: NameScope
  let tokens: [Token]
  /// The token to read next.
  var cursor = 0
  var nesting = 0
  var nodes = 0
  /// Whether `?` may stand here.
  var allowsTested: Bool
  /// True while the high end of an interval is read, behind which `[` may stand.
  var endsInterval = false
  /// Findings that reading could go on after.
  var problems: [FEELProblem] = []

  /// A parser of `source`; fails when the text can't be cut into tokens.
  init(_ source: ExpressionText, scope: NameScope, allowsTested: Bool) throws(FEELProblem) {
    self.source = source
    self.scope = scope
    self.allowsTested = allowsTested
    bytes = Array(source.text.utf8)
    var lexer = Lexer(bytes, scope: scope)
    tokens = try lexer.allTokens()
  }

  // MARK: Tokens

  /// The token to read next.
  var token: Token { tokens[cursor] }

  /// The end of the last token that was read.
  var lastUpper: Int { cursor > 0 ? tokens[cursor - 1].upper : 0 }

  /// The token `ahead` of the next one.
  func peek(_ ahead: Int = 1) -> Token { tokens[min(cursor + ahead, tokens.count - 1)] }

  /// True when the next token is `symbol`.
  func isAt(_ symbol: Token.Symbol) -> Bool { token.kind == .symbol(symbol) }

  /// The text of `token`.
  func text(_ token: Token) -> String { text(token.lower, token.upper) }

  /// The text `lower..<upper`.
  func text(_ lower: Int, _ upper: Int) -> String {
    String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// The next token as a keyword or other undeclared word, else "".
  var word: String { token.kind == .word ? text(token) : "" }

  /// Goes on to the next token.
  mutating func advance() { if cursor < tokens.count - 1 { cursor += 1 } }

  /// Reads `symbol` if it comes next.
  mutating func accept(_ symbol: Token.Symbol) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  /// Reads `symbol`, or fails and says what was expected.
  mutating func expect(
    _ symbol: Token.Symbol, _ what: String? = nil
  ) throws(FEELProblem) {
    if !accept(symbol) { throw unexpected(what ?? "`\(symbol.rawValue)`") }
  }

  // MARK: Nodes

  /// A node over `lower..<upper` above children of depth `depth`.
  mutating func node(
    _ kind: Expression.Kind, _ lower: Int, _ upper: Int, above depth: Int = 0
  ) throws(FEELProblem) -> Node {
    try countNode(lower, upper)
    guard depth < Self.depthLimit else {
      throw FEELProblem(
        .feelTooComplex, "expression is too deep: more than \(Self.depthLimit) operations in a row",
        lower, upper, help: "split it into several `<derived>` values, or use `in (…)`")
    }
    return Node(
      expression: Expression(kind, source.sourceSpan(lower, upper)), depth: depth + 1, lower: lower,
      upper: upper)
  }

  /// Counts one more node or test.
  mutating func countNode(_ lower: Int, _ upper: Int) throws(FEELProblem) {
    nodes += 1
    guard nodes <= Self.nodeLimit else {
      throw FEELProblem(
        .feelTooComplex, "expression is too long: more than \(Self.nodeLimit) parts", lower, upper,
        help: "split it into several `<derived>` values")
    }
  }

  /// Goes one level deeper; the caller lowers `nesting` again.
  mutating func enter() throws(FEELProblem) {
    nesting += 1
    guard nesting <= Self.nestingLimit else {
      throw FEELProblem(
        .feelTooComplex, "expression nests more than \(Self.nestingLimit) levels deep", token.lower,
        token.upper, help: "split it into several `<derived>` values")
    }
  }

  // MARK: Expressions

  /// A whole expression.
  mutating func expression() throws(FEELProblem) -> Node {
    try operation(.or)
  }

  /// An expression whose operators bind at least as tightly as `lowest`.
  mutating func operation(_ lowest: Precedence) throws(FEELProblem) -> Node {
    try enter()
    let left = try negation()
    let result = try operation(lowest, after: left)
    nesting -= 1
    return result
  }

  /// Goes on with the operators behind `left`.
  mutating func operation(
    _ lowest: Precedence, after left: Node
  ) throws(FEELProblem) -> Node {
    var left = left
    while let found = binaryOperator(), found.precedence >= lowest {
      left = try binary(found, left)
    }
    return left
  }

  /// Rule 26 of §10.3.1.2: a minus binds more tightly than `**`, so `-3 ** 2` is 9.
  private mutating func negation() throws(FEELProblem) -> Node {
    var signs: [Int] = []
    while isAt(.minus) {
      signs.append(token.lower)
      advance()
    }
    var result = try postfix()
    for lower in signs.reversed() {
      result = try node(
        .negate(result.expression), lower, result.upper, above: result.depth)
    }
    return result
  }

  private mutating func binary(
    _ found: BinaryOperator, _ left: Node
  ) throws(FEELProblem) -> Node {
    let place = token
    advance()
    switch found {
    case .membership: return try membership(left)
    case .between: return try between(left)
    case .comparison(let comparison):
      let right = try operation(.sum)
      try refuseSecondComparison()
      return try join(.compare(comparison, left.expression, right.expression), left, right)
    case .arithmetic(let arithmetic):
      let right = try operation(found.precedence.next)
      return try join(.arithmetic(arithmetic, left.expression, right.expression), left, right)
    case .and:
      let right = try operation(.comparison)
      return try join(.and(left.expression, right.expression), left, right)
    case .or:
      let right = try operation(.and)
      return try join(.or(left.expression, right.expression), left, right)
    case .instanceOf:
      throw FEELProblem(
        .feelUnsupported, "`instance of` isn't supported", place.lower, token.upper,
        help: "every input has one declared type")
    }
  }

  private mutating func join(
    _ kind: Expression.Kind, _ left: Node, _ right: Node
  ) throws(FEELProblem) -> Node {
    try node(kind, left.lower, right.upper, above: max(left.depth, right.depth))
  }

  /// Comparisons aren't chained: `a < b < c` is an error.
  func refuseSecondComparison() throws(FEELProblem) {
    guard let next = binaryOperator(), next.precedence == .comparison else { return }
    throw unexpected(
      "`and`, `or` or the end", help: "comparisons don't chain: join two of them by `and`")
  }

  private mutating func between(_ value: Node) throws(FEELProblem) -> Node {
    let low = try operation(.sum)
    guard word == "and" else { throw unexpected("`and` of `between … and …`") }
    advance()
    let high = try operation(.sum)
    try refuseSecondComparison()
    return try node(
      .between(value.expression, low: low.expression, high: high.expression), value.lower,
      high.upper, above: max(value.depth, low.depth, high.depth))
  }
}

extension ExpressionParser {
  /// How tightly an operator binds (the order of rule 2's alternatives in §10.3.1.2).
  enum Precedence: Int, Comparable {
    case or, and, comparison, sum, product, power, above

    /// The next tighter one: what a right operand of a left-associative operator needs.
    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .above }

    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
  }

  /// An operator between two operands.
  enum BinaryOperator {
    case or, and, membership, between, instanceOf
    case comparison(Expression.ComparisonOperator)
    case arithmetic(Expression.ArithmeticOperator)

    /// How tightly it binds.
    var precedence: Precedence {
      switch self {
      case .or: .or
      case .and: .and
      case .membership, .between, .instanceOf, .comparison: .comparison
      case .arithmetic(.add), .arithmetic(.subtract): .sum
      case .arithmetic(.multiply), .arithmetic(.divide): .product
      case .arithmetic(.power): .power
      }
    }
  }

  /// The operator that comes next, if any.
  func binaryOperator() -> BinaryOperator? {
    switch token.kind {
    case .symbol(let symbol):
      if let comparison = Expression.ComparisonOperator(rawValue: symbol.rawValue) {
        return .comparison(comparison)
      }
      return Expression.ArithmeticOperator(rawValue: symbol.rawValue).map { .arithmetic($0) }
    case .word:
      switch text(token) {
      case "or": return .or
      case "and": return .and
      case "in": return .membership
      case "between": return .between
      case "instance": return .instanceOf
      default: return nil
      }
    default: return nil
    }
  }
}
