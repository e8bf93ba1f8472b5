/// A file or standard input, open for reading.
struct InputFile: ~Copyable {
  /// The name for messages.
  let name: String
  /// The descriptor.
  let descriptor: Int32
  /// The size in bytes; nil for a pipe or device.
  let size: Int?

  /// Opens the file at `path`; `-` is standard input.
  init(_ path: String) throws(Failure) {
    if path == "-" {
      name = "standard input"
      descriptor = SystemCalls.input
    } else {
      name = path
      do {
        descriptor = try SystemCalls.open(path)
      } catch {
        throw Failure(reading: path, error)
      }
    }
    size = SystemCalls.size(descriptor)
  }

  deinit {
    if descriptor != SystemCalls.input { SystemCalls.closeFile(descriptor) }
  }
}

/// A window that moves over a file: what was read and isn't consumed yet.
struct InputWindow: ~Copyable {
  private static let blockSize = 1 << 20

  /// The file.
  let file: InputFile
  /// The bytes read; only `start..<end` count.
  var bytes: [UInt8]
  /// The first byte that isn't consumed.
  private(set) var start = 0
  /// Behind the last byte that was read.
  private(set) var end = 0
  /// Whether the file has nothing more.
  private(set) var isAtEnd = false
  /// How many bytes were consumed since the beginning of the file.
  private(set) var consumed = 0

  /// A window at the beginning of the file at `path`; `-` is standard input.
  init(_ path: String) throws(Failure) {
    file = try InputFile(path)
    bytes = [UInt8](repeating: 0, count: Self.blockSize)
  }

  /// Gives up what lies before `index`.
  mutating func consume(to index: Int) {
    consumed += index - start
    start = index
  }

  /// Gives up what lies before `index`, and puts it in the place of `taken`.
  mutating func take(to index: Int, into taken: inout [UInt8]) {
    taken.removeAll(keepingCapacity: true)
    taken.append(contentsOf: bytes[start..<index])
    consume(to: index)
  }

  /// Gives up a byte order mark at the beginning of the file.
  mutating func skipByteOrderMark() throws(Failure) {
    while end < 3, !isAtEnd { try fill() }
    if end >= 3, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { consume(to: 3) }
  }

  /// Reads more behind `end`; waits for it. Indexes change: what was at `start` moves to 0.
  mutating func fill() throws(Failure) {
    if start > 0 {
      if end > start { bytes.replaceSubrange(0..<(end - start), with: bytes[start..<end]) }
      end -= start
      start = 0
    }
    if end > bytes.count / 2 {
      bytes.append(contentsOf: repeatElement(0, count: bytes.count))
    }
    do {
      let count = try SystemCalls.read(file.descriptor, into: &bytes, from: end)
      end += count
      if count == 0 { isAtEnd = true }
    } catch {
      throw Failure(reading: file.name, error)
    }
  }

  /// Whether `fill()` would return at once.
  var isReadable: Bool { SystemCalls.isReadable(file.descriptor) }

  /// Waits until `fill()` would return at once; false when that takes longer than it should.
  func waitUntilReadable(milliseconds: Int32) -> Bool {
    SystemCalls.isReadable(file.descriptor, within: milliseconds)
  }
}
