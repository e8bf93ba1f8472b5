/// Evaluates many rows at once, with the same leaves as `Evaluator` row by row.
///
/// Rows are encoded first, column by column, then evaluated:
///
///     let batch = BatchEvaluator(evaluator)
///     let leaves = batch.leaves(batch.encode([.doubles(income), .strings(job, of: jobs)]))
///
/// A batch evaluator takes some milliseconds to prepare for each thousand leaves; it is then
/// immutable and may be shared between threads.
public struct BatchEvaluator: Sendable {
  /// The number that stands for no leaf: the row was refused. Binding that row alone says why.
  public static let refused: Int32 = -1

  /// The evaluator of single rows.
  public let evaluator: Evaluator
  /// The program by ranks; nil where that would take too much memory, and rows are evaluated one
  /// after the other.
  let ranked: Ranked?

  /// A program by ranks.
  struct Ranked: Sendable {
    let identity: Identity
    let tree: RankTree
    let jumps: JumpTree
    /// For each input that is a number, its doubles' ranks.
    let doubles: [DoubleRanks?]
  }

  /// Tells the ranks of one tree from those of another.
  final class Identity: Sendable {}

  /// The most entries of the tables: 16 MiB of them.
  private static let tableLimit = 1 << 22

  /// Prepares for rows of `evaluator`'s program.
  public init(_ evaluator: Evaluator) { self.init(evaluator, tableLimit: Self.tableLimit) }

  /// The same with tables of at most so many entries.
  package init(_ evaluator: Evaluator, tableLimit: Int) {
    self.evaluator = evaluator
    ranked = RankTree(evaluator.program).flatMap { tree in
      JumpTree(tree, limit: tableLimit).map { jumps in
        Ranked(
          identity: Identity(), tree: tree, jumps: jumps, doubles: Self.doubles(evaluator, tree))
      }
    }
  }

  private static func doubles(_ evaluator: Evaluator, _ tree: RankTree) -> [DoubleRanks?] {
    let program = evaluator.program
    return program.inputs.indices.map { input in
      guard program.inputs[input].type == .number else { return nil }
      let slot = evaluator.inputPlans[input].slot
      return slot < 0
        ? DoubleRanks(program, input: input, slot: nil, cuts: [])
        : DoubleRanks(program, input: input, slot: program.slots[slot], cuts: tree.ranks[slot].cuts)
    }
  }

  /// The number of the leaf that each row reaches, or `refused`.
  public func leaves(_ rows: EncodedRows) -> [Int32] {
    var leaves = [Int32](repeating: Self.refused, count: rows.count)
    evaluate(rows, into: &leaves)
    return leaves
  }

  /// The same, written to the first elements of `leaves`, of which there must be enough.
  public func evaluate(_ rows: EncodedRows, into leaves: inout [Int32]) {
    precondition(leaves.count >= rows.count, "an element for each row")
    if let ranked {
      precondition(
        rows.tree === ranked.identity, "rows that this evaluator encoded")
      ranked.jumps.evaluate(rows.ranks, count: rows.count, into: &leaves)
    } else {
      evaluateKeys(rows, into: &leaves)
    }
    for (row, leaf) in rows.known { leaves[row] = leaf }
  }

  private func evaluateKeys(_ rows: EncodedRows, into leaves: inout [Int32]) {
    let width = evaluator.program.slots.count
    precondition(rows.keys.count == width * rows.count, "rows that this evaluator encoded")
    for row in 0..<rows.count {
      let keys = rows.keys.span.extracting((row * width)..<((row + 1) * width))
      leaves[row] = leaf(keys)
    }
  }

  /// The leaf of one row's keys, or `refused`.
  func leaf(_ keys: Span<Int64>) -> Int32 {
    let leaf = evaluator.tree.leaf(keys)
    return leaf == FlatTree.nowhere ? Self.refused : leaf
  }
}
