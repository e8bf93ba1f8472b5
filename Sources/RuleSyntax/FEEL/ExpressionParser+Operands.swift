/// Operands: literals, names, parentheses, `if`, and what the language has but we don't.
extension ExpressionParser {
  /// An operand with its properties.
  mutating func postfix() throws(FEELProblem) -> Node {
    let operand = try operand()
    return try postfix(operand)
  }

  /// Goes on with what stands directly behind `operand`.
  mutating func postfix(_ operand: Node) throws(FEELProblem) -> Node {
    var result = operand
    while true {
      if isAt(.dot) {
        result = try property(result)
      } else if isAt(.leftBracket), !endsInterval {
        throw unsupported("filter `[…]`", token, help: Self.beforehand)
      } else if isAt(.leftParenthesis) {
        throw unexpected("an operator or the end", help: "only built-in functions can be called")
      } else {
        return result
      }
    }
  }

  /// `.year` and the like; `time offset` is two words.
  private mutating func property(_ value: Node) throws(FEELProblem) -> Node {
    advance()
    let first = token
    guard isWord(first) else { throw unexpected("the name of a property") }
    var name = FEELCharacters.collapsed(text(first))
    advance()
    if name == "time", isWord(token), text(token) == "offset" {
      name = "time offset"
      advance()
    }
    guard BuiltinNames.properties.contains(name) else {
      throw FEELProblem(
        .unknownName, "unknown property `\(name)`", first.lower, lastUpper,
        help: Suggestion.help(for: name, among: BuiltinNames.properties))
    }
    let spelt = Spanned(name, source.sourceSpan(first.lower, lastUpper))
    return try node(
      .property(value.expression, spelt), value.lower, lastUpper, above: value.depth)
  }

  /// True for a word of any kind: declared, unknown or keyword.
  func isWord(_ token: Token) -> Bool {
    switch token.kind {
    case .word, .name, .function, .unsupportedFunction: true
    default: false
    }
  }

  private mutating func operand() throws(FEELProblem) -> Node {
    let start = token
    switch start.kind {
    case .number:
      advance()
      return try node(.number(text(start)), start.lower, start.upper)
    case .string(let value):
      advance()
      return try node(.string(value), start.lower, start.upper)
    case .temporal(let value):
      advance()
      return try node(.temporal(value), start.lower, start.upper)
    case .name(let name):
      // `net incom`, with only `net` declared: two names never stand side by side.
      if isWord(peek()), !isKeyword(peek()) { return try unknownName(start) }
      advance()
      return try node(.name(scope.spellings[name]), start.lower, start.upper)
    case .function(let function):
      advance()
      return try call(function, start)
    case .unsupportedFunction(let name):
      throw unsupported("function `\(name)`", start, help: BuiltinNames.unsupported[name] ?? nil)
    case .word: return try keyword(start)
    case .symbol(let symbol): return try bracketed(symbol, start)
    case .end: throw unexpected("a value")
    }
  }

  private mutating func bracketed(
    _ symbol: Token.Symbol, _ start: Token
  ) throws(FEELProblem) -> Node {
    switch symbol {
    case .leftParenthesis:
      advance()
      let inner = try expression()
      if isAt(.dots) { throw unsupported("range outside of `in` and cases", start) }
      try expect(.rightParenthesis, "`)` or an operator")
      return parenthesised(inner, start)
    case .question:
      guard allowsTested else {
        throw FEELProblem(
          .feelUnsupported, "`?` stands only in the tests of a case", start.lower, start.upper,
          help: "name the input that you mean")
      }
      advance()
      return try node(.tested, start.lower, start.upper)
    case .leftBracket, .rightBracket: throw unsupported("list or range as a value", start)
    case .leftBrace: throw unsupported("context `{…}`", start, help: Self.beforehand)
    default: throw unexpected("a value")
    }
  }

  /// `inner` with the parentheses from `start` up to the last token.
  func parenthesised(_ inner: Node, _ start: Token) -> Node {
    var result = inner
    result.lower = start.lower
    result.upper = lastUpper
    result.expression.span = source.sourceSpan(start.lower, lastUpper)
    return result
  }

