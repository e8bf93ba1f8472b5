/// Reads a file line by line. A line may have at most 16 MiB.
struct LineReader: ~Copyable {
  /// The most bytes of a line.
  static let lineLimit = 16 << 20

  private var window: InputWindow
  /// Where the search for the next line's end goes on.
  private var searched = 0
  /// The number of the line read last, from 1.
  private(set) var lineNumber = 0

  /// What a reader has.
  enum Item {
    /// A line without its end.
    case line([UInt8])
    /// The rest of the line hasn't arrived yet.
    case notYet
    /// There are no more lines.
    case end
  }

  /// A reader of the file at `path`; `-` is standard input.
  init(_ path: String) throws(Failure) { window = try InputWindow(path) }

  /// The name of the file for messages.
  var name: String { window.file.name }
  /// The file's size; nil for a pipe.
  var size: Int? { window.file.size }
  /// How many bytes have been consumed.
  var consumed: Int { window.consumed }

  /// The next line that isn't blank.
  ///
  /// - Parameter waits: whether to wait for bytes that have not arrived yet.
  mutating func next(waits: Bool) throws(Failure) -> Item {
    while true {
      let item = try nextLine(waits: waits)
      guard case .line(let line) = item, line.allSatisfy(Self.isSpace) else { return item }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }

  private mutating func nextLine(waits: Bool) throws(Failure) -> Item {
    while true {
      let index = Self.endOfLine(window.bytes.span, window.start + searched, window.end)
      if index < window.end { return .line(take(to: index, behind: index + 1)) }
      searched = index - window.start
      if window.isAtEnd {
        return searched == 0 ? .end : .line(take(to: index, behind: index))
      }
      guard searched <= Self.lineLimit else {
        throw .input(
          "\(Console.visible(name)):\(lineNumber + 1): error: a line longer than"
            + " \(Self.lineLimit >> 20) MiB")
      }
      if !waits, !window.isReadable { return .notYet }
      try window.fill()
    }
  }

  /// The index of the line feed in `start..<end`; `end` when there is none.
  private static func endOfLine(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, bytes[index] != 0x0A { index += 1 }
    return index
  }

  private mutating func take(to end: Int, behind next: Int) -> [UInt8] {
    var line = Array(window.bytes[window.start..<end])
    if line.last == 0x0D { line.removeLast() }
    lineNumber += 1
    if lineNumber == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    window.consume(to: next)
    searched = 0
    return line
  }
}
