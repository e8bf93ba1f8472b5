import RuleProgram

/// The inputs' columns and the check of a row.
extension SQLGenerator {
  /// A column's value as a whole number, a text or a boolean; null where the row is refused.
  func input(_ index: Int, isRead: Bool) throws(Inexpressible) -> SQLTerm {
    let input = program.inputs[index]
    let column = dialect.quoted(input.name)
    var term = SQLTerm(type: input.type, sql: column)
    switch input.type {
    case .number:
      if isDouble(index) {
        guard !isRead else {
          throw Inexpressible("calculating with a column of doubles", in: .input(index))
        }
        term.sql = columns.double(column)
        return term
      }
      if isPlainDecimal(index) {
        let bounds = [input.minimum, input.maximum].compactMap { $0?.measure }
        guard bounds.allSatisfy({ dialect.decimal($0) != nil }) else {
          throw Inexpressible("a bound with so many digits", in: .input(index))
        }
        term.sql = columns.decimal(column)
        return term
      }
      term.scale = backend.scale
      term.sql = columns.number(
        column, precision: backend.precision, scale: backend.scale, within: within(input, column))
      let greatest = (Int128.power(backend.precision) ?? 1) - 1
      term.range = -greatest...greatest
    case .string: term.sql = input.values.isEmpty ? columns.text(column) : column
    case .boolean: term.sql = columns.boolean(column)
    case .date:
      term.sql = columns.date(column, within: within(input, column))
      term.range = -719_162...2_932_896
    case .time, .dateTime:
      try setTime(&term, index, column)
    case .dayTimeDuration:
      let seconds = columns.number(
        column, precision: 12, scale: 0, within: within(input, column))
      term.sql = "1000000 * \(seconds)"
      term.range = -1_000_000_000_000_000_000...1_000_000_000_000_000_000
    case .yearMonthDuration:
      term.sql = columns.number(
        column, precision: 9, scale: 0, within: within(input, column))
      term.range = -1_000_000_000...1_000_000_000
    }
    narrow(&term, input)
    return term
  }

  private func setTime(
    _ term: inout SQLTerm, _ index: Int, _ column: String
  ) throws(Inexpressible) {
    let input = program.inputs[index]
    term.hasOffset = input.offset == .required
    guard input.type == .dateTime else {
      guard !term.hasOffset else {
        throw Inexpressible("a time with an offset from UTC", in: .input(index))
      }
      term.sql = columns.time(column)
      term.range = 0...86_399_999_999
      return
    }
    guard !term.hasOffset || dialect != .sqlite else {
      throw Inexpressible("a date and time with an offset from UTC", in: .input(index))
    }
    term.sql = columns.dateTime(column, hasOffset: term.hasOffset)
    term.range = -62_135_596_800_000_000...253_402_300_800_000_000
  }

  /// True for a number whose column holds doubles.
  func isDouble(_ index: Int) -> Bool {
    let input = program.inputs[index]
    guard input.type == .number else { return false }
    guard !backend.doubles.contains(input.name) else { return true }
    return dialect == .sqlite && !read.contains(index)
  }

  /// True for a number that is only compared, in a dialect with decimals: it needs no whole number.
  func isPlainDecimal(_ index: Int) -> Bool {
    let input = program.inputs[index]
    return input.type == .number && dialect != .sqlite && !read.contains(index)
      && !backend.doubles.contains(input.name)
  }

  /// The condition that an input lies within its `min` and `max`: a column is null beyond them, so
  /// that no calculation meets what only a refused row holds. SQLite's arithmetic doesn't fail.
  private func within(_ input: Program.Input, _ column: String) -> String {
    guard dialect != .sqlite else { return "" }
    var text = ""
    for (bound, sign) in [(input.minimum, ">="), (input.maximum, "<=")] {
      guard let bound, let measure = bound.measure else { continue }
      switch bound {
      case .date(let date):
        let limit = sign == ">=" ? -719_162 : 2_932_896
        let isWider = sign == ">=" ? date.dayNumber < limit : date.dayNumber > limit
        if !isWider { text += " AND \(column) \(sign) DATE '\(date)'" }
      case .number:
        if let literal = dialect.decimal(measure) { text += " AND \(column) \(sign) \(literal)" }
      default:
        guard let units = measure.units(0) else { continue }
        let whole = sign == "<=" || units.isExact ? units.floor : units.floor + 1
        text += " AND \(column) \(sign) \(dialect.plain(whole))"
      }
    }
    return text
  }

