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
    return isMissing(term, divisor)
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
}
