/// Writes diagnostics for people: place, message, source line, underline, notes, a
/// row that shows it, help.
public struct DiagnosticRenderer: Sendable {
  /// The source that the diagnostics speak of.
  public let source: SourceText
  /// Whether to colour by ANSI escapes.
  public let usesColor: Bool

  /// A renderer of findings about `source`; whether to use colour is the caller's to find out.
  public init(source: SourceText, usesColor: Bool = false) {
    self.source = source
    self.usesColor = usesColor
  }

  /// All of `diagnostics`, sorted by place, with a line feed behind each line; "" when empty.
  public func render(_ diagnostics: [Diagnostic]) -> String {
    var result = ""
    for diagnostic in Self.sorted(diagnostics) { result += render(diagnostic) }
    return result
  }

  /// `diagnostics` by place; those at one place keep their order.
  public static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { a, b in
      let left = (a.element.span.lower, a.element.span.upper, a.offset)
      return left < (b.element.span.lower, b.element.span.upper, b.offset)
    }.map(\.element)
  }

  /// One finding, several lines, each with a line feed behind it.
  public func render(_ diagnostic: Diagnostic) -> String {
    let color: Color =
      switch diagnostic.severity {
      case .error: .red
      case .warning: .magenta
      case .remark: .blue
      }
    var result = head(
      diagnostic.span, diagnostic.severity.rawValue, color,
      diagnostic.message + " [" + diagnostic.id.rawValue + "]")
    result += SourceExcerpt(source, diagnostic.span).lines(underline: colored)
    for note in diagnostic.notes {
      let row = note.row.map { ": " + $0 } ?? ""
      result += head(note.span, "note", .cyan, note.message + row)
      result += SourceExcerpt(source, note.span).lines(underline: colored)
    }
    if let row = diagnostic.row {
      result += colored("row:", .cyan) + " " + TerminalText.escaped(row) + "\n"
    }
    if let help = diagnostic.help {
      result += colored("help:", .green) + " " + TerminalText.escaped(help) + "\n"
    }
    return result
  }

  /// The colours in use; the raw value is the ANSI code.
  enum Color: Int {
    case bold = 1, red = 31, green = 32, blue = 34, magenta = 35, cyan = 36
  }

  private func head(
    _ span: SourceSpan, _ kind: String, _ color: Color, _ message: String
  ) -> String {
    let (line, column) = source.location(of: span.lower)
    let place = TerminalText.escaped(source.path) + ":\(line):\(column):"
    return colored(place, .bold) + " " + colored(kind + ":", color) + " "
      + TerminalText.escaped(message) + "\n"
  }

  private func colored(_ text: String, _ color: Color) -> String {
    guard usesColor else { return text }
    let code = color == .bold ? "1" : "1;\(color.rawValue)"
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
