/// The auditor's own Merkle tree (RFC 6962 section 2.1), built from entries alone. It shares
/// nothing with the code that writes a log but the two hash functions.
struct AuditTree {
  /// The number of leaves.
  private(set) var size: UInt64 = 0
  // Roots of complete subtrees from left to right, with their heights; heights fall strictly.
  private var subtrees: [(height: Int, root: Hash)] = []

  /// Appends a leaf. Each full tile that this completes is given to `tile` (level, index, root),
  /// and what that gives back stands in the tree for the tile's root.
  mutating func append(_ leaf: Hash, tile: (Int, UInt64, Hash) -> Hash) {
    subtrees.append((0, leaf))
    size += 1
    while subtrees.count >= 2,
      subtrees[subtrees.count - 1].height == subtrees[subtrees.count - 2].height
    {
      let right = subtrees.removeLast()
      let left = subtrees.removeLast()
      let height = left.height + 1
      var root = TreeHashing.nodeHash(left.root, right.root)
      if height % 8 == 0 { root = tile(height / 8 - 1, (size >> UInt64(height)) - 1, root) }
      subtrees.append((height, root))
    }
  }

  /// The root hash of the tree.
  var root: Hash {
    guard var hash = subtrees.last?.root else { return TreeHashing.emptyRoot }
    for left in subtrees.dropLast().reversed() { hash = TreeHashing.nodeHash(left.root, hash) }
    return hash
  }
}

/// Two hypotheses of the tree that was signed, kept while they differ: one from the entries'
/// bytes, one from the stored leaf hashes and tile roots. A checkpoint decides between them, and
/// so tells whether an entry or only a stored hash was changed, and which.
struct AuditTrees {
  /// A place where what is stored and what is computed differ, not yet decided.
  enum Suspect {
    /// The entry's bytes don't hash to its stored leaf hash.
    case leaf(UInt64)
    /// The tile's stored root isn't what its entries give; `fromHashes` when not even their stored
    /// leaf hashes give it.
    case tile(level: Int, index: UInt64, fromHashes: Bool)
  }

  /// The tree of the entries' bytes.
  private(set) var computed = AuditTree()
  private var stored: AuditTree?
  /// The differences met since the last confirmed checkpoint.
  private(set) var suspects: [Suspect] = []
  /// The size of the last tree that a checkpoint confirmed.
  private(set) var anchor: UInt64 = 0
  /// The most suspects kept between two confirmed checkpoints.
  private static let suspectLimit = 10_000

  /// The number of entries appended.
  var size: UInt64 { computed.size }

  /// Which hypothesis a checkpoint confirms.
  enum Verdict {
    /// The entries' bytes give its root hash.
    case entries
    /// Only the stored hashes give its root hash.
    case storedHashes
    /// Neither gives it.
    case neither
  }

  /// Appends an entry by the hash of its bytes and its stored leaf hash; `tileRoot` reads the
  /// stored roots of tiles.
  mutating func append(
    computed leaf: Hash, stored storedLeaf: Hash,
    tileRoot: (Int, UInt64) -> Hash?
  ) {
    let index = size
    if stored == nil, leaf != storedLeaf { stored = computed }
    if leaf != storedLeaf { add(.leaf(index)) }
    // A copy costs an allocation: it is only needed where a tile may turn out to differ.
    var before: AuditTree? = stored == nil && (index + 1) % 256 == 0 ? computed : nil
    var found: [Suspect] = []
    computed.append(leaf) { level, tile, root in
      if let kept = tileRoot(level, tile), kept != root {
        found.append(.tile(level: level, index: tile, fromHashes: false))
      }
      return root
    }
    if stored == nil, found.isEmpty { return }
    if stored == nil { swap(&stored, &before) }
    var fromHashes: [Suspect] = []
    stored?.append(storedLeaf) { level, tile, root in
      guard let kept = tileRoot(level, tile) else { return root }
      if kept != root { fromHashes.append(.tile(level: level, index: tile, fromHashes: true)) }
      return kept
    }
    for suspect in fromHashes.isEmpty ? found : fromHashes { add(suspect) }
  }

  private mutating func add(_ suspect: Suspect) {
    if suspects.count < Self.suspectLimit { suspects.append(suspect) }
  }

  /// Whether a signed root hash of the present size confirms one of the hypotheses; if so, both
  /// go on from it.
  mutating func confirm(_ root: Hash) -> (verdict: Verdict, suspects: [Suspect]) {
    let found = suspects
    if computed.root == root {
      settle(on: computed)
      return (.entries, found)
    }
    if let tree = stored, tree.root == root {
      settle(on: tree)
      return (.storedHashes, found)
    }
    return (.neither, found)
  }

  /// Whether a root hash of the present size is that of one of the hypotheses.
  func matches(_ root: Hash) -> Bool {
    computed.root == root || stored?.root == root
  }

  private mutating func settle(on tree: AuditTree) {
    computed = tree
    stored = nil
    suspects = []
    anchor = tree.size
  }

  /// Gives the suspects up after they were reported.
  mutating func takeSuspects() -> [Suspect] {
    defer { suspects = [] }
    return suspects
  }
}
