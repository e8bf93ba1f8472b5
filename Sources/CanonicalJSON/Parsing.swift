/// The deepest nesting of arrays and objects that the parser accepts.
public let jsonDepthLimit = 128

extension JSON {
  /// The value that `bytes` hold: strict RFC 8259, nothing beyond it.
  ///
  /// Refused besides syntax errors: a byte order mark, invalid UTF-8, half surrogates, a key twice
  /// in one object, nesting beyond ``jsonDepthLimit``, anything but white space after the value.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    try self.init(parsing: bytes.span)
  }

  /// The value that the bytes of `text` hold.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// The value that `bytes` hold; see ``init(parsing:)-([UInt8])``.
  public init(parsing bytes: Span<UInt8>) throws(JSONError) {
    var parser = Parser()
    do {
      self = try parser.document(bytes)
    } catch {
      throw JSONError(error.problem, at: error.offset, in: bytes)
    }
  }
}

/// A syntax error before its line and column are known.
private struct Failure: Error {
  var problem: JSONError.Problem
  var offset: Int
}

/// A recursive-descent parser whose depth is bounded; `position` is the next byte to read.
private struct Parser {
  var position = 0
  var depth = 0

  mutating func document(_ bytes: Span<UInt8>) throws(Failure) -> JSON {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw fail(.byteOrderMark)
    }
    skipSpace(bytes)
    let value = try value(bytes)
    skipSpace(bytes)
    if position < bytes.count { throw fail(.trailingContent) }
    return value
  }

  func fail(_ problem: JSONError.Problem) -> Failure {
    Failure(problem: problem, offset: position)
  }

  func unexpected(_ bytes: Span<UInt8>, expected: String) -> Failure {
    fail(position >= bytes.count ? .unexpectedEnd : .unexpected(expected: expected))
  }

  mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  mutating func value(_ bytes: Span<UInt8>) throws(Failure) -> JSON {
    guard position < bytes.count else { throw fail(.unexpectedEnd) }
    switch bytes[position] {
    case UInt8(ascii: "\""): return .string(try string(bytes))
    case UInt8(ascii: "{"): return try object(bytes)
    case UInt8(ascii: "["): return try array(bytes)
    case UInt8(ascii: "-"), 0x30...0x39: return .number(try number(bytes))
    case UInt8(ascii: "t"): return try literal("true", .bool(true), bytes)
    case UInt8(ascii: "f"): return try literal("false", .bool(false), bytes)
    case UInt8(ascii: "n"): return try literal("null", .null, bytes)
    default: throw fail(.unexpected(expected: "a JSON value"))
    }
  }

  mutating func literal(
    _ word: StaticString, _ value: JSON, _ bytes: Span<UInt8>
  ) throws(Failure) -> JSON {
    let text = word.description
    for byte in text.utf8 {
      guard position < bytes.count, bytes[position] == byte else {
        throw unexpected(bytes, expected: "`\(text)`")
      }
      position += 1
    }
    return value
  }

  mutating func enter() throws(Failure) {
    depth += 1
    if depth > jsonDepthLimit { throw fail(.tooDeep(limit: jsonDepthLimit)) }
    position += 1
  }

  mutating func array(_ bytes: Span<UInt8>) throws(Failure) -> JSON {
    try enter()
    defer { depth -= 1 }
    var elements: [JSON] = []
    skipSpace(bytes)
    if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      skipSpace(bytes)
      elements.append(try value(bytes))
      skipSpace(bytes)
      if try ends(bytes, with: UInt8(ascii: "]"), expected: "`,` or `]`") { break }
    }
    return .array(elements)
  }

  mutating func object(_ bytes: Span<UInt8>) throws(Failure) -> JSON {
    try enter()
    defer { depth -= 1 }
    var members: [JSON.Member] = []
    var keys = KeySet()
    skipSpace(bytes)
    if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    members.reserveCapacity(8)
    while true {
      skipSpace(bytes)
      let start = position
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw unexpected(bytes, expected: "a key in quotation marks")
      }
      let key = try string(bytes)
      guard keys.insert(key, members) else {
        throw Failure(problem: .duplicateKey(key), offset: start)
      }
      skipSpace(bytes)
      guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
        throw unexpected(bytes, expected: "`:`")
      }
      position += 1
      skipSpace(bytes)
      members.append(JSON.Member(key, try value(bytes)))
      skipSpace(bytes)
      if try ends(bytes, with: UInt8(ascii: "}"), expected: "`,` or `}`") { break }
    }
    return .object(members)
  }

  /// Steps over a comma (false) or over `close` (true).
  mutating func ends(
    _ bytes: Span<UInt8>, with close: UInt8, expected: String
  ) throws(Failure) -> Bool {
    guard position < bytes.count else { throw fail(.unexpectedEnd) }
    let byte = bytes[position]
    guard byte == close || byte == UInt8(ascii: ",") else {
      throw fail(.unexpected(expected: expected))
    }
    position += 1
    return byte == close
  }
}

