/// Text with its XML escapes resolved and the way back to the source.
struct XMLText {
  /// The text as UTF-8.
  private(set) var bytes: [UInt8] = []
  /// For each byte of the text where it stands in the file.
  private(set) var offsets: [Int32] = []
  /// For each byte of the text where that which stands for it in the file ends.
  private var ends: [Int32] = []
  private var end: Int

  /// What a piece of source is, which decides about its white space.
  enum Place {
    /// An attribute's value: tabs and line ends are spaces (XML 1.0 §3.3.3).
    case attribute
    /// An element's content: CR LF is one line feed (§2.11); there is markup to skip.
    case content
  }

  /// The text of the pieces `spans` of well-formed `source`.
  init(_ source: [UInt8], _ spans: [SourceSpan], _ place: Place) {
    end = spans.first?.lower ?? 0
    for span in spans {
      switch place {
      case .attribute: readCharacters(source, span.lower, span.upper, lineFeed: 0x20, tab: 0x20)
      case .content: readContent(source, span)
      }
      end = span.upper
    }
  }

  /// The text of `spans` without white space at its ends.
  static func expression(
    _ source: [UInt8], _ spans: [SourceSpan], _ place: Place
  ) -> ExpressionText {
    if spans.count == 1, let plain = plain(source, spans[0], place) { return plain }
    return XMLText(source, spans, place).expression
  }

  /// The same for the usual case, in which the text stands in the file as it is.
  private static func plain(
    _ source: [UInt8], _ span: SourceSpan, _ place: Place
  ) -> ExpressionText? {
    var lower = span.lower
    var upper = span.upper
    while lower < upper, Markup.isSpace(source[lower]) { lower += 1 }
    while lower < upper, Markup.isSpace(source[upper - 1]) { upper -= 1 }
    for byte in source[lower..<upper] {
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), 0x0D: return nil
      case 0x09, 0x0A: if place == .attribute { return nil }
      default: break
      }
    }
    if lower == upper { return nil }
    return ExpressionText(
      text: String(decoding: source[lower..<upper], as: UTF8.self), span: SourceSpan(lower, upper))
  }

  /// The text as an expression.
  private var expression: ExpressionText {
    let first = bytes.firstIndex { !Markup.isSpace($0) } ?? bytes.count
    let behind = (bytes.lastIndex { !Markup.isSpace($0) } ?? first - 1) + 1
    let text = String(decoding: bytes[first..<behind], as: UTF8.self)
    let lower = first < offsets.count ? Int(offsets[first]) : end
    let span = SourceSpan(lower, behind > first ? Int(ends[behind - 1]) : lower)
    if span.upper - span.lower == behind - first {
      return ExpressionText(text: text, span: span, offsets: nil)
    }
    let map = offsets[first..<behind] + [Int32(truncatingIfNeeded: span.upper)]
    return ExpressionText(text: text, span: span, offsets: Array(map))
  }

  private mutating func append(_ byte: UInt8, _ lower: Int, _ upper: Int) {
    bytes.append(byte)
    offsets.append(Int32(truncatingIfNeeded: lower))
    ends.append(Int32(truncatingIfNeeded: upper))
  }

  private mutating func readContent(_ source: [UInt8], _ span: SourceSpan) {
    var index = span.lower
    while index < span.upper {
      var next = index
      while next < span.upper, source[next] != UInt8(ascii: "<") { next += 1 }
      readCharacters(source, index, next, lineFeed: 0x0A, tab: 0x09)
      guard next < span.upper else { return }
      if source[next..<span.upper].starts(with: Array("<![CDATA[".utf8)) {
        let close = Self.find("]]>", source, next + 9, span.upper)
        readLiteral(source, next + 9, close)
        index = close + 3
      } else if source[next..<span.upper].starts(with: Array("<!--".utf8)) {
        index = Self.find("-->", source, next + 4, span.upper) + 3
      } else {
        index = Self.find("?>", source, next + 2, span.upper) + 2
      }
    }
  }

  private static func find(
    _ wanted: StaticString, _ source: [UInt8], _ start: Int, _ end: Int
  ) -> Int {
    let wanted = Array(wanted.description.utf8)
    var index = min(start, end)
    while index + wanted.count <= end {
      if source[index] == wanted[0], source[index..<(index + wanted.count)].elementsEqual(wanted) {
        return index
      }
      index += 1
    }
    return end
  }

  /// A CDATA section: no references, but line ends count as elsewhere.
  private mutating func readLiteral(_ source: [UInt8], _ lower: Int, _ upper: Int) {
    var index = lower
    while index < upper {
      index = readByte(source, index, upper, lineFeed: 0x0A, tab: 0x09)
    }
  }

  private mutating func readCharacters(
    _ source: [UInt8], _ lower: Int, _ upper: Int, lineFeed: UInt8, tab: UInt8
  ) {
    var index = lower
    while index < upper {
      if source[index] == UInt8(ascii: "&") {
        index = readReference(source, index, upper)
      } else {
        index = readByte(source, index, upper, lineFeed: lineFeed, tab: tab)
      }
    }
  }

  private mutating func readByte(
    _ source: [UInt8], _ index: Int, _ upper: Int, lineFeed: UInt8, tab: UInt8
  ) -> Int {
    switch source[index] {
    case 0x0D:
      let isPair = index + 1 < upper && source[index + 1] == 0x0A
      append(lineFeed, index, index + (isPair ? 2 : 1))
      return index + (isPair ? 2 : 1)
    case 0x0A: append(lineFeed, index, index + 1)
    case 0x09: append(tab, index, index + 1)
    default: append(source[index], index, index + 1)
    }
    return index + 1
  }

  /// `&lt;` and the like, `&#60;`, `&#x3C;`.
  private mutating func readReference(_ source: [UInt8], _ index: Int, _ upper: Int) -> Int {
    var close = index + 1
    while close < upper, source[close] != UInt8(ascii: ";") { close += 1 }
    let behind = min(close + 1, upper)
    let name = String(decoding: source[(index + 1)..<close], as: UTF8.self)
    for byte in Self.resolve(name).utf8 { append(byte, index, behind) }
    return behind
  }

  private static func resolve(_ name: String) -> String {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let code =
        name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(1))
      guard let scalar = code.flatMap(Unicode.Scalar.init) else { return "\u{FFFD}" }
      return String(Character(scalar))
    }
  }
}
