/// The declared values of an input, laid out so that a text is found among them by its bytes,
/// without a string being made of it.
struct DeclaredValues: Sendable {
  /// The values, sorted by their UTF-8 bytes.
  let values: [Value]
  /// The first eight bytes of each, as numbers that sort like them.
  private let prefixes: [UInt64]
  /// The bytes of all, one value after the other.
  private let bytes: [UInt8]
  /// Where each value begins; then the end of the last.
  private let bounds: [Int]

  /// The values `texts`, which are sorted by their UTF-8 bytes.
  init(_ texts: [String]) {
    var bytes: [UInt8] = []
    var bounds = [0]
    for text in texts {
      bytes += text.utf8
      bounds.append(bytes.count)
    }
    values = texts.map { .string($0) }
    prefixes = texts.map { Self.prefix($0.utf8Span.span) }
    self.bytes = bytes
    self.bounds = bounds
  }

  /// The index of the value that has the bytes `text`.
  func index(of text: Span<UInt8>) -> Int? {
    let prefix = Self.prefix(text)
    var low = 0
    var high = prefixes.count
    while low < high {
      let middle = (low + high) >> 1
      let other = prefixes[middle]
      let isBelow: Bool
      if other == prefix {
        let order = orderBehindPrefix(middle, text)
        if order == 0 { return middle }
        isBelow = order < 0
      } else {
        isBelow = other < prefix
      }
      if isBelow { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// Negative, zero or positive as value number `index` is below, equal to or above `text`, whose
  /// prefix is the same.
  @inline(__always)
  private func orderBehindPrefix(_ index: Int, _ text: Span<UInt8>) -> Int {
    let start = bounds[index]
    let count = bounds[index + 1] - start
    var place = 8
    while place < min(count, text.count) {
      let (left, right) = (bytes[start + place], text[place])
      if left != right { return left < right ? -1 : 1 }
      place += 1
    }
    return count - text.count
  }

  /// The first eight bytes as one number. Bytes that are not there count as zero, so a text and
  /// the same text with U+0000 behind it have the same prefix; their lengths tell them apart.
  @inline(__always)
  private static func prefix(_ text: Span<UInt8>) -> UInt64 {
    let count = text.count
    // Two words that overlap make up four to eight bytes.
    if count >= 4 {
      let bytes = unsafe text.bytes
      let last = min(count, 8)
      let front = unsafe bytes.unsafeLoadUnaligned(as: UInt32.self)
      let back = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: last &- 4, as: UInt32.self)
      return UInt64(front.bigEndian) << 32 | UInt64(back.bigEndian) << UInt64(64 &- 8 &* last)
    }
    var prefix: UInt64 = 0
    for place in 0..<count { prefix |= UInt64(text[place]) << UInt64(56 - 8 * place) }
    return prefix
  }
}
