/// Rows that a `BatchEvaluator` has encoded: what its program can tell of them, in a few small
/// numbers for each row.
public struct EncodedRows: Sendable {
  /// How many rows there are.
  public let count: Int
  let width: Int
  /// Row by row, one number for each column of the evaluator's tree.
  var numbers: [UInt32]
  /// Which rows were refused.
  var isRefused: [Bool]
  var hasRefused = false

  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    numbers = Array(repeating: 0, count: count * width)
    isRefused = Array(repeating: false, count: count)
  }

  mutating func refuse(_ row: Int) {
    isRefused[row] = true
    hasRefused = true
  }
}

/// The values of one input in many rows.
public enum InputColumn: Sendable {
  /// Numbers; each stands for the shortest decimal that reads back as it, and NaN is missing.
  case doubles([Double])
  /// For each row the index of its text, and the texts. An index that has none is missing.
  case strings([Int32], of: [String])
  /// Values of any type; null is missing.
  case values([Value])
  /// The input is missing in every row.
  case missing

  /// How many rows the column has; nil when it has as many as the others.
  var count: Int? {
    switch self {
    case .doubles(let doubles): doubles.count
    case .strings(let indexes, _): indexes.count
    case .values(let values): values.count
    case .missing: nil
    }
  }
}

extension BatchEvaluator {
  /// Encodes `count` rows of keys, one for each slot, row after row, as `Binding.keys` has them.
  public func encode(keys: Span<Int64>, count: Int) -> EncodedRows {
    let slots = tree.ranks.count
    var rows = EncodedRows(count: count, width: tree.columnSizes.count)
    for slot in 0..<slots {
      let (ranks, place) = (tree.ranks[slot], tree.layout[slot])
      for row in 0..<rows.count {
        rows.numbers[row * rows.width + place.column] &+=
          UInt32(ranks.rank(ofKey: keys[row * slots + slot]) * place.stride)
      }
    }
    return rows
  }

  /// Encodes rows of values: a column for each input of the program, in the program's order.
  ///
  /// Every value is checked as `Binding` does; a row with a value that isn't accepted is refused.
  /// Where the program derives values, rows are bound one by one, which takes longer.
  public func encode(_ columns: [InputColumn]) -> EncodedRows {
    precondition(columns.count == evaluator.program.inputs.count, "a column for each input")
    let count = columns.compactMap(\.count).first ?? 0
    precondition(columns.allSatisfy { ($0.count ?? count) == count }, "columns of the same length")
    var rows = EncodedRows(count: count, width: tree.columnSizes.count)
    if !evaluator.computedSlots.isEmpty {
      encodeByRows(columns, &rows)
      return rows
    }
    for (input, column) in columns.enumerated() { encode(input, column, &rows) }
    return rows
  }

  private func encode(_ input: Int, _ column: InputColumn, _ rows: inout EncodedRows) {
    switch column {
    case .doubles(let numbers):
      guard let ranks = doubles[input] else {
        return encode(input, (0..<rows.count).map { numbers[$0].isNaN ? .null : .number(0) }, &rows)
      }
      encode(input, numbers, ranks, &rows)
    case .strings(let indexes, let texts):
      encode(input, indexes, texts.map { .string($0) }, &rows)
    case .values(let values): encode(input, values, &rows)
    case .missing: encode(input, Array(repeating: .null, count: rows.count), &rows)
    }
  }

  private func encode(
    _ input: Int, _ numbers: [Double], _ ranks: DoubleRanks, _ rows: inout EncodedRows
  ) {
    let plan = evaluator.inputPlans[input]
    let place = plan.slot < 0 ? nil : tree.layout[plan.slot]
    let (stride, column) = (UInt32(place?.stride ?? 0), place?.column ?? 0)
    let isRanked = place != nil
    for row in 0..<rows.count {
      let number = numbers[row]
      if _fastPath(ranks.accepts(number)) {
        guard isRanked else { continue }
        let rank = UInt32(truncatingIfNeeded: countPassed(ranks.thresholds, by: number) &+ 1)
        rows.numbers[row &* rows.width &+ column] &+= rank &* stride
      } else if !number.isNaN || !plan.allowsMissing {
        rows.refuse(row)
      }
    }
  }

  /// Encodes texts by what each of them is, found once.
  private func encode(
    _ input: Int, _ indexes: [Int32], _ texts: [Value], _ rows: inout EncodedRows
  ) {
    let plan = evaluator.inputPlans[input]
    let column = plan.slot < 0 ? 0 : tree.layout[plan.slot].column
    var binding = Binding(evaluator)
    let known = texts.map { summand(of: $0, input, &binding) }
    let missing = summand(of: .null, input, &binding)
    for row in 0..<rows.count {
      let index = Int(indexes[row])
      guard let summand = index >= 0 && index < known.count ? known[index] : missing else {
        rows.refuse(row)
        continue
      }
      if plan.slot >= 0 { rows.numbers[row &* rows.width &+ column] &+= summand }
    }
  }

  private func encode(_ input: Int, _ values: [Value], _ rows: inout EncodedRows) {
    let plan = evaluator.inputPlans[input]
    let column = plan.slot < 0 ? 0 : tree.layout[plan.slot].column
    var binding = Binding(evaluator)
    for row in 0..<rows.count {
      guard let summand = summand(of: values[row], input, &binding) else {
        rows.refuse(row)
        continue
      }
      if plan.slot >= 0 { rows.numbers[row * rows.width + column] &+= summand }
    }
  }

  /// What a value adds to its column's number; nil when it is refused.
  private func summand(of value: Value, _ input: Int, _ binding: inout Binding) -> UInt32? {
    binding.begin()
    binding.bind(input, value: value)
    guard binding.refusals.isEmpty else { return nil }
    let slot = evaluator.inputPlans[input].slot
    guard slot >= 0 else { return 0 }
    return UInt32(tree.ranks[slot].rank(ofKey: binding.keys[slot]) * tree.layout[slot].stride)
  }

  private func encodeByRows(_ columns: [InputColumn], _ rows: inout EncodedRows) {
    var binding = Binding(evaluator)
    for row in 0..<rows.count {
      binding.begin()
      for (input, column) in columns.enumerated() { column.bind(row, to: input, of: &binding) }
      guard binding.evaluate() != nil else {
        rows.refuse(row)
        continue
      }
      for slot in tree.ranks.indices {
        let place = tree.layout[slot]
        rows.numbers[row * rows.width + place.column] &+=
          UInt32(tree.ranks[slot].rank(ofKey: binding.keys[slot]) * place.stride)
      }
    }
  }
}

extension InputColumn {
  /// Binds what the column holds of row number `row`.
  func bind(_ row: Int, to input: Int, of binding: inout Binding) {
    switch self {
    case .doubles(let doubles):
      if doubles[row].isNaN { return binding.bindMissing(input) }
      guard let number = Decimal128(doubles[row]) else {
        return binding.refuse(input, .wrongType(.number))
      }
      binding.bind(input, number: number)
    case .strings(let indexes, let texts):
      guard texts.indices.contains(Int(indexes[row])) else { return binding.bindMissing(input) }
      binding.bind(input, value: .string(texts[Int(indexes[row])]))
    case .values(let values): binding.bind(input, value: values[row])
    case .missing: binding.bindMissing(input)
    }
  }
}
