import Crypto

/// The public key that a note's signatures verify with (c2sp.org/signed-note, "Verifier keys"),
/// Ed25519 only.
public struct VerifierKey: Sendable, Hashable {
  /// The signature type of Ed25519.
  static let ed25519: UInt8 = 1

  /// The key's name; for a log's key, the log's origin.
  public let name: String
  /// The first four bytes of the hash of name and key.
  public let keyID: UInt32
  /// The Ed25519 public key: 32 bytes (RFC 8032).
  public let publicKey: [UInt8]

  /// A verifier key from its name and its Ed25519 public key of 32 bytes.
  public init(name: String, publicKey: [UInt8]) throws(ProofError) {
    guard isKeyName(name) else {
      throw .malformed(what: "verifier key", reason: "its name is empty or has a space or a plus")
    }
    guard publicKey.count == 32 else {
      throw .malformed(what: "verifier key", reason: "an Ed25519 key has 32 bytes")
    }
    self.name = name
    self.publicKey = publicKey
    keyID = VerifierKey.keyID(name: name, publicKey: publicKey)
  }

  /// Reads `NAME+ID+KEY`, a *vkey*.
  public init(_ text: String) throws(ProofError) {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "+"), maxSplits: 2,
      omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw Self.malformed("it isn't NAME+ID+KEY") }
    guard let idBytes = HexText.decode(String(decoding: parts[1], as: UTF8.self)),
      idBytes.count == 4
    else { throw Self.malformed("its ID isn't eight hexadecimal digits in lower case") }
    guard let data = Base64.decode(Array(parts[2])), let type = data.first else {
      throw Self.malformed("its key isn't base64")
    }
    guard type == VerifierKey.ed25519 else { throw .unsupportedAlgorithm(type) }
    try self.init(name: String(decoding: parts[0], as: UTF8.self), publicKey: Array(data[1...]))
    guard keyID == bigEndian(idBytes[...]) else {
      throw Self.malformed("its ID doesn't belong to its name and key")
    }
  }

  private static func malformed(_ reason: String) -> ProofError {
    .malformed(what: "verifier key", reason: reason)
  }

  /// `NAME+ID+KEY`: what is published, and what tools for signed notes take.
  public var text: String {
    let id = HexText.encode(bigEndianBytes(keyID))
    return "\(name)+\(id)+\(Base64.encode([VerifierKey.ed25519] + publicKey))"
  }

  /// Whether `signature` is this key's Ed25519 signature of `message`.
  func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
      return false
    }
    return key.isValidSignature(signature, for: message)
  }

  private static func keyID(name: String, publicKey: [UInt8]) -> UInt32 {
    let data = Array(name.utf8) + [0x0A, ed25519] + publicKey
    return bigEndian(Hash.sha256(data).bytes[..<4])
  }

  /// Exact equality, the name by its bytes.
  public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
    left.keyID == right.keyID && left.publicKey == right.publicKey
      && Array(left.name.utf8) == Array(right.name.utf8)
  }

  /// Hashes ID and key.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(keyID)
    hasher.combine(publicKey)
  }
}
