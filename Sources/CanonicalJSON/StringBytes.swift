// The hot loops of reading and writing: the only file here that leaves the checked world.

/// Whether two strings have the same UTF-8 bytes. (`==` on `String` compares up to canonical
/// equivalence, which JSON keys do not.)
func sameBytes(_ left: String, _ right: String) -> Bool {
  guard left.utf8.count == right.utf8.count else { return false }
  return withBytes(of: left) { left in withBytes(of: right) { right in sameBytes(left, right) } }
}

/// Whether two runs of bytes are equal.
package func sameBytes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBytes { left in
    unsafe right.withUnsafeBytes { right in unsafe sameBytes(left, right) }
  }
}

/// The same of buffers of one length.
private func sameBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard let a = left.baseAddress, let b = right.baseAddress else { return true }
  let count = left.count
  var place = 0
  // Without an exit inside, so that the compiler takes the four words at once.
  while place &+ 32 <= count {
    var difference: UInt64 = 0
    for step in 0..<4 {
      let offset = place &+ 8 &* step
      difference |=
        unsafe a.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ^ b.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
    if difference != 0 { return false }
    place &+= 32
  }
  while place &+ 8 <= count {
    let word = unsafe a.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    if unsafe word != b.loadUnaligned(fromByteOffset: place, as: UInt64.self) { return false }
    place &+= 8
  }
  while place < count {
    if unsafe a.load(fromByteOffset: place, as: UInt8.self)
      != b.load(fromByteOffset: place, as: UInt8.self)
    {
      return false
    }
    place &+= 1
  }
  return true
}

/// Eight bytes from `place` on as one number, the first of them the lowest. They must be there.
@inlinable
@inline(__always)
package func eightBytes(_ bytes: Span<UInt8>, _ place: Int) -> UInt64 {
  UInt64(
    littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
}

/// For eight bytes: where the first stands that can't be copied into a string as it is (a quotation
/// mark, a backslash, a control character) or isn't ASCII; 8 when there is none.
///
/// The tests for single bytes carry over from a byte that passes to those above it only, so the
/// lowest bit is always right.
@inlinable
@inline(__always)
package func firstSpecial(_ word: UInt64, orBeyondASCII high: Bool) -> Int {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let tops: UInt64 = 0x8080_8080_8080_8080
  let quote = word ^ (ones &* 0x22)
  let slash = word ^ (ones &* 0x5C)
  var found =
    ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)
  if high { found |= word }
  return (found & tops).trailingZeroBitCount >> 3
}

/// Calls `body` with the UTF-8 bytes of `text`.
@inline(__always)
func withBytes<R>(of text: String, _ body: (Span<UInt8>) -> R) -> R {
  let result = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
    body(unsafe Span(_unsafeElements: buffer))
  }
  // Strings that bridge from elsewhere may have no contiguous storage.
  return result ?? body(Array(text.utf8).span)
}

