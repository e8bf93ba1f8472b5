/// A text with signatures (c2sp.org/signed-note).
///
/// Reading one checks its form only: its text must not be trusted before ``verify(with:)``.
public struct SignedNote: Sendable, Equatable {
  /// The most signatures accepted: 64 (the format asks for at least 16).
  public static let signatureLimit = 64
  /// The most bytes accepted: 1 MiB.
  public static let sizeLimit = 1 << 20

  /// One signature line.
  public struct Signature: Sendable, Equatable {
    /// The name of the key that signed.
    public var name: String
    /// The first four bytes of the hash of name and key.
    public var keyID: UInt32
    /// The signature itself, in the key's algorithm.
    public var bytes: [UInt8]

    /// A signature from its parts.
    public init(name: String, keyID: UInt32, bytes: [UInt8]) {
      self.name = name
      self.keyID = keyID
      self.bytes = bytes
    }
  }

  /// The signed text, with its final newline.
  public var text: String
  /// The signatures in their order.
  public var signatures: [Signature]

  /// A note of `text`, which must end with a newline, and its signatures.
  public init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Reads a note, strictly by the specification.
  public init(_ note: String) throws(ProofError) {
    let bytes = Array(note.utf8)
    guard bytes.count <= SignedNote.sizeLimit else { throw Self.malformed("it is too long") }
    guard !bytes.contains(where: { $0 < 0x20 && $0 != UInt8(ascii: "\n") }) else {
      throw Self.malformed("it holds a control character")
    }
    let newline = UInt8(ascii: "\n")
    guard bytes.last == newline,
      let blank = bytes.indices.dropLast().last(where: {
        bytes[$0] == newline && bytes[$0 + 1] == newline
      })
    else { throw Self.malformed("no empty line between the text and its signatures") }
    text = String(decoding: bytes[...blank], as: UTF8.self)
    let lines = bytes[(blank + 2)...].dropLast().split(
      separator: newline, omittingEmptySubsequences: false)
    guard lines.count <= SignedNote.signatureLimit else {
      throw Self.malformed("it has more than \(SignedNote.signatureLimit) signatures")
    }
    signatures = []
    for line in lines { signatures.append(try Self.signature(line)) }
  }

  private static func malformed(_ reason: String) -> ProofError {
    .malformed(what: "signed note", reason: reason)
  }

  private static func signature(_ line: ArraySlice<UInt8>) throws(ProofError) -> Signature {
    let mark = Array("— ".utf8)
    let space = UInt8(ascii: " ")
    guard line.starts(with: mark) else {
      throw malformed("a signature line doesn't begin with an em dash and a space")
    }
    let parts = line.dropFirst(mark.count).split(separator: space, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw malformed("a signature line isn't a key name and a signature")
    }
    let name = String(decoding: parts[0], as: UTF8.self)
    guard isKeyName(name) else { throw malformed("a key name that isn't allowed") }
    guard let data = Base64.decode(parts[1]), data.count > 4 else {
      throw malformed("a signature that isn't base64 of more than four bytes")
    }
    return Signature(name: name, keyID: bigEndian(data[..<4]), bytes: Array(data[4...]))
  }

  /// The note as text: what is stored and exchanged.
  public var note: String {
    var result = text + "\n"
    for signature in signatures {
      let data = bigEndianBytes(signature.keyID) + signature.bytes
      result += "— \(signature.name) \(Base64.encode(data))\n"
    }
    return result
  }

  /// Checks that `key` signed the text. Signatures by other keys are ignored; one that carries
  /// this key's name and ID must verify, or the whole note is refused.
  public func verify(with key: VerifierKey) throws(ProofError) {
    let bytes = Array(text.utf8)
    var isSigned = false
    for signature in signatures where signature.keyID == key.keyID && signature.name == key.name {
      guard key.isValid(signature.bytes, for: bytes) else { throw .badSignature(by: key.name) }
      isSigned = true
    }
    if !isSigned { throw .notSigned(by: key.name) }
  }
}

/// Whether `name` may name a key: not empty, without Unicode spaces, plus and control characters.
func isKeyName(_ name: String) -> Bool {
  !name.isEmpty
    && name.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
    }
}

/// The number whose big-endian bytes these are (four of them).
func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reduce(0) { $0 << 8 | UInt32($1) }
}

/// The four big-endian bytes of a number.
func bigEndianBytes(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}
