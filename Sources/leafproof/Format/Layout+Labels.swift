/// Texts that count to the letter and have labels beside them: `<value>a<label>b</label></value>`.
extension Layout {
  /// A text and the labels that stand with it, in the order of the file.
  enum Piece {
    /// Without white space at its ends.
    case text([UInt8])
    case label(MarkupElement)
  }

  /// What `element` holds, if it is one text with labels; nil where comments or foreign markup
  /// stand there too, or where the labels part the text: that stays as it is.
  func labelledText(_ element: MarkupElement) -> [Piece]? {
    guard let name = localName(element, isRoot: false), Self.verbatim.contains(name) else {
      return nil
    }
    var pieces: [Piece] = []
    var texts = 0
    for child in element.children {
      switch child {
      case .other: return nil
      case .text(let text):
        let trimmed = Self.trimmed(text)
        if trimmed.isEmpty { continue }
        texts += 1
        pieces.append(.text(trimmed))
      case .element(let inner):
        guard localName(inner, isRoot: false) == "label" else { return nil }
        pieces.append(.label(inner))
      }
    }
    return texts <= 1 && pieces.count > texts ? pieces : nil
  }

  /// The pieces on one line; nil for several labels, and where one of them takes several lines.
  func line(_ pieces: [Piece]) -> [UInt8]? {
    guard pieces.count <= 2 else { return nil }
    var result: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .label(let label):
        guard let line = line(label, isRoot: false) else { return nil }
        result += line
      }
    }
    return result.contains(0x0A) ? nil : result
  }

  /// Writes the pieces on lines of their own; a text in front goes on behind the start tag.
  mutating func write(_ element: MarkupElement, _ pieces: [Piece], _ indentation: Int) {
    output += startTag(element, indentation, end: ">")
    if case .text(let text)? = pieces.first { output += text }
    output.append(0x0A)
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .text(let text) where index > 0:
        indent(indentation + 2)
        output += text + [0x0A]
      case .text: continue
      case .label(let label): write(label, indentation: indentation + 2, isRoot: false)
      }
    }
    indent(indentation)
    output += endTag(element) + [0x0A]
  }
}
