/// What a writer must remember of a tree to append to it: its size and the roots of the complete
/// subtrees along its right edge, at most 64 hashes.
package struct TreeFrontier: Sendable, Equatable {
  /// The number of entries.
  package private(set) var size: UInt64 = 0
  /// The roots of the complete subtrees, the largest first: one for each set bit of `size`.
  package private(set) var roots: [Hash] = []

  /// The root hash of a full tile (256 hashes of the level below) that an append completed.
  package struct CompletedTile: Sendable, Equatable {
    /// The tile's level: its 256 hashes are roots of 256 to the power of `level` entries.
    package var level: Int
    /// The tile's place in its level, from 0.
    package var index: UInt64
    /// The root of the subtree that the tile spans.
    package var root: Hash
  }

  /// The tree without entries.
  package init() {}

  /// The frontier of the first `size` entries of the log that `reader` reads.
  package static func read(
    size: UInt64, reader: any TileReader
  ) throws(LedgerError) -> TreeFrontier {
    var tree = TreeView(size: size, reader: reader)
    var frontier = TreeFrontier()
    frontier.size = size
    var start: UInt64 = 0
    while start < size {
      let length: UInt64 = 1 << UInt64(63 - (size - start).leadingZeroBitCount)
      frontier.roots.append(try tree.root(of: start..<(start + length)))
      start += length
    }
    return frontier
  }

  /// Appends an entry by its leaf hash, and gives the tiles that this completed to `completed`.
  package mutating func append(_ leaf: Hash, completed: (CompletedTile) -> Void) {
    var hash = leaf
    var level = 0
    var rest = size
    while rest & 1 == 1, let left = roots.popLast() {
      hash = TreeHashing.nodeHash(left, hash)
      rest >>= 1
      level += 1
      if level % 8 == 0 {
        completed(CompletedTile(level: level / 8 - 1, index: rest, root: hash))
      }
    }
    roots.append(hash)
    size += 1
  }

  /// The root hash of the tree.
  package var root: Hash {
    guard var hash = roots.last else { return TreeHashing.emptyRoot }
    for left in roots.dropLast().reversed() { hash = TreeHashing.nodeHash(left, hash) }
    return hash
  }
}
