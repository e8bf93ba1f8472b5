import CanonicalJSON
import Ledger
import Testing

@Suite("RFC 6962 proofs: the vectors of transparency-dev/merkle") struct ProofVectorTests {
  static let isThere = TestData.exists("rfc6962")

  private func base64(_ value: JSON?) -> [UInt8] {
    guard let text = value?.string else { return [] }
    // Checked through a receipt's `extra` line, so that the strict decoder itself is what reads.
    let receipt = "c2sp.org/tlog-proof@v1\nextra \(text)\nindex 0\n\nx"
    return (try? Receipt(receipt))?.extra ?? []
  }

  /// Some vectors have words in a root's place: another value for each, as their author meant.
  private func root(_ value: JSON?) -> Hash {
    let bytes = base64(value)
    return Hash(bytes: bytes) ?? Hash.sha256(bytes)
  }

  private func hashes(_ value: JSON?) -> [Hash]? {
    let all = (value?.array ?? []).map { Hash(bytes: base64($0)) }
    return all.contains(nil) ? nil : all.compactMap { $0 }
  }

  @Test("inclusion", .enabled(if: isThere, "test data rfc6962 is not there"))
  func inclusion() throws {
    let files = TestData.files(under: "rfc6962/inclusion", ending: ".json")
    #expect(files.count > 80)
    for file in files {
      let vector = try JSON(parsing: TestData.bytes(file))
      let isValid: Bool
      if let leaf = Hash(bytes: base64(vector["leafHash"])),
        let proof = hashes(vector["proof"]),
        let index = vector["leafIdx"]?.numberText.flatMap({ UInt64($0) }),
        let size = vector["treeSize"]?.numberText.flatMap({ UInt64($0) })
      {
        let inclusion = InclusionProof(index: index, treeSize: size, hashes: proof)
        isValid = (try? inclusion.check(leaf: leaf, root: root(vector["root"]))) != nil
      } else {
        isValid = false
      }
      #expect(isValid == (vector["wantErr"]?.bool == false), "\(file)")
    }
  }

  @Test("consistency", .enabled(if: isThere, "test data rfc6962 is not there"))
  func consistency() throws {
    let files = TestData.files(under: "rfc6962/consistency", ending: ".json")
    #expect(files.count > 90)
    for file in files {
      let vector = try JSON(parsing: TestData.bytes(file))
      let isValid: Bool
      if let proof = hashes(vector["proof"]),
        let size1 = vector["size1"]?.numberText.flatMap({ UInt64($0) }),
        let size2 = vector["size2"]?.numberText.flatMap({ UInt64($0) })
      {
        let consistency = ConsistencyProof(size1: size1, size2: size2, hashes: proof)
        let (root1, root2) = (root(vector["root1"]), root(vector["root2"]))
        isValid = (try? consistency.check(root1: root1, root2: root2)) != nil
      } else {
        isValid = false
      }
      #expect(isValid == (vector["wantErr"]?.bool == false), "\(file)")
    }
  }
}

@Suite("A tlog-tiles log written by tessera") struct TesseraLogTests {
  static let isThere = TestData.exists("tessera-log")

  /// Reads level-0 tiles of the log's files.
  struct FileTiles: TileReader {
    func tile(level: Int, index: UInt64, width: Int) throws(LedgerError) -> [Hash] {
      do {
        let bytes = try TestData.bytes("tessera-log/log/tile/\(level)/000.p/\(width)")
        return (0..<width).compactMap { Hash(bytes: bytes[($0 * 32)..<($0 * 32 + 32)]) }
      } catch {
        throw .io("\(error)")
      }
    }
  }

  private func key() throws -> VerifierKey {
    let text = try TestData.text("tessera-log/vkey.txt")
    return try VerifierKey(text.last == "\n" ? String(text.dropLast()) : text)
  }

  @Test(
    "checkpoints, entries, inclusion and consistency",
    .enabled(if: isThere, "test data tessera-log is not there"))
  func wholeLog() throws {
    let key = try key()
    var heads: [Checkpoint] = []
    for number in 0...15 {
      let note = try TestData.text("tessera-log/log/checkpoint.\(number)")
      let head = try Checkpoint.verified(note: note, by: key)
      #expect(try SignedNote(note).note == note)
      heads.append(head)
    }
    #expect(heads.map(\.size) == Array(0...15))
    let bundle = try TestData.bytes("tessera-log/log/tile/entries/000.p/15")
    var entries: [[UInt8]] = []
    var position = 0
    while position < bundle.count {
      let length = Int(bundle[position]) << 8 | Int(bundle[position + 1])
      entries.append(Array(bundle[(position + 2)..<(position + 2 + length)]))
      position += 2 + length
    }
    #expect(entries.count == 15)
    for later in heads where later.size > 0 {
      for index in 0..<later.size {
        let proof = try InclusionProof.prove(
          index: index, treeSize: later.size, reader: FileTiles())
        try proof.check(leaf: TreeHashing.leafHash(entries[Int(index)]), root: later.root)
      }
      for earlier in heads where (1...later.size).contains(earlier.size) {
        let proof = try ConsistencyProof.prove(
          size1: earlier.size, size2: later.size, reader: FileTiles())
        try proof.check(root1: earlier.root, root2: later.root)
      }
    }
  }
}
