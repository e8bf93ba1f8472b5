/// Writes a document in the canonical layout:
///
/// - Two spaces of indentation, one element a line; of a tag longer than 100 characters the
///   attributes go on in the next line, below the first.
/// - A branch, arm or leaf with one child stands on one line where that has room.
/// - Titles, labels, reasons and the like have single spaces; expressions stay as written.
/// - A value or expression with one label, and anything else that holds only a label, stands on one
///   line where that has room; otherwise each label has its line.
/// - Comments stay where they are; of several empty lines one stays.
/// - Values stand in double quotes unless they hold one.
///
/// Elements of other namespaces stay as they are, byte for byte.
struct Layout {
  static let width = 100
  /// Elements with a text whose runs of white space mean one space.
  private static let prose: Set<String> = [
    "title", "label", "authority", "reason", "justification", "owner",
  ]
  /// Elements with a text that counts to the letter, except at its ends.
  static let verbatim: Set<String> = ["value", "derived", "set"]
  /// Elements that may stand on one line with their only child.
  private static let compact: Set<String> = ["case", "otherwise", "missing", "leaf", "arm"]

  var output: [UInt8] = []
  /// The prefix of our namespace with its colon; empty for the default namespace.
  private let prefix: [UInt8]

  private init(prefix: [UInt8]) { self.prefix = prefix }

  /// The canonical layout of a well-formed document of ours; nil when its markup can't be read.
  static func canonical(_ bytes: [UInt8]) -> [UInt8]? {
    let normalized = lineFeeds(bytes)
    guard let nodes = MarkupReader.read(normalized) else { return nil }
    var root: MarkupElement?
    for case .element(let element) in nodes { root = element }
    guard let root else { return nil }
    let colon = root.name.firstIndex(of: UInt8(ascii: ":"))
    var layout = Layout(prefix: colon.map { Array(root.name[...$0]) } ?? [])
    layout.write(nodes, indentation: 0, isRoot: true)
    return layout.output
  }

