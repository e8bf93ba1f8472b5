import Crypto
import Ledger

/// Commitments: hashes that bind content without telling it, while its salt is secret.
enum Commitment {
  /// The number of bytes of a salt.
  static let saltLength = 32

  /// SHA-256 of `salt`, then `content`: the one rule behind `inputs_commitment`,
  /// `candidates_digest`, `outputs_commitment` and `payload_digest`.
  static func of(_ content: [UInt8], salt: [UInt8]) -> Hash {
    var hasher = SHA256()
    hasher.update(data: salt)
    hasher.update(data: content)
    return Hash(hasher.finalize())
  }
}

/// Lower-case hexadecimal text.
enum Hexadecimal {
  /// The digit of a number below 16.
  @inline(__always)
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }

  /// Two digits for each byte.
  static func text(_ bytes: [UInt8]) -> String {
    unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      var place = 0
      for byte in bytes {
        unsafe buffer[place] = digit(byte >> 4)
        unsafe buffer[place + 1] = digit(byte & 15)
        place += 2
      }
      return place
    }
  }
}

extension Hash {
  /// The 64 hexadecimal digits, as entries hold them.
  var digits: String { Hexadecimal.text(bytes) }
}
