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

  /// The UTF-8 bytes of the string that the member `name` is; nil when it is none.
  func unescapedString(_ name: String) -> [UInt8]? {
    guard let slice = slices.slice(name), slice.first == UInt8(ascii: "\"") else { return nil }
    if let text = unescaped(slices.bytes.span, from: slice.startIndex + 1),
      text.end == slice.endIndex - 1, (try? UTF8Span(validating: text.bytes.span)) != nil
    {
      return text.bytes
    }
    return self[name]?.string.map { Array($0.utf8) }
  }
}
