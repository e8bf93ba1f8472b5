import RuleProgram

/// Expression code as SQL terms.
extension SQLGenerator {
  /// The value of expression number `index`; `part` is named when something can't be said.
  func term(
    ofExpression index: Int, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    var stack: [SQLTerm] = []
    for instruction in program.expressions[index].instructions {
      let operand = instruction.operand
      switch instruction.operation {
      case .constant: stack.append(try constant(program.constants[operand], in: part))
      case .input: stack.append(inputs[operand])
      case .derived: stack.append(derived[operand])
      case .null: stack.append(SQLTerm(type: nil, sql: "NULL"))
      case .copy: stack.append(stack[stack.count - 1 - operand])
      case .nip: stack.remove(at: stack.count - 2)
      default:
        let arguments = Array(stack.suffix(instruction.arity))
        stack.removeLast(arguments.count)
        var term = try apply(instruction, arguments, in: part)
        term.level = arguments.map(\.level).max() ?? 0
        stack.append(term)
      }
      let size = stack.last?.sql.utf8.count ?? 0
      guard size < 1 << 18 else { throw Inexpressible("an expression of this length", in: part) }
    }
    return stack.last ?? SQLTerm(type: nil, sql: "NULL")
  }

  func constant(
    _ value: Value, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    switch value {
    case .null: return SQLTerm(type: nil, sql: "NULL")
    case .string(let text):
      guard !text.unicodeScalars.contains("\0") else {
        throw Inexpressible("a text with a NUL character", in: part)
      }
      return SQLTerm(type: .string, sql: dialect.literal(text), isConstant: true)
    case .boolean(let flag):
      return SQLTerm(type: .boolean, sql: dialect.boolean(flag), isConstant: true)
    default: break
    }
    guard let type = value.type, let measure = value.measure else {
      throw Inexpressible("this constant", in: part)
    }
    let own = max(0, -measure.normalized.significandAndExponent.exponent)
    let digits = type == .number ? own : SQLTerm.digits(of: type)
    guard let units = measure.units(digits), units.isExact,
      units.floor.magnitude <= UInt128(dialect.greatestInteger)
    else { throw Inexpressible("the constant \(value.feelLiteral)", in: part) }
    var term = constantTerm(units.floor)
    term.type = type
    if type == .number { term.scale = own }
    term.hasOffset = value.hasOffset ?? false
    return term
  }

  func constantTerm(_ number: Int128) -> SQLTerm {
    SQLTerm(
      type: .number, sql: dialect.integer(number), range: number...number,
      isWide: Int64(exactly: number) == nil, isConstant: true)
  }

  private func apply(
    _ instruction: Instruction, _ arguments: [SQLTerm], in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let operation = instruction.operation
    switch operation {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return try compare(operation, arguments[0], arguments[1], in: part)
    case .and: return boolean("(\(arguments[0].sql) AND \(arguments[1].sql))")
    case .or: return boolean("(\(arguments[0].sql) OR \(arguments[1].sql))")
    case .not: return boolean("(NOT \(arguments[0].sql))")
    case .select: return try select(arguments, in: part)
    case .count: return constantTerm(Int128(arguments.count))
    case .contains, .startsWith, .endsWith, .stringLength:
      return text(operation, arguments)
    default: break
    }
    if operation.givesNullForNull, arguments.contains(where: { $0.type == nil }) {
      return SQLTerm(type: nil, sql: "NULL")
    }
    switch operation {
    case .add, .subtract, .multiply, .divide:
      return try arithmetic(operation, arguments[0], arguments[1], in: part)
    case .negate: return try negated(arguments[0])
    case .abs:
      let term = try plain(arguments[0], in: part)
      let (low, high) = (term.range.lowerBound, term.range.upperBound)
      guard low < 0 else { return term }
      return term.with("abs(\(term.sql))", 0...max(-low, abs(high)))
    case .sum:
      var sum = arguments[0]
      for next in arguments.dropFirst() { sum = try arithmetic(.add, sum, next, in: part) }
      return sum
    case .minimum, .maximum: return try extreme(operation, arguments, in: part)
    case .floor, .ceiling, .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven:
      return try rounded(operation, arguments, in: part)
    case .yearsAndMonths: return try monthsBetween(arguments[0], arguments[1], in: part)
    case .property: return try property(instruction.operand, arguments[0], in: part)
    default: throw Inexpressible("`\(operation.name)`", in: part)
    }
  }

  func boolean(_ sql: String) -> SQLTerm { SQLTerm(type: .boolean, sql: sql) }

  /// The term, which must not be a quotient: calculating with one would need its 34 digits.
  func plain(_ term: SQLTerm, in part: Inexpressible.Part) throws(Inexpressible) -> SQLTerm {
    guard term.divisor == nil else {
      throw Inexpressible("calculating with the result of a division", in: part)
    }
    return term
  }
}

/// Comparing and choosing.
extension SQLGenerator {
  private func compare(
    _ operation: Operation, _ a: SQLTerm, _ b: SQLTerm, in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    let isEquality = operation == .equal || operation == .notEqual
    if a.type == nil || b.type == nil {
      guard isEquality else {
        return boolean(dialect == .sqlite ? "NULL" : "CAST(NULL AS BOOLEAN)")
      }
      return isNull(a.type == nil ? b : a, operation == .equal)
    }
    if a.divisor != nil || b.divisor != nil {
      return try compareQuotient(operation, a, b, in: part)
    }
    guard a.hasOffset == b.hasOffset else {
      throw Inexpressible("comparing local times with times that carry an offset", in: part)
    }
    let (left, right) = try aligned(a, b, in: part)
    let (x, y) =
      a.type == .string
      ? (dialect.byCodePoints(left.sql), right.sql) : (left.sql, right.sql)
    if isEquality {
      let same = "(\(x) \(dialect.sameAs) \(y))"
      return boolean(operation == .equal ? same : "(NOT \(same))")
    }
    return boolean("(\(x) \(operation.comparison) \(y))")
  }

