/// A piece of a page. It can be made of escaped text and of elements alone, so no value can break a
/// page or run in it.
package struct HTML: Sendable, Equatable {
  /// The markup, well formed.
  package private(set) var markup: String
  /// The words alone, without elements, for titles and pictures: not escaped, but with every hidden
  /// character shown.
  package private(set) var words: String

  private init(markup: String, words: String = "") {
    self.markup = markup
    self.words = words
  }

  /// Nothing.
  package static let empty = HTML(markup: "")

  /// Words of our own or of a template.
  package static func text(_ text: String) -> HTML {
    let visible = Escaping.visible(text)
    return HTML(markup: Escaping.escaped(visible), words: visible)
  }

  /// A value of somebody's, kept apart from the direction of the text around it, and cut where it has
  /// more than `limit` characters.
  package static func value(_ value: String, limit: Int = 300) -> HTML {
    var element = HTML.element(.bdi, [], [.text(Escaping.shortened(value, limit))])
    element.words = Escaping.isolated(element.words)
    return element
  }

  /// A picture.
  package static func picture(_ svg: SVG) -> HTML { HTML(markup: svg.markup) }

  /// An element.
  package static func element(
    _ tag: Tag, _ attributes: [Attribute] = [], _ content: [HTML] = []
  ) -> HTML {
    var markup = "<\(tag.rawValue)"
    for attribute in attributes {
      guard let value = attribute.value else { continue }
      markup += " \(attribute.name)=\"\(Escaping.text(value))\""
    }
    markup += ">"
    if tag.isVoid { return HTML(markup: markup) }
    var words = ""
    for part in content {
      markup += part.markup
      words += part.words
    }
    return HTML(markup: markup + "</\(tag.rawValue)>", words: words)
  }

  /// An element that holds one text.
  package static func element(
    _ tag: Tag, _ attributes: [Attribute] = [], _ text: String
  ) -> HTML {
    .element(tag, attributes, [.text(text)])
  }

  /// A style sheet, written in this program's source.
  package static func style(_ sheet: StaticString) -> HTML {
    HTML(markup: "<style>\(sheet)</style>")
  }

  /// Pieces one after the other.
  package static func join(_ parts: [HTML], separator: String = "") -> HTML {
    let between = HTML.text(separator)
    return HTML(
      markup: parts.map(\.markup).joined(separator: between.markup),
      words: parts.map(\.words).joined(separator: between.words))
  }

  /// A whole document.
  package static func document(language: String, head: [HTML], body: [HTML]) -> [UInt8] {
    let page = HTML.element(
      .html, [.lang(language)], [.element(.head, [], head), .element(.body, [], body)])
    return Array("<!DOCTYPE html>\n\(page.markup)\n".utf8)
  }

  /// A whole document of ours in English, with a policy that forbids scripts and loads.
  package static func document(
    title: String, language: String = "en", body: [HTML]
  ) -> [UInt8] {
    let policy = HTML.element(
      .meta, [.contentPolicy, .content("default-src 'none'; style-src 'unsafe-inline'")])
    return document(language: language, head: ExplanationPage.head(title) + [policy], body: body)
  }

  /// The elements that pages are made of.
  package enum Tag: String, Sendable {
    case html, head, title, meta, body, header, main, footer, section, article, nav
    case h1, h2, h3, h4, p, div, span, strong, em, code, bdi, br, hr, a, time, details, summary
    case ul, ol, li, dl, dt, dd, table, caption, thead, tbody, tr, th, td, figure, figcaption

    fileprivate var isVoid: Bool { self == .meta || self == .br || self == .hr }
  }

  /// An attribute whose value can do no harm.
  package struct Attribute: Sendable {
    fileprivate var name: String
    /// Nil when the attribute is left out.
    fileprivate var value: String?

    /// A class of our style sheet.
    package static func `class`(_ name: StaticString) -> Attribute {
      Attribute(name: "class", value: "\(name)")
    }
    /// A place to refer to.
    package static func id(_ name: String) -> Attribute { Attribute(name: "id", value: name) }
    /// The language, a BCP 47 tag.
    package static func lang(_ tag: String) -> Attribute { Attribute(name: "lang", value: tag) }
    /// What labels a region.
    package static func labelledBy(_ id: String) -> Attribute {
      Attribute(name: "aria-labelledby", value: id)
    }
    /// A heading cell's scope: `row` or `col`.
    package static func scope(_ scope: StaticString) -> Attribute {
      Attribute(name: "scope", value: "\(scope)")
    }
    /// A machine-readable time.
    package static func dateTime(_ text: String) -> Attribute {
      Attribute(name: "datetime", value: text)
    }
    /// The character set of the document.
    package static let utf8 = Attribute(name: "charset", value: "utf-8")
    /// Makes a `meta` the document's content security policy.
    package static let contentPolicy = Attribute(
      name: "http-equiv", value: "Content-Security-Policy")
    /// A link to a place of the same document.
    package static func link(to id: StaticString) -> Attribute {
      Attribute(name: "href", value: "#\(id)")
    }
    /// The name of a `meta`, and what it says.
    package static func named(_ name: StaticString) -> Attribute {
      Attribute(name: "name", value: "\(name)")
    }
    /// See ``named(_:)``.
    package static func content(_ text: StaticString) -> Attribute {
      Attribute(name: "content", value: "\(text)")
    }
    /// A link; left out unless it goes to the web or to a mailbox.
    package static func href(_ address: String) -> Attribute {
      let lower = address.prefix(8).lowercased()
      let isSafe = ["https://", "http://", "mailto:"].contains { lower.hasPrefix($0) }
      return Attribute(name: "href", value: isSafe ? address : nil)
    }
  }
}

