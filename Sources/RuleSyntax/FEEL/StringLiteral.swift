/// Reads one FEEL string literal (DMN 1.5 §10.3.1.2, rules 33 to 36).
struct StringLiteral {
  private let bytes: [UInt8]
  private let start: Int
  /// Where reading stands; behind the closing quote after `read()`.
  private(set) var index: Int
  private var value: [UInt8] = []

  /// A reader of the literal whose opening quote is at `start`.
  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    self.start = start
    index = start + 1
  }

  /// The string's value.
  mutating func read() throws(FEELProblem) -> String {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: value, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try readEscape()
      case 0x0A...0x0D:
        throw FEELProblem(
          .feelSyntax, "string runs over the end of the line", start, index,
          help: "close it with `\"`, or write `\\n` for a line break")
      default:
        value.append(byte)
        index += 1
      }
    }
    throw FEELProblem(.feelSyntax, "string isn't closed", start, index, help: "close it with `\"`")
  }

  private mutating func readEscape() throws(FEELProblem) {
    let escape = index
    index += 2
    switch escape + 1 < bytes.count ? bytes[escape + 1] : 0 {
    case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
    case UInt8(ascii: "'"): value.append(UInt8(ascii: "'"))
    case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "n"): value.append(0x0A)
    case UInt8(ascii: "r"): value.append(0x0D)
    case UInt8(ascii: "t"): value.append(0x09)
    case UInt8(ascii: "u"): append(try readUnit(escape), escape)
    case UInt8(ascii: "U"): append(try hexadecimal(6, escape), escape)
    default: throw badEscape(escape)
    }
    if badScalar { throw badEscape(escape) }
  }

  private var badScalar = false

  private mutating func append(_ code: UInt32, _ escape: Int) {
    guard let scalar = Unicode.Scalar(code) else {
      badScalar = true
      return
    }
    value.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  /// Behind `\u`: four digits, or two such escapes that form a surrogate pair.
  private mutating func readUnit(_ escape: Int) throws(FEELProblem) -> UInt32 {
    let unit = try hexadecimal(4, escape)
    guard unit >= 0xD800, unit < 0xDC00 else { return unit }
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { throw badEscape(escape) }
    index += 2
    let low = try hexadecimal(4, escape)
    guard low >= 0xDC00, low < 0xE000 else { throw badEscape(escape) }
    return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
  }

  private mutating func hexadecimal(_ digits: Int, _ escape: Int) throws(FEELProblem) -> UInt32 {
    guard index + digits <= bytes.count else { throw badEscape(escape) }
    var code: UInt32 = 0
    for byte in bytes[index..<(index + digits)] {
      switch byte {
      case 0x30...0x39: code = code << 4 + UInt32(byte - 0x30)
      case 0x41...0x46: code = code << 4 + UInt32(byte - 0x41 + 10)
      case 0x61...0x66: code = code << 4 + UInt32(byte - 0x61 + 10)
      default: throw badEscape(escape)
      }
    }
    index += digits
    return code
  }

  private func badEscape(_ escape: Int) -> FEELProblem {
    let next = FEELCharacters.scalar(in: bytes, at: escape + 1)?.length ?? 0
    return FEELProblem(
      .feelSyntax, "unknown escape in a string", escape,
      min(max(index, escape + 1 + next), bytes.count),
      help: "FEEL has `\\\"`, `\\'`, `\\\\`, `\\n`, `\\r`, `\\t`, `\\uXXXX` and `\\UXXXXXX`")
  }
}
