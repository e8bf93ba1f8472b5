import RuleProgram

/// Reads a CSV file record by record, in constant memory.
struct CSVReader: ~Copyable {
  /// The most bytes of a record.
  static let recordLimit = 16 << 20
  /// The most columns of a file.
  static let columnLimit = 10_000

  /// The name of the file for messages.
  let name: String
  private var window: InputWindow
  private var scanner: CSVScanner
  /// The names in the header row.
  private(set) var header: [String]
  /// The number of the record read last, the header not counted, from 1.
  private(set) var row = 0
  /// The line that the record starts on, from 1.
  private(set) var line = 1
  private var nextLine = 1

  /// Opens the file at `path` (`-` is standard input) and reads its header row.
  static func open(_ path: String) throws(Failure) -> CSVReader {
    var reader = CSVReader(window: try InputWindow(path))
    try reader.readHeader()
    return reader
  }

  private init(window: consuming InputWindow) {
    name = Console.visible(window.file.name)
    self.window = window
    scanner = CSVScanner(fieldLimit: Self.columnLimit)
    header = []
  }

  /// The file's size; nil for a pipe.
  var size: Int? { window.file.size }
  /// How many bytes have been consumed.
  var consumed: Int { window.consumed }
  /// Whether a read would return at once.
  var isReadable: Bool { window.isReadable }
  /// Whether the next record may have to wait for bytes.
  var mayWait: Bool { window.start == window.end }

  /// How the record read last differs from the header; nil when it doesn't.
  var defect: String? {
    if scanner.isMalformed { return "text follows a closing quote" }
    if scanner.fieldCount == header.count { return nil }
    return "it has \(Console.count(scanner.fieldCount, "field")), the header has \(header.count)"
  }

  /// Whether the record read last can't be used.
  var isDefective: Bool { scanner.isMalformed || scanner.fieldCount != header.count }

  /// Reads the next record; false at the end. Empty lines are passed over, unless there is only
  /// one column.
  mutating func next() throws(Failure) -> Bool {
    repeat {
      line = nextLine
      guard try Self.readRecord(&window, &scanner, line, name) else { return false }
      nextLine += scanner.lineFeeds
    } while header.count > 1 && scanner.isBlank
    row += 1
    return true
  }

  /// Binds the record's fields to the inputs of the columns that have one.
  func bind(_ columns: [CSVColumns.Column], to binding: inout Binding) {
    let bytes = window.bytes.span
    for column in columns {
      let first = scanner.bounds[2 * column.field]
      let behind = scanner.bounds[2 * column.field + 1]
      binding.bind(column.input, text: bytes.extracting(first..<behind))
    }
  }

  /// The text of a field; nil when it isn't UTF-8.
  func text(ofField field: Int) -> String? {
    let bounds = scanner.bounds
    return String(
      validating: window.bytes[bounds[2 * field]..<bounds[2 * field + 1]], as: UTF8.self)
  }

  /// Reads one record; false at the end of the file. Its bytes are consumed, but stay where the
  /// scanner found them until the next call.
  private static func readRecord(
    _ window: inout InputWindow, _ scanner: inout CSVScanner, _ line: Int, _ name: String
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
          throw .input("\(name):\(line): error: a quoted field that starts in this row never ends")
        case .incomplete: break
        }
      } else if window.isAtEnd {
        return false
      }
      guard window.end - window.start <= recordLimit else {
        throw .input("\(name):\(line): error: a row longer than \(recordLimit >> 20) MiB")
      }
      try window.fill()
    }
  }

  private mutating func readHeader() throws(Failure) {
    while window.end < 3, !window.isAtEnd { try window.fill() }
    if window.end >= 3, window.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { window.consume(to: 3) }
    guard try Self.readRecord(&window, &scanner, 1, name) else {
      throw .input("\(name): error: is empty; its first line must name the columns")
    }
    guard scanner.fieldCount <= Self.columnLimit else {
      throw .input("\(name):1: error: more than \(Self.columnLimit) columns")
    }
    if scanner.isMalformed { throw .input("\(name):1: error: text follows a closing quote") }
    var seen: Set<String> = []
    for field in 0..<scanner.fieldCount {
      guard let text = text(ofField: field) else {
        throw .input("\(name):1: error: the name of column \(field + 1) isn't UTF-8")
      }
      guard seen.insert(text).inserted else {
        throw .input("\(name):1: error: two columns are named `\(Console.visible(text))`")
      }
      header.append(text)
    }
    nextLine += scanner.lineFeeds
    scanner = CSVScanner(fieldLimit: header.count)
  }
}
