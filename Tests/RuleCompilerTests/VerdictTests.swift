import NaiveEvaluation
import RuleProgram
import RuleSyntax
import SeededRandom
import Testing

/// What the compiler says of a split (overlap, gap, unreachable, with witnesses) is what trying all
/// values on and beside the constants finds.
@Suite struct VerdictTests {
  @Test func verdictsAgreeWithBruteForce() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var found: Set<DiagnosticID> = []
    for round in 0..<600 {
      let trial = Trial(&random)
      let compiled = Compiled(trial.xml)
      let place: Comment = "seed \(seed), round \(round)\n\(trial.xml)\n\(compiled.shown)"
      let syntax = try #require(compiled.syntax, place)
      guard case .split(let outer)? = syntax.tree else { continue }
      let wrong = compiled.diagnostics.filter {
        $0.severity == .error && !Self.kinds.contains($0.id)
      }
      #expect(wrong.map(\.id) == [], place)
      found.formUnion(compiled.diagnostics.map(\.id).filter(Self.kinds.contains))
      Self.check(outer, trial.samples, compiled, place)
    }
    #expect(found == Self.kinds, "the trials don't show every verdict")
  }

  private static let kinds: Set<DiagnosticID> = [.overlappingCases, .gap, .unreachable]

  /// Checks `split`, which the values `reaching` reach, and the splits below it.
  private static func check(
    _ split: SplitSyntax, _ reaching: [Value], _ compiled: Compiled, _ place: Comment
  ) {
    let tests = split.cases.compactMap { parsed($0.tests) }
    let taken = tests.map { test in reaching.filter { NaiveEvaluator.holds(test, $0) } }
    let left = reaching.filter { value in !tests.contains { NaiveEvaluator.holds($0, value) } }
    let spans = split.cases.map(\.tests.span)
    let reported = compiled.diagnostics
    // Where nothing can arrive, the case above is reported and nothing else.
    let isReached = !reaching.isEmpty
    for (index, values) in taken.enumerated() {
      let isUnreachable = reported.contains { $0.id == .unreachable && $0.span == spans[index] }
      #expect(isUnreachable == (isReached && values.isEmpty), "case \(index + 1) \(place)")
      for other in 0..<index {
        let common = Set(values).intersection(taken[other])
        let overlap = reported.first {
          $0.id == .overlappingCases && $0.span == spans[index]
            && $0.notes.map(\.span) == [spans[other]]
        }
        #expect((overlap != nil) == !common.isEmpty, "\(other + 1) and \(index + 1) \(place)")
        if let overlap, let witness = witness(overlap) {
          #expect(NaiveEvaluator.holds(tests[index], witness), place)
          #expect(NaiveEvaluator.holds(tests[other], witness), place)
        }
      }
    }
    let gap = reported.first { $0.id == .gap && $0.span == split.on.span }
    #expect((gap != nil) == (split.otherwise == nil && !left.isEmpty), place)
    if let gap {
      let witness = witness(gap)
      #expect(witness != nil, place)
      #expect(
        witness.map { value in !tests.contains { NaiveEvaluator.holds($0, value) } } == true, place)
    }
    if let otherwise = split.otherwise {
      let isUnreachable = reported.contains {
        $0.id == .unreachable && $0.span == otherwise.span
      }
      #expect(isUnreachable == (isReached && left.isEmpty), place)
    }
    for (index, item) in split.cases.enumerated() {
      if case .split(let inner)? = item.child { check(inner, taken[index], compiled, place) }
    }
  }

  private static func parsed(_ text: ExpressionText) -> UnaryTests? {
    var diagnostics: [Diagnostic] = []
    return parseUnaryTests(text, names: NameScope(["x"]), diagnostics: &diagnostics)
  }

  /// The value behind "`x` = " in a message.
  private static func witness(_ diagnostic: Diagnostic) -> Value? {
    guard let start = diagnostic.message.firstRange(of: "`x` = ")?.upperBound else { return nil }
    var text = String(diagnostic.message[start...])
    if let end = text.firstRange(of: " matches both") { text = String(text[..<end.lowerBound]) }
    var diagnostics: [Diagnostic] = []
    let expression = parseExpression(
      ExpressionText(text), names: NameScope([]), diagnostics: &diagnostics)
    return expression.map { NaiveEvaluator.value($0, [:]) }
  }
}

