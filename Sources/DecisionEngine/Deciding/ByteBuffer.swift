import CanonicalJSON
import RuleProgram

/// Bytes that are written one run after the other, for what is written with every decision: an
/// `Array` asks at each run whether it is shared. The one file of the engine that leaves the checked
/// world.
@safe struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes are written.
  private(set) var count = 0

  /// A buffer without bytes, with room for `capacity`.
  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(capacity: self.capacity)
  }

  deinit { unsafe base.deallocate() }

  /// The bytes.
  var bytes: [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: base, count: count))
  }

  /// Makes room for `more` bytes behind those that are written.
  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if _slowPath(more > capacity - count) { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe larger.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
  }

  @inline(__always)
  private mutating func append(_ start: UnsafePointer<UInt8>, _ length: Int) {
    reserve(length)
    unsafe (base + count).update(from: start, count: length)
    count += length
  }

  /// Appends a byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe base[count] = byte
    count += 1
  }

  /// Appends a literal.
  @inline(__always)
  mutating func append(_ text: StaticString) {
    unsafe append(text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Appends bytes.
  @inline(__always)
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { unsafe append(start, source.count) }
    }
  }

  /// Appends an array's bytes.
  @inline(__always)
  mutating func append(_ bytes: [UInt8]) { append(bytes.span) }

  /// Appends a string's bytes.
  mutating func append(bytesOf text: String) { append(text.utf8Span.span) }

  /// Appends the hexadecimal digits of bytes.
  mutating func append(hexOf bytes: [UInt8]) {
    reserve(2 * bytes.count)
    var place = 0
    while place + 8 <= bytes.count {
      // The first byte the highest, so that the digits come in their order.
      let word = eightBytes(bytes.span, place).byteSwapped
      let target = unsafe UnsafeMutableRawPointer(base + count)
      unsafe target.storeBytes(
        of: Hexadecimal.digits(UInt32(word >> 32)).bigEndian, as: UInt64.self)
      unsafe target.storeBytes(
        of: Hexadecimal.digits(UInt32(truncatingIfNeeded: word)).bigEndian, toByteOffset: 8,
        as: UInt64.self)
      count += 16
      place += 8
    }
    for byte in bytes[place...] {
      append(Hexadecimal.digit(byte >> 4))
      append(Hexadecimal.digit(byte & 15))
    }
  }

  /// Takes bytes back, so that `count` are left.
  mutating func shrink(to count: Int) { self.count = min(self.count, count) }

  /// Appends a string's bytes with the escapes of RFC 8785 section 3.2.2.2: the short ones where
  /// they exist, `\u00xx` for other control characters, everything else as it is.
  mutating func append(escaping text: Span<UInt8>) {
    var place = 0
    reserve(text.count + text.count / 4 + 16)
    while place < text.count {
      // An escape has six bytes at most, and a run of eight is written whole.
      reserve(16)
      if place + 8 <= text.count {
        let word = eightBytes(text, place)
        let step = firstSpecial(word, orBeyondASCII: false)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(
          of: word.littleEndian, as: UInt64.self)
        count += step
        place += step
        if step == 8 { continue }
      }
      let byte = text[place]
      place += 1
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        unsafe base[count] = byte
        count += 1
      } else {
        appendEscape(of: byte)
      }
    }
  }

  @inline(__always)
  private mutating func appendEscape(of byte: UInt8) {
    unsafe base[count] = UInt8(ascii: "\\")
    let letter: UInt8
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
    case 0x08: letter = UInt8(ascii: "b")
    case 0x09: letter = UInt8(ascii: "t")
    case 0x0A: letter = UInt8(ascii: "n")
    case 0x0C: letter = UInt8(ascii: "f")
    case 0x0D: letter = UInt8(ascii: "r")
    default:
      append("\\u00")
      append(Hexadecimal.digit(byte >> 4))
      append(Hexadecimal.digit(byte & 15))
      return
    }
    unsafe base[count + 1] = letter
    count += 2
  }

  /// Appends a value of a document as canonical JSON.
  mutating func append(_ place: JSONDocument.Place, of document: borrowing JSONDocument) {
    let range = document.range(place)
    let bytes = document.bytes.span
    switch document.kind(place) {
    case .null, .false, .true: append(bytes.extracting(range))
    case .string where document.isPlain(place):
      append(bytes.extracting(range.lowerBound - 1..<range.upperBound + 1))
    case .number where isCanonicalNumber(bytes.extracting(range)):
      append(bytes.extracting(range))
    default: append(document.json(place).canonicalBytes)
    }
  }

  /// Appends a value as ``Value/json`` has it.
  mutating func append(_ value: Value) {
    if case .number(let number) = value {
      let text = number.description
      if isCanonicalNumber(text.utf8Span.span) { return append(bytesOf: text) }
    }
    append(value.json.canonicalBytes)
  }
}
