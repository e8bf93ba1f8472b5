import RuleProgram

/// The tests of the tree.
extension SQLGenerator {
  /// Refuses a node whose tests can't be asked exactly.
  func verify(_ node: Program.Node, _ index: Int) throws(Inexpressible) {
    let slot = slots[node.slot]
    for cut in node.cuts {
      if case .input(let input) = program.slots[node.slot].source, isPlainDecimal(input) {
        let bound = program.lowerBound(cut, program.slots[node.slot])?.value.measure
        guard bound.map({ dialect.decimal($0) != nil }) ?? true else {
          throw Inexpressible("a threshold with so many digits", in: .node(index))
        }
        continue
      }
      if case .input(let input) = program.slots[node.slot].source, isDouble(input) {
        guard let bound = program.lowerBound(cut, program.slots[node.slot]),
          let measure = bound.value.measure, dialect == .sqlite
        else { continue }
        guard measure.magnitude <= Decimal128(9_007_199_254_740_992) else {
          throw Inexpressible("a threshold beyond 2^53", in: .node(index))
        }
      } else if slot.divisor != nil {
        guard let bound = program.lowerBound(cut, program.slots[node.slot]) else { continue }
        _ = try quotient(slot, ">=", bound.value, in: .node(index))
      }
    }
  }

  /// `test` in both senses.
  func condition(_ test: SQLTree.Test) -> SQLTree.Condition {
    let isNull = missing(test.slot)
    var answer: SQLTree.Condition
    switch test.kind {
    case .missing:
      return .asked(yes: isNull.yes, no: isNull.no)
    case .isTrue:
      answer = .asked(yes: slots[test.slot].sql, no: "NOT \(slots[test.slot].sql)")
    case .atLeast(let cut): answer = atLeast(test.slot, cut)
    case .within(let ranges): answer = within(test.slot, ranges)
    case .among(let values): answer = among(test.slot, values)
    }
    guard test.takesMissing else { return answer }
    switch answer {
    case .always(true): answer = .always(true)
    case .always(false): answer = .asked(yes: isNull.yes, no: isNull.no)
    case .asked(let yes, let no):
      answer = .asked(yes: "(\(isNull.yes) OR \(yes))", no: "(\(isNull.no) AND \(no))")
    }
    return answer
  }

  private func missing(_ slot: Int) -> (yes: String, no: String) {
    let term = slots[slot]
    guard let divisor = term.divisor else {
      return ("\(term.sql) IS NULL", "\(term.sql) IS NOT NULL")
    }
    return (
      "(\(term.sql) IS NULL OR \(divisor.sql) IS NULL OR \(divisor.sql) = 0)",
      "(\(term.sql) IS NOT NULL AND \(divisor.sql) <> 0)"
    )
  }

  private func among(_ slot: Int, _ values: [Int]) -> SQLTree.Condition {
    let term = slots[slot]
    guard case .input(let input) = program.slots[slot].source, term.type == .string else {
      return values == [1]
        ? .asked(yes: term.sql, no: "NOT \(term.sql)")
        : .asked(yes: "NOT \(term.sql)", no: term.sql)
    }
    let list = values.map { dialect.literal(program.inputs[input].values[$0]) }
    let column = dialect.byCodePoints(dialect.quoted(program.inputs[input].name))
    let joined = list.joined(separator: ", ")
    return list.count == 1
      ? .asked(yes: "\(column) = \(joined)", no: "\(column) <> \(joined)")
      : .asked(yes: "\(column) IN (\(joined))", no: "\(column) NOT IN (\(joined))")
  }

  private func within(
    _ slot: Int, _ ranges: [(low: Int64?, high: Int64?)]
  ) -> SQLTree.Condition {
    var parts: [String] = []
    for range in ranges {
      var ends: [String] = []
      if let low = range.low {
        switch atLeast(slot, low) {
        case .always(true): break
        case .always(false): continue
        case .asked(let yes, _): ends.append(yes)
        }
      }
      if let high = range.high {
        switch atLeast(slot, high) {
        case .always(true): continue
        case .always(false): break
        case .asked(_, let no): ends.append(no)
        }
      }
      guard !ends.isEmpty else { return .always(true) }
      parts.append("(\(ends.joined(separator: " AND ")))")
    }
    guard !parts.isEmpty else { return .always(false) }
    let joined = "(\(parts.joined(separator: " OR ")))"
    return .asked(yes: joined, no: "NOT \(joined)")
  }

