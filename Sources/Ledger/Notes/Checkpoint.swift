/// A log's tree head at one size (c2sp.org/tlog-checkpoint): the text that is signed.
public struct Checkpoint: Sendable, Equatable {
  /// The log's name: the first line.
  public var origin: String
  /// The number of entries: the second line.
  public var size: UInt64
  /// The root hash of the tree: the third line.
  public var root: Hash
  /// Further lines, which this program never writes.
  public var extensions: [String]

  /// A checkpoint from its parts.
  public init(origin: String, size: UInt64, root: Hash, extensions: [String] = []) {
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads the text of a checkpoint note, strictly by the specification.
  public init(text: String) throws(ProofError) {
    let newline = UInt8(ascii: "\n")
    var lines = Array(text.utf8).split(separator: newline, omittingEmptySubsequences: false)
    guard lines.count >= 4, lines.removeLast().isEmpty else {
      throw Self.malformed("it hasn't three lines")
    }
    guard lines.allSatisfy({ !$0.isEmpty }) else { throw Self.malformed("an empty line") }
    guard let size = decimal(lines[1]) else {
      throw Self.malformed("its second line isn't a tree size")
    }
    guard let bytes = Base64.decode(lines[2]), let root = Hash(bytes: bytes) else {
      throw Self.malformed("its third line isn't a root hash")
    }
    origin = String(decoding: lines[0], as: UTF8.self)
    self.size = size
    self.root = root
    extensions = lines[3...].map { String(decoding: $0, as: UTF8.self) }
  }

  private static func malformed(_ reason: String) -> ProofError {
    .malformed(what: "checkpoint", reason: reason)
  }

  /// The checkpoint that `note` holds, checked to be signed by `key`, and to be of the log with
  /// this origin (by default the key's name).
  public static func verified(
    note: String, by key: VerifierKey, origin: String? = nil
  ) throws(ProofError) -> Checkpoint {
    let signed = try SignedNote(note)
    try signed.verify(with: key)
    let checkpoint = try Checkpoint(text: signed.text)
    let expected = origin ?? key.name
    guard Array(checkpoint.origin.utf8) == Array(expected.utf8) else {
      throw .wrongOrigin(expected: expected, found: checkpoint.origin)
    }
    return checkpoint
  }

  /// The text to be signed.
  public var text: String {
    ([origin, String(size), Base64.encode(root.bytes)] + extensions)
      .map { $0 + "\n" }.joined()
  }
}

/// A decimal number without leading zeros; nil for anything else, or beyond 64 bits.
func decimal(_ digits: some Collection<UInt8>) -> UInt64? {
  guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0") else {
    return nil
  }
  var value: UInt64 = 0
  for digit in digits {
    guard digit &- 0x30 < 10 else { return nil }
    let (product, high) = value.multipliedReportingOverflow(by: 10)
    let (sum, over) = product.addingReportingOverflow(UInt64(digit - 0x30))
    if high || over { return nil }
    value = sum
  }
  return value
}
