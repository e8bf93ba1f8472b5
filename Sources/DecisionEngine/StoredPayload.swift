import CanonicalJSON
import Ledger

/// A payload as stored: canonical JSON that holds its salt. Its members are read when they are asked
/// for: whoever decides a case again needs a small part only.
struct StoredPayload {
  /// The salt's 32 bytes.
  let salt: [UInt8]
  /// What the entry must name as `payload_digest`.
  let commitment: Hash
  private let slices: JSONSlices

  /// Reads stored bytes; nil when they aren't a JSON object with a salt of 32 bytes.
  init?(_ bytes: [UInt8]) {
    guard let slices = JSONSlices(bytes),
      let salt = slices["salt"]?.string.flatMap({ HexText.decode($0) }),
      salt.count == Commitment.saltLength
    else { return nil }
    self.slices = slices
    self.salt = salt
    commitment = Commitment.of(bytes, salt: salt)
  }

  /// The member `name`; nil when there is none.
  subscript(name: String) -> JSON? { slices[name] }
}
