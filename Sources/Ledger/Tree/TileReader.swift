/// Where proofs read a tree's hashes from: tiles as c2sp.org/tlog-tiles defines them.
public protocol TileReader {
  /// The first `width` hashes (1 to 256) of the tile at `level` and `index`.
  ///
  /// Level 0 holds leaf hashes; each hash of a higher level is the root of a full tile of the
  /// level below. Callers ask only for hashes that exist in a tree they know to have been written.
  func tile(level: Int, index: UInt64, width: Int) throws(LedgerError) -> [Hash]
}

/// A tree of a fixed size over a tile reader: computes the root of any part of it, reading each
/// tile once.
struct TreeView {
  /// The number of entries.
  let size: UInt64
  private let reader: any TileReader
  private var tiles: [TileID: [Hash]] = [:]

  private struct TileID: Hashable {
    var level: Int
    var index: UInt64
  }

  /// The first `size` entries of the log that `reader` reads.
  init(size: UInt64, reader: any TileReader) {
    self.size = size
    self.reader = reader
  }

  /// The Merkle tree hash of the entries in `range` (RFC 6962 section 2.1), whose lower bound is
  /// a multiple of the smallest power of two that is not below its length.
  mutating func root(of range: Range<UInt64>) throws(LedgerError) -> Hash {
    var subtrees: [Hash] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let level = 63 - (range.upperBound - start).leadingZeroBitCount
      subtrees.append(try subtree(level: level, index: start >> UInt64(level)))
      start += 1 << UInt64(level)
    }
    guard var hash = subtrees.last else { return TreeHashing.emptyRoot }
    for left in subtrees.dropLast().reversed() { hash = TreeHashing.nodeHash(left, hash) }
    return hash
  }

  /// The root of the complete subtree of 2 to the power of `level` entries, the `index`th of its
  /// size.
  private mutating func subtree(level: Int, index: UInt64) throws(LedgerError) -> Hash {
    let inner = level % 8
    let first = index << UInt64(inner)
    let hashes = try tile(TileID(level: level / 8, index: first >> 8))
    let offset = Int(first & 255)
    guard offset + 1 << inner <= hashes.count else {
      throw .corrupt(place: "tile \(level / 8)/\(first >> 8)", reason: "the tile is too short")
    }
    var row = Array(hashes[offset..<(offset + 1 << inner)])
    while row.count > 1 {
      row = (0..<(row.count / 2)).map { TreeHashing.nodeHash(row[2 * $0], row[2 * $0 + 1]) }
    }
    return row[0]
  }

  private mutating func tile(_ id: TileID) throws(LedgerError) -> [Hash] {
    if let known = tiles[id] { return known }
    let hashesInLevel = size >> UInt64(8 * id.level)
    let width = Int(min(256, hashesInLevel - id.index << 8))
    let read = try reader.tile(level: id.level, index: id.index, width: width)
    tiles[id] = read
    return read
  }
}