  /// The bytes with CR LF and CR made LF, as an XML parser does (XML 1.0 §2.11).
  private static func lineFeeds(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(0x0D) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0D {
        result.append(0x0A)
      } else if byte != 0x0A || previous != 0x0D {
        result.append(byte)
      }
      previous = byte
    }
    return result
  }

  // MARK: - Nodes

  private mutating func write(_ nodes: [MarkupNode], indentation: Int, isRoot: Bool = false) {
    var isFirst = true
    var lineFeeds = 0
    for node in nodes {
      switch node {
      case .text(let text):
        // Between elements there is only white space: what else stood there was refused.
        lineFeeds += text.count { $0 == 0x0A }
      case .other(let markup):
        if !isFirst, lineFeeds == 0, markup.starts(with: "<!--".utf8) {
          // A comment behind an element on its line stays there.
          if output.last == 0x0A { output.removeLast() }
          output += Array(" ".utf8) + markup + [0x0A]
        } else {
          separate(isFirst, lineFeeds)
          indent(indentation)
          output += markup + [0x0A]
        }
        lineFeeds = 0
        isFirst = false
      case .element(let element):
        separate(isFirst, lineFeeds)
        write(element, indentation: indentation, isRoot: isRoot)
        lineFeeds = 0
        isFirst = false
      }
    }
  }

  /// One empty line where there were some.
  private mutating func separate(_ isFirst: Bool, _ lineFeeds: Int) {
    if !isFirst, lineFeeds > 1 { output.append(0x0A) }
  }

  mutating func indent(_ count: Int) {
    output.append(contentsOf: repeatElement(0x20, count: count))
  }

  mutating func write(_ element: MarkupElement, indentation: Int, isRoot: Bool) {
    indent(indentation)
    if let line = line(element, isRoot: isRoot), indentation + Self.width(line) <= Self.width {
      output += line + [0x0A]
      return
    }
    if let labelled = labelledText(element) {
      write(element, labelled, indentation)
      return
    }
    guard let name = localName(element, isRoot: isRoot) else {
      output += element.raw + [0x0A]
      return
    }
    if element.isEmpty {
      output += startTag(element, indentation, end: "/>") + [0x0A]
    } else if holdsText(name) {
      output += startTag(element, indentation, end: ">") + text(element, name)
      output += endTag(element) + [0x0A]
    } else {
      output += startTag(element, indentation, end: ">") + [0x0A]
      write(element.children, indentation: indentation + 2)
      indent(indentation)
      output += endTag(element) + [0x0A]
    }
  }

  private func holdsText(_ name: String) -> Bool {
    Self.prose.contains(name) || Self.verbatim.contains(name)
  }

  /// The name without its prefix; nil for an element that isn't ours, or may not be.
  func localName(_ element: MarkupElement, isRoot: Bool) -> String? {
    let colon = element.name.firstIndex(of: UInt8(ascii: ":"))
    guard (colon.map { Array(element.name[...$0]) } ?? []) == prefix else { return nil }
    let isPlain = element.attributes.allSatisfy { attribute in
      !attribute.name.starts(with: "xml".utf8) || attribute.name.elementsEqual("xml:lang".utf8)
    }
    guard isRoot || isPlain else { return nil }
    return String(decoding: element.name[(colon.map { $0 + 1 } ?? 0)...], as: UTF8.self)
  }

  // MARK: - On one line

  /// The whole element on one line; nil where that isn't its form.
  func line(_ element: MarkupElement, isRoot: Bool) -> [UInt8]? {
    guard let name = localName(element, isRoot: isRoot) else { return nil }
    var start = Array("<".utf8) + element.name
    for attribute in element.attributes { start += [0x20] + Self.attribute(attribute) }
    if element.isEmpty { return start + Array("/>".utf8) }
    if let labelled = labelledText(element) {
      return line(labelled).map { start + [UInt8(ascii: ">")] + $0 + endTag(element) }
    }
    if holdsText(name) {
      let text = text(element, name)
      return text.contains(0x0A) ? nil : start + [UInt8(ascii: ">")] + text + endTag(element)
    }
    guard let child = onlyChild(element),
      Self.compact.contains(name) || localName(child, isRoot: false) == "label",
      let inner = line(child, isRoot: false)
    else { return nil }
    return start + [UInt8(ascii: ">")] + inner + endTag(element)
  }

  /// The one element that another holds, without comments.
  private func onlyChild(_ element: MarkupElement) -> MarkupElement? {
    var result: MarkupElement?
    for child in element.children {
      switch child {
      case .text: continue
      case .other: return nil
      case .element(let inner):
        if result != nil { return nil }
        result = inner
      }
    }
    return result
  }

  /// Columns of UTF-8 text, one for each character.
  static func width(_ bytes: [UInt8]) -> Int { bytes.count { $0 & 0xC0 != 0x80 } }

  // MARK: - Parts

  func startTag(_ element: MarkupElement, _ indentation: Int, end: String) -> [UInt8] {
    let attributes = element.attributes.map(Self.attribute)
    let head = Array("<".utf8) + element.name
    let line = head + Array(attributes.map { [0x20] + $0 }.joined()) + Array(end.utf8)
    if indentation + Self.width(line) <= Self.width { return line }
    let margin = indentation + Self.width(head)
    var result = head
    var column = margin
    for (index, attribute) in attributes.enumerated() {
      let tail = index + 1 == attributes.count ? end.utf8.count : 0
      let width = 1 + Self.width(attribute)
      if index > 0, column + width + tail > Self.width {
        result += [0x0A] + repeatElement(0x20, count: margin)
        column = margin
      }
      result += [0x20] + attribute
      column += width
    }
    return result + Array(end.utf8)
  }

  func endTag(_ element: MarkupElement) -> [UInt8] {
    Array("</".utf8) + element.name + Array(">".utf8)
  }

  /// `NAME="VALUE"`; line ends and tabs in the value become spaces, as a parser reads them.
  private static func attribute(_ attribute: (name: [UInt8], value: [UInt8])) -> [UInt8] {
    let double = UInt8(ascii: "\"")
    let quote = attribute.value.contains(double) ? UInt8(ascii: "'") : double
    let value = attribute.value.map { $0 == 0x0A || $0 == 0x09 ? 0x20 : $0 }
    return attribute.name + [UInt8(ascii: "="), quote] + value + [quote]
  }

  private func text(_ element: MarkupElement, _ name: String) -> [UInt8] {
    var raw: [UInt8] = []
    var isPlain = true
    for child in element.children {
      switch child {
      case .text(let text):
        raw += text
        if text.contains(UInt8(ascii: "<")) { isPlain = false }
      case .other(let markup):
        raw += markup
        isPlain = false
      case .element(let inner):
        raw += inner.raw
        isPlain = false
      }
    }
    let trimmed = Self.trimmed(raw)
    guard isPlain, Self.prose.contains(name) else { return trimmed }
    let words = trimmed.split(whereSeparator: MarkupReader.isSpace)
    return Array(words.joined(separator: [0x20]))
  }

  static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    guard let first = bytes.firstIndex(where: { !MarkupReader.isSpace($0) }),
      let last = bytes.lastIndex(where: { !MarkupReader.isSpace($0) })
    else { return [] }
    return Array(bytes[first...last])
  }
}
