/// Finds a tag with too many attributes before libxml2 sees it, whose check for repeated
/// attributes takes time in the square of their number.
struct AttributeLimit {
  /// How many attributes and namespace declarations one element may have.
  static let most = 256

  private let bytes: [UInt8]
  private var index: Int

  /// A check of `bytes` from `start` on.
  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    index = start
  }

  /// The first tag with more than `most` attributes, as far as the document is well-formed.
  ///
  /// Behind the first error this loses its way, and libxml2 stops there.
  mutating func firstExcess() -> SourceSpan? {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count else {
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "?"): skip(behind: "?>")
      case UInt8(ascii: "!"):
        if starts(with: "<!--") {
          index += 4
          skip(behind: "-->")
        } else if starts(with: "<![CDATA[") {
          skip(behind: "]]>")
        } else {
          return nil  // A document type: it is refused before anything behind it is read.
        }
      case UInt8(ascii: "/"): skip(behind: ">")
      default: if let excess = readTag() { return excess }
      }
    }
    return nil
  }

  private func starts(with text: StaticString) -> Bool {
    bytes[index...].starts(with: Array(text.description.utf8))
  }

  private mutating func skip(behind end: StaticString) {
    let end = Array(end.description.utf8)
    let last = end[end.count - 1]
    index += end.count - 1
    while index < bytes.count {
      if bytes[index] == last, bytes[(index + 1 - end.count)...index].elementsEqual(end) { break }
      index += 1
    }
    index += 1
  }

  /// Counts the quoted values up to the tag's `>`.
  private mutating func readTag() -> SourceSpan? {
    let start = index
    var count = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: ">") { return nil }
      guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { continue }
      count += 1
      if count > Self.most {
        let nameEnd = Markup.endOfName(in: bytes, from: start + 1, to: bytes.count)
        return SourceSpan(start, nameEnd)
      }
      while index < bytes.count, bytes[index] != byte { index += 1 }
      index += 1
    }
    return nil
  }
}