  private mutating func keyword(_ start: Token) throws(FEELProblem) -> Node {
    switch text(start) {
    case "true", "false":
      advance()
      return try node(.boolean(text(start) == "true"), start.lower, start.upper)
    case "null":
      advance()
      return try node(.null, start.lower, start.upper)
    case "if": return try conditional(start)
    case "not" where peek().kind == .symbol(.leftParenthesis): return try negatedCall(start)
    case "for" where isWord(peek()):
      throw unsupported("`for … return`", start, help: Self.beforehand)
    case "some" where isWord(peek()):
      throw unsupported("`some … satisfies`", start, help: Self.beforehand)
    case "every" where isWord(peek()):
      throw unsupported("`every … satisfies`", start, help: Self.beforehand)
    case "function" where peek().kind == .symbol(.leftParenthesis):
      throw unsupported(
        "function definition", start, help: "name its result with a `<derived>`")
    case let word where FEELCharacters.reserved.contains(word): throw unexpected("a value")
    default: return try unknownName(start)
    }
  }

  private mutating func conditional(_ start: Token) throws(FEELProblem) -> Node {
    advance()
    let condition = try expression()
    guard word == "then" else { throw unexpected("`then`") }
    advance()
    let then = try expression()
    guard word == "else" else {
      throw unexpected("`else`", help: "every `if` has a `then` and an `else`")
    }
    advance()
    let otherwise = try expression()
    return try node(
      .ifThenElse(
        condition: condition.expression, then: then.expression, otherwise: otherwise.expression),
      start.lower, otherwise.upper, above: max(condition.depth, then.depth, otherwise.depth))
  }

  private mutating func negatedCall(_ start: Token) throws(FEELProblem) -> Node {
    advance()
    advance()
    let inner = try expression()
    try expect(.rightParenthesis, "`)` or an operator")
    return try node(.not(inner.expression), start.lower, lastUpper, above: inner.depth)
  }

  /// Reports a name that isn't declared, over all of its words, and reads on.
  private mutating func unknownName(_ start: Token) throws(FEELProblem) -> Node {
    advance()
    while true {
      if isAt(.dot), isWord(peek()) {
        advance()
        advance()
      } else if isWord(token), !isKeyword(token) {
        advance()
      } else {
        break
      }
    }
    let name = FEELCharacters.collapsed(text(start.lower, lastUpper))
    if isAt(.leftParenthesis) {
      throw FEELProblem(
        .unknownName, "unknown function `\(name)`", start.lower, lastUpper,
        help: Suggestion.help(for: name, among: BuiltinFunction.allCases.map(\.rawValue)))
    }
    let help = problems.count < 20 ? suggestion(name) : nil
    problems.append(
      FEELProblem(.unknownName, "unknown name `\(name)`", start.lower, lastUpper, help: help))
    return try node(.null, start.lower, lastUpper)
  }

  private func suggestion(_ name: String) -> String? {
    if let close = scope.suggestion(for: name) { return "did you mean `\(close)`?" }
    return "declare it as an `<input>` or `<derived>`; a text stands in double quotes"
  }

  /// True for a word that ends an operand.
  private func isKeyword(_ token: Token) -> Bool {
    guard token.kind == .word else { return false }
    let word = text(token)
    return word == "instance" || FEELCharacters.reserved.contains(word)
  }

  // MARK: Findings

  /// What to do instead of looping over data.
  private static let beforehand =
    "rules look at single values: work it out beforehand, and declare it as an `<input>`"

  /// "… isn't supported".
  func unsupported(_ what: String, _ token: Token, help: String? = nil) -> FEELProblem {
    FEELProblem(.feelUnsupported, "\(what) isn't supported", token.lower, token.upper, help: help)
  }

  /// "expected …, found …" about the next token.
  func unexpected(_ what: String, help: String? = nil) -> FEELProblem {
    let found = token.kind == .end ? "the end" : "`\(clipped(text(token)))`"
    let previous = cursor > 0 ? text(tokens[cursor - 1]) : ""
    var help = help
    if help == nil {
      switch (previous, text(token)) {
      case ("=", "="): help = "FEEL writes `=`"
      case ("<", ">"): help = "FEEL writes `!=`"
      default: break
      }
    }
    return FEELProblem(
      .feelSyntax, "expected \(what), found \(found)", token.lower, token.upper, help: help)
  }

  private func clipped(_ text: String) -> String {
    text.unicodeScalars.count <= 40 ? text : String(text.prefix(40)) + "…"
  }
}
