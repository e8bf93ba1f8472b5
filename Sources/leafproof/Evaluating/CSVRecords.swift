import RuleProgram

/// The records of a CSV file that a chunk holds, one by one.
struct CSVRecords {
  /// The chunk that is read.
  var chunk = RowChunk()
  private var scanner: CSVScanner
  private let width: Int
  private var index = 0
  private var nextLine = 1
  /// The number of the record read last, the header not counted, from 1.
  private(set) var row = 0
  /// The line that the record starts on, from 1.
  private(set) var line = 1

  /// Reads records of a file whose header has `width` fields.
  init(width: Int) {
    self.width = width
    scanner = CSVScanner(fieldLimit: width)
  }

  /// Whether the chunk has been read to its end.
  var isAtEnd: Bool { index == chunk.bytes.count }

  /// Goes to the beginning of `chunk`.
  mutating func begin(_ chunk: RowChunk) {
    self.chunk = chunk
    index = 0
    row = chunk.firstRow - 1
    nextLine = chunk.firstLine
  }

  /// Reads the next record; false at the end of the chunk. Empty lines are passed over, unless
  /// there is only one column.
  mutating func next() -> Bool {
    repeat {
      line = nextLine
      guard Self.read(&chunk.bytes, &scanner, &index) else { return false }
      nextLine += scanner.lineFeeds
    } while width > 1 && scanner.isBlank
    row += 1
    return true
  }

  private static func read(
    _ bytes: inout [UInt8], _ scanner: inout CSVScanner, _ index: inout Int
  ) -> Bool {
    guard index < bytes.count,
      case .record(let next) = scanner.scan(
        bytes.span, from: index, to: bytes.count, isLast: true)
    else { return false }
    if !scanner.escapedFields.isEmpty { scanner.unescape(&bytes) }
    index = next
    return true
  }

  /// How the record read last differs from the header; nil when it doesn't.
  var defect: String? {
    if scanner.isMalformed { return "text follows a closing quote" }
    if scanner.fieldCount == width { return nil }
    return "it has \(Console.count(scanner.fieldCount, "field")), the header has \(width)"
  }

  /// Whether the record read last can't be used.
  var isDefective: Bool { scanner.isMalformed || scanner.fieldCount != width }

  /// Binds the record's fields to the inputs of the columns that have one.
  func bind(_ columns: [CSVColumns.Column], to binding: inout Binding) {
    let bytes = chunk.bytes.span
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
      validating: chunk.bytes[bounds[2 * field]..<bounds[2 * field + 1]], as: UTF8.self)
  }
}
