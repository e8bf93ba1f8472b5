import RuleProgram

/// How a column's value becomes a whole number: null for whatever the column must not hold, so that
/// no expression over it can fail.
struct SQLColumns {
  let dialect: SQLDialect

  /// A number column as the whole number `value * 10^scale`, null for what has more digits or is not
  /// `within` what this condition says, which begins with ` AND`.
  func number(_ column: String, precision: Int, scale: Int, within: String = "") -> String {
    let limit = "1" + String(repeating: "0", count: precision - scale)
    let factor = "1" + String(repeating: "0", count: scale)
    switch dialect {
    case .sqlite:
      let whole = "CAST(round(\(column) * \(factor).0) AS INTEGER)"
      return "CASE WHEN typeof(\(column)) = 'integer' AND \(column) > -\(limit) AND \(column) <"
        + " \(limit) THEN \(column) * \(factor) WHEN typeof(\(column)) = 'real' AND \(column) >"
        + " -\(limit) AND \(column) < \(limit) AND \(whole) / \(factor).0 = \(column)"
        + " THEN \(whole) END"
    case .postgres:
      return
        "CASE WHEN abs(\(column)) < \(limit) AND trunc(\(column), \(scale)) = \(column)\(within)"
        + " THEN CAST(\(column) * CAST(\(factor) AS NUMERIC) AS BIGINT) END"
    case .duckdb, .spark:
      let exact = "TRY_CAST(\(column) AS DECIMAL(\(precision), \(scale)))"
      let power = "CAST(\(factor) AS DECIMAL(\(scale + 1), 0))"
      // Wide enough for the product, which DuckDB would otherwise compute in 64 bits.
      let wide = "CAST(\(exact) AS DECIMAL(\(precision + scale + 1), \(scale)))"
      return "CASE WHEN \(exact) = \(column)\(within) THEN CAST(\(wide) * \(power) AS BIGINT) END"
    }
  }

  /// A column of decimals that are only compared, null for what is no finite number.
  func decimal(_ column: String) -> String {
    guard dialect == .postgres else { return column }
    return "CASE WHEN \(column) > CAST('-Infinity' AS NUMERIC) AND \(column) <"
      + " CAST('Infinity' AS NUMERIC) THEN \(column) END"
  }

  /// A column of doubles, null for what is no finite number.
  func double(_ column: String) -> String {
    let limit = "1.7976931348623157e308"
    let finite = "\(column) >= -\(limit) AND \(column) <= \(limit)"
    switch dialect {
    case .sqlite:
      return "CASE WHEN typeof(\(column)) = 'real' AND \(finite) OR typeof(\(column)) = 'integer'"
        + " AND \(column) >= -9007199254740992 AND \(column) <= 9007199254740992 THEN \(column) END"
    case .postgres, .duckdb:
      let type = dialect == .postgres ? "DOUBLE PRECISION" : "DOUBLE"
      return "CASE WHEN \(column) >= CAST('-\(limit)' AS \(type)) AND \(column) <="
        + " CAST('\(limit)' AS \(type)) THEN \(column) END"
    case .spark:
      return "CASE WHEN \(column) >= -1.7976931348623157e308D AND \(column) <="
        + " 1.7976931348623157e308D THEN \(column) END"
    }
  }

  /// A date column as its day number, for the years 1 to 9999.
  ///
  /// SQLite takes 30 February and 24:00 as they stand until a modifier makes it count.
  func date(_ column: String, within: String = "") -> String {
    let range = "\(column) >= DATE '0001-01-01' AND \(column) <= DATE '9999-12-31'\(within)"
    switch dialect {
    case .sqlite:
      return
        "CASE WHEN typeof(\(column)) = 'text' AND date(\(column), '+0 days') = \(column) AND \(column)"
        + " >= '0001' THEN CAST(julianday(\(column)) - 2440587.5 AS INTEGER) END"
    case .postgres:
      return "CASE WHEN \(range) THEN CAST(\(column) - DATE '1970-01-01' AS BIGINT) END"
    case .duckdb:
      return "CASE WHEN \(range) THEN date_diff('day', DATE '1970-01-01', \(column)) END"
    case .spark:
      return "CASE WHEN \(range) THEN CAST(unix_date(\(column)) AS BIGINT) END"
    }
  }