/// The string of ASCII bytes in a range.
@inline(__always)
func asciiString(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
  unsafe bytes.extracting(range).withUnsafeBufferPointer {
    unsafe String(decoding: $0, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a string's bytes.
  @inline(__always)
  mutating func append(bytesOf text: String) {
    let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
      unsafe append(contentsOf: buffer)
    }
    if isDone == nil { append(contentsOf: Array(text.utf8)) }
  }

  /// Appends bytes.
  @inline(__always)
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

/// Appends a string's bytes with the escapes of RFC 8785 section 3.2.2.2: the short ones where they
/// exist, `\u00xx` for other control characters, everything else as it is.
func appendEscaped(_ text: Span<UInt8>, to out: inout [UInt8]) {
  var start = 0
  var place = 0
  while place < text.count {
    if place + 8 <= text.count {
      let step = firstSpecial(eightBytes(text, place), orBeyondASCII: false)
      place += step
      if step == 8 { continue }
    }
    let byte = text[place]
    if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      place += 1
      continue
    }
    out.append(text.extracting(start..<place))
    out += escape(of: byte).utf8
    place += 1
    start = place
  }
  out.append(text.extracting(start..<text.count))
}

private func escape(of byte: UInt8) -> String {
  switch byte {
  case UInt8(ascii: "\""): "\\\""
  case UInt8(ascii: "\\"): "\\\\"
  case 0x08: "\\b"
  case 0x09: "\\t"
  case 0x0A: "\\n"
  case 0x0C: "\\f"
  case 0x0D: "\\r"
  default: (byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16)
  }
}

/// A string as it stands in JSON, its escapes resolved.
package struct UnescapedText {
  /// Its bytes. Those beyond ASCII were copied unchecked.
  package let bytes: [UInt8]
  /// The place of the closing quotation mark.
  package let end: Int
  /// Whether it stands there with the escapes that canonical JSON has, and no others.
  package let isCanonical: Bool
}

/// The string whose opening quotation mark stands before `start`; nil for what takes a closer look: a
/// `\u` escape, a control character, no end.
package func unescaped(_ bytes: Span<UInt8>, from start: Int) -> UnescapedText? {
  var end: Int?
  var isCanonical = true
  let text = unsafe bytes.withUnsafeBytes { bytes in
    unsafe [UInt8](unsafeUninitializedCapacity: bytes.count - start + 8) { buffer, count in
      guard let source = bytes.baseAddress, let base = buffer.baseAddress else {
        return
      }
      let target = UnsafeMutableRawPointer(base)
      let limit = bytes.count
      var place = start
      var written = 0
      defer { count = written }
      while place < limit {
        // Eight bytes are written whole; what is behind a special one is written over later. There
        // is room, as never more is written than was read.
        if place &+ 8 <= limit {
          let word = unsafe UInt64(
            littleEndian: source.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          let step = firstSpecial(word, orBeyondASCII: false)
          unsafe target.storeBytes(of: word.littleEndian, toByteOffset: written, as: UInt64.self)
          written &+= step
          place &+= step
          if step == 8 { continue }
        }
        var byte = unsafe source.load(fromByteOffset: place, as: UInt8.self)
        place &+= 1
        if byte == UInt8(ascii: "\"") {
          end = place - 1
          return
        }
        if byte == UInt8(ascii: "\\") {
          guard place < limit else { return }
          let letter = unsafe source.load(fromByteOffset: place, as: UInt8.self)
          if letter != UInt8(ascii: "\"") {
            guard let plain = shortEscape(letter) else { return }
            if letter == UInt8(ascii: "/") { isCanonical = false }
            byte = plain
          } else {
            byte = letter
          }
          place &+= 1
        } else if byte < 0x20 {
          return
        }
        unsafe target.storeBytes(of: byte, toByteOffset: written, as: UInt8.self)
        written &+= 1
      }
    }
  }
  return end.map { UnescapedText(bytes: text, end: $0, isCanonical: isCanonical) }
}

/// What a backslash and `byte` stand for; nil for `u`, and for what is no escape.
private func shortEscape(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
  case UInt8(ascii: "b"): 0x08
  case UInt8(ascii: "f"): 0x0C
  case UInt8(ascii: "n"): 0x0A
  case UInt8(ascii: "r"): 0x0D
  case UInt8(ascii: "t"): 0x09
  default: nil
  }
}

extension [UInt8] {
  /// A copy of a range of bytes.
  package init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    self = unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
  }
}

extension Span<UInt8> {
  /// Whether `text` stands at `place`.
  package func holds(_ text: StaticString, at place: Int) -> Bool {
    guard place >= 0, place + text.utf8CodeUnitCount <= count else { return false }
    let other = unsafe Span(
      _unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
    return sameBytes(extracting(place..<place + text.utf8CodeUnitCount), other)
  }

  /// The place behind the first `text` from `start` on; nil when there is none.
  ///
  /// - Parameter rare: the place in `text` of a byte that is seldom met, which is looked for first.
  package func place(behind text: StaticString, rare: Int, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let pattern = ones &* UInt64(unsafe text.utf8Start[rare])
    var place = start + rare
    while place + 8 <= count {
      let word = eightBytes(self, place) ^ pattern
      let found = (word &- ones) & ~word & (ones &* 0x80)
      if found == 0 {
        place += 8
        continue
      }
      place += found.trailingZeroBitCount >> 3
      if holds(text, at: place - rare) { return place - rare + text.utf8CodeUnitCount }
      place += 1
    }
    return nil
  }

  /// The string of a range that holds ASCII without quotation marks, backslashes and control
  /// characters; nil for another.
  package func plainASCII(_ range: Range<Int>) -> String? {
    var place = range.lowerBound
    while place + 8 <= range.upperBound {
      if firstSpecial(eightBytes(self, place), orBeyondASCII: true) < 8 { return nil }
      place += 8
    }
    for place in place..<range.upperBound {
      let byte = self[place]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return nil
      }
    }
    return asciiString(self, range)
  }
}
