/// Rows that a `BatchEvaluator` has encoded: what its program can tell of them.
public struct EncodedRows: Sendable {
  /// How many rows there are.
  public let count: Int
  /// The ranks, column after column: 2 bytes for each row and each slot that a split sees.
  var ranks: [UInt16] = []
  /// The keys, row after row, where the evaluator doesn't work with ranks.
  var keys: [Int64] = []
  /// The leaves of rows for which ranks don't tell it: -1 for those that were refused.
  var known: [Int: Int32] = [:]

  /// The tree that the ranks belong to.
  private(set) var tree: BatchEvaluator.Identity?

  init(count: Int) { self.count = count }

  /// Makes room for ranks. They begin as ranks that each slot has.
  mutating func prepare(_ ranked: BatchEvaluator.Ranked) {
    tree = ranked.identity
    ranks.reserveCapacity(ranked.tree.width * count)
    for slot in ranked.tree.ranks.indices where ranked.tree.columns[slot] >= 0 {
      ranks += repeatElement(ranked.tree.ranks[slot].mayMiss ? 0 : 1, count: count)
    }
  }

  mutating func refuse(_ row: Int) { known[row] = BatchEvaluator.refused }
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

extension InputColumn {
  /// Binds what the column holds of row number `row`.
  func bind(_ row: Int, to input: Int, of binding: inout Binding) {
    switch self {
    case .doubles(let doubles):
      binding.bind(input, double: doubles[row])
    case .strings(let indexes, let texts):
      guard texts.indices.contains(Int(indexes[row])) else { return binding.bindMissing(input) }
      binding.bind(input, value: .string(texts[Int(indexes[row])]))
    case .values(let values): binding.bind(input, value: values[row])
    case .missing: binding.bindMissing(input)
    }
  }
}
