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
  let tree: RankTree
  private let masks: LeafMasks?
  private let rankedTree: FlatTree?
  /// For each input that is a number, its doubles' ranks.
  let doubles: [DoubleRanks?]

  /// Prepares for rows of `evaluator`'s program.
  public init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
    let program = evaluator.program
    let tree = RankTree(program)
    self.tree = tree
    masks = LeafMasks(tree)
    rankedTree = masks == nil ? FlatTree(tree.rankedProgram) : nil
    doubles = program.inputs.indices.map { input in
      guard program.inputs[input].type == .number else { return nil }
      let slot = evaluator.inputPlans[input].slot
      return slot < 0
        ? DoubleRanks(program, input: input, slot: nil, ranks: nil)
        : DoubleRanks(program, input: input, slot: program.slots[slot], ranks: tree.ranks[slot])
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
    precondition(rows.width == tree.columnSizes.count, "rows that this evaluator encoded")
    if let masks {
      masks.evaluate(rows, into: &leaves)
    } else if let rankedTree {
      evaluate(rows, by: rankedTree, into: &leaves)
    }
    for row in 0..<(rows.hasRefused ? rows.count : 0) where rows.isRefused[row] {
      leaves[row] = Self.refused
    }
  }

  /// For trees too large for sets: one row after the other.
  private func evaluate(_ rows: EncodedRows, by tree: FlatTree, into leaves: inout [Int32]) {
    var keys = [Int64](repeating: 0, count: self.tree.ranks.count)
    for row in 0..<rows.count {
      for slot in keys.indices {
        let place = self.tree.layout[slot]
        let number = Int(rows.numbers[row * rows.width + place.column])
        let rank = self.tree.rank(of: slot, in: number)
        keys[slot] = rank == 0 ? KeyEncoding.missingKey : Int64(rank - 1)
      }
      let leaf = tree.leaf(keys.span)
      leaves[row] = leaf == FlatTree.nowhere ? Self.refused : leaf
    }
  }
}

extension LeafMasks {
  /// The leaf of each row, or `BatchEvaluator.refused` where a missing value has no branch.
  func evaluate(_ rows: EncodedRows, into leaves: inout [Int32]) {
    unsafe rows.numbers.withUnsafeBufferPointer { numbers in
      unsafe leaves.withUnsafeMutableBufferPointer { leaves in
        unsafe masks.withUnsafeBufferPointer { masks in
          unsafe lookups.withUnsafeBufferPointer { lookups in
            for row in 0..<rows.count {
              unsafe leaves[row] = unsafe leaf(
                UnsafeBufferPointer(
                  rebasing: numbers[(row * rows.width)..<((row + 1) * rows.width)]),
                masks, lookups)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func leaf(
    _ numbers: UnsafeBufferPointer<UInt32>, _ masks: UnsafeBufferPointer<UInt64>,
    _ lookups: UnsafeBufferPointer<Lookup>
  ) -> Int32 {
    var block = blocks[0]
    while true {
      var set = block.all
      for index in block.lookups {
        let lookup = unsafe lookups[index]
        unsafe set &= masks[Int(lookup.masks) &+ Int(numbers[Int(lookup.column)])]
      }
      guard set != 0 else { return BatchEvaluator.refused }
      let exit = exits[block.exits &+ set.trailingZeroBitCount]
      if exit >= 0 { return exit }
      block = blocks[Int(~exit)]
    }
  }
}