/// How text is made harmless, for HTML and for SVG.
enum Escaping {
  /// `text` for content and quoted attributes: what is hidden is shown, then all is escaped.
  static func text(_ text: String) -> String { escaped(visible(text)) }

  /// `text` in which no character is markup.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` in which what HTML can't hold, what reorders other text and what nobody sees is shown as
  /// `\u{HEX}`.
  static func visible(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{200C}", "\u{200D}": result.unicodeScalars.append(scalar)
      default:
        if isShown(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
    }
    return result
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return false
    default: return true
    }
  }

  /// A text that runs from right to left, kept apart from the text around it (UAX #9, FSI and PDI); any
  /// other as it is.
  static func isolated(_ text: String) -> String {
    let runsLeft = text.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
        true
      default: false
      }
    }
    return runsLeft ? "\u{2068}\(text)\u{2069}" : text
  }

  /// The first `limit` Unicode scalars, and how many there are, where there are more.
  static func shortened(_ text: String, _ limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    var count = 0
    var end = text.unicodeScalars.startIndex
    while end < text.unicodeScalars.endIndex, count < limit {
      end = text.unicodeScalars.index(after: end)
      count += 1
    }
    guard end < text.unicodeScalars.endIndex else { return text }
    return String(text.unicodeScalars[..<end]) + "… (\(text.unicodeScalars.count))"
  }
}

extension HTML {
  /// A table whose first column heads its rows.
  package static func table(_ heads: [String], _ rows: [[HTML]]) -> HTML {
    .element(
      .table, [],
      [
        .element(
          .thead, [],
          [
            .element(
              .tr, [],
              heads.map {
                $0.isEmpty ? .element(.td, [], "") : .element(.th, [.scope("col")], $0)
              })
          ]),
        .element(
          .tbody, [],
          rows.map { cells in
            .element(
              .tr, [],
              cells.enumerated().map { place, cell in
                place == 0
                  ? .element(.th, [.scope("row")], [cell]) : .element(.td, [], [cell])
              })
          }),
      ])
  }
}
