import CanonicalJSON
import Ledger

/// Writes a canonical JSON object whose members come in canonical order, with names that need no
/// escape, from values that may be written already.
struct CanonicalObject: ~Copyable {
  private var buffer: ByteBuffer
  private var isEmpty = true

  /// An empty object, with room for about `capacity` bytes.
  init(capacity: Int) {
    buffer = ByteBuffer(capacity: capacity)
    buffer.append(UInt8(ascii: "{"))
  }

  /// The object, ended.
  consuming func finished() -> [UInt8] {
    buffer.append(UInt8(ascii: "}"))
    return buffer.bytes
  }

  @inline(__always)
  private mutating func name(_ name: StaticString) {
    if !isEmpty { buffer.append(UInt8(ascii: ",")) }
    isEmpty = false
    buffer.append(UInt8(ascii: "\""))
    buffer.append(name)
    buffer.append("\":")
  }

  /// Adds a member whose value is canonical JSON already.
  @inline(__always)
  mutating func add(_ name: StaticString, _ value: [UInt8]) {
    self.name(name)
    buffer.append(value.span)
  }

  /// Adds a member.
  mutating func add(_ name: StaticString, _ value: JSON) { add(name, value.canonicalBytes) }

  /// Adds a whole number.
  mutating func add(_ name: StaticString, _ value: Int) { add(name, .integer(value)) }

  /// Adds a string that needs no escape.
  @inline(__always)
  mutating func add(_ name: StaticString, text: String) {
    self.name(name)
    buffer.append(UInt8(ascii: "\""))
    buffer.append(bytesOf: text)
    buffer.append(UInt8(ascii: "\""))
  }

  /// Adds a string that has its escapes.
  mutating func add(_ name: StaticString, escaped text: [UInt8]) {
    self.name(name)
    buffer.append(UInt8(ascii: "\""))
    buffer.append(text)
    buffer.append(UInt8(ascii: "\""))
  }

  /// Adds the string whose UTF-8 bytes are `text`, with the escapes that it needs.
  mutating func add(_ name: StaticString, escaping text: Span<UInt8>) {
    self.name(name)
    buffer.append(UInt8(ascii: "\""))
    buffer.append(escaping: text)
    buffer.append(UInt8(ascii: "\""))
  }

  /// Adds bytes as a string of hexadecimal digits.
  mutating func add(_ name: StaticString, hexOf bytes: [UInt8]) {
    self.name(name)
    buffer.append(UInt8(ascii: "\""))
    buffer.append(hexOf: bytes)
    buffer.append(UInt8(ascii: "\""))
  }

  /// Adds a hash as its hexadecimal digits.
  mutating func add(_ name: StaticString, _ hash: Hash) { add(name, hexOf: hash.bytes) }

  /// Begins an object as a member's value; gives where it stands. What is added until ``end()`` are
  /// its members.
  mutating func begin(_ name: StaticString) -> Int {
    self.name(name)
    buffer.append(UInt8(ascii: "{"))
    isEmpty = true
    return buffer.count - 1
  }

  /// Ends the object that was begun; gives where it ends.
  mutating func end() -> Int {
    buffer.append(UInt8(ascii: "}"))
    isEmpty = false
    return buffer.count
  }
}
