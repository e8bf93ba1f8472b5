/// A piece of a picture (SVG 1.1). Like ``HTML`` it can be made of escaped text and of elements alone,
/// of attributes that can do no harm, and of whole numbers; there is no way to a script, a style sheet
/// or an address.
package struct SVG: Sendable, Equatable {
  /// The markup, well formed both as XML and inside of an HTML page.
  package private(set) var markup: String

  private init(markup: String) { self.markup = markup }

  /// Nothing.
  package static let empty = SVG(markup: "")

  /// Text; what is hidden or reorders other text is shown, but for the marks that keep a text from right
  /// to left apart, which ``HTML/words`` sets.
  package static func text(_ text: String) -> SVG {
    let parts = text.split(omittingEmptySubsequences: false) { "\u{2068}\u{2069}".contains($0) }
    guard parts.count > 1 else { return SVG(markup: Escaping.text(text)) }
    // A mark may have lost its partner where a text was cut, so each text gets its own pair.
    return SVG(markup: Escaping.isolated(parts.map { Escaping.text(String($0)) }.joined()))
  }

  /// An element.
  package static func element(
    _ tag: Tag, _ attributes: [Attribute] = [], _ content: [SVG] = []
  ) -> SVG {
    var markup = "<\(tag.rawValue)"
    for attribute in attributes {
      markup += " \(attribute.name)=\"\(Escaping.text(attribute.value))\""
    }
    guard !content.isEmpty else { return SVG(markup: markup + "/>") }
    markup += ">"
    for part in content { markup += part.markup }
    return SVG(markup: markup + "</\(tag.rawValue)>")
  }

  /// Pieces one after the other, each on a line of its own.
  package static func lines(_ parts: [SVG]) -> SVG {
    SVG(markup: parts.map { $0.markup + "\n" }.joined())
  }

  /// A file of its own.
  package var document: [UInt8] {
    Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(markup)\n".utf8)
  }

  /// The elements that pictures are made of.
  package enum Tag: String, Sendable {
    case svg, title, desc, g, rect, path, text
  }

  /// An attribute whose value can do no harm.
  package struct Attribute: Sendable {
    fileprivate var name: String
    fileprivate var value: String

    private init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// The namespace of a picture that is a file of its own; HTML parsers know it by themselves.
    package static let namespace = Attribute("xmlns", "http://www.w3.org/2000/svg")
    /// Says that all of it is one image.
    package static let image = Attribute("role", "img")
    /// The elements that name and describe it.
    package static func labelledBy(_ ids: String...) -> Attribute {
      Attribute("aria-labelledby", ids.joined(separator: " "))
    }
    /// A place to refer to.
    package static func id(_ name: String) -> Attribute { Attribute("id", name) }
    /// The language, a BCP 47 tag.
    package static func lang(_ tag: String) -> Attribute { Attribute("lang", tag) }
    /// What a program finds a part by: `data-NAME`.
    package static func data(_ name: StaticString, _ value: String) -> Attribute {
      Attribute("data-\(name)", value)
    }
    /// A place or a size, in pixels.
    package static func number(_ name: StaticString, _ value: Int) -> Attribute {
      Attribute("\(name)", "\(value)")
    }
    /// What the picture shows of its plane.
    package static func viewBox(_ width: Int, _ height: Int) -> Attribute {
      Attribute("viewBox", "0 0 \(width) \(height)")
    }
    /// Moves what it stands at.
    package static func moved(down y: Int) -> Attribute {
      Attribute("transform", "translate(0 \(y))")
    }
    /// The commands of a path.
    package static func path(_ commands: [(Command, [Int])]) -> Attribute {
      Attribute(
        "d",
        commands.map { command, numbers in
          command.rawValue + numbers.map { "\($0)" }.joined(separator: " ")
        }.joined())
    }
    /// A property of the look, written in this program's source.
    package static func look(_ name: StaticString, _ value: StaticString) -> Attribute {
      Attribute("\(name)", "\(value)")
    }

    /// A command of a path: absolute, but for the last.
    package enum Command: String, Sendable {
      case move = "M"
      case across = "H"
      case down = "V"
      case relativeLine = "l"
    }
  }
}
