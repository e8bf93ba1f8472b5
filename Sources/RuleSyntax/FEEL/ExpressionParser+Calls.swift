/// Calls of built-in functions with positional or named arguments.
extension ExpressionParser {
  /// An argument, and its parameter when it was named.
  private struct Argument {
    var node: Node
    var name: Spanned<String>?
    var nameBounds = (lower: 0, upper: 0)
  }

  /// The arguments of `function`, whose name was just read as `start`.
  mutating func call(_ function: BuiltinFunction, _ start: Token) throws(FEELProblem) -> Node {
    try expect(.leftParenthesis)
    var arguments: [Argument] = []
    let takesList = BuiltinNames.parameters(of: function) == nil
    if !isAt(.rightParenthesis) {
      repeat {
        arguments.append(try argument(takesList: takesList))
      } while accept(.comma)
    }
    try expect(.rightParenthesis, "`,` or `)`")
    let ordered = try ordered(arguments, of: function, start)
    let depth = ordered.map(\.depth).max() ?? 0
    return try node(
      .call(function, ordered.map(\.expression)), start.lower, lastUpper, above: depth)
  }

  private mutating func argument(takesList: Bool) throws(FEELProblem) -> Argument {
    let first = token
    var ahead = 0
    while isWord(peek(ahead)) { ahead += 1 }
    var name: Spanned<String>?
    var bounds = (lower: 0, upper: 0)
    if ahead > 0, peek(ahead).kind == .symbol(.colon) {
      bounds = (first.lower, peek(ahead - 1).upper)
      name = Spanned(
        FEELCharacters.collapsed(text(bounds.lower, bounds.upper)),
        source.sourceSpan(bounds.lower, bounds.upper))
      cursor += ahead + 1
    }
    let value = takesList && isAt(.leftBracket) ? try listLiteral() : try expression()
    return Argument(node: value, name: name, nameBounds: bounds)
  }

  /// `[a, b]` as the argument of a function that takes a list.
  private mutating func listLiteral() throws(FEELProblem) -> Node {
    let start = token
    advance()
    var elements: [Node] = []
    if !isAt(.rightBracket) {
      repeat { elements.append(try expression()) } while accept(.comma)
    }
    if isAt(.dots) { throw unsupported("range outside of `in` and cases", start) }
    try expect(.rightBracket, "`,` or `]`")
    let depth = elements.map(\.depth).max() ?? 0
    return try node(.list(elements.map(\.expression)), start.lower, lastUpper, above: depth)
  }

  private func ordered(
    _ arguments: [Argument], of function: BuiltinFunction, _ start: Token
  ) throws(FEELProblem) -> [Node] {
    let named = arguments.filter { $0.name != nil }
    guard let lists = BuiltinNames.parameters(of: function) else {
      return try listArguments(arguments, of: function, start)
    }
    guard named.isEmpty else { return try placed(arguments, lists, function, start) }
    guard lists.contains(where: { $0.count == arguments.count }) else {
      throw wrongCount(arguments.count, lists, function, start)
    }
    return arguments.map(\.node)
  }

  private func listArguments(
    _ arguments: [Argument], of function: BuiltinFunction, _ start: Token
  ) throws(FEELProblem) -> [Node] {
    if let stray = arguments.first(where: { $0.name != nil }),
      arguments.count > 1 || stray.name?.value != "list"
    {
      throw unknownParameter(stray, [["list"]], function)
    }
    let isListAmongOthers =
      arguments.count > 1
      && arguments.contains { argument in
        if case .list = argument.node.expression.kind { true } else { false }
      }
    if isListAmongOthers { throw unsupported("list among other arguments", start) }
    if arguments.isEmpty {
      throw FEELProblem(
        .feelSyntax, "`\(function.rawValue)` needs at least one argument", start.lower, lastUpper,
        help: "write `\(function.rawValue)(a, b)`")
    }
    return arguments.map(\.node)
  }

  /// Puts named arguments in the order of the parameter list that has just these names.
  private func placed(
    _ arguments: [Argument], _ lists: [[String]], _ function: BuiltinFunction, _ start: Token
  ) throws(FEELProblem) -> [Node] {
    if let positional = arguments.first(where: { $0.name == nil }) {
      throw FEELProblem(
        .feelSyntax, "named and plain arguments are mixed", positional.node.lower,
        positional.node.upper, help: "name all of them, or none")
    }
    var byName: [String: Node] = [:]
    for argument in arguments {
      guard let name = argument.name?.value, lists.contains(where: { $0.contains(name) }) else {
        throw unknownParameter(argument, lists, function)
      }
      guard byName.updateValue(argument.node, forKey: name) == nil else {
        throw FEELProblem(
          .feelSyntax, "argument `\(name)` is given twice", argument.nameBounds.lower,
          argument.nameBounds.upper)
      }
    }
    for list in lists where Set(list) == Set(byName.keys) {
      return list.compactMap { byName[$0] }
    }
    throw wrongCount(arguments.count, lists, function, start)
  }

  private func unknownParameter(
    _ argument: Argument, _ lists: [[String]], _ function: BuiltinFunction
  ) -> FEELProblem {
    let name = argument.name?.value ?? ""
    return FEELProblem(
      .feelSyntax, "`\(function.rawValue)` has no parameter `\(name)`", argument.nameBounds.lower,
      argument.nameBounds.upper, help: "write \(forms(lists, function))")
  }

  private func wrongCount(
    _ count: Int, _ lists: [[String]], _ function: BuiltinFunction, _ start: Token
  ) -> FEELProblem {
    let amount = count == 1 ? "1 argument" : "\(count) arguments"
    return FEELProblem(
      .feelSyntax, "`\(function.rawValue)` can't take \(amount)", start.lower, lastUpper,
      help: "write \(forms(lists, function))")
  }

  /// The ways to call `function`, such as "`floor(n)` or `floor(n, scale)`".
  private func forms(_ lists: [[String]], _ function: BuiltinFunction) -> String {
    lists.map { "`\(function.rawValue)(\($0.joined(separator: ", ")))`" }
      .joined(separator: " or ")
  }
}