  /// A column of local times as microseconds of the day.
  func time(_ column: String) -> String {
    switch dialect {
    case .sqlite:
      return "CASE WHEN typeof(\(column)) = 'text' AND time(\(column), '+0 days') = \(column) THEN"
        + " CAST(strftime('%s', '1970-01-01 ' || \(column)) AS INTEGER) * 1000000 END"
    case .postgres:
      return "CASE WHEN \(column) < TIME '24:00' THEN CAST(EXTRACT(EPOCH FROM \(column)) * 1000000"
        + " AS BIGINT) END"
    case .duckdb:
      return "CASE WHEN \(column) < TIME '24:00:00' THEN epoch_us(\(column)) END"
    case .spark:
      let part = { (start: Int) in "CAST(substr(\(column), \(start), 2) AS BIGINT)" }
      return "CASE WHEN \(column) RLIKE '^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$' THEN"
        + " (\(part(1)) * 3600 + \(part(4)) * 60 + \(part(7))) * 1000000 END"
    }
  }

  /// A column of dates with times as microseconds since 1970 (UTC for those with an offset).
  func dateTime(_ column: String, hasOffset: Bool) -> String {
    let type = hasOffset && dialect != .spark ? "TIMESTAMPTZ" : "TIMESTAMP"
    let zone = hasOffset ? "+00" : ""
    let range =
      "\(column) >= \(type) '0001-01-01 00:00:00\(zone)' AND \(column) <"
      + " \(type) '9999-12-31 00:00:00\(zone)'"
    switch dialect {
    case .sqlite:
      return
        "CASE WHEN typeof(\(column)) = 'text' AND strftime('%Y-%m-%dT%H:%M:%S', \(column), '+0 days')"
        + " = \(column) AND \(column) >= '0001' THEN CAST(strftime('%s', \(column)) AS INTEGER)"
        + " * 1000000 END"
    case .postgres:
      return "CASE WHEN \(range) THEN CAST(EXTRACT(EPOCH FROM \(column)) * 1000000 AS BIGINT) END"
    case .duckdb:
      return "CASE WHEN \(range) THEN epoch_us(\(column)) END"
    case .spark where hasOffset:
      return "CASE WHEN \(range) THEN unix_micros(\(column)) END"
    case .spark:
      return "CASE WHEN \(column) >= TIMESTAMP_NTZ '0001-01-01 00:00:00' AND \(column) <"
        + " TIMESTAMP_NTZ '9999-12-31 00:00:00' THEN CAST(unix_date(CAST(\(column) AS DATE)) AS"
        + " BIGINT) * 86400000000 + (hour(\(column)) * 3600 + minute(\(column)) * 60) *"
        + " CAST(1000000 AS BIGINT) + CAST(EXTRACT(SECOND FROM \(column)) * 1000000 AS BIGINT) END"
    }
  }

  /// A boolean column; SQLite's holds 0 or 1.
  func boolean(_ column: String) -> String {
    dialect == .sqlite
      ? "CASE WHEN typeof(\(column)) = 'integer' AND \(column) IN (0, 1) THEN \(column) END"
      : column
  }

  /// A text column, null beyond 1 MiB as in every row.
  func text(_ column: String) -> String {
    switch dialect {
    case .sqlite:
      "CASE WHEN typeof(\(column)) = 'text' AND length(CAST(\(column) AS BLOB)) <= 1048576 THEN"
        + " \(column) END"
    case .postgres, .spark: "CASE WHEN octet_length(\(column)) <= 1048576 THEN \(column) END"
    case .duckdb: "CASE WHEN strlen(\(column)) <= 1048576 THEN \(column) END"
    }
  }
}

