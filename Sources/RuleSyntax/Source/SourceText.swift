/// The bytes of one source file with the path that they came from.
///
/// Copying is cheap. The bytes need not be valid; `parseDocument` says what is wrong with them.
public struct SourceText: Sendable {
  /// The path as the caller gave it, to be shown to people.
  public let path: String
  /// The file's bytes, a byte order mark included.
  public let bytes: [UInt8]
  private let lines: LineTable

  /// A source made of `bytes`, shown under the name `path`.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    lines = LineTable()
  }

  /// A source made of `text`, shown under the name `path`.
  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// A place in a source as people count it.
  public struct Location: Hashable, Sendable {
    /// The line, from 1; lines end with LF, CR LF or CR.
    public var line: Int
    /// The column, from 1, in Unicode scalars; a byte order mark doesn't count.
    public var column: Int

    /// The place `column` in line `line`.
    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// The line and column of the byte at `offset`; an offset outside of the file means its end.
  public func location(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(of: offset)
    let start = lineStart(line)
    guard offset > start else { return (line + 1, 1) }
    let characters =
      lines.characters(before: offset, in: bytes) - lines.characters(before: start, in: bytes)
    return (line + 1, characters + 1)
  }

  /// The first and the last place of `span`, the latter behind its last character.
  public func region(of span: SourceSpan) -> (begin: Location, end: Location) {
    let begin = location(of: span.lower)
    let end = location(of: max(span.lower, span.upper))
    return (
      Location(line: begin.line, column: begin.column), Location(line: end.line, column: end.column)
    )
  }

  /// The bytes of line `line` (from 1) without its line end, as a range of offsets.
  public func lineRange(_ line: Int) -> Range<Int> {
    let starts = lines.content(of: bytes).starts
    guard line >= 1, line <= starts.count else { return bytes.count..<bytes.count }
    let start = lineStart(line - 1)
    var end = line < starts.count ? Int(starts[line]) : bytes.count
    if end > start, bytes[end - 1] == 0x0A { end -= 1 }
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The text of `span`; bytes that aren't UTF-8 are replaced.
  public func text(of span: SourceSpan) -> String {
    let lower = min(max(span.lower, 0), bytes.count)
    let upper = min(max(span.upper, lower), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// How many bytes the byte order mark takes: 3 or 0.
  var byteOrderMarkLength: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// Where line `index` (from 0) starts.
  private func lineStart(_ index: Int) -> Int {
    index == 0 ? byteOrderMarkLength : Int(lines.content(of: bytes).starts[index])
  }

  /// The index (from 0) of the line that holds `offset`.
  private func lineIndex(of offset: Int) -> Int {
    let starts = lines.content(of: bytes).starts
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
