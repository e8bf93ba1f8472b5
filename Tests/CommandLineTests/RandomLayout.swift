import SeededRandom

/// A document in the canonical layout, to be laid out at random without changing what it says.
///
/// What a layout keeps is left as it is: empty lines, comments behind an element on its line, the
/// text of expressions.
struct RandomLayout {
  private let tokens: [Substring]

  /// Reads a well-formed text.
  init(_ text: String) {
    let token = #/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(?:[^>"']|"[^"]*"|'[^']*')*>|[^<]+/#
    tokens = text.matches(of: token).map { text[$0.range] }
  }

  /// The text in another layout.
  func text(using generator: inout SeededGenerator) -> String {
    var result = ""
    for (index, token) in tokens.enumerated() {
      let next = index + 1 < tokens.count ? tokens[index + 1] : ""
      if token.hasPrefix("<!--") || token.hasPrefix("<?") {
        result += token
      } else if token.hasPrefix("<") {
        result += tag(token, using: &generator)
        // Two tags without anything between them.
        let isPair = next.hasPrefix("<") && !next.hasPrefix("<!--")
        if isPair, !token.hasPrefix("</") || !next.isEmpty { result += gap(0, using: &generator) }
      } else if token.allSatisfy(\.isWhitespace) {
        let lines = token.count { $0 == "\n" }
        if next.hasPrefix("<!--") {
          result += gap(lines, isExact: true, using: &generator)
        } else {
          result += gap(lines, using: &generator)
        }
      } else {
        result += gap(0, using: &generator) + token + gap(0, using: &generator)
      }
    }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return result.replacing("\n", with: "\r\n")
    case 1: return result.replacing("\n", with: "\r")
    case 2: return "\u{FEFF}" + result
    default: return result
    }
  }

  /// White space with as many line feeds as the layout tells apart: none or one, or several.
  private func gap(
    _ lines: Int, isExact: Bool = false, using generator: inout SeededGenerator
  ) -> String {
    var count = lines
    if !isExact, lines < 2 { count = Int.random(in: 0...1, using: &generator) }
    if lines > 1 { count = Int.random(in: 2...4, using: &generator) }
    var result = space(0, using: &generator)
    for _ in 0..<count { result += "\n" + space(0, using: &generator) }
    return result
  }

  private func space(_ least: Int, using generator: inout SeededGenerator) -> String {
    let count = Int.random(in: least...3, using: &generator)
    return String((0..<count).map { _ in Bool.random(using: &generator) ? " " : "\t" })
  }

  private func tag(_ token: Substring, using generator: inout SeededGenerator) -> String {
    if token.hasPrefix("</") { return token.dropLast() + gap(0, using: &generator) + ">" }
    let isEmpty = token.hasSuffix("/>")
    let body = token.dropLast(isEmpty ? 2 : 1)
    let name = body.dropFirst().prefix { !$0.isWhitespace }
    var result = "<" + name
    for match in body.matches(of: #/([\w:.\-]+)=("[^"]*"|'[^']*')/#) {
      result += " " + gap(0, using: &generator) + match.1 + space(0, using: &generator) + "="
      result += gap(0, using: &generator)
      let value = match.2.dropFirst().dropLast()
      let swaps = !value.contains("'") && !value.contains("\"") && Bool.random(using: &generator)
      result += swaps ? "'\(value)'" : String(match.2)
    }
    result += gap(0, using: &generator)
    guard isEmpty else { return result + ">" }
    return Bool.random(using: &generator)
      ? result + "/>" : result + "></\(name)" + space(0, using: &generator) + ">"
  }
}