  /// Whether the slot's key is `cut` or above.
  private func atLeast(_ slot: Int, _ cut: Int64) -> SQLTree.Condition {
    guard let bound = program.lowerBound(cut, program.slots[slot]) else { return .always(true) }
    let term = slots[slot]
    if case .input(let input) = program.slots[slot].source, isDouble(input) {
      let least = SQLDoubles.least(bound.value.measure ?? 0, isClosed: bound.isClosed)
      let literal = SQLDoubles.literal(least, dialect)
      return .asked(yes: "\(term.sql) >= \(literal)", no: "\(term.sql) < \(literal)")
    }
    if case .input(let input) = program.slots[slot].source, isPlainDecimal(input) {
      let literal = bound.value.measure.flatMap { dialect.decimal($0) } ?? "NULL"
      return bound.isClosed
        ? .asked(yes: "\(term.sql) >= \(literal)", no: "\(term.sql) < \(literal)")
        : .asked(yes: "\(term.sql) > \(literal)", no: "\(term.sql) <= \(literal)")
    }
    if case .string(let text) = bound.value {
      let column = dialect.byCodePoints(term.sql)
      let literal = dialect.literal(text)
      return bound.isClosed
        ? .asked(yes: "\(column) >= \(literal)", no: "\(column) < \(literal)")
        : .asked(yes: "\(column) > \(literal)", no: "\(column) <= \(literal)")
    }
    if term.divisor != nil {
      let part = self.part(ofSlot: slot)
      let yes = try? quotient(term, bound.isClosed ? ">=" : ">", bound.value, in: part)
      let no = try? quotient(term, bound.isClosed ? "<" : "<=", bound.value, in: part)
      // `verify` has seen to it that both are there.
      return .asked(yes: yes ?? "NULL", no: no ?? "NULL")
    }
    return atLeast(term, bound)
  }

  private func atLeast(_ term: SQLTerm, _ bound: Program.Bound) -> SQLTree.Condition {
    guard let type = term.type, let measure = bound.value.measure else { return .always(false) }
    let digits = type == .number ? term.scale : SQLTerm.digits(of: type)
    guard let units = measure.units(digits) else { return .always(measure.isNegative) }
    let least = bound.isClosed && units.isExact ? units.floor : units.floor + 1
    if least <= term.range.lowerBound { return .always(true) }
    if least > term.range.upperBound { return .always(false) }
    let literal = dialect.plain(least)
    return .asked(yes: "\(term.sql) >= \(literal)", no: "\(term.sql) < \(literal)")
  }

  /// A quotient beside a constant, by multiplying out.
  ///
  /// The evaluator rounds the quotient to 34 digits and then compares. Both give the same where a
  /// quotient that differs from the constant differs by more than that rounding. With `n * left`
  /// beside `d * right`, whole numbers, it differs by `1 / (d * right)` of the constant at least.
  func quotient(
    _ term: SQLTerm, _ comparison: String, _ constant: Value, in part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    guard let divisor = term.divisor, let measure = constant.measure else {
      throw Inexpressible("this comparison", in: part)
    }
    let parts = measure.normalized.significandAndExponent
    let sign: Int128 = parts.negative ? -1 : 1
    var (left, right): (Int128, Int128) = (1, 0)
    if parts.coefficient != 0 {
      // n / 10^a : (d / 10^b) beside c * 10^e is n * 10^(b - a - e) beside d * c.
      let shift = divisor.scale - term.scale - parts.exponent
      guard let power = Int128.power(abs(shift)),
        let coefficient = Int128(exactly: parts.coefficient),
        let product = shift < 0 ? coefficient.times(power) : coefficient
      else { throw Inexpressible("a quotient beside a constant of so many digits", in: part) }
      (left, right) = (shift > 0 ? power : 1, product)
      let common = Self.commonDivisor(left, right)
      (left, right) = (left / common, sign * (right / common))
      let greatest = Double(
        max(divisor.range.upperBound.magnitude, divisor.range.lowerBound.magnitude))
      guard Self.digits(greatest) + Self.digits(Double(right.magnitude)) <= 33 else {
        throw Inexpressible("a division whose 34 digits might decide", in: part)
      }
    }
    let dividend = SQLTerm(type: .number, sql: term.sql, range: term.range, isWide: term.isWide)
    let denominator = SQLTerm(
      type: .number, sql: divisor.sql, range: divisor.range, isWide: divisor.isWide)
    let a = try product(dividend, constantTerm(left), in: part).sql
    let b = try product(denominator, constantTerm(right), in: part).sql
    let holds = "\(a) \(comparison) \(b)"
    let turned = String(comparison.map { $0 == "<" ? ">" : $0 == ">" ? "<" : $0 })
    if divisor.range.lowerBound > 0 { return holds }
    let below = "WHEN \(divisor.sql) < 0 THEN \(a) \(turned) \(b) "
    return "CASE WHEN \(divisor.sql) > 0 THEN \(holds) "
      + (divisor.range.lowerBound < 0 ? below : "") + "END"
  }

  private static func digits(_ number: Double) -> Int {
    var (count, rest) = (0, number)
    while rest >= 1 { (count, rest) = (count + 1, rest / 10) }
    return count
  }

  private static func commonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    b == 0 ? max(a, 1) : commonDivisor(b, a % b)
  }
}