/// From whole numbers back to values, for outputs.
extension SQLColumns {
  /// `term / 10^scale`, exactly; nil where the dialect can't give it.
  func number(from sql: String, scale: Int, range: ClosedRange<Int128>) -> String? {
    guard scale > 0 else { return sql }
    let fraction = "0." + String(repeating: "0", count: scale - 1) + "1"
    switch dialect {
    case .sqlite:
      // The nearest double, where no two decimals of this scale share one.
      let greatest = Double(max(range.upperBound.magnitude, range.lowerBound.magnitude))
      guard greatest < 9_007_199_254_740_992 else { return nil }
      var size = greatest
      for _ in 0..<scale { size /= 10 }
      var step = 1.0
      for _ in 0..<scale { step /= 10 }
      guard size.ulp < step * 0.99 else { return nil }
      return "(\(sql)) / 1" + String(repeating: "0", count: scale) + ".0"
    case .postgres: return "CAST(\(sql) AS NUMERIC) * \(fraction)"
    case .duckdb, .spark:
      guard scale <= 18 else { return nil }
      let digits = max("\(range.upperBound.magnitude)".count, "\(range.lowerBound.magnitude)".count)
      guard digits + scale + 2 <= 38 else { return nil }
      return "CAST(\(sql) AS DECIMAL(\(digits), 0)) * CAST('\(fraction)' AS DECIMAL(\(scale + 1),"
        + " \(scale)))"
    }
  }

  /// The date of a day number.
  func date(from sql: String) -> String {
    switch dialect {
    case .sqlite:
      // SQLite's calendar ends in 9999 and repeats after 400 years of 146,097 days.
      "CASE WHEN \(sql) <= 2932896 THEN date((\(sql)) * 86400, 'unixepoch') ELSE"
        + " (CAST(substr(date((\(sql) - 146097) * 86400, 'unixepoch'), 1, 4) AS INTEGER) + 400) ||"
        + " substr(date((\(sql) - 146097) * 86400, 'unixepoch'), 5) END"
    case .postgres, .duckdb: "DATE '1970-01-01' + CAST(\(sql) AS INTEGER)"
    case .spark: "date_from_unix_date(CAST(\(sql) AS INT))"
    }
  }

  /// Year, month or day of a day number.
  func part(_ property: TemporalProperty, ofDay sql: String) -> String {
    switch dialect {
    case .sqlite:
      let format = property == .year ? "%Y" : property == .month ? "%m" : "%d"
      let near = "CASE WHEN \(sql) <= 2932896 THEN \(sql) ELSE \(sql) - 146097 END"
      let number = "CAST(strftime('\(format)', (\(near)) * 86400, 'unixepoch') AS INTEGER)"
      guard property == .year else { return number }
      return "(\(number) + CASE WHEN \(sql) <= 2932896 THEN 0 ELSE 400 END)"
    case .postgres:
      return "CAST(EXTRACT(\(property.name) FROM \(date(from: sql))) AS BIGINT)"
    case .duckdb, .spark:
      return "CAST(\(property.name)(\(date(from: sql))) AS BIGINT)"
    }
  }

  /// The day number `months` after a day, at the latest the month's last day.
  func day(_ day: String, plusMonths months: String) -> String {
    switch dialect {
    case .sqlite:
      let near = "CASE WHEN \(day) <= 2560000 THEN \(day) ELSE \(day) - 730485 END"
      let back = "CASE WHEN \(day) <= 2560000 THEN 0 ELSE 730485 END"
      let start = { (plus: Int) in
        "CAST(julianday((\(near)) * 86400, 'unixepoch', 'start of month', (\(months) + \(plus)) ||"
          + " ' months') - 2440587.5 AS INTEGER)"
      }
      let place = "CAST(strftime('%d', (\(near)) * 86400, 'unixepoch') AS INTEGER) - 1"
      return "(\(start(0)) + min(\(place), \(start(1)) - \(start(0)) - 1) + \(back))"
    case .postgres:
      return "CAST(CAST(\(date(from: day)) + make_interval(months => CAST(\(months) AS INTEGER)) AS"
        + " DATE) - DATE '1970-01-01' AS BIGINT)"
    case .duckdb:
      return
        "date_diff('day', DATE '1970-01-01', CAST(\(date(from: day)) + to_months(CAST(\(months)"
        + " AS INTEGER)) AS DATE))"
    case .spark:
      return "CAST(unix_date(add_months(\(date(from: day)), CAST(\(months) AS INT))) AS BIGINT)"
    }
  }
}
