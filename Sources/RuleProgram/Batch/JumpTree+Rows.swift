/// Evaluation of many rows.
///
/// Rows go from level to level together, a block of them at a time: the loads of one row then
/// don't wait for those of another, and no branch depends on a row. Where two rows in a row reach
/// the same leaf, the next sixteen are compared with that leaf's ranks at once, as long as they fit.
///
/// Pointers instead of spans, since each step would check four indexes. That is safe because
/// the ranks come from the evaluator that the tree belongs to: each rank is one that its slot has, so
/// a node's table, which has all ranks that can come to the node, holds it.
extension JumpTree {
  /// The most rows of a block.
  private static let blockSize = 256
  /// The rows of a block behind a run of rows that reached the same leaf.
  private static let shortBlock = 4

  /// Writes the number of each row's leaf, or -1, to `leaves`.
  ///
  /// - Parameter numbers: the ranks, column after column.
  func evaluate(_ numbers: [UInt16], count: Int, into leaves: inout [Int32]) {
    guard root >= 0 else {
      for row in 0..<count { leaves[row] = Self.code(ofLeaf: root) }
      return
    }
    precondition(leaves.count >= count, "an element for each row")
    unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe leaves.withUnsafeMutableBufferPointer { leaves in
        guard let numbers = numbers.baseAddress, let leaves = leaves.baseAddress else { return }
        unsafe evaluate(numbers, count, leaves)
      }
    }
  }

  private func evaluate(
    _ numbers: UnsafePointer<UInt16>, _ count: Int, _ leaves: UnsafeMutablePointer<Int32>
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * Self.blockSize) { memory in
      guard let active = memory.baseAddress else { return }
      var row = 0
      var block = Self.shortBlock
      while row < count {
        block = min(2 * block, Self.blockSize)
        if row >= 2, unsafe leaves[row - 1] == leaves[row - 2], unsafe leaves[row - 1] >= 0 {
          let run = unsafe runLength(leaves[row - 1], numbers, count, from: row)
          if run > 0 {
            unsafe (leaves + row).update(repeating: leaves[row - 1], count: run)
            row += run
            block = Self.shortBlock
          }
        }
        let end = min(row + block, count)
        if row < end { unsafe walk(numbers, count, row..<end, leaves, active) }
        row = end
      }
    }
  }

  /// Evaluates the block `rows`, level by level.
  private func walk(
    _ numbers: UnsafePointer<UInt16>, _ count: Int, _ rows: Range<Int>,
    _ leaves: UnsafeMutablePointer<Int32>, _ active: UnsafeMutablePointer<Int32>
  ) {
    // The rows that are on the way, and the node at which each of them is.
    let places = unsafe active + Self.blockSize
    unsafe nodes.withUnsafeBufferPointer { nodes in
      unsafe targets.withUnsafeBufferPointer { targets in
        guard let nodes = nodes.baseAddress, let targets = targets.baseAddress else { return }
        let numbers = unsafe numbers + rows.lowerBound
        let leaves = unsafe leaves + rows.lowerBound
        var left = 0
        let first = unsafe nodes[0]
        for row in 0..<rows.count {
          let target = unsafe Self.step(first, numbers + row, count, targets)
          unsafe leaves[row] = Self.code(ofLeaf: target)
          unsafe active[left] = Int32(truncatingIfNeeded: row)
          unsafe places[left] = target
          left &+= Self.isNode(target)
        }
        while left > 0 {
          var kept = 0
          for index in 0..<left {
            let row = unsafe active[index]
            let node = unsafe nodes[Int(places[index])]
            let target = unsafe Self.step(node, numbers + Int(row), count, targets)
            unsafe leaves[Int(row)] = Self.code(ofLeaf: target)
            unsafe active[kept] = row
            unsafe places[kept] = target
            kept &+= Self.isNode(target)
          }
          left = kept
        }
      }
    }
  }

  /// 1 for a node, 0 for a leaf; by arithmetic, as a comparison would become a branch.
  @inline(__always)
  private static func isNode(_ target: Int32) -> Int {
    Int(truncatingIfNeeded: UInt32(bitPattern: ~target) &>> 31)
  }

  /// Where the row whose first rank is at `row` goes from `node`.
  @inline(__always)
  private static func step(
    _ node: Node, _ row: UnsafePointer<UInt16>, _ count: Int, _ targets: UnsafePointer<Int32>
  ) -> Int32 {
    let rank = unsafe row[Int(node.column) &* count]
    return unsafe targets[Int(node.table) &+ Int(rank)]
  }

  /// How many rows from `row` on are sure to reach `leaf`: so many sixteens, and what follows.
  private func runLength(
    _ leaf: Int32, _ numbers: UnsafePointer<UInt16>, _ count: Int, from row: Int
  ) -> Int {
    let range = leafChecks[Int(leaf)]
    guard !range.isEmpty else { return 0 }
    var next = row
    while next + 16 <= count {
      // The highest bit of a lane that doesn't fit is set. Only arithmetic: the comparisons of
      // these vectors go lane by lane.
      var misfits = SIMD16<UInt16>(repeating: 0)
      for index in range {
        let check = checks[Int(index)]
        let place = unsafe numbers + (Int(check.column) &* count &+ next)
        let ranks = unsafe UnsafeRawPointer(place).loadUnaligned(as: SIMD16<UInt16>.self)
        let above = ranks &- SIMD16(repeating: check.low)
        let outside = above | (SIMD16(repeating: check.width) &- above)
        misfits |= outside ^ SIMD16(repeating: check.flip)
      }
      if let lane = Self.firstMisfit(misfits) { return next + lane - row }
      next += 16
    }
    return next - row
  }

  @inline(__always)
  private static func firstMisfit(_ lanes: SIMD16<UInt16>) -> Int? {
    let words = unsafe unsafeBitCast(lanes, to: SIMD4<UInt64>.self)
    let bits = words & SIMD4(repeating: 0x8000_8000_8000_8000)
    if (bits[0] | bits[1]) | (bits[2] | bits[3]) == 0 { return nil }
    return (0..<16).first { lanes[$0] >= 1 << 15 }
  }
}
