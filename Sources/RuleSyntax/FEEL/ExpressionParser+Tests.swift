/// Unary tests: those of a case, and those behind `in`.
extension ExpressionParser {
  /// A test together with its depth; a list literal gives several.
  private struct Test {
    var test: UnaryTest
    var depth: Int
  }

  /// Rules 14 to 16: the tests of a case.
  mutating func unaryTests() throws(FEELProblem) -> UnaryTests {
    let start = token
    if isAt(.minus), peek().kind == .end {
      advance()
      return UnaryTests(
        negated: false, tests: [UnaryTest(.any, span(start.lower, start.upper))],
        span: span(start.lower, start.upper))
    }
    if word == "not", peek().kind == .symbol(.leftParenthesis) {
      var attempt = self
      attempt.advance()
      attempt.advance()
      let tests = try attempt.testList()
      guard attempt.accept(.rightParenthesis) else { throw attempt.unexpected("`,` or `)`") }
      if attempt.token.kind == .end {
        self = attempt
        return UnaryTests(
          negated: true, tests: tests.map(\.test), span: span(start.lower, lastUpper))
      }
    }
    let tests = try testList()
    guard token.kind == .end else { throw unexpected("`,` or the end", help: helpBehindTest) }
    return UnaryTests(negated: false, tests: tests.map(\.test), span: span(start.lower, lastUpper))
  }

  private var helpBehindTest: String? {
    switch word {
    case "and", "or": "write an interval such as `[1..5)`, or a condition with `?`"
    default: nil
    }
  }

  private func span(_ lower: Int, _ upper: Int) -> SourceSpan { source.sourceSpan(lower, upper) }

  private mutating func testList() throws(FEELProblem) -> [Test] {
    var tests: [Test] = []
    repeat {
      tests += try test(.or)
      try refuseBareInterval()
    } while accept(.comma)
    return tests
  }

  private func refuseBareInterval() throws(FEELProblem) {
    guard isAt(.dots) else { return }
    throw unexpected("`,` or the end", help: "an interval needs its brackets, such as `[1..5]`")
  }

  /// One test; operators that bind less tightly than `lowest` end it.
  private mutating func test(_ lowest: Precedence) throws(FEELProblem) -> [Test] {
    let start = token
    try countNode(start.lower, start.upper)
    switch start.kind {
    case .symbol(let symbol):
      if let comparison = Expression.ComparisonOperator(rawValue: symbol.rawValue) {
        advance()
        let value = try operation(.sum)
        return [made(.comparison(comparison, value.expression), start, value.depth)]
      }
      switch symbol {
      case .leftBracket: return try bracketTest(start)
      case .rightBracket:
        advance()
        let low = try operation(.sum)
        return [try interval(low, closed: false, start)]
      case .leftParenthesis: return [try parenthesisTest(lowest, start)]
      case .minus where isEndOfTest(peek()):
        throw FEELProblem(
          .feelSyntax, "`-` stands alone", start.lower, start.upper,
          help: "`-` means any value; use it without other tests")
      default: return [try expressionTest(lowest)]
      }
    default: return [try expressionTest(lowest)]
    }
  }

  private func isEndOfTest(_ token: Token) -> Bool {
    switch token.kind {
    case .end, .symbol(.comma), .symbol(.rightParenthesis): true
    default: false
    }
  }

  private func made(_ kind: UnaryTest.Kind, _ start: Token, _ depth: Int) -> Test {
    Test(test: UnaryTest(kind, span(start.lower, lastUpper)), depth: depth)
  }

  private mutating func expressionTest(_ lowest: Precedence) throws(FEELProblem) -> Test {
    let value = try operation(lowest)
    return Test(
      test: UnaryTest(.expression(value.expression), value.expression.span), depth: value.depth)
  }

  /// `[low..high]`, or a list literal: each element a test.
  private mutating func bracketTest(_ start: Token) throws(FEELProblem) -> [Test] {
    advance()
    if isAt(.rightBracket) { throw unsupported("empty list", start) }
    let outer = allowsTested
    allowsTested = false
    let first = try expression()
    allowsTested = outer
    if isAt(.dots) { return [try interval(first, closed: true, start)] }
    allowsTested = false
    var elements = [first]
    while accept(.comma) { elements.append(try expression()) }
    allowsTested = outer
    try expect(.rightBracket, "`..`, `,` or `]`")
    return elements.map { element in
      Test(
        test: UnaryTest(.expression(element.expression), element.expression.span),
        depth: element.depth)
    }
  }

  /// Behind the low end of an interval that starts with `start`.
  private mutating func interval(
    _ low: Node, closed: Bool, _ start: Token
  ) throws(FEELProblem) -> Test {
    try expect(.dots, "`..`")
    endsInterval = true
    let high = try operation(.sum)
    endsInterval = false
    let highClosed = isAt(.rightBracket)
    guard highClosed || isAt(.rightParenthesis) || isAt(.leftBracket) else {
      throw unexpected("`]` or `)` at the end of the interval")
    }
    advance()
    return made(
      .interval(
        lowClosed: closed, low: low.expression, high: high.expression, highClosed: highClosed),
      start, max(low.depth, high.depth))
  }

  /// `(low..high)`, or an expression that starts with a parenthesis.
  private mutating func parenthesisTest(
    _ lowest: Precedence, _ start: Token
  ) throws(FEELProblem) -> Test {
    advance()
    let inner = try expression()
    if isAt(.dots) { return try interval(inner, closed: false, start) }
    try expect(.rightParenthesis, "`..`, `)` or an operator")
    let operand = try postfix(parenthesised(inner, start))
    let value = try operation(lowest, after: operand)
    return Test(
      test: UnaryTest(.expression(value.expression), value.expression.span), depth: value.depth)
  }

  // MARK: Behind `in`

  /// `value in …`; `in` was just read.
  mutating func membership(_ value: Node) throws(FEELProblem) -> Node {
    try enter()
    let outer = allowsTested
    allowsTested = false
    let start = token
    if word == "not", peek().kind == .symbol(.leftParenthesis) {
      throw unexpected("a test", help: "write `not(value in (…))`")
    }
    let tests = isAt(.leftParenthesis) ? try testsInParentheses() : try test(.sum)
    try refuseBareInterval()
    try refuseSecondComparison()
    allowsTested = outer
    nesting -= 1
    let behind = UnaryTests(
      negated: false, tests: tests.map(\.test), span: span(start.lower, lastUpper))
    let depth = max(value.depth, tests.map(\.depth).max() ?? 0)
    return try node(
      .membership(value.expression, behind), value.lower, lastUpper, above: depth)
  }

  /// `(a, < 5, [1..2])`, or the interval `(1..2)`.
  private mutating func testsInParentheses() throws(FEELProblem) -> [Test] {
    let start = token
    advance()
    var tests: [Test] = []
    repeat {
      let next = try test(.or)
      if isAt(.dots), tests.isEmpty, let only = next.first,
        case .expression(let low) = only.test.kind
      {
        let low = Node(
          expression: low, depth: only.depth, lower: start.upper, upper: lastUpper)
        return [try interval(low, closed: false, start)]
      }
      tests += next
    } while accept(.comma)
    try expect(.rightParenthesis, "`,` or `)`")
    return tests
  }
}
