import Testing

@testable import RuleCompiler
@testable import RuleProgram
@testable import RuleSyntax

/// The literal expressions of the DMN technology compatibility kit that lie inside our part of
/// FEEL give what the kit expects. What lies outside is refused, which the kit can't object to.
@Suite struct DMNKitTests {
  @Test(.enabled(if: TestData.has("dmn-tck"), "the DMN kit is not at ../shared/data/dmn-tck"))
  func literalExpressionsAgreeWithTheKit() throws {
    var tally = Tally()
    for file in DMNModel.files {
      let model = try #require(DMNModel(file))
      for testCase in try DMNCase.all(beside: file) {
        for result in testCase.results { tally.count(model, testCase, result) }
      }
    }
    print("DMN kit: \(tally)")
    #expect(tally.disagreements == [])
    #expect(tally.agreed >= 700)
    #expect(tally.asInputs >= 400)
  }

  /// What came of the results that the kit asks for.
  private struct Tally: CustomStringConvertible {
    var asked = 0
    var agreed = 0
    /// Agreed with every literal bound as an input, so that the machine ran and not the folding.
    var asInputs = 0
    var refusedWhereNull = 0
    var outside = 0
    var disagreements: [String] = []

    mutating func count(_ model: DMNModel, _ testCase: DMNCase, _ result: DMNCase.Result) {
      asked += 1
      let place = "\(model.name) \(testCase.id) \(result.name)"
      guard let text = model.expressions[result.name], let expected = result.expected,
        result.isDecision
      else {
        outside += 1
        return
      }
      let run = DMNRun(text, model, testCase.inputs, expected)
      switch run.answer {
      case .mistyped where expected == .null: refusedWhereNull += 1
      case .outside, .mistyped: outside += 1
      case .refused(let message) where expected != .null:
        disagreements.append("\(place): \(text) was refused (\(message)), not \(expected)")
      case .value(let value) where !model.declares(result.name, value, expected): outside += 1
      case .refused: refusedWhereNull += 1
      case .value(let value) where run.agrees(value): agreed += 1
      case .value(let value):
        disagreements.append("\(place): \(text) gave \(value), not \(expected)")
      }
      switch run.answerWithLiteralsAsInputs {
      case .value(let value)? where model.declares(result.name, value, expected):
        if run.agrees(value) {
          asInputs += 1
        } else {
          disagreements.append("\(place): \(text), over inputs, gave \(value), not \(expected)")
        }
      default: break
      }
    }

    var description: String {
      "\(asked) results asked for, \(agreed) agree (\(asInputs) also over inputs), "
        + "\(refusedWhereNull) refused where null is expected, \(outside) outside our part of FEEL, "
        + "\(disagreements.count) disagree"
    }
  }
}

/// One expression of the kit, lowered and run.
private struct DMNRun {
  enum Answer {
    case value(Value)
    /// The compiler knows that there is no value.
    case refused(String)
    /// Types don't fit. FEEL makes most such expressions null; we refuse them before they run.
    case mistyped
    /// Not in our part of FEEL.
    case outside
  }

  private let expected: Value
  private let inputs: [DMNInput]
  private var parsed: Expression?

  init(_ text: String, _ model: DMNModel, _ values: [String: Value], _ expected: Value) {
    self.expected = expected
    inputs = model.inputs.compactMap { name, type in
      values[name].map { DMNInput(name: name, type: type, value: $0) }
    }
    var diagnostics: [Diagnostic] = []
    parsed = parseExpression(
      ExpressionText(text), names: NameScope(inputs.map(\.name)), diagnostics: &diagnostics)
  }

  /// Numbers may differ behind the 30th significant digit, where the kit's own are rounded.
  func agrees(_ value: Value) -> Bool {
    if value == expected { return true }
    if FEEL.equal(value, expected) == .boolean(true) { return true }
    guard case .number(let a) = value, case .number(let b) = expected,
      let difference = a.subtracting(b)?.magnitude,
      let tolerance = b.magnitude.multiplied(
        by: Decimal128(negative: false, coefficient: 1, exponent: -8) ?? Decimal128(0))
    else { return false }
    return difference <= tolerance
  }

  var answer: Answer { parsed.map { Self.run($0, inputs) } ?? .outside }

