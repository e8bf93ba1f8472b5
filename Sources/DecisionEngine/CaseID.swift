/// What names a decision: the caller's text, or a UUID of version 7 (RFC 9562 section 5.7).
public enum CaseID {
  /// The most characters (Unicode scalars) that a case ID may have.
  public static let lengthLimit = 200

  /// Whether `text` can name a case: 1 to ``lengthLimit`` characters, none of them a control
  /// character or a line separator.
  public static func isValid(_ text: String) -> Bool { isName(text, atMost: lengthLimit) }

  /// Whether `text` has 1 to `limit` characters, none of them a control character or a line
  /// separator: the rule for everything that is printed and searched as a name.
  static func isName(_ text: String, atMost limit: Int) -> Bool {
    var count = 0
    for scalar in text.unicodeScalars {
      count += 1
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      if isControl || scalar.value == 0x2028 || scalar.value == 0x2029 { return false }
      if count > limit { return false }
    }
    return count > 0
  }

  /// A new UUID of version 7: the time's milliseconds, then 74 bits of `random` (10 bytes).
  static func uuid(at time: Instant, random: some Collection<UInt8>) -> String {
    let stamp = UInt64(bitPattern: time.milliseconds)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    var shift: UInt64 = 48
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: stamp >> shift))
    }
    bytes.append(contentsOf: random.prefix(10))
    bytes[6] = bytes[6] & 0x0F | 0x70
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (place, byte) in bytes.enumerated() {
      if place == 4 || place == 6 || place == 8 || place == 10 { text.append(UInt8(ascii: "-")) }
      text.append(Hexadecimal.digit(byte >> 4))
      text.append(Hexadecimal.digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
