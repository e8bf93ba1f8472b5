import RuleSyntax
import SeededRandom
import Testing

@Suite struct FEELTests {
  static let names = NameScope([
    "a", "b", "c", "score", "net income", "net", "debt-ratio", "a.b", "in total", "date", "applied",
    "RISK.outcome", "income/month", "sum", "time",
  ])

  /// The expression in `text` as fully parenthesised text, or the findings.
  static func shape(_ text: String) -> String {
    var diagnostics: [Diagnostic] = []
    let parsed = parseExpression(ExpressionText(text), names: names, diagnostics: &diagnostics)
    if let parsed, diagnostics.isEmpty { return Printer.text(parsed) }
    return explained(diagnostics)
  }

  static func testShape(_ text: String) -> String {
    var diagnostics: [Diagnostic] = []
    let parsed = parseUnaryTests(ExpressionText(text), names: names, diagnostics: &diagnostics)
    if let parsed, diagnostics.isEmpty { return Printer.text(parsed) }
    return explained(diagnostics)
  }

  private static func explained(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { "\($0.id.rawValue) \($0.span.lower)-\($0.span.upper)" }
      .joined(separator: "; ")
  }

  @Test(arguments: [
    ("1 + 2 * 3", "(1 + (2 * 3))"),
    ("1 - 2 - 3", "((1 - 2) - 3)"),
    ("2 ** 3 ** 2", "((2 ** 3) ** 2)"),
    ("-3 ** 2", "((-3) ** 2)"),
    ("2 ** -1", "(2 ** (-1))"),
    ("--a", "(-(-a))"),
    ("a or b and c", "(a or (b and c))"),
    ("a = 1 and b != 2", "((a = 1) and (b != 2))"),
    ("a < 1 + 2", "(a < (1 + 2))"),
    ("(a + b) * c", "((a + b) * c)"),
    ("a between 1 and 2 and b", "((a between 1 and 2) and b)"),
    ("if a then b else if b then c else 1", "(if a then b else (if b then c else 1))"),
    ("if a then 1 else 2 + 3", "(if a then 1 else (2 + 3))"),
    (".5 + 1e3 + 1.25E-2", "((.5 + 1e3) + 1.25E-2)"),
    ("\"a\\\"\\u0041\\uD83D\\uDE00\\U01F600\\n\"", "\"a\\\"A😀😀\\n\""),
    ("true and null", "(true and null)"),
    ("not(a)", "not(a)"),
    ("@\"2026-01-31\"", "@\"2026-01-31\""),
    ("applied.year + applied.time offset", "(applied.year + applied.time offset)"),
    ("date(\"2026-01-31\").year", "date(\"2026-01-31\").year"),
    ("a /* x */ + // y\n b", "(a + b)"),
    ("a in 1", "(a in (1))"),
    ("a in (1, < 2, [3..4], (5..6), ]7..8[)", "(a in (1, < 2, [3..4], (5..6), (7..8)))"),
    ("a in (1..2]", "(a in ((1..2]))"),
    ("a in (-1..2)", "(a in ((-1..2)))".replacing("-1", with: "(-1)")),
    ("a in (b + 1)", "(a in ((b + 1)))"),
    ("a in [1, 2]", "(a in (1, 2))"),
    ("a in >= 5 and b", "((a in (>= 5)) and b)"),
    ("net income * 2", "(net income * 2)"),
    ("net  \n income", "net income"),
    ("net + incom", "unknown-name 6-11"),
    ("debt-ratio - a", "(debt-ratio - a)"),
    ("a-b", "(a - b)"),
    ("a.b", "a.b"),
    ("a.year", "a.year"),
    ("in total + a", "(in total + a)"),
    ("RISK.outcome = \"x\"", "(RISK.outcome = \"x\")"),
    ("income/month/a", "(income/month / a)"),
    ("sum(a, b) + sum", "(sum(a, b) + sum)"),
    ("date and time(date, time)", "date and time(date, time)"),
    ("min([a, b])", "min([a, b])"),
    ("max(list: [1])", "max([1])"),
    ("substring(start position: 2, string: \"x\")", "substring(\"x\", 2)"),
    ("date(day: 1, month: 2, year: 3)", "date(3, 2, 1)"),
    ("round half even(a, 2)", "round half even(a, 2)"),
    ("starts with (\"a\", \"b\")", "starts with(\"a\", \"b\")"),
  ])
  func expressions(text: String, expected: String) { #expect(Self.shape(text) == expected) }

  @Test(arguments: [
    ("-", "-"),
    ("< 5", "< 5"),
    ("\"a\", \"b\"", "\"a\", \"b\""),
    ("[1..2], (3..4], ]5..6[, [7..8[", "[1..2], (3..4], (5..6), [7..8)"),
    ("not(1, 2)", "not(1, 2)"),
    ("not((1..2], 3)", "not((1..2], 3)"),
    ("not(a) and b", "(not(a) and b)"),
    ("? > 5 and ? < 9", "((? > 5) and (? < 9))"),
    ("(a + 1) * 2", "((a + 1) * 2)"),
    ("(a)", "a"),
    ("-5", "(-5)"),
    ("-5, 1", "(-5), 1"),
    ("= 5, != a", "= 5, != a"),
    ("[a + 1..b * 2]", "[(a + 1)..(b * 2)]"),
    ("true", "true"),
    ("[1, 2]", "1, 2"),
    ("", "feel-syntax 0-0"),
    ("1,", "feel-syntax 2-2"),
    ("-, 1", "feel-syntax 0-1"),
    ("1..5", "feel-syntax 1-3"),
    ("> 1 and < 5", "feel-syntax 4-7"),
    ("[1..5", "feel-syntax 5-5"),
    ("[? .. 5]", "feel-unsupported 1-2"),
    ("? in (? > 1)", "feel-unsupported 6-7"),
  ])
  func unaryTests(text: String, expected: String) { #expect(Self.testShape(text) == expected) }

  @Test(arguments: [
    ("", "feel-syntax 0-0"),
    ("1 +", "feel-syntax 3-3"),
    ("1 2", "feel-syntax 2-3"),
    ("(1", "feel-syntax 2-2"),
    ("a == b", "feel-syntax 3-4"),
    ("a < b < c", "feel-syntax 6-7"),
    ("\"abc", "feel-syntax 0-4"),
    ("\"a\\q\"", "feel-syntax 2-4"),
    ("\"\\uD800\"", "feel-syntax 1-7"),
    ("12abc", "feel-syntax 0-5"),
    ("a && b", "feel-syntax 2-4"),
    ("'a'", "feel-syntax 0-1"),
    ("/* a", "feel-syntax 0-2"),
    ("if a then b", "feel-syntax 11-11"),
    ("a ? b", "feel-syntax 2-3"),
    ("?", "feel-unsupported 0-1"),
    ("scor", "unknown-name 0-4"),
    ("scor + foo bar", "unknown-name 0-4; unknown-name 7-14"),
    ("x.y.z", "unknown-name 0-5"),
    ("a.yeer", "unknown-name 2-6"),
    ("foo(1)", "unknown-name 0-3"),
    ("today()", "feel-unsupported 0-5"),
    ("list contains(a, 1)", "feel-unsupported 0-13"),
    ("for x in a return x", "feel-unsupported 0-3"),
    ("some x in a satisfies x", "feel-unsupported 0-4"),
    ("function(x) x", "feel-unsupported 0-8"),
    ("{x: 1}", "feel-unsupported 0-1"),
    ("a[1]", "feel-unsupported 1-2"),
    ("[1, 2]", "feel-unsupported 0-1"),
    ("[1..2]", "feel-unsupported 0-1"),
    ("a instance of number", "feel-unsupported 2-13"),
    ("abs()", "feel-syntax 0-5"),
    ("abs(1, 2)", "feel-syntax 0-9"),
    ("abs(m: 1)", "feel-syntax 4-5"),
    ("substring(\"x\", start position: 1)", "feel-syntax 10-13"),
    ("min()", "feel-syntax 0-5"),
    ("a in not(1)", "feel-syntax 5-8"),
    ("a in 1 in 2", "feel-syntax 7-9"),
    ("then", "feel-syntax 0-4"),
  ])
  func mistakes(text: String, expected: String) { #expect(Self.shape(text) == expected) }

  @Test func suggestions() {
    var diagnostics: [Diagnostic] = []
    _ = parseExpression(ExpressionText("net incom"), names: Self.names, diagnostics: &diagnostics)
    #expect(diagnostics.first?.help == "did you mean `net income`?")
  }

  @Test func limitsHold() {
    func ids(_ text: String) -> String { String(Self.shape(text).prefix(16)) }
    let deep = 20_000
    #expect(ids(String(repeating: "(", count: deep)) == "feel-too-complex")
    #expect(ids(String(repeating: "-", count: deep) + "1") == "feel-too-complex")
    #expect(ids(String(repeating: "not(", count: deep)) == "feel-too-complex")
    #expect(ids("1" + String(repeating: "+1", count: deep)) == "feel-too-complex")
    #expect(ids("a" + String(repeating: ".year", count: deep)) == "feel-too-complex")
    #expect(ids(String(repeating: "if a then b else ", count: deep)) == "feel-too-complex")
    #expect(ids("a" + String(repeating: " in (a", count: deep)) == "feel-too-complex")
    #expect(ids("abs(" + String(repeating: "abs(", count: deep)) == "feel-too-complex")
    let list = [String](repeating: "1", count: deep).joined(separator: ",")
    #expect(Self.testShape(list).hasPrefix("feel-too-complex"))
    #expect(ids("max(\(list))") == "feel-too-complex")
    #expect(
      !ids(String(repeating: "(", count: 90) + "1" + String(repeating: ")", count: 90))
        .hasPrefix("feel"))
    #expect(!ids("1" + String(repeating: "+1", count: 190)).hasPrefix("feel"))
    let values = (0..<4000).map(String.init).joined(separator: ",")
    #expect(!Self.testShape(values).hasPrefix("feel"))
  }

  @Test func scopesMatchTheLongestName() {
    let scope = NameScope(["x", "x y", "x y z", "é", "x", ""])
    #expect(scope.count == 4)
    for (text, kind) in [
      ("x", "x"), ("x y", "x y"), ("x\t y  z", "x y z"), ("é", "é"),
    ] {
      var diagnostics: [Diagnostic] = []
      let parsed = parseExpression(ExpressionText(text), names: scope, diagnostics: &diagnostics)
      #expect(parsed?.kind == .name(kind))
    }
    var diagnostics: [Diagnostic] = []
    #expect(parseExpression(ExpressionText("xé"), names: scope, diagnostics: &diagnostics) == nil)
    #expect(diagnostics.first?.span == SourceSpan(0, 3))
  }

  @Test func spansCoverTheText() throws {
    var diagnostics: [Diagnostic] = []
    let text = "1 + (net income * 2)"
    let parsed = try #require(
      parseExpression(ExpressionText(text), names: Self.names, diagnostics: &diagnostics))
    #expect(parsed.span == SourceSpan(0, 20))
    guard case .arithmetic(.add, let left, let right) = parsed.kind else {
      Issue.record("not a sum")
      return
    }
    #expect(left.span == SourceSpan(0, 1))
    #expect(right.span == SourceSpan(4, 20))
    guard case .arithmetic(.multiply, let name, _) = right.kind else {
      Issue.record("not a product")
      return
    }
    #expect(name.span == SourceSpan(5, 15))
  }

  @Test func randomExpressionsRoundTrip() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var maker = ExpressionMaker(generator: SeededGenerator(seed: seed))
    for _ in 0..<2000 {
      let made = maker.expression(5)
      let text = Printer.text(made)
      var diagnostics: [Diagnostic] = []
      let parsed = parseExpression(
        ExpressionText(text), names: Self.names, diagnostics: &diagnostics)
      #expect(parsed == made, "seed \(seed): \(text)")
    }
  }

  @Test func randomTextNeverCrashes() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "a", "net", " ", "income", "1", ".", "..", "(", ")", "[", "]", ",", "\"", "\\", "in", "not",
      "if", "then", "else", "between", "and", "or", "-", "*", "/", "?", "@", "<", "=", "min(", "é",
      "date and time(", ":", "\n", "//", "/*", "*/", "\u{1F600}", "{", "\\u12",
    ]
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...14, using: &generator) {
        text += pieces.randomElement(using: &generator) ?? ""
      }
      let shapes = [Self.shape(text), Self.testShape(text)]
      #expect(shapes.allSatisfy { !$0.isEmpty }, "seed \(seed): \(text)")
    }
  }
}
