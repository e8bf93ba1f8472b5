/// A JSON object cut into its members without reading their values, for documents of which little is
/// needed. It cuts right where the bytes are JSON; a member is checked when it is read.
public struct JSONSlices: Sendable {
  /// The document.
  public let bytes: [UInt8]
  private var members: [(key: Range<Int>, value: Range<Int>)] = []

  /// The members of the object that `bytes` hold; nil when they can't be cut.
  public init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    var cutter = Cutter()
    guard let members = cutter.object(bytes.span) else { return nil }
    self.members = members
  }

  /// The value of the member `key`; nil when there is none, or it isn't JSON.
  public subscript(key: String) -> JSON? {
    range(key).flatMap { try? JSON(parsing: bytes.span.extracting($0)) }
  }

  /// The bytes of the member `key` as they stand; nil when there is none.
  public func slice(_ key: String) -> ArraySlice<UInt8>? { range(key).map { bytes[$0] } }

  private func range(_ key: String) -> Range<Int>? {
    members.first { bytes[$0.key].elementsEqual(key.utf8) }?.value
  }
}

/// Finds the ends of values by quotation marks and brackets alone.
private struct Cutter {
  private var position = 0

  mutating func object(_ bytes: Span<UInt8>) -> [(key: Range<Int>, value: Range<Int>)]? {
    var members: [(key: Range<Int>, value: Range<Int>)] = []
    guard take(UInt8(ascii: "{"), bytes) else { return nil }
    if take(UInt8(ascii: "}"), bytes) { return ends(bytes) ? members : nil }
    while true {
      skipSpace(bytes)
      guard let key = string(bytes), take(UInt8(ascii: ":"), bytes) else { return nil }
      skipSpace(bytes)
      let start = position
      guard value(bytes), position > start else { return nil }
      members.append(((key.lowerBound + 1)..<(key.upperBound - 1), start..<position))
      if take(UInt8(ascii: "}"), bytes) { return ends(bytes) ? members : nil }
      guard take(UInt8(ascii: ","), bytes) else { return nil }
    }
  }

  private mutating func ends(_ bytes: Span<UInt8>) -> Bool {
    skipSpace(bytes)
    return position == bytes.count
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    skipSpace(bytes)
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Steps over a string; gives its range, quotation marks included.
  private mutating func string(_ bytes: Span<UInt8>) -> Range<Int>? {
    let start = position
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return start..<position }
      if byte == UInt8(ascii: "\\") { position += 1 }
    }
    return nil
  }

  /// Steps over a value.
  private mutating func value(_ bytes: Span<UInt8>) -> Bool {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        if string(bytes) == nil { return false }
        if depth == 0 { return true }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return true }
        depth -= 1
        position += 1
        if depth == 0 { return true }
      case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09:
        if depth == 0 { return true }
        position += 1
      default: position += 1
      }
    }
    return depth == 0
  }
}
