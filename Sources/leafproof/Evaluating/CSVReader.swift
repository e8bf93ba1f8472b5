/// Reads a CSV file in chunks or record by record, in constant memory.
struct CSVReader: ChunkSource, ~Copyable {
  /// The most bytes of a record.
  static let recordLimit = 16 << 20
  /// The most columns of a file.
  static let columnLimit = 10_000

  /// The name of the file for messages.
  let name: String
  /// The names in the header row.
  let header: [String]
  /// The records of the chunk that `next()` is in.
  private(set) var records: CSVRecords
  private var window: InputWindow
  private var scanner: CSVScanner
  /// Behind the last whole record in the window.
  private var boundary: Int
  /// The first quote behind the boundary, or the end of the window; -1 when that isn't known.
  private var quote = -1
  /// The number of the record behind the boundary, and the line that it starts on.
  private var place = (row: 1, line: 1)
  /// What is to be thrown after the chunk given last.
  private var failure: Failure?

  /// Opens the file at `path` (`-` is standard input) and reads its header row.
  static func open(_ path: String) throws(Failure) -> CSVReader {
    var window = try InputWindow(path)
    let name = Console.visible(window.file.name)
    let (header, line) = try CSVHeader.read(&window, name)
    return CSVReader(window: window, name, header, line)
  }

  private init(window: consuming InputWindow, _ name: String, _ header: [String], _ line: Int) {
    self.name = name
    self.header = header
    records = CSVRecords(width: header.count)
    scanner = CSVScanner(fieldLimit: 1)
    place.line = line
    boundary = window.start
    self.window = window
  }

  /// The file's size; nil for a pipe.
  var size: Int? { window.file.size }
  /// Whether a read would return at once.
  var isReadable: Bool { window.isReadable }
  /// Whether the next record may have to wait for bytes.
  var mayWait: Bool { records.isAtEnd }

  /// Reads the next record; false at the end.
  mutating func next() throws(Failure) -> Bool {
    while !records.next() {
      chunks: while true {
        var chunk = RowChunk()
        swap(&chunk, &records.chunk)
        switch try nextChunk(&chunk) {
        case .notYet: continue
        case .end: return false
        case .chunk:
          records.begin(chunk)
          break chunks
        }
      }
    }
    return true
  }

  // MARK: - Chunks

  mutating func nextChunk(_ chunk: inout RowChunk) throws(Failure) -> ChunkItem {
    if let failure { throw failure }
    (chunk.firstRow, chunk.firstLine) = place
    do throws(Failure) {
      while try !passRecords() {
        let hasRecords = boundary > window.start
        if hasRecords, !window.isReadable { break }
        if !hasRecords, !window.waitUntilReadable(milliseconds: 200) { return .notYet }
        guard window.end - boundary <= Self.recordLimit else {
          throw .input(
            "\(name):\(place.line): error: a row longer than \(Self.recordLimit >> 20) MiB")
        }
        boundary -= window.start
        try window.fill()
        quote = -1
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

  /// Moves the boundary behind further records; false when the window has to be filled first.
  private mutating func passRecords() throws(Failure) -> Bool {
    while boundary - window.start < RowChunk.size {
      if boundary == window.end { return window.isAtEnd }
      if quote < boundary {
        quote = SystemCalls.index(of: 0x22, in: window.bytes, boundary, window.end)
      }
      let feed = SystemCalls.index(of: 0x0A, in: window.bytes, boundary, min(quote, window.end))
      if feed == quote, quote < window.end {
        guard try passQuotedRecord() else { return false }
        continue
      }
      guard feed < window.end || window.isAtEnd else { return false }
      let isBlank =
        feed == boundary || (feed == boundary + 1 && window.bytes[boundary] == 0x0D)
      if !isBlank || header.count == 1 { place.row += 1 }
      if feed < window.end { place.line += 1 }
      boundary = min(feed + 1, window.end)
    }
    return true
  }

  private mutating func passQuotedRecord() throws(Failure) -> Bool {
    switch Self.scan(window, &scanner, from: boundary) {
    case .record(let next):
      if !scanner.isBlank || header.count == 1 { place.row += 1 }
      place.line += scanner.lineFeeds
      boundary = next
      return true
    case .unterminated:
      throw .input(
        "\(name):\(place.line): error: a quoted field that starts in this row never ends")
    case .incomplete: return false
    }
  }

  private static func scan(
    _ window: borrowing InputWindow, _ scanner: inout CSVScanner, from start: Int
  ) -> CSVScanner.Result {
    scanner.scan(window.bytes.span, from: start, to: window.end, isLast: window.isAtEnd)
  }
}

/// Reads the header row of a CSV file.
enum CSVHeader {
  /// The names of the columns, and the line behind them.
  static func read(
    _ window: inout InputWindow, _ name: String
  ) throws(Failure) -> (names: [String], line: Int) {
    try window.skipByteOrderMark()
    var scanner = CSVScanner(fieldLimit: CSVReader.columnLimit)
    guard try readRecord(&window, &scanner, name) else {
      throw .input("\(name): error: is empty; its first line must name the columns")
    }
    guard scanner.fieldCount <= CSVReader.columnLimit else {
      throw .input("\(name):1: error: more than \(CSVReader.columnLimit) columns")
    }
    if scanner.isMalformed { throw .input("\(name):1: error: text follows a closing quote") }
    var seen: Set<String> = []
    var names: [String] = []
    for field in 0..<scanner.fieldCount {
      let bounds = scanner.bounds[2 * field]..<scanner.bounds[2 * field + 1]
      guard let text = String(validating: window.bytes[bounds], as: UTF8.self) else {
        throw .input("\(name):1: error: the name of column \(field + 1) isn't UTF-8")
      }
      guard seen.insert(text).inserted else {
        throw .input("\(name):1: error: two columns are named `\(Console.visible(text))`")
      }
      names.append(text)
    }
    return (names, 1 + scanner.lineFeeds)
  }

  /// Reads the first record; false when the file is empty. Its bytes are consumed, but stay where
  /// the scanner found them.
  private static func readRecord(
    _ window: inout InputWindow, _ scanner: inout CSVScanner, _ name: String
  ) throws(Failure) -> Bool {
    while true {
      if window.start < window.end {
        let result = scanner.scan(
          window.bytes.span, from: window.start, to: window.end, isLast: window.isAtEnd)
        switch result {
        case .record(let next):
          if !scanner.escapedFields.isEmpty { scanner.unescape(&window.bytes) }
          window.consume(to: next)
          return true
        case .unterminated:
          throw .input("\(name):1: error: a quoted field that starts in this row never ends")
        case .incomplete: break
        }
      } else if window.isAtEnd {
        return false
      }
      guard window.end - window.start <= CSVReader.recordLimit else {
        throw .input("\(name):1: error: a row longer than \(CSVReader.recordLimit >> 20) MiB")
      }
      try window.fill()
    }
  }
}
