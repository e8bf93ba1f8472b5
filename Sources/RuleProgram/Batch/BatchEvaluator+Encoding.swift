extension BatchEvaluator {
  /// Encodes `count` rows of keys, one for each slot, row after row, as `Binding.keys` has them.
  public func encode(keys: Span<Int64>, count: Int) -> EncodedRows {
    var rows = EncodedRows(count: count)
    let slots = evaluator.program.slots.count
    guard let ranked else {
      rows.keys.reserveCapacity(slots * count)
      for index in 0..<(slots * count) { rows.keys.append(keys[index]) }
      return rows
    }
    rows.prepare(ranked)
    for slot in 0..<slots where ranked.tree.columns[slot] >= 0 {
      encode(keys, slot, of: slots, ranked.tree, &rows)
    }
    return rows
  }

  private func encode(
    _ keys: Span<Int64>, _ slot: Int, of slots: Int, _ tree: RankTree, _ rows: inout EncodedRows
  ) {
    let ranks = tree.ranks[slot]
    let count = rows.count
    let first = tree.columns[slot] * count
    switch ranks.tableCount > 0 ? 0 : ranks.search.probes {
    case 1: fill(&rows.ranks, first, keys, slot, slots, ranks, count, probes: 1)
    case 2: fill(&rows.ranks, first, keys, slot, slots, ranks, count, probes: 2)
    case 4: fill(&rows.ranks, first, keys, slot, slots, ranks, count, probes: 4)
    default:
      var places = rows.ranks.mutableSpan
      for row in 0..<count {
        places[first &+ row] = UInt16(ranks.rank(ofKey: keys[row &* slots &+ slot]))
      }
    }
    guard !ranks.mayMiss else { return }
    // The ranks have no place for a value that is missing against the rules.
    for row in 0..<count where rows.ranks[first &+ row] == 0 {
      rows.ranks[first &+ row] = 1
      rows.known[row] = leaf(keys.extracting((row * slots)..<((row + 1) * slots)))
    }
  }

  /// Writes the rank of each row's key, which is no table's.
  @inline(__always)
  private func fill(
    _ places: inout [UInt16], _ first: Int, _ keys: Span<Int64>, _ slot: Int, _ slots: Int,
    _ ranks: SlotRanks, _ count: Int, probes: Int
  ) {
    var places = places.mutableSpan
    let search = ranks.search
    let quick = search.range
    for row in 0..<count {
      let key = keys[row &* slots &+ slot]
      let position = Double(key)
      if _fastPath(position >= quick.lowerBound && position < quick.upperBound) {
        let rank = search.passed(key, at: position, probes: probes) &+ 1
        let isThere = key == KeyEncoding.missingKey ? 0 : -1
        places[first &+ row] = UInt16(truncatingIfNeeded: rank & isThere)
      } else {
        places[first &+ row] = UInt16(ranks.rank(ofKey: key))
      }
    }
  }

  /// Encodes rows of values: a column for each input of the program, in the program's order.
  ///
  /// Every value is checked as `Binding` does; a row with a value that isn't accepted is refused.
  /// Where the program derives values, rows are bound one by one, which takes longer.
  public func encode(_ columns: [InputColumn]) -> EncodedRows {
    precondition(columns.count == evaluator.program.inputs.count, "a column for each input")
    let count = columns.compactMap(\.count).first ?? 0
    precondition(columns.allSatisfy { ($0.count ?? count) == count }, "columns of the same length")
    var rows = EncodedRows(count: count)
    guard let ranked, evaluator.computedSlots.isEmpty else {
      encodeByRows(columns, &rows)
      return rows
    }
    rows.prepare(ranked)
    for (input, column) in columns.enumerated() {
      let slot = evaluator.inputPlans[input].slot
      let place = slot < 0 ? -1 : ranked.tree.columns[slot]
      encode(
        Target(input: input, slot: slot, first: place < 0 ? -1 : place * count), column, ranked,
        &rows)
    }
    return rows
  }

  /// What a column of values is encoded to.
  private struct Target {
    var input: Int
    /// The slot that the input feeds, or -1.
    var slot: Int
    /// Where its ranks begin, or -1 where no split sees them.
    var first: Int
  }

  private func encode(
    _ target: Target, _ column: InputColumn, _ ranked: Ranked, _ rows: inout EncodedRows
  ) {
    switch column {
    case .doubles(let numbers):
      guard let ranks = ranked.doubles[target.input] else {
        return encode(target, rows.count, ranked.tree, &rows) {
          numbers[$0].isNaN ? .null : .number(0)
        }
      }
      encode(target, numbers, ranks, &rows)
    case .strings(let indexes, let texts):
      encode(target, indexes, texts, ranked.tree, &rows)
    case .values(let values): encode(target, rows.count, ranked.tree, &rows) { values[$0] }
    case .missing: encode(target, rows.count, ranked.tree, &rows) { _ in .null }
    }
  }

  // MARK: - Doubles

  private func encode(
    _ target: Target, _ numbers: [Double], _ ranks: DoubleRanks, _ rows: inout EncodedRows
  ) {
    let allowsMissing = evaluator.inputPlans[target.input].allowsMissing
    if target.first >= 0 {
      // A refused row needs ranks that its slots have, too.
      let none: UInt16 = allowsMissing ? 0 : 1
      // The code is made for each usual number of comparisons.
      switch ranks.search.probes {
      case 1: fill(&rows.ranks, target.first, numbers, ranks, none, probes: 1)
      case 2: fill(&rows.ranks, target.first, numbers, ranks, none, probes: 2)
      case 4: fill(&rows.ranks, target.first, numbers, ranks, none, probes: 4)
      default: fill(&rows.ranks, target.first, numbers, ranks, none, probes: 0)
      }
    }
    let quick = ranks.quickRange
    guard !numbers.allSatisfy({ $0 >= quick.lowerBound && $0 < quick.upperBound }) else { return }
    for (row, number) in numbers.enumerated() where !quick.contains(number) {
      if !ranks.accepts(number) {
        if !number.isNaN || !allowsMissing { rows.refuse(row) }
      } else if target.first >= 0 {
        rows.ranks[target.first + row] = UInt16(ranks.search.passed(number) + 1)
      }
    }
  }

  /// Writes the rank of each double that is in the quick range, and `none` for the others.
  @inline(__always)
  private func fill(
    _ places: inout [UInt16], _ first: Int, _ numbers: [Double], _ ranks: DoubleRanks,
    _ none: UInt16, probes: Int
  ) {
    var places = places.mutableSpan
    let numbers = numbers.span
    let search = ranks.search
    let quick = ranks.quickRange
    for row in numbers.indices {
      let number = numbers[row]
      if _fastPath(number >= quick.lowerBound && number < quick.upperBound) {
        let rank = search.passed(number, at: number, probes: probes) &+ 1
        places[first &+ row] = UInt16(truncatingIfNeeded: rank)
      } else {
        places[first &+ row] = none
      }
    }
  }

  // MARK: - Texts and other values

  /// Encodes texts by what each of them is, found once.
  private func encode(
    _ target: Target, _ indexes: [Int32], _ texts: [String], _ tree: RankTree,
    _ rows: inout EncodedRows
  ) {
    var binding = Binding(evaluator)
    let refused = UInt16.max
    // Behind those of the texts stands that of a missing value.
    let known = (texts.map { .string($0) } + [Value.null]).map { value in
      rank(of: value, target, tree, &binding) ?? refused
    }
    var refusedRows: [Int] = []
    let (first, count) = (target.first, rows.count)
    var places = rows.ranks.mutableSpan
    for row in 0..<count {
      // A negative index becomes a large one.
      let index = min(Int(UInt32(bitPattern: indexes[row])), texts.count)
      let rank = known[index]
      if _slowPath(rank == refused) {
        refusedRows.append(row)
      } else if first >= 0 {
        places[first &+ row] = rank
      }
    }
    for row in refusedRows { rows.refuse(row) }
  }

  private func encode(
    _ target: Target, _ count: Int, _ tree: RankTree, _ rows: inout EncodedRows,
    value: (Int) -> Value
  ) {
    var binding = Binding(evaluator)
    for row in 0..<count {
      guard let rank = rank(of: value(row), target, tree, &binding) else {
        rows.refuse(row)
        continue
      }
      if target.first >= 0 { rows.ranks[target.first &+ row] = rank }
    }
  }

  /// The rank of a value; nil when it is refused.
  private func rank(
    of value: Value, _ target: Target, _ tree: RankTree, _ binding: inout Binding
  ) -> UInt16? {
    binding.begin()
    binding.bind(target.input, value: value)
    guard binding.refusals.isEmpty else { return nil }
    guard target.slot >= 0 else { return 0 }
    return UInt16(tree.ranks[target.slot].rank(ofKey: binding.keys[target.slot]))
  }

  private func encodeByRows(_ columns: [InputColumn], _ rows: inout EncodedRows) {
    var keys: [Int64] = []
    var refused: [Int] = []
    var binding = Binding(evaluator)
    for row in 0..<rows.count {
      binding.begin()
      for (input, column) in columns.enumerated() { column.bind(row, to: input, of: &binding) }
      if binding.evaluate() == nil { refused.append(row) }
      keys += binding.keys
    }
    rows = encode(keys: keys.span, count: rows.count)
    for row in refused { rows.refuse(row) }
  }
}