  /// `min` and `max` hold for every row that is not refused.
  private func narrow(_ term: inout SQLTerm, _ input: Program.Input) {
    let digits = input.type == .number ? term.scale : SQLTerm.digits(of: input.type)
    var (low, high) = (term.range.lowerBound, term.range.upperBound)
    if let minimum = input.minimum?.measure?.units(digits) {
      low = max(low, minimum.isExact ? minimum.floor : minimum.floor + 1)
    }
    if let maximum = input.maximum?.measure?.units(digits) { high = min(high, maximum.floor) }
    term.range = low <= high ? low...high : low...low
  }

  /// A condition that is true when input number `index` is acceptable, and never null.
  func check(_ index: Int) -> String {
    let input = program.inputs[index]
    let column = dialect.quoted(input.name)
    let value = inputs[index].sql
    var conditions: [String] = []
    if !input.values.isEmpty {
      let list = input.values.map(dialect.literal).joined(separator: ", ")
      conditions.append("\(dialect.byCodePoints(column)) IN (\(list))")
    } else {
      conditions.append("\(value) IS NOT NULL")
    }
    if isDouble(index) {
      conditions += doubleBounds(input, value)
    } else if isPlainDecimal(index) {
      conditions += decimalBounds(input, value)
    } else {
      conditions += bounds(input, index, value)
    }
    let isValid = conditions.joined(separator: " AND ")
    guard input.allowsMissing else {
      return conditions.count == 1 && input.values.isEmpty
        ? isValid : "COALESCE(\(isValid), \(dialect.boolean(false)))"
    }
    return "(\(column) IS NULL OR COALESCE(\(isValid), \(dialect.boolean(false))))"
  }

  private func bounds(_ input: Program.Input, _ index: Int, _ value: String) -> [String] {
    let digits = input.type == .number ? inputs[index].scale : SQLTerm.digits(of: input.type)
    var conditions: [String] = []
    if let minimum = input.minimum?.measure {
      conditions.append(
        minimum.units(digits).map {
          "\(value) >= \(dialect.plain($0.isExact ? $0.floor : $0.floor + 1))"
        } ?? dialect.boolean(minimum.isNegative))
    }
    if let maximum = input.maximum?.measure {
      conditions.append(
        maximum.units(digits).map { "\(value) <= \(dialect.plain($0.floor))" }
          ?? dialect.boolean(!maximum.isNegative))
    }
    return conditions
  }

  private func decimalBounds(_ input: Program.Input, _ value: String) -> [String] {
    let minimum = input.minimum?.measure.map { "\(value) >= \(dialect.decimal($0) ?? "NULL")" }
    let maximum = input.maximum?.measure.map { "\(value) <= \(dialect.decimal($0) ?? "NULL")" }
    return [minimum, maximum].compactMap { $0 }
  }

  private func doubleBounds(_ input: Program.Input, _ value: String) -> [String] {
    var conditions: [String] = []
    if let minimum = input.minimum?.measure {
      let bound = SQLDoubles.least(minimum, isClosed: true)
      conditions.append("\(value) >= \(SQLDoubles.literal(bound, dialect))")
    }
    if let maximum = input.maximum?.measure {
      let bound = SQLDoubles.least(maximum, isClosed: false)
      conditions.append("\(value) < \(SQLDoubles.literal(bound, dialect))")
    }
    return conditions
  }
}

/// Thresholds for doubles, each of which counts as the shortest decimal that reads back as it.
enum SQLDoubles {
  /// The least double that counts as `bound` or more, or as more than it: so `x >= bound` holds for
  /// a double exactly when it is not below this one. Found by trying the neighbours.
  static func least(_ bound: Decimal128, isClosed: Bool) -> Double {
    func isAbove(_ double: Double) -> Bool {
      guard let number = Decimal128(double) else { return double > 0 }
      return isClosed ? bound <= number : bound < number
    }
    var double = Double(bound.description) ?? 0
    while isAbove(double), double > -.infinity { double = double.nextDown }
    while !isAbove(double) { double = double.nextUp }
    return double
  }

  /// `double` as a literal that reads back as it.
  static func literal(_ double: Double, _ dialect: SQLDialect) -> String {
    let text = double.isInfinite ? (double < 0 ? "-Infinity" : "Infinity") : double.description
    switch dialect {
    case .sqlite:
      if double.isInfinite { return double < 0 ? "-9e999" : "9e999" }
      return double < 0 ? "(\(text))" : text
    case .postgres: return "CAST('\(text)' AS DOUBLE PRECISION)"
    case .duckdb, .spark: return "CAST('\(text)' AS DOUBLE)"
    }
  }
}
