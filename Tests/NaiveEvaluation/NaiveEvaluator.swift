package import RuleProgram
package import RuleSyntax

/// A second evaluator, as plain as can be: it walks the syntax tree and compares values by FEEL. It
/// shares neither keys nor stack code with the product, and is slow.
package struct NaiveEvaluator {
  private let syntax: RuleSetSyntax
  private let derived: [(name: String, expression: Expression)]
  private let root: Node

  /// What a row comes to.
  package enum Answer: Equatable, Sendable {
    case leaf(String)
    /// No branch, or more than one, takes the value.
    case stuck(String)
  }

  indirect enum Node {
    case leaf(String)
    case split(Split)
  }

  struct Split {
    var on: Expression
    var cases: [(tests: UnaryTests, child: Node)]
    var otherwise: Node?
    var missing: Node?
  }

  /// nil when an expression doesn't parse. Derived values may only refer to earlier ones.
  package init?(_ syntax: RuleSetSyntax) {
    self.syntax = syntax
    let names = NameScope(syntax.inputs.map(\.name.value) + syntax.derived.map(\.name.value))
    var diagnostics: [Diagnostic] = []
    derived = syntax.derived.compactMap { item in
      parseExpression(item.expression, names: names, diagnostics: &diagnostics).map {
        (item.name.value, $0)
      }
    }
    guard let tree = syntax.tree, let root = Self.node(tree, names, &diagnostics),
      diagnostics.isEmpty
    else { return nil }
    self.root = root
  }

  private static func node(
    _ syntax: NodeSyntax, _ names: NameScope, _ diagnostics: inout [Diagnostic]
  ) -> Node? {
    switch syntax {
    case .leaf(let leaf): return .leaf(leaf.id.value)
    case .split(let split):
      guard let on = parseExpression(split.on, names: names, diagnostics: &diagnostics) else {
        return nil
      }
      var result = Split(on: on, cases: [])
      for item in split.cases {
        guard let tests = parseUnaryTests(item.tests, names: names, diagnostics: &diagnostics),
          let child = item.child.flatMap({ node($0, names, &diagnostics) })
        else { return nil }
        result.cases.append((tests, child))
      }
      result.otherwise = split.otherwise?.child.flatMap { node($0, names, &diagnostics) }
      result.missing = split.missing?.child.flatMap { node($0, names, &diagnostics) }
      return .split(result)
    }
  }

  /// The leaf that `row` reaches.
  package func leaf(_ row: [String: Value]) -> Answer {
    var values = row
    for item in derived { values[item.name] = Self.value(item.expression, values) }
    var node = root
    while case .split(let split) = node {
      let value = Self.value(split.on, values)
      guard value != .null else {
        guard let missing = split.missing else { return .stuck("no <missing>") }
        node = missing
        continue
      }
      let taken = split.cases.filter { Self.holds($0.tests, value) }
      guard taken.count <= 1 else { return .stuck("\(taken.count) cases take \(value)") }
      guard let next = taken.first?.child ?? split.otherwise else {
        return .stuck("no case takes \(value)")
      }
      node = next
    }
    guard case .leaf(let id) = node else { return .stuck("no leaf") }
    return .leaf(id)
  }

  /// Whether a value that isn't null passes `tests`.
  package static func holds(_ tests: UnaryTests, _ value: Value) -> Bool {
    truth(tests, value, [:]) == .boolean(true)
  }

  /// `value in tests`, in FEEL's three values.
  private static func truth(
    _ tests: UnaryTests, _ value: Value, _ values: [String: Value]
  ) -> Value {
    let any = tests.tests.map { truth($0, value, values) }.reduce(.boolean(false), FEEL.or)
    return tests.negated ? FEEL.not(any) : any
  }

  private static func truth(
    _ test: UnaryTest, _ value: Value, _ values: [String: Value]
  ) -> Value {
    switch test.kind {
    case .any: .boolean(value != .null)
    case .comparison(let sign, let a): compare(sign, value, Self.value(a, values))
    case .expression(let a): FEEL.equal(value, Self.value(a, values))
    case .interval(let lowClosed, let low, let high, let highClosed):
      FEEL.inside(
        value, low: Self.value(low, values), closedLow: lowClosed, high: Self.value(high, values),
        closedHigh: highClosed)
    }
  }

  package static func value(_ expression: Expression, _ values: [String: Value]) -> Value {
    func of(_ expression: Expression) -> Value { value(expression, values) }
    switch expression.kind {
    case .number(let text): return Decimal128(text).map { .number($0) } ?? .null
    case .string(let text): return .string(text)
    case .boolean(let flag): return .boolean(flag)
    case .null, .tested, .list: return .null
    case .temporal(let text): return temporal(text)
    case .name(let name): return values[name] ?? .null
    case .negate(let a): return FEEL.negate(of(a))
    case .arithmetic(let sign, let a, let b): return arithmetic(sign, of(a), of(b))
    case .compare(let sign, let a, let b): return compare(sign, of(a), of(b))
    case .and(let a, let b): return FEEL.and(of(a), of(b))
    case .or(let a, let b): return FEEL.or(of(a), of(b))
    case .not(let a): return FEEL.not(of(a))
    case .ifThenElse(let a, let b, let c): return of(a) == .boolean(true) ? of(b) : of(c)
    case .between(let a, let b, let c): return FEEL.between(of(a), of(b), of(c))
    case .membership(let a, let tests): return truth(tests, of(a), values)
    case .property(let a, let name):
      let property = TemporalProperty.allCases.first { $0.name == name.value }
      return property.map { FEEL.property(of(a), $0) } ?? .null
    case .call(let function, let arguments): return call(function, arguments.map(of))
    }
  }

  /// The functions that rule sets use here; null for any other.
  private static func call(_ function: BuiltinFunction, _ arguments: [Value]) -> Value {
    switch (function, arguments.count) {
    case (.yearsAndMonthsDuration, 2):
      return FEEL.yearsAndMonthsDuration(arguments[0], arguments[1])
    case (.floor, 1): return FEEL.floor(arguments[0])
    case (.ceiling, 1): return FEEL.ceiling(arguments[0])
    case (.decimal, 2): return FEEL.round(arguments[0], arguments[1], .halfEven)
    case (.roundHalfUp, 2): return FEEL.round(arguments[0], arguments[1], .halfUp)
    case (.min, _): return FEEL.min(arguments)
    case (.contains, 2): return FEEL.contains(arguments[0], arguments[1])
    case (.startsWith, 2): return FEEL.startsWith(arguments[0], arguments[1])
    case (.endsWith, 2): return FEEL.endsWith(arguments[0], arguments[1])
    case (.stringLength, 1): return FEEL.stringLength(arguments[0])
    default:
      guard case .string(let text)? = arguments.first else { return .null }
      return temporal(text)
    }
  }

  private static func temporal(_ text: String) -> Value {
    let types: [ValueType] = [.date, .dateTime, .time, .dayTimeDuration, .yearMonthDuration]
    return types.lazy.compactMap { Value(parsing: text, as: $0) }.first ?? .null
  }

  private static func arithmetic(
    _ sign: Expression.ArithmeticOperator, _ a: Value, _ b: Value
  ) -> Value {
    switch sign {
    case .add: FEEL.add(a, b)
    case .subtract: FEEL.subtract(a, b)
    case .multiply: FEEL.multiply(a, b)
    case .divide: FEEL.divide(a, b)
    case .power: FEEL.power(a, b)
    }
  }

  private static func compare(
    _ sign: Expression.ComparisonOperator, _ a: Value, _ b: Value
  ) -> Value {
    switch sign {
    case .equal: FEEL.equal(a, b)
    case .notEqual: FEEL.notEqual(a, b)
    case .less: FEEL.less(a, b)
    case .lessOrEqual: FEEL.lessOrEqual(a, b)
    case .greater: FEEL.greater(a, b)
    case .greaterOrEqual: FEEL.greaterOrEqual(a, b)
    }
  }
}
