/// A proof that an entry stands at an index of a tree (RFC 6962 section 2.1.1, the audit path).
public struct InclusionProof: Sendable, Equatable {
  /// The entry's index, from 0.
  public var index: UInt64
  /// The number of entries of the tree that the proof is for.
  public var treeSize: UInt64
  /// The hashes from the leaf's sibling up to the root's child.
  public var hashes: [Hash]

  /// A proof from its parts.
  public init(index: UInt64, treeSize: UInt64, hashes: [Hash]) {
    self.index = index
    self.treeSize = treeSize
    self.hashes = hashes
  }

  /// Proves that the entry at `index` is in the first `treeSize` entries of the log that `reader`
  /// reads. Throws `.noEntry` when `index` isn't below `treeSize`.
  public static func prove(
    index: UInt64, treeSize: UInt64, reader: any TileReader
  ) throws(LedgerError) -> InclusionProof {
    guard index < treeSize else { throw .noEntry(index: index) }
    var tree = TreeView(size: treeSize, reader: reader)
    var hashes: [Hash] = []
    var level: UInt64 = 0
    while level < 64, 1 << level < treeSize {
      // The sibling of the entry's ancestor at `level`, cut off where the tree ends.
      let start = ((index >> level) ^ 1) << level
      if start < treeSize {
        let length = min(treeSize - start, 1 << level)
        hashes.append(try tree.root(of: start..<(start + length)))
      }
      level += 1
    }
    return InclusionProof(index: index, treeSize: treeSize, hashes: hashes)
  }

  /// Checks that this proves the entry with hash `leaf` to be in the tree with root `root`.
  public func check(leaf: Hash, root: Hash) throws(ProofError) {
    guard index < treeSize else { throw .indexBeyondSize(index: index, size: treeSize) }
    let path = PathShape(index: index, size: treeSize)
    guard hashes.count == path.inner + path.border else {
      throw .wrongLength(expected: path.inner + path.border, found: hashes.count)
    }
    var hash = path.chainInner(leaf, hashes[..<path.inner], index)
    hash = path.chainBorder(hash, hashes[path.inner...])
    guard hash == root else { throw .wrongRoot }
  }
}

/// How the path from a leaf to the root goes: first along nodes whose sibling may lie right of
/// the path, then along the tree's right edge, where siblings lie left only.
struct PathShape {
  /// The number of siblings on the first part of the path.
  var inner: Int
  /// The number of siblings on the tree's right edge.
  var border: Int

  /// The shape of the path of the leaf at `index` of a tree of `size` leaves, `index < size`.
  init(index: UInt64, size: UInt64) {
    inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
    border = inner == 64 ? 0 : (index >> UInt64(inner)).nonzeroBitCount
  }

  /// Goes up from `seed`, the bits of `mask` telling on which side each sibling is.
  func chainInner(_ seed: Hash, _ proof: ArraySlice<Hash>, _ mask: UInt64) -> Hash {
    var hash = seed
    var bits = mask
    for sibling in proof {
      let isRight = bits & 1 == 1
      hash =
        isRight ? TreeHashing.nodeHash(sibling, hash) : TreeHashing.nodeHash(hash, sibling)
      bits >>= 1
    }
    return hash
  }

  /// As `chainInner`, but taking only the siblings to the left.
  func chainInnerLeft(_ seed: Hash, _ proof: ArraySlice<Hash>, _ mask: UInt64) -> Hash {
    var hash = seed
    var bits = mask
    for sibling in proof {
      if bits & 1 == 1 { hash = TreeHashing.nodeHash(sibling, hash) }
      bits >>= 1
    }
    return hash
  }

  /// Goes up the right edge: each sibling lies to the left.
  func chainBorder(_ seed: Hash, _ proof: ArraySlice<Hash>) -> Hash {
    proof.reduce(seed) { TreeHashing.nodeHash($1, $0) }
  }
}
