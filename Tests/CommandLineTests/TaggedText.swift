import Foundation
import SeededRandom

/// An XML text as its tags, for changing one of them. Comments are left out.
struct TaggedText {
  /// A start tag or empty-element tag.
  private struct Tag {
    let name: String
    let range: Range<String.Index>
    /// The whole element.
    var element: Range<String.Index>
    /// Its attributes with the space in front of them.
    let attributes: [Range<String.Index>]
  }

  private let text: String
  private let tags: [Tag]

  /// Reads a well-formed text without CDATA sections.
  init(_ source: String) {
    var text = source
    while let start = text.range(of: "<!--"),
      let end = text.range(of: "-->", range: start.upperBound..<text.endIndex)
    {
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    self.text = text
    tags = Self.tags(in: text)
  }

  private static func tags(in text: String) -> [Tag] {
    let attribute = #/\s+[\w:.\-]+\s*=\s*(?:"[^"]*"|'[^']*')/#
    let tag = #/<(/?)([\w:.\-]+)((?:\s+[\w:.\-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>/#
    var tags: [Tag] = []
    var open: [Int] = []
    for match in text.matches(of: tag) {
      if !match.1.isEmpty {
        guard let last = open.popLast() else { continue }
        tags[last].element = tags[last].range.lowerBound..<match.range.upperBound
        continue
      }
      let inner = text[match.3.startIndex..<match.3.endIndex]
      tags.append(
        Tag(
          name: String(match.2), range: match.range, element: match.range,
          attributes: inner.matches(of: attribute).map(\.range)))
      if match.4.isEmpty { open.append(tags.count - 1) }
    }
    return tags
  }

  /// The text with one change of shape; nil where the one that chance chose isn't possible.
  func mutated(using generator: inout SeededGenerator) -> String? {
    guard let tag = tags.randomElement(using: &generator) else { return nil }
    let isRoot = tag.range == tags.first?.range
    let attribute = tag.attributes.randomElement(using: &generator)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return isRoot ? nil : replacing(tag.element, "")
    case 1: return isRoot ? nil : replacing(tag.element, text[tag.element] + text[tag.element])
    case 2: return isRoot ? nil : renamed(tag)
    case 3: return attribute.map { replacing($0, "") }
    case 4:
      return attribute.map {
        replacing($0, text[$0].replacing("=", with: "x=", maxReplacements: 1))
      }
    case 5: return attribute.map { replacing($0, text[$0] + text[$0]) }
    case 6: return replacing(tag.range.upperBound..<tag.range.upperBound, "<surprise/>")
    default: return isRoot ? nil : swapped(tag)
    }
  }

  private func replacing(_ range: Range<String.Index>, _ new: some StringProtocol) -> String {
    text.replacingCharacters(in: range, with: String(new))
  }

  private func renamed(_ tag: Tag) -> String {
    var element = String(text[tag.element])
    element.replace("<\(tag.name)", with: "<\(tag.name)x", maxReplacements: 1)
    if element.hasSuffix("</\(tag.name)>") {
      element.removeLast()
      element += "x>"
    }
    return replacing(tag.element, element)
  }

  /// The element behind its next sibling, or nil when it is the last.
  private func swapped(_ tag: Tag) -> String? {
    guard let next = tags.first(where: { $0.element.lowerBound >= tag.element.upperBound }),
      text[tag.element.upperBound..<next.element.lowerBound].allSatisfy(\.isWhitespace)
    else { return nil }
    return replacing(
      tag.element.lowerBound..<next.element.upperBound, text[next.element] + text[tag.element])
  }
}