// MARK: - Numbers and strings

extension Parser {
  mutating func number(_ bytes: Span<UInt8>) throws(Failure) -> String {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    let whole = digits(bytes)
    if whole == 0 { throw fail(.badNumber("a digit is missing")) }
    if whole > 1, bytes[firstDigit] == UInt8(ascii: "0") {
      throw Failure(problem: .badNumber("a leading zero"), offset: firstDigit)
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      if digits(bytes) == 0 { throw fail(.badNumber("no digit after the point")) }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      if digits(bytes) == 0 { throw fail(.badNumber("no digit in the exponent")) }
    }
    return asciiString(bytes, start..<position)
  }

  mutating func digits(_ bytes: Span<UInt8>) -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    return position - start
  }

  mutating func string(_ bytes: Span<UInt8>) throws(Failure) -> String {
    position += 1
    let start = position
    var seen: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      seen |= byte
      if byte == UInt8(ascii: "\"") {
        let range = start..<position
        let result = seen < 0x80 ? asciiString(bytes, range) : try text(bytes, range)
        position += 1
        return result
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(bytes, from: start) }
      if byte < 0x20 { throw fail(.controlCharacter) }
      position += 1
    }
    throw fail(.unexpectedEnd)
  }

  /// The rest of a string in which an escape was met; `start` is its first byte.
  mutating func escapedString(_ bytes: Span<UInt8>, from start: Int) throws(Failure) -> String {
    var buffer: [UInt8] = []
    var runStart = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        // Each run is whole UTF-8: it ends where an ASCII byte stands.
        try append(bytes, runStart..<position, to: &buffer)
        position += 1
        if byte == UInt8(ascii: "\"") { return String(decoding: buffer, as: UTF8.self) }
        let scalar = try escape(bytes)
        if scalar.isASCII {
          buffer.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
          buffer.append(contentsOf: String(Character(scalar)).utf8)
        }
        runStart = position
      } else if byte < 0x20 {
        throw fail(.controlCharacter)
      } else {
        position += 1
      }
    }
    throw fail(.unexpectedEnd)
  }

  /// Appends a range of bytes, checked to be UTF-8.
  private func append(
    _ bytes: Span<UInt8>, _ range: Range<Int>, to buffer: inout [UInt8]
  ) throws(Failure) {
    var seen: UInt8 = 0
    for index in range { seen |= bytes[index] }
    if seen >= 0x80 { _ = try text(bytes, range) }
    for index in range { buffer.append(bytes[index]) }
  }

  /// The character that an escape names; `position` stands behind the backslash.
  mutating func escape(_ bytes: Span<UInt8>) throws(Failure) -> Unicode.Scalar {
    guard position < bytes.count else { throw fail(.unexpectedEnd) }
    let start = position - 1
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(bytes, start: start)
    default: throw Failure(problem: .badEscape, offset: start)
    }
  }

  mutating func unicodeEscape(
    _ bytes: Span<UInt8>, start: Int
  ) throws(Failure) -> Unicode.Scalar {
    let first = try hexUnit(bytes)
    if let scalar = Unicode.Scalar(first) { return scalar }
    let lone = Failure(problem: .loneSurrogate, offset: start)
    guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw lone }
    position += 2
    let second = try hexUnit(bytes)
    guard (0xDC00...0xDFFF).contains(second) else { throw lone }
    let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
    guard let scalar = Unicode.Scalar(code) else { throw lone }
    return scalar
  }

  mutating func hexUnit(_ bytes: Span<UInt8>) throws(Failure) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count else { throw fail(.unexpectedEnd) }
      let digit: UInt8
      switch bytes[position] {
      case 0x30...0x39: digit = bytes[position] - 0x30
      case 0x41...0x46: digit = bytes[position] - 0x41 + 10
      case 0x61...0x66: digit = bytes[position] - 0x61 + 10
      default: throw fail(.badEscape)
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  /// The string of a range of bytes, checked to be UTF-8.
  func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      let offset = range.lowerBound + error.byteOffsets.lowerBound
      throw Failure(problem: .invalidUTF8, offset: offset)
    }
  }
}
