import Synchronization

/// Where the lines of a source start, found out when first asked for.
final class LineTable: Sendable {
  /// The table's content.
  struct Content: Sendable {
    /// The offset of each line's first byte, the first being 0.
    ///
    /// 32 bits suffice: no source is longer than `SourceText.sizeLimit`.
    var starts: [UInt32] = [0]
    /// How many characters stand in front of each block of bytes, so that a column in a line of
    /// many megabytes is found at once.
    var charactersBeforeBlock: [UInt32] = []
  }

  private static let blockShift = 12
  private let content = Mutex<Content?>(nil)

  /// The table of `bytes`, which are the same in each call.
  func content(of bytes: [UInt8]) -> Content {
    content.withLock { content in
      if let content { return content }
      let made = Self.scan(bytes)
      content = made
      return made
    }
  }

  /// The number of characters in front of `offset`.
  func characters(before offset: Int, in bytes: [UInt8]) -> Int {
    let table = content(of: bytes)
    let block = offset >> Self.blockShift
    guard block < table.charactersBeforeBlock.count else { return 0 }
    var count = Int(table.charactersBeforeBlock[block])
    for byte in bytes[(block << Self.blockShift)..<offset] where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }

  private static func scan(_ bytes: [UInt8]) -> Content {
    var content = Content()
    var previous: UInt8 = 0
    var characters: UInt32 = 0
    for (index, byte) in bytes.enumerated() {
      if index & (1 << blockShift - 1) == 0 { content.charactersBeforeBlock.append(characters) }
      if byte & 0xC0 != 0x80 { characters += 1 }
      if previous == 0x0A || (previous == 0x0D && byte != 0x0A) {
        content.starts.append(UInt32(truncatingIfNeeded: index))
      }
      previous = byte
    }
    if bytes.count & (1 << blockShift - 1) == 0 { content.charactersBeforeBlock.append(characters) }
    if previous == 0x0A || previous == 0x0D {
      content.starts.append(UInt32(truncatingIfNeeded: bytes.count))
    }
    return content
  }
}
