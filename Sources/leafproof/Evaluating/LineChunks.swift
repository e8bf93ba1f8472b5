/// Reads a file of lines in chunks; blank lines are no rows.
struct LineChunks: ChunkSource, ~Copyable {
  /// The name of the file for messages.
  let name: String
  private var window: InputWindow
  /// Behind the last whole line in the window, and how far the next one's end was searched for.
  private var boundary = 0
  private var searched = 0
  /// The number of the row behind the boundary, and of its line.
  private var place = (row: 1, line: 1)
  /// What is to be thrown after the chunk given last.
  private var failure: Failure?

  /// The lines of the file at `path`; `-` is standard input.
  init(_ path: String) throws(Failure) {
    var window = try InputWindow(path)
    try window.skipByteOrderMark()
    name = Console.visible(window.file.name)
    boundary = window.start
    searched = boundary
    self.window = window
  }

  /// The file's size; nil for a pipe.
  var size: Int? { window.file.size }

  mutating func nextChunk(_ chunk: inout RowChunk) throws(Failure) -> ChunkItem {
    if let failure { throw failure }
    (chunk.firstRow, chunk.firstLine) = place
    do throws(Failure) {
      while !passLines() {
        let hasLines = boundary > window.start
        if hasLines, !window.isReadable { break }
        if !hasLines, !window.waitUntilReadable(milliseconds: 200) { return .notYet }
        guard window.end - boundary <= LineReader.lineLimit else {
          throw .input(
            "\(name):\(place.line): error: a line longer than \(LineReader.lineLimit >> 20) MiB")
        }
        boundary -= window.start
        searched -= window.start
        try window.fill()
      }
    } catch {
      guard boundary > window.start else { throw error }
      failure = error
    }
    guard boundary > window.start else { return .end }
    window.take(to: boundary, into: &chunk.bytes)
    chunk.consumed = window.consumed
    return .chunk
  }

  /// Moves the boundary behind further lines; false when the window has to be filled first.
  private mutating func passLines() -> Bool {
    while boundary - window.start < RowChunk.size {
      if boundary == window.end { return window.isAtEnd }
      let feed = SystemCalls.index(of: 0x0A, in: window.bytes, searched, window.end)
      searched = feed
      guard feed < window.end || window.isAtEnd else { return false }
      if !ChunkLines.isBlank(window.bytes.span, boundary, feed) { place.row += 1 }
      place.line += 1
      boundary = min(feed + 1, window.end)
      searched = boundary
    }
    return true
  }
}

/// The lines of a chunk that aren't blank, one by one.
struct ChunkLines {
  private var index = 0
  private var nextNumber: Int
  /// The number of the line taken last, from 1.
  private(set) var number = 0

  /// The lines of `chunk`.
  init(_ chunk: RowChunk) { nextNumber = chunk.firstLine }

  /// The next line, without its end; nil when there are no more.
  mutating func next(of chunk: RowChunk) -> [UInt8]? {
    while index < chunk.bytes.count {
      let start = index
      var end = SystemCalls.index(of: 0x0A, in: chunk.bytes, start, chunk.bytes.count)
      index = min(end + 1, chunk.bytes.count)
      number = nextNumber
      nextNumber += 1
      if Self.isBlank(chunk.bytes.span, start, end) { continue }
      if chunk.bytes[end - 1] == 0x0D { end -= 1 }
      return Array(chunk.bytes[start..<end])
    }
    return nil
  }

  /// Whether there are only spaces, tabs and carriage returns in `start..<end`.
  static func isBlank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for index in start..<end {
      let byte = bytes[index]
      if byte != 0x20, byte != 0x09, byte != 0x0D { return false }
    }
    return true
  }
}
