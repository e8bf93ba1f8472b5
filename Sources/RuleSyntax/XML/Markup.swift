/// An attribute as it stands in a start tag.
struct RawAttribute {
  /// The name, prefix included.
  var name: SourceSpan
  /// The raw value without its quotes.
  var value: SourceSpan
}

/// Reads the bytes of tags, where libxml2 gives no places.
///
/// Everything here gives some answer for malformed bytes too; libxml2 is the one that refuses them.
enum Markup {
  /// True for XML's white space.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }

  /// Behind the name that starts at `start`.
  static func endOfName(in bytes: [UInt8], from start: Int, to end: Int) -> Int {
    var index = start
    while index < end {
      switch bytes[index] {
      case 0x20, 0x0A, 0x09, 0x0D, UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "/"),
        UInt8(ascii: "<"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "?"):
        return index
      default: index += 1
      }
    }
    return end
  }

  /// Appends the attributes in `start..<end`, what follows the name in a tag, to `attributes`.
  ///
  /// - Returns: where reading stopped: `end`, or the first byte that isn't part of an attribute.
  static func readAttributes(
    in bytes: [UInt8], from start: Int, to end: Int, into attributes: inout [RawAttribute]
  ) -> Int {
    var index = skipSpace(in: bytes, from: start, to: end)
    while index < end {
      let nameEnd = endOfName(in: bytes, from: index, to: end)
      let equals = skipSpace(in: bytes, from: nameEnd, to: end)
      guard nameEnd > index, equals < end, bytes[equals] == UInt8(ascii: "=") else { return index }
      let quote = skipSpace(in: bytes, from: equals + 1, to: end)
      guard quote < end, bytes[quote] == UInt8(ascii: "\"") || bytes[quote] == UInt8(ascii: "'")
      else { return index }
      var close = quote + 1
      while close < end, bytes[close] != bytes[quote] { close += 1 }
      attributes.append(
        RawAttribute(name: SourceSpan(index, nameEnd), value: SourceSpan(quote + 1, close)))
      index = skipSpace(in: bytes, from: min(close + 1, end), to: end)
    }
    return end
  }

  private static func skipSpace(in bytes: [UInt8], from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, isSpace(bytes[index]) { index += 1 }
    return index
  }

  /// The offset of the last `wanted` that starts before `end`; 0 when there is none.
  static func last(_ wanted: StaticString, in bytes: [UInt8], before end: Int) -> Int {
    wanted.withUTF8Buffer { wanted in
      var index = min(end, bytes.count) - wanted.count
      while index > 0 {
        if unsafe bytes[index] == wanted[0],
          unsafe bytes[index..<(index + wanted.count)].elementsEqual(wanted)
        {
          return index
        }
        index -= 1
      }
      return 0
    }
  }
}
