import Ledger
import Testing

@Suite("Signed notes, keys, checkpoints and receipts (C2SP)") struct NoteTests {
  // The examples of c2sp.org/signed-note.
  static let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
  static let exampleNote = """
    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

    """

  static func key() throws -> SigningKey {
    try SigningKey(name: "example.com/log", seed: (0..<32).map { UInt8($0) })
  }

  @Test("the specification's example verifies and survives a round trip")
  func example() throws {
    let key = try VerifierKey(Self.exampleKey)
    let note = try SignedNote(Self.exampleNote)
    try note.verify(with: key)
    #expect(note.text == "This is an example message.\n")
    #expect(note.note == Self.exampleNote)
    #expect(key.text == Self.exampleKey)
  }

  @Test("every changed byte of a note is refused")
  func tamperedNote() throws {
    let key = try VerifierKey(Self.exampleKey)
    let bytes = Array(Self.exampleNote.utf8)
    for position in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[position] ^= 1 << UInt8(bit)
        guard let text = String(validating: changed, as: UTF8.self) else { continue }
        #expect(throws: ProofError.self, "byte \(position), bit \(bit)") {
          try SignedNote(text).verify(with: key)
        }
      }
    }
  }

  @Test(
    "notes that the format doesn't allow",
    arguments: [
      "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n\nx\n", "text\n\n— a\n",
      "text\n\n— a AAAAAA==\n", "text\n\n— a AAAAAAAA", "text\n\n— a  AAAAAAAA\n",
      "text\n\n— a+b AAAAAAAA\n", "text\n\n—  AAAAAAAA\n", "text\n\n- a AAAAAAAA\n",
      "te\u{1}xt\n\n— a AAAAAAAA\n", "te\rxt\n\n— a AAAAAAAA\n", "text\n\n— a AAAAAAA\n",
      "text\n\n— a AAAAAAB=\n", "text\n\n— a\u{A0}b AAAAAAAA\n", "text\n\n— a AAAAAAAA\nx\n",
    ])
  func malformedNotes(text: String) {
    #expect(throws: ProofError.self) { try SignedNote(text) }
  }

  @Test("signatures by others are ignored, at least 16 of them accepted")
  func foreignSignatures() throws {
    let key = try Self.key()
    var note = try key.sign("text\n\nmore\n")
    for number in 0..<16 {
      let other = try SigningKey(generatingFor: "example.com/witness\(number)")
      note.signatures.insert(contentsOf: try other.sign(note.text).signatures, at: 0)
    }
    let read = try SignedNote(note.note)
    #expect(read == note)
    #expect(read.text == "text\n\nmore\n")
    try read.verify(with: key.verifierKey)
    // Same name, another key: unknown, so ignored; and without the real one, not signed.
    let namesake = try SigningKey(generatingFor: "example.com/log")
    #expect(throws: ProofError.notSigned(by: "example.com/log")) {
      try read.verify(with: namesake.verifierKey)
    }
  }

  @Test("a signature line of a trusted key that doesn't verify spoils the note")
  func wrongSignatureOfKnownKey() throws {
    let key = try Self.key()
    var note = try key.sign("text\n")
    var wrong = note.signatures[0]
    wrong.bytes[0] ^= 1
    note.signatures.append(wrong)
    #expect(throws: ProofError.badSignature(by: "example.com/log")) {
      try note.verify(with: key.verifierKey)
    }
  }

  @Test("keys as text, there and back; what isn't a key")
  func keys() throws {
    let key = try SigningKey(generatingFor: "example.com/log")
    #expect(try VerifierKey(key.verifierKey.text) == key.verifierKey)
    #expect(!"\(key)".contains("PRIVATE"))
    // Go's golang.org/x/mod/sumdb/note documents this pair.
    let go = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    let peter = try SigningKey(go)
    #expect(
      peter.verifierKey.text == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    let wrong = [
      "", "a", "a+b", "a+530d903a", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
      "example.com/foo+530d903a+", "example.com/foo+530d903a+AQ==",
    ]
    for text in wrong { #expect(throws: ProofError.self, "\(text)") { try VerifierKey(text) } }
    for text in ["", go + "A", go.replacing("c74f20a3", with: "c74f20a4")] {
      #expect(throws: ProofError.self) { try SigningKey(text) }
    }
  }

  @Test("checkpoints: strict form")
  func checkpoints() throws {
    let root = Hash.sha256([1])
    let checkpoint = Checkpoint(origin: "example.com/log", size: 20_852_163, root: root)
    #expect(try Checkpoint(text: checkpoint.text) == checkpoint)
    let lines = checkpoint.text.split(separator: "\n").map { String($0) }
    let wrong = [
      "", "a\n1\n", "\(lines[0])\n01\n\(lines[2])\n", "\(lines[0])\n+1\n\(lines[2])\n",
      "\(lines[0])\n-1\n\(lines[2])\n", "\(lines[0])\n18446744073709551616\n\(lines[2])\n",
      "\n1\n\(lines[2])\n", "\(lines[0])\n1\n\(lines[2])", "\(lines[0])\n1\n\(lines[2])=\n",
      "\(lines[0])\n1\nAAAA\n", "\(lines[0])\n1\n\(lines[2])\n\nx\n",
      "\(lines[0])\n \n\(lines[2])\n",
    ]
    for text in wrong { #expect(throws: ProofError.self, "\(text)") { try Checkpoint(text: text) } }
    let extended = try Checkpoint(text: "o\n0\n\(lines[2])\nextra\n")
    #expect(extended.extensions == ["extra"])
    let key = try Self.key()
    let other = try key.sign(Checkpoint(origin: "example.com/else", size: 0, root: root).text).note
    #expect(
      throws: ProofError.wrongOrigin(expected: "example.com/log", found: "example.com/else")
    ) { try Checkpoint.verified(note: other, by: key.verifierKey) }
  }

  @Test("receipts: every changed bit is refused, or changes nothing that is proven")
  func receipts() throws {
    let key = try Self.key()
    let store = try MemoryStore(key: key)
    for number: UInt8 in 0..<7 { _ = try store.append(Submission(body: [number], kind: "a")) }
    let text = try store.receipt(forEntryAt: 5).text
    try Receipt(text).check(entry: [5], key: key.verifierKey)
    #expect(try Receipt(text).text == text)
    for body: [UInt8] in [[], [4], [5, 0]] {
      #expect(throws: ProofError.wrongRoot) {
        try Receipt(text).check(entry: body, key: key.verifierKey)
      }
    }
    let bytes = Array(text.utf8)
    for position in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[position] ^= 1 << UInt8(bit)
        guard let text = String(validating: changed, as: UTF8.self) else { continue }
        #expect(throws: ProofError.self, "byte \(position), bit \(bit)") {
          try Receipt(text).check(entry: [5], key: key.verifierKey)
        }
      }
    }
    var extra = try Receipt(text)
    extra.extra = [1, 2, 3]
    #expect(try Receipt(extra.text) == extra)
  }
}
