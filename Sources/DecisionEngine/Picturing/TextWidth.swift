/// How wide a text will be, guessed on the safe side: pictures can't ask the reader's fonts, and SVG
/// breaks no lines.
enum TextWidth {
  /// The size of all text, in pixels.
  static let size = 13

  /// The width of `text` in pixels.
  static func of(_ text: String, bold isBold: Bool = false) -> Int {
    let sum = text.unicodeScalars.reduce(0) { $0 + hundredths($1) }
    return (sum * size * (isBold ? 112 : 100) / 100 + 99) / 100
  }

  /// The advance in hundredths of the text's size; a wide sans-serif font is the measure.
  private static func hundredths(_ scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case "i", "j", "l", ".", ",", ":", ";", "'", "|", "!", " ", "\u{A0}": return 34
    case "f", "t", "r", "I", "(", ")", "[", "]", "/", "\"", "-": return 42
    case "m", "w", "M", "W", "@", "%", "—", "…": return 98
    case "a"..."z", "0"..."9": return 63
    case "A"..."Z": return 72
    case "<", ">", "=", "+", "−", "≈": return 84
    case "\u{2068}", "\u{2069}": return 0
    default: break
    }
    switch scalar.value {
    case 0x300...0x36F: return 0
    case 0..<0x1100: return 70
    default: return 105
    }
  }

  /// `text` in lines of at most `width` pixels, at most `limit` of them; the last ends in `…` where not
  /// all went in.
  static func lines(
    _ text: String, width: Int, limit: Int, bold isBold: Bool = false
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }) {
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      if of(longer, bold: isBold) <= width {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = String(word)
      // A word without end is broken where it must be.
      while of(line, bold: isBold) > width, lines.count <= limit {
        let head = prefix(of: line, width: width, bold: isBold)
        lines.append(head)
        line = String(line.dropFirst(head.count))
      }
      if lines.count > limit { break }
    }
    if !line.isEmpty { lines.append(line) }
    guard lines.count > limit else { return lines.isEmpty ? [""] : lines }
    var shown = Array(lines.prefix(limit))
    let last = shown.removeLast()
    let space = width - of("…", bold: isBold)
    shown.append(prefix(of: last, width: space, bold: isBold) + "…")
    return shown
  }

  /// As much of `text` as fits, one character at least.
  private static func prefix(of text: String, width: Int, bold isBold: Bool) -> String {
    var end = text.startIndex
    var used = 0
    while end < text.endIndex {
      used += of(String(text[end]), bold: isBold)
      if used > width, end > text.startIndex { break }
      end = text.index(after: end)
    }
    return String(text[..<end])
  }
}