  private func isNull(_ term: SQLTerm, _ yes: Bool) -> SQLTerm {
    guard let divisor = term.divisor else {
      return boolean("(\(term.sql) IS \(yes ? "" : "NOT ")NULL)")
    }
    let missing = isMissing(term, divisor)
    return boolean(yes ? missing.yes : missing.no)
  }

  private func select(
    _ arguments: [SQLTerm], in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard arguments[0].type != nil else { return arguments[2] }
    let yes = try plain(arguments[1], in: part)
    let no = try plain(arguments[2], in: part)
    guard yes.type != nil || no.type != nil else { return yes }
    guard yes.hasOffset == no.hasOffset || yes.type == nil || no.type == nil else {
      throw Inexpressible("a choice between a local time and one with an offset", in: part)
    }
    let (a, b) = try aligned(yes, no, in: part)
    var term = a.type == nil ? b : a
    term.isConstant = false
    term.isWide = a.isWide || b.isWide
    term.range =
      a.type == nil
      ? b.range
      : b.type == nil
        ? a.range
        : min(a.range.lowerBound, b.range.lowerBound)...max(a.range.upperBound, b.range.upperBound)
    term.sql = "(CASE WHEN \(arguments[0].sql) THEN \(a.sql) ELSE \(b.sql) END)"
    return term
  }

  private func extreme(
    _ operation: Operation, _ arguments: [SQLTerm], in part: Inexpressible.Part
  ) throws(Inexpressible) -> SQLTerm {
    guard var best = arguments.first else { return SQLTerm(type: nil, sql: "NULL") }
    best = try plain(best, in: part)
    for next in arguments.dropFirst() {
      guard best.type != .string, best.hasOffset == next.hasOffset else {
        throw Inexpressible("`\(operation.name)` of these types", in: part)
      }
      let (a, b) = try aligned(best, plain(next, in: part), in: part)
      let isLeast = operation == .minimum
      let name = dialect == .sqlite ? (isLeast ? "min" : "max") : isLeast ? "LEAST" : "GREATEST"
      let choice = "\(name)(\(a.sql), \(b.sql))"
      let (low, high) =
        isLeast
        ? (min(a.range.lowerBound, b.range.lowerBound), min(a.range.upperBound, b.range.upperBound))
        : (max(a.range.lowerBound, b.range.lowerBound), max(a.range.upperBound, b.range.upperBound))
      best = a.with(
        dialect == .sqlite
          ? choice : "(CASE WHEN \(a.sql) IS NOT NULL AND \(b.sql) IS NOT NULL THEN \(choice) END)",
        low...high)
      best.isWide = a.isWide || b.isWide
    }
    return best
  }

  /// FEEL's functions on texts, by code points.
  private func text(_ operation: Operation, _ arguments: [SQLTerm]) -> SQLTerm {
    guard !arguments.contains(where: { $0.type == nil }) else {
      return SQLTerm(
        type: operation == .stringLength ? .number : .boolean,
        sql: dialect == .sqlite
          ? "NULL" : operation == .stringLength ? "CAST(NULL AS BIGINT)" : "CAST(NULL AS BOOLEAN)")
    }
    let text = arguments[0].sql
    if operation == .stringLength {
      let length = dialect == .sqlite ? "length(\(text))" : "CAST(char_length(\(text)) AS BIGINT)"
      let sql = dialect == .duckdb ? "CAST(length(\(text)) AS BIGINT)" : length
      return SQLTerm(type: .number, sql: sql, range: 0...1_048_576)
    }
    let match = arguments[1].sql
    switch (operation, dialect) {
    case (.contains, .sqlite): return boolean("(instr(\(text), \(match)) > 0)")
    case (.contains, .postgres): return boolean("(strpos(\(text), \(match)) > 0)")
    case (.contains, _): return boolean("contains(\(text), \(match))")
    case (.startsWith, .sqlite):
      return boolean("(substr(\(text), 1, length(\(match))) = \(match) COLLATE BINARY)")
    case (.startsWith, .spark): return boolean("startswith(\(text), \(match))")
    case (.startsWith, _): return boolean("starts_with(\(text), \(match))")
    case (_, .sqlite):
      return boolean(
        "(length(\(match)) = 0 AND \(text) IS NOT NULL OR length(\(match)) > 0 AND"
          + " substr(\(text), -length(\(match))) = \(match) COLLATE BINARY)")
    case (_, .postgres):
      return boolean("(right(\(text), length(\(match))) = \(match) COLLATE \"C\")")
    case (_, .spark): return boolean("endswith(\(text), \(match))")
    case (_, .duckdb): return boolean("ends_with(\(text), \(match))")
    }
  }
}

extension SQLTerm {
  /// The term with another expression and range.
  func with(_ sql: String, _ range: ClosedRange<Int128>) -> SQLTerm {
    var term = self
    term.sql = sql
    term.range = range
    term.isConstant = false
    return term
  }
}

extension Operation {
  /// SQL's sign of an ordered comparison.
  var comparison: String {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    default: ">="
    }
  }

  /// True where a null operand makes the value null.
  fileprivate var givesNullForNull: Bool {
    switch self {
    case .count, .select, .and, .or, .equal, .notEqual: false
    default: true
    }
  }
}
