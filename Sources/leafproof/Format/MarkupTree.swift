/// A well-formed XML file as its markup stands: nothing decoded, nothing lost but white space
/// inside tags.
indirect enum MarkupNode {
  case element(MarkupElement)
  /// A comment or processing instruction, its delimiters included.
  case other([UInt8])
  /// Characters, references and CDATA sections.
  case text([UInt8])
}

/// An element.
struct MarkupElement {
  /// The name with its prefix.
  var name: [UInt8]
  /// Name and raw value of each attribute.
  var attributes: [(name: [UInt8], value: [UInt8])]
  /// What stands in it.
  var children: [MarkupNode] = []
  /// All of its bytes, tags included.
  var raw: ArraySlice<UInt8>

  /// Whether it holds nothing but white space.
  var isEmpty: Bool {
    children.allSatisfy { child in
      if case .text(let text) = child { text.allSatisfy(MarkupReader.isSpace) } else { false }
    }
  }
}

/// Reads the markup of a file that the XML parser has accepted: no DTD, well formed.
///
/// Gives nil where the bytes aren't what it expects, rather than ever guess.
struct MarkupReader {
  private let bytes: [UInt8]
  private var index = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The nodes of a file, the XML declaration being one; a byte order mark is left out.
  static func read(_ bytes: [UInt8]) -> [MarkupNode]? {
    var reader = MarkupReader(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
    guard let nodes = reader.nodes(depth: 0), reader.index == bytes.count else { return nil }
    return nodes
  }

  /// True for XML's white space.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }

  private func starts(_ text: StaticString) -> Bool {
    bytes[index...].starts(with: text.description.utf8)
  }

  /// Everything up to an end tag or the end.
  private mutating func nodes(depth: Int) -> [MarkupNode]? {
    guard depth < 1000 else { return nil }
    var nodes: [MarkupNode] = []
    while index < bytes.count, !starts("</") {
      if starts("<!--") {
        guard let comment = take(through: "-->") else { return nil }
        nodes.append(.other(comment))
      } else if starts("<?") {
        guard let instruction = take(through: "?>") else { return nil }
        nodes.append(.other(instruction))
      } else if bytes[index] == UInt8(ascii: "<"), !starts("<![CDATA[") {
        guard let element = element(depth: depth) else { return nil }
        nodes.append(.element(element))
      } else {
        guard let text = text() else { return nil }
        nodes.append(.text(text))
      }
    }
    return nodes
  }

  private mutating func take(through end: StaticString) -> [UInt8]? {
    let first = index
    while index < bytes.count {
      if bytes[index...].starts(with: end.description.utf8) {
        index += end.utf8CodeUnitCount
        return Array(bytes[first..<index])
      }
      index += 1
    }
    return nil
  }

  private mutating func text() -> [UInt8]? {
    var result: [UInt8] = []
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<") {
        guard starts("<![CDATA[") else { return result }
        guard let section = take(through: "]]>") else { return nil }
        result += section
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  private mutating func skipSpace() {
    while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
  }

  private mutating func name() -> [UInt8]? {
    let first = index
    while index < bytes.count, !Self.isSpace(bytes[index]), !"=/><\"'".utf8.contains(bytes[index]) {
      index += 1
    }
    return index == first ? nil : Array(bytes[first..<index])
  }

  private mutating func element(depth: Int) -> MarkupElement? {
    let first = index
    index += 1
    guard let name = name() else { return nil }
    var element = MarkupElement(name: name, attributes: [], raw: [])
    while true {
      skipSpace()
      guard index < bytes.count else { return nil }
      if starts("/>") {
        index += 2
        break
      }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        guard let children = nodes(depth: depth + 1), endTag(name) else { return nil }
        element.children = children
        break
      }
      guard let attribute = attribute() else { return nil }
      element.attributes.append(attribute)
    }
    element.raw = bytes[first..<index]
    return element
  }

  private mutating func attribute() -> (name: [UInt8], value: [UInt8])? {
    guard let name = name() else { return nil }
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return nil }
    index += 1
    skipSpace()
    guard index < bytes.count else { return nil }
    let quote = bytes[index]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    let first = index + 1
    index = first
    while index < bytes.count, bytes[index] != quote { index += 1 }
    guard index < bytes.count else { return nil }
    index += 1
    return (name, Array(bytes[first..<(index - 1)]))
  }

  private mutating func endTag(_ name: [UInt8]) -> Bool {
    guard starts("</") else { return false }
    index += 2
    guard bytes[index...].starts(with: name) else { return false }
    index += name.count
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { return false }
    index += 1
    return true
  }
}
