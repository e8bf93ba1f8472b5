/// Why bytes are not what they should be.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public var message: String
  /// Offset of the byte where it shows.
  public var offset: Int

  /// The error `message` at `offset`.
  public init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }

  public var description: String { "\(message), at byte \(offset)" }
}

/// Reads the primitives of the byte format: see `FORMAT.md`. Every read is checked; a forged count
/// can't make it allocate more than the bytes that are there.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  func fault(_ message: String) -> FormatError { FormatError(message, at: offset) }

  mutating func byte() throws(FormatError) -> UInt8 {
    guard offset < bytes.count else { throw fault("the data ends too early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func number<N: FixedWidthInteger & UnsignedInteger>(
    _: N.Type = N.self
  ) throws(FormatError) -> N {
    var value: N = 0
    var shift = 0
    while true {
      let next = try byte()
      let part = N(next & 0x7F)
      guard shift < N.bitWidth, part == 0 || (part << shift) >> shift == part else {
        throw fault("a number is too large")
      }
      value |= part << shift
      if next & 0x80 == 0 {
        guard next != 0 || shift == 0 else { throw fault("a number is not in its shortest form") }
        return value
      }
      shift += 7
    }
  }

  /// A count of things that take at least one byte each.
  mutating func count() throws(FormatError) -> Int {
    let value = try number(UInt64.self)
    guard value <= UInt64(bytes.count - offset) else {
      throw fault("a count is larger than the data")
    }
    return Int(value)
  }

  /// An index or other small number.
  mutating func index() throws(FormatError) -> Int {
    let value = try number(UInt64.self)
    guard value <= UInt64(Int32.max) else { throw fault("an index is too large") }
    return Int(value)
  }

  mutating func signed() throws(FormatError) -> Int64 {
    let raw = try number(UInt64.self)
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  mutating func string() throws(FormatError) -> String {
    let length = try count()
    defer { offset += length }
    guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else {
      throw fault("a text is not UTF-8")
    }
    return text
  }

  mutating func optional() throws(FormatError) -> String? { try flag() ? try string() : nil }

  mutating func flag() throws(FormatError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw fault("a flag is neither 0 nor 1")
    }
  }

  mutating func raw(_ length: Int) throws(FormatError) -> [UInt8] {
    guard length >= 0, length <= bytes.count - offset else {
      throw fault("the data ends too early")
    }
    defer { offset += length }
    return Array(bytes[offset..<offset + length])
  }

  mutating func list<Element>(
    _ read: (inout ByteReader) throws(FormatError) -> Element
  ) throws(FormatError) -> [Element] {
    let count = try count()
    var elements: [Element] = []
    elements.reserveCapacity(min(count, 4096))
    for _ in 0..<count { elements.append(try read(&self)) }
    return elements
  }
}
