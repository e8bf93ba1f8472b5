/// Base 64 (RFC 4648 section 4), strict: padded, no white space, no stray bits.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The padded base 64 text of `bytes`.
  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var count = 0
    func flush(_ bytesInGroup: Int) {
      for place in 0..<4 {
        let digit = Int(group >> UInt32(18 - 6 * place)) & 63
        out.append(place <= bytesInGroup ? alphabet[digit] : UInt8(ascii: "="))
      }
    }
    for byte in bytes {
      group |= UInt32(byte) << UInt32(16 - 8 * count)
      count += 1
      if count == 3 {
        flush(3)
        group = 0
        count = 0
      }
    }
    if count > 0 { flush(count) }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes that `text` encodes; nil when it isn't exactly what `encode` writes.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var digits = 0
    var padding = 0
    for byte in text {
      if byte == UInt8(ascii: "=") {
        padding += 1
        group <<= 6
      } else {
        guard padding == 0, let digit = value(byte) else { return nil }
        group = group << 6 | digit
      }
      digits += 1
      if digits == 4 {
        guard padding <= 2, padding == 0 || group & (padding == 1 ? 0xFF : 0xFFFF) == 0 else {
          return nil
        }
        for place in 0..<(3 - padding) {
          out.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place)))
        }
        // Padding may only end the text: another group after it is refused above.
        group = 0
        digits = 0
      }
    }
    return out
  }

  private static func value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x41...0x5A: UInt32(byte - 0x41)
    case 0x61...0x7A: UInt32(byte - 0x61 + 26)
    case 0x30...0x39: UInt32(byte - 0x30 + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
