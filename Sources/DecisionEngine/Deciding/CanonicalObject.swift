import CanonicalJSON

/// Writes a canonical JSON object whose members come in canonical order, with names that need no
/// escape, from values that may be written already.
struct CanonicalObject {
  private var out: [UInt8] = []

  /// An empty object, with room for about `capacity` bytes.
  init(capacity: Int) {
    out.reserveCapacity(capacity)
    out.append(UInt8(ascii: "{"))
  }

  /// The object.
  var bytes: [UInt8] { out + [UInt8(ascii: "}")] }

  private mutating func name(_ name: String) {
    if out.count > 1 { out.append(UInt8(ascii: ",")) }
    out.append(UInt8(ascii: "\""))
    out.append(contentsOf: name.utf8)
    out.append(UInt8(ascii: "\""))
    out.append(UInt8(ascii: ":"))
  }

  /// Adds a member whose value is canonical JSON already.
  mutating func add(_ name: String, _ value: [UInt8]) {
    self.name(name)
    out.append(contentsOf: value)
  }

  /// Adds a member.
  mutating func add(_ name: String, _ value: JSON) { add(name, value.canonicalBytes) }

  /// Adds a string that needs no escape.
  mutating func add(_ name: String, text: String) {
    self.name(name)
    out.append(UInt8(ascii: "\""))
    out.append(contentsOf: text.utf8)
    out.append(UInt8(ascii: "\""))
  }

  /// Adds the string whose UTF-8 bytes are `text`, with the escapes of RFC 8785 section 3.2.2.2.
  mutating func add(_ name: String, escaping text: [UInt8]) {
    self.name(name)
    out.append(UInt8(ascii: "\""))
    var start = 0
    for place in text.indices {
      let byte = text[place]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
      out.append(contentsOf: text[start..<place])
      Self.appendEscape(of: byte, to: &out)
      start = place + 1
    }
    out.append(contentsOf: text[start...])
    out.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(of byte: UInt8, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: out.append(UInt8(ascii: "b"))
    case 0x09: out.append(UInt8(ascii: "t"))
    case 0x0A: out.append(UInt8(ascii: "n"))
    case 0x0C: out.append(UInt8(ascii: "f"))
    case 0x0D: out.append(UInt8(ascii: "r"))
    case ..<0x20:
      out.append(contentsOf: "u00".utf8)
      out.append(Hexadecimal.digit(byte >> 4))
      out.append(Hexadecimal.digit(byte & 15))
    default: out.append(byte)
    }
  }
}
