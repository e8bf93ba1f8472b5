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

  /// The eight digits of a number, the first of them the highest byte.
  @inline(__always)
  static func digits(_ number: UInt32) -> UInt64 {
    var spread = UInt64(number)
    spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
    spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
    spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = ((spread &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
    return spread &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
  }

  /// The bytes of lower-case digits, two for each; nil for anything else.
  static func decode(_ digits: Span<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var place = 0
    var seen: UInt8 = 0
    while place + 1 < digits.count {
      let (high, low) = (value(digits[place]), value(digits[place + 1]))
      seen |= high | low
      bytes.append(high << 4 | low & 15)
      place += 2
    }
    return place == digits.count && seen < 16 ? bytes : nil
  }

  /// The number of a digit; 255 for what is none.
  @inline(__always)
  private static func value(_ digit: UInt8) -> UInt8 {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: 255
    }
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