  /// The same with each literal replaced by an input; nil where the expression needs constants.
  var answerWithLiteralsAsInputs: Answer? {
    guard let parsed, case .value = answer else { return nil }
    var replacing = LiteralsAsInputs(inputs: inputs)
    let open = replacing.replaced(parsed)
    if case .value(let value) = Self.run(open, replacing.inputs) { return .value(value) }
    return nil
  }

  private static func run(_ expression: Expression, _ inputs: [DMNInput]) -> Answer {
    var names: [String: ExpressionLowering.Name] = [:]
    for (index, input) in inputs.enumerated() { names[input.name] = .input(index, input.type) }
    var lowering = ExpressionLowering(names: names)
    guard let lowered = lowering.lower(expression) else {
      let ids = Set(lowering.diagnostics.map(\.id))
      let message = lowering.diagnostics.map(\.message).joined(separator: ", ")
      if ids == [.invalidValue] { return .refused(message) }
      return ids.isSubset(of: [.invalidValue, .typeMismatch]) ? .mistyped : .outside
    }
    var pool = CodePool()
    let index = pool.add(lowered)
    let program = Program(
      inputs: inputs.map { Program.Input(name: $0.name, type: $0.type) }, constants: pool.constants,
      patterns: pool.patterns, expressions: pool.expressions)
    return .value(
      ExpressionMachine(program).evaluate(index, inputs: inputs.map(\.value), derived: []))
  }
}

/// A typed input of a model with its value.
private struct DMNInput {
  var name: String
  var type: ValueType
  var value: Value
}

/// Turns the literals of an expression into inputs.
private struct LiteralsAsInputs {
  var inputs: [DMNInput]

  mutating func replaced(_ expression: Expression) -> Expression {
    var lowering = ExpressionLowering(names: [:])
    switch expression.kind {
    case .number, .string, .boolean, .temporal:
      guard let value = lowering.lower(expression)?.constant, let type = value.type else {
        return expression
      }
      let name = "literal \(inputs.count)"
      inputs.append(DMNInput(name: name, type: type, value: value))
      return Expression(.name(name), expression.span)
    default: return Expression(replaced(expression.kind), expression.span)
    }
  }

  private mutating func replaced(_ kind: Expression.Kind) -> Expression.Kind {
    switch kind {
    case .negate(let a): .negate(replaced(a))
    case .not(let a): .not(replaced(a))
    case .arithmetic(.power, let a, let b): .arithmetic(.power, replaced(a), b)
    case .arithmetic(let sign, let a, let b): .arithmetic(sign, replaced(a), replaced(b))
    case .compare(let sign, let a, let b): .compare(sign, replaced(a), replaced(b))
    case .and(let a, let b): .and(replaced(a), replaced(b))
    case .or(let a, let b): .or(replaced(a), replaced(b))
    case .ifThenElse(let a, let b, let c):
      .ifThenElse(condition: replaced(a), then: replaced(b), otherwise: replaced(c))
    case .between(let a, let b, let c): .between(replaced(a), low: replaced(b), high: replaced(c))
    case .membership(let a, let tests): .membership(replaced(a), replaced(tests))
    case .property(let a, let name): .property(replaced(a), name)
    case .call(let function, let arguments): call(function, arguments)
    case .list(let elements): .list(elements.map { replaced($0) })
    default: kind
    }
  }

  /// Patterns, durations and scales must stay constants.
  private mutating func call(
    _ function: BuiltinFunction, _ arguments: [Expression]
  ) -> Expression.Kind {
    switch function {
    case .duration: return .call(function, arguments)
    case .matches, .floor, .ceiling:
      return .call(function, arguments.prefix(1).map { replaced($0) } + arguments.dropFirst())
    default: return .call(function, arguments.map { replaced($0) })
    }
  }

  private mutating func replaced(_ tests: UnaryTests) -> UnaryTests {
    var copy = tests
    for index in copy.tests.indices {
      switch copy.tests[index].kind {
      case .any: continue
      case .comparison(let sign, let a): copy.tests[index].kind = .comparison(sign, replaced(a))
      case .expression(let a): copy.tests[index].kind = .expression(replaced(a))
      case .interval(let lowClosed, let low, let high, let highClosed):
        copy.tests[index].kind = .interval(
          lowClosed: lowClosed, low: replaced(low), high: replaced(high), highClosed: highClosed)
      }
    }
    return copy
  }
}