/// One or two small splits on one input, right or wrong.
private struct Trial {
  var xml = ""
  /// One value of each kind that the tests can tell apart, inside the input's bounds.
  var samples: [Value] = []

  private let type: ValueType
  private let constants: [Value]
  private var leaves = 0

  init(_ random: inout SeededGenerator) {
    type = random.pick([.number, .number, .date, .string, .boolean])
    let isDeclared = type == .string && Bool.random(using: &random)
    let texts: [String] =
      switch type {
      case .number: ["-3", "0", "0.5", "0.75", "2", "10.125"]
      case .date: ["2026-01-01", "2026-01-02", "2026-01-03", "2026-02-28", "2027-01-01"]
      case .boolean: ["false", "true"]
      default: ["a", "b", "c", "d"]
      }
    constants = texts.compactMap { [type] in Value(parsing: $0, as: type) }
    var attributes = ""
    var bounds: (low: Value?, high: Value?) = (nil, nil)
    if type == .number || type == .date, Bool.random(using: &random) {
      let low = Int.random(in: 0..<constants.count - 1, using: &random)
      let high = Int.random(in: low..<constants.count, using: &random)
      bounds = (constants[low], constants[high])
      attributes = " min=\"\(constants[low])\" max=\"\(constants[high])\""
    }
    let values = isDeclared ? texts.map { "<value>\($0)</value>" }.joined() : ""
    samples = samples(isDeclared).filter { value in
      (bounds.low.map { (FEEL.order($0, value) ?? 0) <= 0 } ?? true)
        && (bounds.high.map { (FEEL.order(value, $0) ?? 0) <= 0 } ?? true)
    }
    let tree = split(isOrdered: type != .boolean && !isDeclared, depth: 0, &random)
    xml = """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="trial" version="1.0.0">
      <inputs><input name="x" type="\(type.name)"\(attributes)>\(values)</input></inputs>
      <outcomes><outcome name="yes"/></outcomes>
      <tree>\(tree)</tree>
      </ruleset>
      """
  }

  private func samples(_ isDeclared: Bool) -> [Value] {
    switch type {
    case .number:
      let step = Value(parsing: "0.000000000001", as: .number) ?? .null
      return constants.flatMap { [FEEL.subtract($0, step), $0, FEEL.add($0, step)] }
    case .date:
      let day = Value(parsing: "P1D", as: .dayTimeDuration) ?? .null
      return constants.flatMap { [FEEL.subtract($0, day), $0, FEEL.add($0, day)] }
    case .string where !isDeclared:
      return constants.flatMap { [$0, .string("\($0)!")] } + [.string("")]
    default: return constants
    }
  }

  private mutating func split(
    isOrdered: Bool, depth: Int, _ random: inout SeededGenerator
  ) -> String {
    var branches = ""
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let count = Int.random(in: 1...2, using: &random)
      var tests = (0..<count).map { _ in test(isOrdered, &random) }.joined(separator: ", ")
      if Int.random(in: 0..<8, using: &random) == 0 { tests = "not(\(tests))" }
      let isNested = depth == 0 && Int.random(in: 0..<3, using: &random) == 0
      let child = isNested ? split(isOrdered: isOrdered, depth: 1, &random) : leaf()
      branches += "<case is='\(tests)'>\(child)</case>\n"
    }
    if Int.random(in: 0..<3, using: &random) == 0 { branches += "<otherwise>\(leaf())</otherwise>" }
    return "<split on=\"x\">\(branches)</split>"
  }

  private mutating func leaf() -> String {
    leaves += 1
    return "<leaf id=\"L\(leaves)\" outcome=\"yes\"/>"
  }

  private func test(_ isOrdered: Bool, _ random: inout SeededGenerator) -> String {
    let low = Int.random(in: 0..<constants.count, using: &random)
    let high = Int.random(in: low..<constants.count, using: &random)
    let (a, b) = (constants[low].feelLiteral, constants[high].feelLiteral)
    guard isOrdered else { return random.pick([a, "= \(a)", "!= \(a)"]) }
    return switch Int.random(in: 0..<8, using: &random) {
    case 0: a
    case 1: "!= \(a)"
    case 2: "&lt; \(a)"
    case 3: "&lt;= \(a)"
    case 4: "> \(a)"
    case 5: ">= \(a)"
    default: random.pick(["[", "("]) + a + ".." + b + random.pick(["]", ")"])
    }
  }
}
