/// The source line of a span with the underline below it, clipped to a readable width.
struct SourceExcerpt {
  /// The widest excerpt, in columns.
  private static let widest = 120
  /// How many columns stay in front of the span when the line is clipped.
  private static let context = 30
  private static let tabStop = 4

  private let cells: [Cell]
  /// The cells to underline; empty for a span between two characters.
  private let marked: Range<Int>

  /// What one character of the line shows.
  private struct Cell {
    var text: String
    var width: Int
  }

  /// The excerpt for the first line of `span`.
  init(_ source: SourceText, _ span: SourceSpan) {
    let range = source.lineRange(source.location(of: span.lower).line)
    // A line may be the whole of a large file: only what is near the span is looked at.
    let reach = 4 * (Self.widest + Self.context)
    let lower = min(max(span.lower, range.lowerBound), range.upperBound)
    let upper = min(max(span.upper, lower), range.upperBound)
    let from = Self.boundary(source.bytes, max(range.lowerBound, lower - reach), range.lowerBound)
    let to = min(range.upperBound, lower + 2 * reach)
    var cells: [Cell] = []
    var marks = (first: Int?.none, end: 0)
    var column = 0
    var offset = from
    if from > range.lowerBound { cells.append(Cell(text: "…", width: 1)) }
    for scalar in String(decoding: source.bytes[from..<to], as: UTF8.self).unicodeScalars {
      if offset >= lower, marks.first == nil { marks.first = cells.count }
      let cell = Self.cell(scalar, column)
      cells.append(cell)
      column += cell.width
      if offset < upper { marks.end = cells.count }
      offset += UTF8.width(scalar)
    }
    if to < range.upperBound { cells.append(Cell(text: "…", width: 1)) }
    let first = marks.first ?? cells.count
    self.cells = cells
    marked = first..<max(first, marks.end)
  }

  /// The start of the character that holds the byte at `index`.
  private static func boundary(_ bytes: [UInt8], _ index: Int, _ lowest: Int) -> Int {
    var index = index
    while index > lowest, index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }

  private static func cell(_ scalar: Unicode.Scalar, _ column: Int) -> Cell {
    if scalar == "\t" {
      let width = tabStop - column % tabStop
      return Cell(text: String(repeating: " ", count: width), width: width)
    }
    if TerminalText.isUnsafe(scalar) {
      let text = TerminalText.escape(scalar)
      return Cell(text: text, width: text.utf8.count)
    }
    return Cell(text: String(Character(scalar)), width: TerminalText.width(scalar))
  }

  /// The two lines, each with a line feed; nothing for an empty line.
  func lines(underline: (String, DiagnosticRenderer.Color) -> String) -> String {
    let shown = window()
    var text = shown.lowerBound > 0 ? "…" : ""
    var indent = shown.lowerBound > 0 ? 1 : 0
    var under = 0
    for index in shown {
      text += cells[index].text
      if index < marked.lowerBound { indent += cells[index].width }
      if marked.contains(index) { under += cells[index].width }
    }
    if shown.upperBound < cells.count { text += "…" }
    guard text.utf8.contains(where: { $0 != 0x20 }) else { return "" }
    let mark = "^" + String(repeating: "~", count: max(0, under - 1))
    return text + "\n" + String(repeating: " ", count: indent) + underline(mark, .green) + "\n"
  }

  /// The cells to show: all, or `widest` columns around the span.
  private func window() -> Range<Int> {
    if cells.reduce(0, { $0 + $1.width }) <= Self.widest { return 0..<cells.count }
    var start = marked.lowerBound
    var before = 0
    while start > 0, before + cells[start - 1].width <= Self.context {
      start -= 1
      before += cells[start].width
    }
    var end = start
    var width = 0
    while end < cells.count, width + cells[end].width <= Self.widest {
      width += cells[end].width
      end += 1
    }
    while start > 0, width + cells[start - 1].width <= Self.widest {
      start -= 1
      width += cells[start].width
    }
    return start..<end
  }
}
