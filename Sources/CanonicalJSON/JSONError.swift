/// Why bytes are not JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was wrong.
  public enum Problem: Equatable, Sendable {
    /// The text ends before the value does.
    case unexpectedEnd
    /// A byte that can't stand here; `expected` says what can.
    case unexpected(expected: String)
    /// Something other than white space follows the value.
    case trailingContent
    /// A number that RFC 8259 section 6 doesn't allow; the text says what is wrong with it.
    case badNumber(String)
    /// A control character below U+0020 inside a string.
    case controlCharacter
    /// A backslash that no valid escape follows.
    case badEscape
    /// A `\u` escape for one half of a surrogate pair without its other half.
    case loneSurrogate
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A byte order mark at the start.
    case byteOrderMark
    /// A key that its object already has.
    case duplicateKey(String)
    /// Arrays and objects nested deeper than the limit.
    case tooDeep(limit: Int)
    /// RFC 8785 was asked for a number beyond the range of a double.
    case numberOutOfRange
  }

  /// What was wrong.
  public var problem: Problem
  /// The place in bytes from the start, from 0.
  public var offset: Int
  /// The line, from 1.
  public var line: Int
  /// The column in characters (Unicode scalars), from 1.
  public var column: Int

  /// `LINE:COLUMN: what is wrong`; it holds no value of the text, only a repeated key.
  public var description: String { "\(line):\(column): \(message)" }

  /// What is wrong, without the place.
  public var message: String {
    switch problem {
    case .unexpectedEnd: "the JSON text ends too early"
    case .unexpected(let expected): "expected \(expected)"
    case .trailingContent: "something follows the end of the JSON value"
    case .badNumber(let why): "not a JSON number: \(why)"
    case .controlCharacter: "a control character in a string must be escaped"
    case .badEscape: "not an escape sequence that JSON knows"
    case .loneSurrogate: "half of a surrogate pair without its other half"
    case .invalidUTF8: "not valid UTF-8"
    case .byteOrderMark: "a byte order mark at the start; save the text without it"
    case .duplicateKey(let key): "the key `\(key.prefix(64))` stands twice in one object"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .numberOutOfRange: "a number beyond the range of a double"
    }
  }

  init(_ problem: Problem, at offset: Int, in bytes: Span<UInt8>) {
    self.problem = problem
    self.offset = offset
    line = 1
    column = 1
    for position in 0..<min(offset, bytes.count) {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
  }
}
