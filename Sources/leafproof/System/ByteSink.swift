/// Collects bytes and writes them to standard output or error in large blocks.
struct ByteSink {
  private static let blockSize = 1 << 18

  private let descriptor: Int32
  /// What is not written yet; append to it, then call `flushIfLarge()`.
  var bytes: [UInt8] = []

  /// A sink that writes to the file `descriptor`.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    bytes.reserveCapacity(Self.blockSize + (1 << 12))
  }

  /// Writes when a block is full.
  mutating func flushIfLarge() throws(Failure) {
    if bytes.count >= Self.blockSize { try flush() }
  }

  /// Writes everything.
  mutating func flush() throws(Failure) {
    guard !bytes.isEmpty else { return }
    do {
      try SystemCalls.write(bytes, to: descriptor)
    } catch {
      throw Failure(writing: "standard output", error)
    }
    bytes.removeAll(keepingCapacity: true)
  }
}

extension [UInt8] {
  /// Appends a number in decimal digits.
  mutating func append(decimal value: Int) {
    if value < 10, value >= 0 { return append(UInt8(ascii: "0") + UInt8(value)) }
    guard value > 0 else { return append(contentsOf: String(value).utf8) }
    var rest = value
    let first = count
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    self[first...].reverse()
  }
}
