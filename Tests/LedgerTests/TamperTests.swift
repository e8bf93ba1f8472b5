import Crypto
import Ledger
import Testing

@Suite("Proofs: all small trees, all leaves, every flipped bit") struct TamperTests {
  static let largest = 9

  /// RFC 6962's definition of the Merkle tree hash, word for word: the oracle.
  static func root(_ entries: ArraySlice<[UInt8]>) -> [UInt8] {
    if entries.isEmpty { return Array(SHA256.hash(data: [UInt8]())) }
    if entries.count == 1 { return Array(SHA256.hash(data: [0] + entries[entries.startIndex])) }
    var split = 1
    while split * 2 < entries.count { split *= 2 }
    let middle = entries.startIndex + split
    return Array(SHA256.hash(data: [1] + root(entries[..<middle]) + root(entries[middle...])))
  }

  static let entries: [[UInt8]] = (0..<largest).map { Array("entry \($0)".utf8) }
  static let roots: [Hash] = (0...largest).compactMap { Hash(bytes: root(entries[..<$0])) }

  static func store() throws -> MemoryStore {
    let store = try MemoryStore(key: try SigningKey(generatingFor: "example.com/test"))
    for entry in entries { _ = try store.append(Submission(body: entry, kind: "a")) }
    return store
  }

  private func flips(_ hash: Hash) -> [Hash] {
    (0..<256).compactMap { bit in
      var bytes = hash.bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      return Hash(bytes: bytes)
    }
  }

  @Test("roots of all trees are RFC 6962's")
  func roots() throws {
    let checkpoints = try Self.store().checkpoints(fromSize: 0, limit: .max)
    #expect(checkpoints.map(\.checkpoint.root) == Self.roots)
  }

  @Test("inclusion proofs")
  func inclusion() throws {
    let store = try Self.store()
    for size in 1...Self.largest {
      let root = Self.roots[size]
      for index in 0..<size {
        let proof = try InclusionProof.prove(
          index: UInt64(index), treeSize: UInt64(size), reader: store)
        let leaf = TreeHashing.leafHash(Self.entries[index])
        #expect(throws: Never.self) { try proof.check(leaf: leaf, root: root) }
        var accepted = 0
        func attempt(_ proof: InclusionProof, _ leaf: Hash, _ root: Hash) {
          if (try? proof.check(leaf: leaf, root: root)) != nil { accepted += 1 }
        }
        for other in flips(leaf) { attempt(proof, other, root) }
        for other in flips(root) { attempt(proof, leaf, other) }
        for place in proof.hashes.indices {
          for other in flips(proof.hashes[place]) {
            var changed = proof
            changed.hashes[place] = other
            attempt(changed, leaf, root)
          }
        }
        attemptShapes(proof, leaf, root, attempt)
        #expect(accepted == 0, "size \(size), index \(index)")
      }
    }
  }

  private func attemptShapes(
    _ proof: InclusionProof, _ leaf: Hash, _ root: Hash,
    _ attempt: (InclusionProof, Hash, Hash) -> Void
  ) {
    var changed = proof
    changed.hashes.append(root)
    attempt(changed, leaf, root)
    changed.hashes = [leaf] + proof.hashes
    attempt(changed, leaf, root)
    for place in proof.hashes.indices {
      changed = proof
      changed.hashes.remove(at: place)
      attempt(changed, leaf, root)
    }
    // Another index is another claim, even where the tree's size is unknown to the prover.
    for index in 0..<proof.treeSize where index != proof.index {
      changed = proof
      changed.index = index
      attempt(changed, leaf, root)
    }
    for index in [proof.treeSize, .max] {
      changed = proof
      changed.index = index
      attempt(changed, leaf, root)
    }
    changed = proof
    changed.treeSize = 0
    attempt(changed, leaf, root)
  }

  @Test("consistency proofs")
  func consistency() throws {
    let store = try Self.store()
    for size2 in 1...Self.largest {
      for size1 in 1...size2 {
        let proof = try ConsistencyProof.prove(
          size1: UInt64(size1), size2: UInt64(size2), reader: store)
        let root1 = Self.roots[size1]
        let root2 = Self.roots[size2]
        #expect(throws: Never.self) { try proof.check(root1: root1, root2: root2) }
        var accepted = 0
        func attempt(_ proof: ConsistencyProof, _ root1: Hash, _ root2: Hash) {
          if (try? proof.check(root1: root1, root2: root2)) != nil { accepted += 1 }
        }
        for other in flips(root1) { attempt(proof, other, root2) }
        for other in flips(root2) { attempt(proof, root1, other) }
        for place in proof.hashes.indices {
          for other in flips(proof.hashes[place]) {
            var changed = proof
            changed.hashes[place] = other
            attempt(changed, root1, root2)
          }
          var shorter = proof
          shorter.hashes.remove(at: place)
          attempt(shorter, root1, root2)
        }
        var longer = proof
        longer.hashes.append(root2)
        attempt(longer, root1, root2)
        #expect(accepted == 0, "sizes \(size1), \(size2)")
      }
    }
  }

  @Test("sizes near 2^64 are refused, not a crash")
  func extremes() {
    let hash = TreeHashing.emptyRoot
    for index in [0, 1, UInt64.max - 1, .max] {
      for size in [0, 1, UInt64.max - 1, .max] {
        for count in [0, 1, 63, 64, 65] {
          let hashes = Array(repeating: hash, count: count)
          #expect(throws: ProofError.self) {
            try InclusionProof(index: index, treeSize: size, hashes: hashes)
              .check(leaf: TreeHashing.nodeHash(hash, hash), root: hash)
          }
          if index != size && index != 0 {
            #expect(throws: ProofError.self) {
              try ConsistencyProof(size1: index, size2: size, hashes: hashes)
                .check(root1: hash, root2: TreeHashing.nodeHash(hash, hash))
            }
          }
        }
      }
    }
  }
}
