import RuleProgram
import Testing

/// FEEL's operators and built-in functions on values: DMN 1.5, chapter 10.
@Suite struct FEELTests {
  private static let truths = ["true", "false", "null"]

  @Test("and, or, not are three-valued (DMN 1.5 §10.3.2.15, conjunction, disjunction; §10.3.4.2)")
  func logic() {
    // Rows: the left operand true, false, null; columns: the right one.
    let and = [
      ["true", "false", "null"], ["false", "false", "false"], ["null", "false", "null"],
    ]
    let or = [["true", "true", "true"], ["true", "false", "null"], ["true", "null", "null"]]
    for (row, left) in Self.truths.enumerated() {
      for (column, right) in Self.truths.enumerated() {
        #expect(FEEL.and(v(left), v(right)) == v(and[row][column]), "\(left) and \(right)")
        #expect(FEEL.or(v(left), v(right)) == v(or[row][column]), "\(left) or \(right)")
      }
    }
    #expect(Self.truths.map { FEEL.not(v($0)) } == [v("false"), v("true"), .null])
    // What isn't a boolean counts as null.
    #expect(FEEL.and(v("1"), v("true")) == .null && FEEL.and(v("1"), v("false")) == v("false"))
    #expect(FEEL.or(v("\"x\""), v("true")) == v("true") && FEEL.not(v("0")) == .null)
  }

  @Test(
    "equality: null equals only null; different types have no answer (DMN 1.5 §10.3.2.13)",
    arguments: [
      ("null", "null", "true"), ("null", "1", "false"), ("\"\"", "null", "false"),
      ("1", "1.00", "true"), ("0", "-0", "true"), ("1", "\"1\"", "null"), ("true", "true", "true"),
      ("true", "false", "false"), ("true", "1", "null"), ("\"a\"", "\"A\"", "false"),
      ("P1Y", "P12M", "true"), ("P1D", "PT24H", "true"), ("P0M", "PT0S", "null"),
      ("2026-01-01", "2026-01-01T00:00:00", "null"),
    ])
  func equality(left: String, right: String, expected: String) {
    #expect(FEEL.equal(v(left), v(right)) == v(expected))
    #expect(FEEL.equal(v(right), v(left)) == v(expected))
    #expect(FEEL.notEqual(v(left), v(right)) == FEEL.not(v(expected)))
  }

  @Test(
    "order: null where an operand is null, a boolean or of another type",
    arguments: [
      ("1", "2", -1), ("-1", "-1.0", 0), ("\"b\"", "\"a\"", 1), ("\"Z\"", "\"a\"", -1),
      ("\"a\"", "\"ab\"", -1), ("2026-01-31", "2026-02-01", -1), ("PT1H", "PT59M", 1),
      ("-P1Y", "P0M", -1), ("true", "false", nil), ("1", "null", nil), ("1", "\"1\"", nil),
      ("P1Y", "P365D", nil),
    ] as [(String, String, Int?)])
  func order(left: String, right: String, order: Int?) {
    let (a, b) = (v(left), v(right))
    func answer(_ flag: Bool?) -> Value { flag.map(Value.boolean) ?? .null }
    #expect(FEEL.less(a, b) == answer(order.map { $0 < 0 }))
    #expect(FEEL.lessOrEqual(a, b) == answer(order.map { $0 <= 0 }))
    #expect(FEEL.greater(a, b) == answer(order.map { $0 > 0 }))
    #expect(FEEL.greaterOrEqual(a, b) == answer(order.map { $0 >= 0 }))
    #expect(FEEL.less(b, a) == FEEL.greater(a, b))
  }

  @Test("strings are ordered by code points and never normalized")
  func codePoints() {
    #expect(FEEL.less(.string("\u{FFFF}"), .string("\u{10000}")) == v("true"))
    #expect(FEEL.equal(.string("\u{E9}"), .string("e\u{301}")) == v("false"))
    #expect(Value.string("\u{E9}") != Value.string("e\u{301}"))
  }

