/// A FEEL expression (DMN 1.5 §10.3) of the part that Leafproof supports, with the span of every node.
public struct Expression: Sendable, Equatable {
  /// What the node is.
  public var kind: Kind
  /// Where the node stands in the source file.
  public var span: SourceSpan

  /// A node of `kind`, read from `span`.
  public init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

  /// Equality of meaning: places don't count.
  public static func == (a: Self, b: Self) -> Bool { a.kind == b.kind }

  /// The forms of an expression.
  public indirect enum Kind: Sendable, Equatable {
    /// A number as written, such as `0.10` or `1.2e3`; never negative.
    case number(String)
    /// A string with its escapes resolved.
    case string(String)
    case boolean(Bool)
    case null
    /// A date, time or duration written as `@"2026-01-31"`: the text between the quotes.
    case temporal(String)
    /// A name in scope, in its canonical spelling (the one that was declared).
    case name(String)
    /// `?`: the value that the unary tests are about.
    case tested
    case negate(Expression)
    case arithmetic(ArithmeticOperator, Expression, Expression)
    case compare(ComparisonOperator, Expression, Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    /// The function `not(e)`.
    case not(Expression)
    case ifThenElse(condition: Expression, then: Expression, otherwise: Expression)
    /// `value between low and high`, both ends included.
    case between(Expression, low: Expression, high: Expression)
    /// `value in tests`: true when any of `tests` holds.
    case membership(Expression, UnaryTests)
    /// A call of a built-in function; named arguments are already put in order.
    case call(BuiltinFunction, [Expression])
    /// `e.property` on a date, time or duration, such as `applied.year`.
    case property(Expression, Spanned<String>)
    /// `[a, b, c]`: only as an argument of a function that takes a list.
    case list([Expression])
  }

  /// Arithmetic of FEEL; `power` is `**`.
  public enum ArithmeticOperator: String, Sendable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", power = "**"
  }

  /// Comparisons of FEEL.
  public enum ComparisonOperator: String, Sendable {
    case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">",
      greaterOrEqual = ">="
  }
}

/// FEEL unary tests (DMN 1.5 §7.3.13): what stands in `is="…"` and behind `in`.
public struct UnaryTests: Sendable, Equatable {
  /// True for `not(…)` around the whole.
  public var negated: Bool
  /// The alternatives; empty with `negated == false` never occurs: `-` is one `.any`.
  public var tests: [UnaryTest]
  /// Where they stand.
  public var span: SourceSpan

  /// The tests `tests`, read from `span`.
  public init(negated: Bool, tests: [UnaryTest], span: SourceSpan) {
    self.negated = negated
    self.tests = tests
    self.span = span
  }

  /// Equality of meaning: places don't count.
  public static func == (a: Self, b: Self) -> Bool { a.negated == b.negated && a.tests == b.tests }
}

/// One alternative of unary tests.
public struct UnaryTest: Sendable, Equatable {
  /// What is tested.
  public var kind: Kind
  /// Where it stands.
  public var span: SourceSpan

  /// A test of `kind`, read from `span`.
  public init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

  /// Equality of meaning: places don't count.
  public static func == (a: Self, b: Self) -> Bool { a.kind == b.kind }

  /// The forms of a test.
  public enum Kind: Sendable, Equatable {
    /// `-`: every value that is not null.
    case any
    /// `< e`, `>= e`, `= e`, `!= e` …
    case comparison(Expression.ComparisonOperator, Expression)
    /// `[a..b]`, `(a..b]`, `]a..b[` …
    case interval(lowClosed: Bool, low: Expression, high: Expression, highClosed: Bool)
    /// `e`: the value equals `e`, or `e` is a boolean expression that mentions `?`.
    case expression(Expression)
  }
}

/// The built-in functions that are supported; the raw value is FEEL's name.
public enum BuiltinFunction: String, CaseIterable, Sendable {
  case abs, floor, ceiling
  case roundUp = "round up"
  case roundDown = "round down"
  case roundHalfUp = "round half up"
  case roundHalfDown = "round half down"
  /// DMN's name for rounding half to even is `decimal(n, scale)`; `round half even` is accepted as its plain name.
  case roundHalfEven = "round half even"
  case decimal
  case modulo, sqrt
  case min, max, sum, count
  case contains
  case startsWith = "starts with"
  case endsWith = "ends with"
  case matches
  case stringLength = "string length"
  case upperCase = "upper case"
  case lowerCase = "lower case"
  case substring
  case date, time
  case dateAndTime = "date and time"
  case duration
  case yearsAndMonthsDuration = "years and months duration"
}
