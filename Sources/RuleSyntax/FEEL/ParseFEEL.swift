/// Parses a whole FEEL expression.
///
/// - Parameters:
///   - text: the expression with the way back to its source.
///   - names: the names that it may use.
///   - diagnostics: receives what is wrong, at the exact place.
/// - Returns: the tree, at most 200 levels deep, or `nil` after reporting at least one error,
///   unless `text` is known to be missing.
public func parseExpression(
  _ text: ExpressionText, names: NameScope, diagnostics: inout [Diagnostic]
) -> Expression? {
  parse(text, names, allowsTested: false, &diagnostics) { parser throws(FEELProblem) in
    let result = try parser.expression()
    guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
    return result.expression
  }
}

/// Parses FEEL unary tests: what stands in `is="…"`.
///
/// - Parameters:
///   - text: the tests with the way back to their source.
///   - names: the names that they may use.
///   - diagnostics: receives what is wrong, at the exact place.
/// - Returns: the tests, or `nil` after reporting at least one error,
///   unless `text` is known to be missing.
public func parseUnaryTests(
  _ text: ExpressionText, names: NameScope, diagnostics: inout [Diagnostic]
) -> UnaryTests? {
  parse(text, names, allowsTested: true, &diagnostics) { parser throws(FEELProblem) in
    try parser.unaryTests()
  }
}

/// Runs `read` over `text`, and turns its problems into diagnostics.
private func parse<Result>(
  _ text: ExpressionText, _ names: NameScope, allowsTested: Bool, _ diagnostics: inout [Diagnostic],
  _ read: (inout ExpressionParser) throws(FEELProblem) -> Result
) -> Result? {
  if text.isReportedMissing { return nil }
  var problems: [FEELProblem] = []
  var result: Result?
  do throws(FEELProblem) {
    var parser = try ExpressionParser(text, scope: names, allowsTested: allowsTested)
    do throws(FEELProblem) {
      result = try read(&parser)
    } catch {
      parser.problems.append(error)
    }
    problems = parser.problems
  } catch {
    problems = [error]
  }
  for problem in problems {
    diagnostics.append(
      Diagnostic(
        problem.id, problem.message, at: text.sourceSpan(problem.lower, problem.upper),
        help: problem.help))
  }
  return problems.isEmpty ? result : nil
}
