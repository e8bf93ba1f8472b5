import DecisionEngine

/// A part of a page as a value. Only ``write(into:)`` makes HTML of it, so that no text reaches a
/// page without being escaped.
indirect enum Markup: Sendable {
  /// Text; characters that hide or reorder other text are shown by their number.
  case text(String)
  /// An element.
  case element(Tag, [Attribute], [Markup])
  /// Parts one after the other.
  case parts([Markup])
  /// A piece of the engine's, which escapes itself likewise: a picture, a difference.
  case html(HTML)
}

/// The elements that pages are made of.
enum Tag: String, Sendable {
  case html, head, title, meta, link, body, header, nav, main, footer, section, article, aside
  case h1, h2, h3, h4, p, ul, ol, li, dl, dt, dd, div, span, a, strong, small, code, pre, bdi, time
  case table, caption, thead, tbody, tr, th, td
  case form, label, input, select, option, textarea, button, fieldset, legend, details, summary

  /// Elements without content or end tag.
  var isVoid: Bool { self == .meta || self == .link || self == .input }
}

/// An attribute of an element.
struct Attribute: Sendable {
  /// Its name.
  var name: String
  /// Its value.
  var value: String

  private init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  static func id(_ value: String) -> Attribute { .init("id", value) }
  static func `class`(_ value: String) -> Attribute { .init("class", value) }
  static func name(_ value: String) -> Attribute { .init("name", value) }
  static func value(_ value: String) -> Attribute { .init("value", value) }
  static func type(_ value: String) -> Attribute { .init("type", value) }
  static func label(for id: String) -> Attribute { .init("for", id) }
  static func lang(_ value: String) -> Attribute { .init("lang", value) }
  static func charset(_ value: String) -> Attribute { .init("charset", value) }
  static func content(_ value: String) -> Attribute { .init("content", value) }
  static func rel(_ value: String) -> Attribute { .init("rel", value) }
  static func method(_ value: String) -> Attribute { .init("method", value) }
  static func action(_ path: Path) -> Attribute { .init("action", path.text) }
  static func href(_ path: Path) -> Attribute { .init("href", path.text) }
  static func scope(_ value: String) -> Attribute { .init("scope", value) }
  static func dateTime(_ value: String) -> Attribute { .init("datetime", value) }
  static func rows(_ value: Int) -> Attribute { .init("rows", "\(value)") }
  static func placeholder(_ value: String) -> Attribute { .init("placeholder", value) }
  static func autocomplete(_ value: String) -> Attribute { .init("autocomplete", value) }
  static func inputMode(_ value: String) -> Attribute { .init("inputmode", value) }
  static func describedBy(_ id: String) -> Attribute { .init("aria-describedby", id) }
  static func labelledBy(_ id: String) -> Attribute { .init("aria-labelledby", id) }
  static func ariaLabel(_ value: String) -> Attribute { .init("aria-label", value) }
  static func ariaCurrent(_ value: String) -> Attribute { .init("aria-current", value) }
  static func role(_ value: String) -> Attribute { .init("role", value) }
  static let required = Attribute("required", "")
  static let selected = Attribute("selected", "")
  static let open = Attribute("open", "")
  static let autofocus = Attribute("autofocus", "")
  static let tabIndexZero = Attribute("tabindex", "0")
  static let download = Attribute("download", "")
}

/// Where a link or form leads: a path of this server built from encoded segments, or a web address.
struct Path: Sendable, ExpressibleByStringLiteral {
  /// The path as it stands in a document.
  let text: String

  /// A path of this server, written in the source.
  init(stringLiteral value: StaticString) { text = "\(value)" }

  /// `/SEGMENT/SEGMENT?NAME=VALUE`, everything encoded; parts of the query without value are left
  /// out.
  init(_ segments: [String], query: [(String, String?)] = [], anchor: String? = nil) {
    let path = "/" + segments.map(PercentEncoding.encode).joined(separator: "/")
    let parts = query.compactMap { name, value in
      value.map { "\(PercentEncoding.encode(name))=\(PercentEncoding.encode($0))" }
    }
    let whole = parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
    text = whole + (anchor.map { "#\(PercentEncoding.encode($0))" } ?? "")
  }

  /// A place in the same document.
  init(anchor id: String) { text = "#\(PercentEncoding.encode(id))" }

  /// An address on the web from outside; nil unless it is one of http or https.
  init?(web address: String) {
    let lower = address.prefix(8).lowercased()
    guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { return nil }
    text = address
  }
}

/// Collects the children of an element.
@resultBuilder enum MarkupBuilder {
  static func buildExpression(_ text: String) -> [Markup] { [.text(text)] }
  static func buildExpression(_ markup: Markup) -> [Markup] { [markup] }
  static func buildExpression(_ parts: [Markup]) -> [Markup] { parts }
  static func buildExpression(_ markup: Markup?) -> [Markup] { markup.map { [$0] } ?? [] }
  static func buildBlock(_ parts: [Markup]...) -> [Markup] { parts.flatMap { $0 } }
  static func buildOptional(_ parts: [Markup]?) -> [Markup] { parts ?? [] }
  static func buildEither(first: [Markup]) -> [Markup] { first }
  static func buildEither(second: [Markup]) -> [Markup] { second }
  static func buildArray(_ parts: [[Markup]]) -> [Markup] { parts.flatMap { $0 } }
}

/// The element `tag`.
func element(
  _ tag: Tag, _ attributes: Attribute..., @MarkupBuilder content: () -> [Markup] = { [] }
) -> Markup {
  .element(tag, attributes, content())
}

/// The element `tag`, its attributes in a list.
func element(
  _ tag: Tag, all attributes: [Attribute], @MarkupBuilder content: () -> [Markup] = { [] }
) -> Markup {
  .element(tag, attributes, content())
}

extension Markup {
  /// The whole document's bytes.
  var document: [UInt8] {
    var bytes = Array("<!DOCTYPE html>\n".utf8)
    bytes.reserveCapacity(1 << 15)
    write(into: &bytes)
    return bytes
  }

  private func write(into bytes: inout [UInt8]) {
    switch self {
    case .text(let text): Self.escape(VisibleText.inPage(text), into: &bytes)
    case .parts(let parts): for part in parts { part.write(into: &bytes) }
    case .html(let html): bytes += html.markup.utf8
    case .element(let tag, let attributes, let children):
      bytes += "<\(tag.rawValue)".utf8
      for attribute in attributes {
        bytes += " \(attribute.name)=\"".utf8
        Self.escape(VisibleText.inPage(attribute.value), into: &bytes)
        bytes.append(UInt8(ascii: "\""))
      }
      bytes.append(UInt8(ascii: ">"))
      if tag.isVoid { return }
      // A parser drops the first line end of a text area.
      if tag == .textarea || tag == .pre { bytes.append(0x0A) }
      for child in children { child.write(into: &bytes) }
      bytes += "</\(tag.rawValue)>".utf8
    }
  }

  private static func escape(_ text: String, into bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
  }
}

extension VisibleText {
  /// `text` for a page: as for a terminal, but lines end where they do.
  static func inPage(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) else {
      return of(text)
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        line.split(separator: "\t", omittingEmptySubsequences: false)
          .map { of(String($0)) }.joined(separator: "\t")
      }.joined(separator: "\n")
  }
}
