import Crypto

/// The private key that signs a log's checkpoints (Ed25519), with its name.
///
/// Its text is the form of Go's `golang.org/x/mod/sumdb/note`: `PRIVATE+KEY+NAME+ID+KEY`.
public struct SigningKey: Sendable {
  private static let prefix = "PRIVATE+KEY+"

  /// The public half, by which others check; its name is this key's name.
  public let verifierKey: VerifierKey
  private let privateKey: Curve25519.Signing.PrivateKey

  /// A new random key with a name, which for a log's key is the log's origin.
  public init(generatingFor name: String) throws(ProofError) {
    try self.init(name: name, privateKey: Curve25519.Signing.PrivateKey())
  }

  /// The key with a name and a seed of 32 bytes (RFC 8032's private key).
  public init(name: String, seed: [UInt8]) throws(ProofError) {
    guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw .malformed(what: "signing key", reason: "an Ed25519 seed has 32 bytes")
    }
    try self.init(name: name, privateKey: privateKey)
  }

  private init(name: String, privateKey: Curve25519.Signing.PrivateKey) throws(ProofError) {
    self.privateKey = privateKey
    verifierKey = try VerifierKey(
      name: name, publicKey: Array(privateKey.publicKey.rawRepresentation))
  }

  /// Reads `PRIVATE+KEY+NAME+ID+KEY`.
  public init(_ text: String) throws(ProofError) {
    let prefix = Array(SigningKey.prefix.utf8)
    let bytes = Array(text.utf8)
    guard bytes.starts(with: prefix) else {
      throw Self.malformed("it doesn't begin with \(SigningKey.prefix)")
    }
    let parts = bytes.dropFirst(prefix.count).split(
      separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let data = Base64.decode(parts[2]), let type = data.first else {
      throw Self.malformed("it isn't PRIVATE+KEY+NAME+ID+KEY")
    }
    guard type == VerifierKey.ed25519 else { throw .unsupportedAlgorithm(type) }
    try self.init(name: String(decoding: parts[0], as: UTF8.self), seed: Array(data[1...]))
    let id = HexText.encode(bigEndianBytes(verifierKey.keyID))
    guard Array(id.utf8) == Array(parts[1]) else {
      throw Self.malformed("its ID doesn't belong to its name and key")
    }
  }

  private static func malformed(_ reason: String) -> ProofError {
    .malformed(what: "signing key", reason: reason)
  }

  /// `PRIVATE+KEY+NAME+ID+KEY`: a secret. It belongs into a file that only its owner can read.
  package var secretText: String {
    let id = HexText.encode(bigEndianBytes(verifierKey.keyID))
    let data = [VerifierKey.ed25519] + Array(privateKey.rawRepresentation)
    return "\(SigningKey.prefix)\(verifierKey.name)+\(id)+\(Base64.encode(data))"
  }

  /// The note that consists of `text`, which must end with a newline, and this key's signature.
  public func sign(_ text: String) throws(ProofError) -> SignedNote {
    guard let signature = try? privateKey.signature(for: Array(text.utf8)) else {
      throw .malformed(what: "signing key", reason: "it couldn't sign")
    }
    return SignedNote(
      text: text,
      signatures: [
        SignedNote.Signature(
          name: verifierKey.name, keyID: verifierKey.keyID, bytes: Array(signature))
      ])
  }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
  /// The public half only: a private key must not slip into a log.
  public var description: String { "signing key of \(verifierKey.text)" }

  /// Nothing but the public half.
  public var customMirror: Mirror { Mirror(self, children: ["verifierKey": verifierKey]) }
}
