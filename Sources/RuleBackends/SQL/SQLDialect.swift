import RuleProgram

/// A database whose SQL the backend writes.
public enum SQLDialect: String, CaseIterable, Hashable, Sendable {
  case sqlite, postgres, duckdb, spark

  /// The name that people know.
  public var title: String {
    switch self {
    case .sqlite: "SQLite"
    case .postgres: "PostgreSQL"
    case .duckdb: "DuckDB"
    case .spark: "Spark"
    }
  }

  /// `name` as an identifier.
  func quoted(_ name: String) -> String {
    let mark = self == .spark ? "`" : "\""
    return mark
      + name.split(separator: mark, omittingEmptySubsequences: false)
      .joined(separator: mark + mark) + mark
  }

  /// `text` as a literal.
  func literal(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += self == .spark ? "\\'" : "''"
      case "\\": result += self == .spark ? "\\\\" : "\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }

  /// `value` as a number that a comparison takes.
  func plain(_ value: Int128) -> String {
    guard Int64(exactly: value) == nil else { return value < 0 ? "(\(value))" : "\(value)" }
    switch self {
    case .sqlite, .postgres: return "(\(value))"
    case .duckdb, .spark: return "CAST('\(value)' AS \(wideType))"
    }
  }

  /// `value` as a number of 64 bits, or of the wide type beyond them: arithmetic must not start in
  /// 32 bits.
  func integer(_ value: Int128) -> String {
    self == .sqlite || Int64(exactly: value) == nil
      ? plain(value) : "CAST(\(value) AS BIGINT)"
  }

  /// `number` as a decimal literal; nil where it and a column would not fit one type of 38 digits.
  func decimal(_ number: Decimal128) -> String? {
    let parts = number.normalized.significandAndExponent
    let fraction = max(0, -parts.exponent)
    var digits = "\(parts.coefficient)"
    guard digits.count + abs(parts.exponent) <= 38 else { return nil }
    if parts.exponent > 0 { digits += String(repeating: "0", count: parts.exponent) }
    if digits.count <= fraction {
      digits = String(repeating: "0", count: fraction - digits.count + 1) + digits
    }
    let whole = digits.dropLast(fraction)
    guard fraction <= 18, whole.count <= 19 else { return nil }
    let text = fraction == 0 ? digits : "\(whole).\(digits.suffix(fraction))"
    return parts.negative ? "(-\(text))" : text
  }

  /// The type of whole numbers beyond 64 bits; SQLite has none.
  var wideType: String {
    switch self {
    case .sqlite: "INTEGER"
    case .postgres: "NUMERIC"
    case .duckdb: "HUGEINT"
    case .spark: "DECIMAL(38, 0)"
    }
  }

  /// The greatest whole number that arithmetic may give.
  ///
  /// FEEL's numbers have 34 digits; up to there neither side rounds.
  var greatestInteger: Int128 {
    self == .sqlite ? Int128(Int64.max) : 9_999_999_999_999_999_999_999_999_999_999_999
  }

  /// The operator between whole numbers that are not negative.
  var wholeDivision: String {
    switch self {
    case .sqlite, .postgres: "/"
    case .duckdb: "//"
    case .spark: "div"
    }
  }

  /// The operator that compares two values, nulls included.
  var sameAs: String {
    switch self {
    case .sqlite: "IS"
    case .postgres, .duckdb: "IS NOT DISTINCT FROM"
    case .spark: "<=>"
    }
  }

  /// What ends a subquery so that the planner doesn't write its columns out at each use: once for
  /// each test, that would be.
  var fence: String {
    switch self {
    case .sqlite: " LIMIT -1"
    case .postgres: " OFFSET 0"
    case .duckdb, .spark: ""
    }
  }

  /// A text column as one that compares by code points.
  func byCodePoints(_ column: String) -> String {
    switch self {
    case .sqlite: "\(column) COLLATE BINARY"
    case .postgres: "\(column) COLLATE \"C\""
    case .duckdb, .spark: column
    }
  }

  /// The literals of SQL's booleans.
  func boolean(_ value: Bool) -> String { value ? "TRUE" : "FALSE" }
}