  @Test(
    "between and intervals are conjunctions, so one false end decides beside null",
    arguments: [
      ("5", "1", "5", "true", "false"), ("1", "1", "5", "true", "false"),
      ("3", "1", "5", "true", "true"), ("3", "null", "5", "null", "null"),
      ("6", "null", "5", "false", "false"), ("null", "1", "5", "null", "null"),
    ])
  func between(value: String, low: String, high: String, closed: String, open: String) {
    #expect(FEEL.between(v(value), v(low), v(high)) == v(closed))
    #expect(
      FEEL.inside(v(value), low: v(low), closedLow: false, high: v(high), closedHigh: false)
        == v(open))
  }

  @Test("numbers are exact decimals: 0.1 + 0.2 = 0.3 (DMN 1.5 §10.3.2.3.1)")
  func numbers() {
    #expect(FEEL.add(v("0.1"), v("0.2")) == v("0.3"))
    #expect(FEEL.divide(v("1"), v("3")) == v("0.3333333333333333333333333333333333"))
    #expect(FEEL.divide(v("1"), v("0")) == .null)
    #expect(FEEL.multiply(v("9E+6144"), v("10")) == .null)
    #expect(FEEL.power(v("2"), v("10")) == v("1024") && FEEL.power(v("2"), v("0.5")) == .null)
    #expect(FEEL.power(v("0"), v("-1")) == .null && FEEL.power(v("0"), v("0")) == v("1"))
    #expect(FEEL.power(v("2"), v("1000000000")) == .null)
    #expect(FEEL.add(v("\"a\""), v("\"b\"")) == v("\"ab\""))
    #expect(FEEL.add(v("\"a\""), v("1")) == .null && FEEL.subtract(v("\"a\""), v("\"a\"")) == .null)
    #expect(FEEL.add(v("1"), .null) == .null && FEEL.negate(.null) == .null)
    #expect(Decimal128(0.1 as Double) == Decimal128("0.1"), "the shortest that reads back")
  }

  @Test(
    "rounding (DMN 1.5 §10.3.4.5, the examples of each function)",
    arguments: [
      (RoundingMode.halfEven, "1.5", "0", "2"), (.halfEven, "2.5", "0", "2"),
      (.halfEven, "0.333", "2", "0.33"), (.up, "5.5", "0", "6"), (.up, "-5.5", "0", "-6"),
      (.up, "1.121", "2", "1.13"), (.down, "5.5", "0", "5"), (.down, "-1.126", "2", "-1.12"),
      (.halfUp, "5.5", "0", "6"), (.halfUp, "-5.5", "0", "-6"), (.halfUp, "1.121", "2", "1.12"),
      (.halfUp, "-1.126", "2", "-1.13"), (.halfDown, "5.5", "0", "5"),
      (.halfDown, "-5.5", "0", "-5"), (.halfDown, "-1.126", "2", "-1.13"),
      (.floor, "-1.56", "1", "-1.6"), (.ceiling, "-1.5", "0", "-1"), (.halfEven, "15", "-1", "20"),
      (.halfEven, "1", "6177", "null"), (.halfEven, "1", "-6112", "null"),
      (.halfEven, "1", "0.5", "null"), (.halfEven, "1", "null", "null"),
    ])
  func rounding(mode: RoundingMode, number: String, scale: String, expected: String) {
    #expect(FEEL.round(v(number), v(scale), mode) == v(expected))
  }

  @Test("numeric functions (DMN 1.5 §10.3.4.5)")
  func numericFunctions() {
    #expect(FEEL.floor(v("-1.5")) == v("-2") && FEEL.ceiling(v("1.5")) == v("2"))
    #expect(FEEL.abs(v("-10")) == v("10") && FEEL.abs(v("-P14M")) == v("P1Y2M"))
    #expect(FEEL.abs(v("\"x\"")) == .null)
    // modulo: the result has the divisor's sign.
    let cases = [
      ("12", "5", "2"), ("-12", "5", "3"), ("12", "-5", "-3"), ("-12", "-5", "-2"),
      ("10.1", "4.5", "1.1"), ("-10.1", "4.5", "3.4"), ("10.1", "-4.5", "-3.4"),
      ("-10.1", "-4.5", "-1.1"), ("1", "0", "null"),
    ]
    for (a, b, expected) in cases { #expect(FEEL.modulo(v(a), v(b)) == v(expected), "\(a), \(b)") }
    #expect(FEEL.sqrt(v("16")) == v("4") && FEEL.sqrt(v("-3")) == .null)
  }

  @Test("list functions: null for an empty list or a null in it, count apart (DMN 1.5 §10.3.4.4)")
  func lists() {
    #expect(FEEL.min([v("3"), v("1"), v("2")]) == v("1"))
    #expect(FEEL.max([v("\"a\""), v("\"b\"")]) == v("\"b\""))
    #expect(FEEL.min([]) == .null && FEEL.max([v("1"), .null]) == .null && FEEL.sum([]) == .null)
    #expect(FEEL.max([v("10:00:00"), v("10:00:00Z")]) == .null)
    #expect(FEEL.sum([v("0.1"), v("0.2"), v("-0.3")]) == v("0"))
    #expect(FEEL.sum([v("1"), .null]) == .null && FEEL.sum([v("P1D"), v("P1D")]) == .null)
    #expect(FEEL.count([.null, v("1")]) == v("2"))
  }

  @Test(
    "substring counts Unicode scalars from 1, or from the end (DMN 1.5 §10.3.4.3)",
    arguments: [
      ("foobar", "3", nil, "obar"), ("foobar", "3", "3", "oba"), ("foobar", "-2", "1", "a"),
      ("\u{1F40E}ab", "2", nil, "ab"), ("foobar", "6", "9", "r"), ("foobar", "0", nil, nil),
      ("foobar", "5", "1E+30", "ar"), ("foobar", "5", "1.5", nil),
      ("foobar", "7", nil, nil), ("foobar", "-7", nil, nil), ("foobar", "1.5", nil, nil),
      ("foobar", "1", "0", nil), ("foobar", "1", "-1", nil), ("", "1", nil, nil),
    ] as [(String, String, String?, String?)])
  func substring(text: String, start: String, length: String?, expected: String?) {
    let answer =
      length.map { FEEL.substring(.string(text), start: v(start), length: v($0)) }
      ?? FEEL.substring(.string(text), start: v(start))
    #expect(answer == expected.map(Value.string) ?? .null)
  }

  @Test("string functions (DMN 1.5 §10.3.4.3)")
  func strings() {
    #expect(FEEL.stringLength(.string("foo\u{1F40E}e\u{301}")) == v("6"))
    #expect(FEEL.upperCase(v("\"aBc4ß\"")) == v("\"ABC4SS\""))
    #expect(FEEL.lowerCase(.string("aBc4ΑΣ")) == .string("abc4ασ"), "in no context")
    #expect(FEEL.contains(v("\"foobar\""), v("\"of\"")) == v("false"))
    #expect(FEEL.contains(v("\"aabaabaaab\""), v("\"aabaaa\"")) == v("true"))
    #expect(FEEL.contains(v("\"x\""), v("\"\"")) == v("true"))
    #expect(FEEL.startsWith(v("\"foobar\""), v("\"fo\"")) == v("true"))
    #expect(FEEL.endsWith(v("\"foobar\""), v("\"r\"")) == v("true"))
    #expect(FEEL.startsWith(.string("e\u{301}"), v("\"e\"")) == v("true"), "by scalars")
    #expect(FEEL.contains(v("1"), v("\"1\"")) == .null && FEEL.stringLength(.null) == .null)
  }

  @Test(
    "conversions of texts and parts (DMN 1.5 §10.3.4.1)")
  func conversions() {
    #expect(FEEL.date(v("\"2026-01-31\"")) == v("2026-01-31"))
    #expect(FEEL.date(v("2026-01-31T23:00:00-05:00")) == v("2026-01-31"))
    #expect(FEEL.date(v("\"2026-02-30\"")) == .null && FEEL.date(v("1")) == .null)
    #expect(FEEL.date(year: v("2024"), month: v("2"), day: v("29")) == v("2024-02-29"))
    #expect(FEEL.date(year: v("2023"), month: v("2"), day: v("29")) == .null)
    #expect(FEEL.date(year: v("2023.5"), month: v("2"), day: v("1")) == .null)
    #expect(FEEL.time(v("2026-01-31")) == v("00:00:00Z"))
    #expect(FEEL.time(v("2026-01-31T10:00:00+02:00")) == v("10:00:00+02:00"))
    #expect(FEEL.time(hour: v("10"), minute: v("5"), second: v("1.25")) == v("10:05:01.25"))
    #expect(FEEL.time(hour: v("10"), minute: v("5"), second: v("60")) == .null)
    #expect(FEEL.time(hour: v("10"), minute: v("5"), second: v("1E-10")) == .null)
    #expect(
      FEEL.time(hour: v("10"), minute: v("5"), second: v("0"), offset: v("-PT1H"))
        == v("10:05:00-01:00"))
    #expect(FEEL.time(hour: v("10"), minute: v("5"), second: v("0"), offset: v("PT19H")) == .null)
    #expect(FEEL.dateAndTime(v("\"2026-01-31\"")) == v("2026-01-31T00:00:00"))
    #expect(
      FEEL.dateAndTime(v("2026-01-31T10:00:00Z"), v("11:00:00")) == v("2026-01-31T11:00:00"))
    #expect(FEEL.duration(v("\"P1Y\"")) == v("P1Y") && FEEL.duration(v("\"PT1H\"")) == v("PT1H"))
  }

  @Test("literals are FEEL's, with its escapes (DMN 1.5 §10.3.1.2)")
  func literals() {
    #expect(Value.string("a \"b\" \\ \n\u{7}").feelLiteral == #""a \"b\" \\ \n\u0007""#)
    #expect(v("2026-01-31").feelLiteral == "date(\"2026-01-31\")")
    #expect(v("P1Y").feelLiteral == "duration(\"P1Y\")")
    #expect(v("1200").feelLiteral == "1200" && v("1E+50").feelLiteral == "1E+50")
  }
}
