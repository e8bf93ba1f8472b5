import RuleSyntax
import SeededRandom

/// Writes trees as fully parenthesised FEEL, to compare them as text.
enum Printer {
  static func text(_ e: Expression) -> String {
    switch e.kind {
    case .number(let digits): digits
    case .string(let value): quoted(value)
    case .boolean(let value): value ? "true" : "false"
    case .null: "null"
    case .temporal(let value): "@" + quoted(value)
    case .name(let name): name
    case .tested: "?"
    case .negate(let value): "(-\(text(value)))"
    case .arithmetic(let sign, let a, let b): "(\(text(a)) \(sign.rawValue) \(text(b)))"
    case .compare(let sign, let a, let b): "(\(text(a)) \(sign.rawValue) \(text(b)))"
    case .and(let a, let b): "(\(text(a)) and \(text(b)))"
    case .or(let a, let b): "(\(text(a)) or \(text(b)))"
    case .not(let value): "not(\(text(value)))"
    case .ifThenElse(let condition, let then, let otherwise):
      "(if \(text(condition)) then \(text(then)) else \(text(otherwise)))"
    case .between(let value, let low, let high):
      "(\(text(value)) between \(text(low)) and \(text(high)))"
    case .membership(let value, let tests): "(\(text(value)) in (\(text(tests))))"
    case .call(let function, let arguments):
      "\(function.rawValue)(\(arguments.map(text).joined(separator: ", ")))"
    case .property(let value, let name): "\(text(value)).\(name.value)"
    case .list(let elements): "[\(elements.map(text).joined(separator: ", "))]"
    }
  }

  static func text(_ tests: UnaryTests) -> String {
    let list = tests.tests.map(text).joined(separator: ", ")
    return tests.negated ? "not(\(list))" : list
  }

  private static func text(_ test: UnaryTest) -> String {
    switch test.kind {
    case .any: "-"
    case .comparison(let sign, let value): "\(sign.rawValue) \(text(value))"
    case .interval(let lowClosed, let low, let high, let highClosed):
      (lowClosed ? "[" : "(") + text(low) + ".." + text(high) + (highClosed ? "]" : ")")
    case .expression(let value): text(value)
    }
  }

  private static func quoted(_ value: String) -> String {
    "\""
      + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n") + "\""
  }
}

/// Makes random expressions.
struct ExpressionMaker {
  var generator: SeededGenerator
  private static let place = SourceSpan(0, 0)

  mutating func expression(_ depth: Int) -> Expression {
    let kind = Int.random(in: 0..<(depth > 0 ? 16 : 6), using: &generator)
    switch kind {
    case 0: return made(.number(pick(["0", "1.50", ".25", "12e3"])))
    case 1: return made(.string(pick(["", "x", "a\"b", "\\", "line\nend"])))
    case 2: return made(pick([.boolean(true), .boolean(false), .null]))
    case 3: return made(.temporal(pick(["2026-01-31", "P1D"])))
    case 4, 5:
      return made(.name(pick(["a", "net income", "debt-ratio", "RISK.outcome", "in total"])))
    case 6: return made(.negate(expression(depth - 1)))
    case 7:
      let sign: Expression.ArithmeticOperator = pick([.add, .subtract, .multiply, .divide, .power])
      return made(.arithmetic(sign, expression(depth - 1), expression(depth - 1)))
    case 8:
      let sign: Expression.ComparisonOperator = pick([.equal, .notEqual, .less, .greaterOrEqual])
      return made(.compare(sign, expression(depth - 1), expression(depth - 1)))
    case 9: return made(.and(expression(depth - 1), expression(depth - 1)))
    case 10: return made(.or(expression(depth - 1), expression(depth - 1)))
    case 11: return made(.not(expression(depth - 1)))
    case 12:
      return made(
        .ifThenElse(
          condition: expression(depth - 1), then: expression(depth - 1),
          otherwise: expression(depth - 1)))
    case 13:
      return made(
        .between(
          expression(depth - 1), low: expression(depth - 1), high: expression(depth - 1)))
    case 14: return made(.membership(expression(depth - 1), tests(depth - 1)))
    default:
      return made(
        .call(pick([.modulo, .contains, .decimal]), [expression(depth - 1), expression(0)]))
    }
  }

  private mutating func tests(_ depth: Int) -> UnaryTests {
    let tests = (0..<Int.random(in: 2...3, using: &generator)).map { _ in test(depth) }
    return UnaryTests(negated: false, tests: tests, span: Self.place)
  }

  private mutating func test(_ depth: Int) -> UnaryTest {
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return UnaryTest(.comparison(.less, expression(depth)), Self.place)
    case 1:
      let (low, high) = (expression(depth), expression(depth))
      return UnaryTest(
        .interval(
          lowClosed: .random(using: &generator), low: low, high: high,
          highClosed: .random(using: &generator)), Self.place)
    default: return UnaryTest(.expression(expression(depth)), Self.place)
    }
  }

  private func made(_ kind: Expression.Kind) -> Expression { Expression(kind, Self.place) }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &generator)]
  }
}
