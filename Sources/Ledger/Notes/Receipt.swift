/// A proof that an entry is in a log, for keeping and checking without the log
/// (c2sp.org/tlog-proof). Files of it end in `.tlog-proof`.
public struct Receipt: Sendable, Equatable {
  private static let header = "c2sp.org/tlog-proof@v1"

  /// The entry's index, from 0.
  public var index: UInt64
  /// The inclusion proof: from the leaf's sibling up to the root's child.
  public var hashes: [Hash]
  /// The signed checkpoint, word for word.
  public var checkpoint: String
  /// Data that isn't covered by the proof and must not be trusted; nil for none.
  public var extra: [UInt8]?

  /// A receipt from its parts.
  public init(index: UInt64, hashes: [Hash], checkpoint: String, extra: [UInt8]? = nil) {
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint
    self.extra = extra
  }

  /// Reads a receipt, strictly by the specification.
  public init(_ text: String) throws(ProofError) {
    let newline = UInt8(ascii: "\n")
    let bytes = Array(text.utf8)
    guard
      let blank = bytes.indices.dropLast().first(where: {
        bytes[$0] == newline && bytes[$0 + 1] == newline
      })
    else { throw Self.malformed("no empty line before the checkpoint") }
    var lines = bytes[..<blank].split(separator: newline, omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst(), Array(first) == Array(Receipt.header.utf8) else {
      throw Self.malformed("it doesn't begin with \(Receipt.header)")
    }
    if let data = Self.value("extra ", lines.first) {
      guard let decoded = Base64.decode(data) else { throw Self.malformed("extra isn't base64") }
      extra = decoded
      lines.removeFirst()
    }
    guard let digits = Self.value("index ", lines.popFirst()), let index = decimal(digits) else {
      throw Self.malformed("no index")
    }
    guard lines.count <= 64 else { throw Self.malformed("it has more than 64 hashes") }
    self.index = index
    hashes = []
    for line in lines {
      guard let data = Base64.decode(line), let hash = Hash(bytes: data) else {
        throw Self.malformed("a line of the proof isn't a hash")
      }
      hashes.append(hash)
    }
    checkpoint = String(decoding: bytes[(blank + 2)...], as: UTF8.self)
  }

  private static func malformed(_ reason: String) -> ProofError {
    .malformed(what: "receipt", reason: reason)
  }

  private static func value(_ name: String, _ line: ArraySlice<UInt8>?) -> ArraySlice<UInt8>? {
    guard let line, line.starts(with: Array(name.utf8)) else { return nil }
    return line.dropFirst(name.utf8.count)
  }

  /// The receipt as text: what is handed over.
  public var text: String {
    var result = Receipt.header + "\n"
    if let extra { result += "extra \(Base64.encode(extra))\n" }
    result += "index \(index)\n"
    for hash in hashes { result += Base64.encode(hash.bytes) + "\n" }
    return result + "\n" + checkpoint
  }

  /// Checks that the entry with the bytes `entry` is in the log that `key` signs for, and gives
  /// the checkpoint that proves it. Nothing else is needed: no log, no network.
  @discardableResult
  public func check(entry: [UInt8], key: VerifierKey) throws(ProofError) -> Checkpoint {
    let head = try Checkpoint.verified(note: checkpoint, by: key)
    let proof = InclusionProof(index: index, treeSize: head.size, hashes: hashes)
    try proof.check(leaf: TreeHashing.leafHash(entry), root: head.root)
    return head
  }
}
