/// A proof that one tree is a later state of another: that the first `size1` entries are the same
/// (RFC 6962 section 2.1.2).
public struct ConsistencyProof: Sendable, Equatable {
  /// The number of entries of the earlier tree.
  public var size1: UInt64
  /// The number of entries of the later tree.
  public var size2: UInt64
  /// The hashes in the order of RFC 6962.
  public var hashes: [Hash]

  /// A proof from its parts.
  public init(size1: UInt64, size2: UInt64, hashes: [Hash]) {
    self.size1 = size1
    self.size2 = size2
    self.hashes = hashes
  }

  /// Proves that the first `size1` entries of the log that `reader` reads are a beginning of its
  /// first `size2`; needs `size1 <= size2`. The proof is empty where either is trivial.
  public static func prove(
    size1: UInt64, size2: UInt64, reader: any TileReader
  ) throws(LedgerError) -> ConsistencyProof {
    guard size1 <= size2 else { throw .noEntry(index: size1) }
    var hashes: [Hash] = []
    if size1 > 0 && size1 < size2 {
      var tree = TreeView(size: size2, reader: reader)
      try subproof(size1, 0..<size2, whole: true, &tree, &hashes)
    }
    return ConsistencyProof(size1: size1, size2: size2, hashes: hashes)
  }

  /// SUBPROOF of RFC 6962: that the first `count` entries of `range` are part of it. It goes at
  /// most 64 levels deep.
  private static func subproof(
    _ count: UInt64, _ range: Range<UInt64>, whole: Bool, _ tree: inout TreeView,
    _ hashes: inout [Hash]
  ) throws(LedgerError) {
    let length = range.upperBound - range.lowerBound
    if count == length {
      if !whole { hashes.append(try tree.root(of: range)) }
      return
    }
    let middle = range.lowerBound + 1 << UInt64(63 - (length - 1).leadingZeroBitCount)
    let left = middle - range.lowerBound
    if count <= left {
      try subproof(count, range.lowerBound..<middle, whole: whole, &tree, &hashes)
      hashes.append(try tree.root(of: middle..<range.upperBound))
    } else {
      try subproof(count - left, middle..<range.upperBound, whole: false, &tree, &hashes)
      hashes.append(try tree.root(of: range.lowerBound..<middle))
    }
  }

  /// Checks that this proves the tree with root `root2` to be a later state of that with `root1`.
  ///
  /// Every tree is a later state of the empty tree: there is nothing to prove, and a proof that
  /// claims to is refused. Two trees of one size need no hashes but must have one root.
  public func check(root1: Hash, root2: Hash) throws(ProofError) {
    guard size1 <= size2 else { throw .sizesReversed(size1: size1, size2: size2) }
    guard size1 > 0 else { throw .emptyTree }
    if size1 == size2 {
      guard hashes.isEmpty else { throw .wrongLength(expected: 0, found: hashes.count) }
      guard root1 == root2 else { throw .wrongRoot }
      return
    }
    try checkPath(root1, root2)
  }

  /// The check where 0 < size1 < size2.
  private func checkPath(_ root1: Hash, _ root2: Hash) throws(ProofError) {
    var path = PathShape(index: size1 - 1, size: size2)
    let shift = size1.trailingZeroBitCount
    path.inner -= shift
    // Where the earlier tree is one complete subtree, its root is the seed and isn't repeated.
    let isComplete = size1 == 1 << UInt64(shift)
    let start = isComplete ? 0 : 1
    let expected = start + path.inner + path.border
    guard hashes.count == expected, let first = isComplete ? root1 : hashes.first else {
      throw .wrongLength(expected: expected, found: hashes.count)
    }
    let mask = (size1 - 1) >> UInt64(shift)
    let inner = hashes[start..<(start + path.inner)]
    let border = hashes[(start + path.inner)...]
    let hash1 = path.chainBorder(path.chainInnerLeft(first, inner, mask), border)
    let hash2 = path.chainBorder(path.chainInner(first, inner, mask), border)
    guard hash1 == root1, hash2 == root2 else { throw .wrongRoot }
  }
}
