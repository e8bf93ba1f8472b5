/// Finds the fields of one CSV record (RFC 4180) in bytes.
///
/// Beyond the RFC: a line feed alone ends a record, too, and a quote inside a field that doesn't
/// begin with one is a character like any other.
struct CSVScanner {
  /// What a scan found.
  enum Result: Equatable {
    /// A record; the next one starts at this index.
    case record(next: Int)
    /// The bytes end within the record, and more are to come.
    case incomplete
    /// The file ends within a quoted field.
    case unterminated
  }

  /// Begin and end of each field, two numbers each.
  private(set) var bounds: [Int]
  /// How many fields the record has; only so many as `bounds` has room for have their places.
  private(set) var fieldCount = 0
  /// The fields in which each quote stands twice.
  private(set) var escapedFields: [Int] = []
  /// Whether text follows a closing quote.
  private(set) var isMalformed = false
  /// How many line feeds the record holds, its end included.
  private(set) var lineFeeds = 0

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  /// A scanner of records of which the first `fieldLimit` fields are wanted.
  init(fieldLimit: Int) { bounds = [Int](repeating: 0, count: 2 * fieldLimit) }

  /// Whether the record has a single field, and that has no characters and no quotes.
  var isBlank: Bool { fieldCount == 1 && bounds.count >= 2 && bounds[0] == bounds[1] }

  /// Scans the record that starts at `start`.
  ///
  /// - Parameter isLast: whether the file ends with `end`.
  mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, isLast: Bool
  ) -> Result {
    fieldCount = 0
    lineFeeds = 0
    isMalformed = false
    if !escapedFields.isEmpty { escapedFields.removeAll(keepingCapacity: true) }
    var index = start
    while true {
      if index < end, bytes[index] == Self.quote {
        guard let behind = scanQuoted(bytes, index + 1, end, isLast) else {
          return isLast ? .unterminated : .incomplete
        }
        index = behind
      } else {
        let first = index
        while index < end {
          let byte = bytes[index]
          if byte == Self.comma || byte == Self.lineFeed { break }
          index += 1
        }
        let hasReturn = index > first && bytes[index - 1] == Self.carriageReturn
        let isLineEnd = index == end ? isLast : bytes[index] == Self.lineFeed
        note(first, hasReturn && isLineEnd ? index - 1 : index)
      }
      if index >= end { return isLast ? .record(next: end) : .incomplete }
      if bytes[index] == Self.comma {
        index += 1
        continue
      }
      lineFeeds += 1
      return .record(next: index + 1)
    }
  }

  @inline(__always)
  private mutating func note(_ first: Int, _ behind: Int) {
    let place = 2 * fieldCount
    if place + 1 < bounds.count {
      bounds[place] = first
      bounds[place + 1] = behind
    }
    fieldCount += 1
  }

  /// Scans a field whose opening quote stands before `first`.
  ///
  /// - Returns: the index of what ends the field; nil when the bytes end before.
  private mutating func scanQuoted(
    _ bytes: Span<UInt8>, _ first: Int, _ end: Int, _ isLast: Bool
  ) -> Int? {
    var index = first
    var isEscaped = false
    while true {
      while index < end, bytes[index] != Self.quote {
        if bytes[index] == Self.lineFeed { lineFeeds += 1 }
        index += 1
      }
      guard index < end else { return nil }
      guard index + 1 < end || isLast else { return nil }
      guard index + 1 < end, bytes[index + 1] == Self.quote else { break }
      isEscaped = true
      index += 2
    }
    if isEscaped { escapedFields.append(fieldCount) }
    note(first, index)
    index += 1
    if index < end, bytes[index] == Self.carriageReturn {
      guard index + 1 < end || isLast else { return nil }
      if index + 1 == end || bytes[index + 1] == Self.lineFeed { return index + 1 }
    }
    while index < end, bytes[index] != Self.comma, bytes[index] != Self.lineFeed {
      isMalformed = true
      index += 1
    }
    return index
  }

  /// Makes each doubled quote one quote, in place.
  mutating func unescape(_ bytes: inout [UInt8]) {
    for field in escapedFields where 2 * field + 1 < bounds.count {
      var target = bounds[2 * field]
      var source = target
      let end = bounds[2 * field + 1]
      while source < end {
        bytes[target] = bytes[source]
        source += bytes[source] == Self.quote ? 2 : 1
        target += 1
      }
      bounds[2 * field + 1] = target
    }
  }
}
