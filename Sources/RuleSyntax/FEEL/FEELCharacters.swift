/// Which characters FEEL takes for what (DMN 1.5 §10.3.1.2, rules 26 to 30 and 61 to 63).
enum FEELCharacters {
  /// The Unicode scalar whose UTF-8 form starts at `index`, and how many bytes it takes.
  ///
  /// `bytes` is valid UTF-8, as it comes from a `String`; `nil` at the end.
  static func scalar(in bytes: [UInt8], at index: Int) -> (value: UInt32, length: Int)? {
    guard index < bytes.count else { return nil }
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard index + length <= bytes.count else { return (0xFFFD, 1) }
    var value = UInt32(first) & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
    for byte in bytes[(index + 1)..<(index + length)] {
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return (value, length)
  }

  /// The length of the white space character at `index`; 0 when there is none.
  static func whiteSpaceLength(in bytes: [UInt8], at index: Int) -> Int {
    guard let (value, length) = scalar(in: bytes, at: index) else { return 0 }
    return isWhiteSpace(value) ? length : 0
  }

  /// The first index from `index` on that isn't white space.
  static func skipWhiteSpace(in bytes: [UInt8], from index: Int) -> Int {
    var index = index
    while true {
      let length = whiteSpaceLength(in: bytes, at: index)
      if length == 0 { return index }
      index += length
    }
  }

  /// FEEL's white space: rule 61 with Unicode's `White_Space`.
  static func isWhiteSpace(_ value: UInt32) -> Bool {
    switch value {
    case 0x20, 0x09...0x0D: true
    case 0x85, 0xA0, 0x1680, 0x180E, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
      0xFEFF:
      true
    default: false
    }
  }

  /// True for a character that can start a name; `?` isn't counted, it is the tested value.
  static func isNameStart(_ value: UInt32) -> Bool {
    switch value {
    case 0x41...0x5A, 0x61...0x7A, 0x5F: true
    case 0..<0xC0: false
    case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x167F, 0x1681...0x180D,
      0x180F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF,
      0xF900...0xFDCF, 0xFDF0...0xFEFE, 0xFF00...0xFFFC, 0x10000...0xDFFFF:
      true
    default: false
    }
  }

  /// True for a character that can go on a word of a name.
  static func isNamePart(_ value: UInt32) -> Bool {
    switch value {
    case 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
    default: isNameStart(value)
    }
  }

  /// True for the further symbols that a declared name may contain (rule 30).
  static func isNameSymbol(_ value: UInt32) -> Bool {
    switch value {
    case 0x2E, 0x2F, 0x2D, 0x27, 0x2B, 0x2A: true
    default: false
    }
  }

  /// The words of the language that can't be a name of their own.
  static let reserved: Set<String> = [
    "and", "or", "not", "in", "between", "if", "then", "else", "true", "false", "null",
  ]

  /// `text` without white space at its ends and with each run of it inside made one space.
  static func collapsed(_ text: some StringProtocol) -> String {
    if isCollapsed(text) { return String(text) }
    var result = String.UnicodeScalarView()
    var pending = false
    for scalar in text.unicodeScalars {
      if isWhiteSpace(scalar.value) {
        pending = !result.isEmpty
      } else {
        if pending { result.append(" ") }
        pending = false
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// True for ASCII with single spaces inside, the usual case.
  private static func isCollapsed(_ text: some StringProtocol) -> Bool {
    var previous: UInt8 = 0x20
    for byte in text.utf8 {
      if byte >= 0x80 || byte < 0x20 || (byte == 0x20 && previous == 0x20) { return false }
      previous = byte
    }
    return previous != 0x20
  }

  /// True when `name` (collapsed) is a name that a document may declare.
  static func isDeclarableName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, isNameStart(first.value) else { return false }
    if reserved.contains(name) { return false }
    return name.unicodeScalars.allSatisfy { scalar in
      scalar == " " || isNamePart(scalar.value) || isNameSymbol(scalar.value)
    }
  }
}
