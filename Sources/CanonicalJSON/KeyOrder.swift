/// The order of an object's members for canonical output: by UTF-16 code units of their keys (RFC
/// 8785 section 3.2.3).
struct KeyOrder {
  /// A member's place, with the beginning of its key as a number that sorts like it.
  private struct Item {
    var prefix: UInt64
    var index: Int
  }

  /// The members' indexes in canonical order; nil when they are in that order already.
  static func order(_ members: [JSON.Member]) -> [Int]? {
    if members.count < 2 { return nil }
    var items: [Item] = []
    items.reserveCapacity(members.count)
    var isSorted = true
    for index in members.indices {
      let item = Item(prefix: prefix(members[index].key), index: index)
      if isSorted, index > 0, !comes(items[index - 1], item, members) { isSorted = false }
      items.append(item)
    }
    if isSorted { return nil }
    items.sort { comes($0, $1, members) }
    return items.map(\.index)
  }

  private static func comes(_ left: Item, _ right: Item, _ members: [JSON.Member]) -> Bool {
    if left.prefix != right.prefix { return left.prefix < right.prefix }
    return precedes(members[left.index].key, members[right.index].key)
  }

  /// The first bytes of a key as a big-endian number. Bytes from EE on, where the orders of UTF-8
  /// and UTF-16 part, end it with FF, so that such keys are compared in full.
  private static func prefix(_ key: String) -> UInt64 {
    withBytes(of: key) { bytes in
      var prefix: UInt64 = 0
      for position in 0..<8 {
        let byte = position < bytes.count ? bytes[position] : 0
        if byte >= 0xEE {
          let shift = UInt64(8 * (8 - position))
          return shift == 64 ? .max : prefix << shift | (1 << shift - 1)
        }
        prefix = prefix << 8 | UInt64(byte)
      }
      return prefix
    }
  }

  /// Whether `left` comes before `right` by UTF-16 code units, decided on their UTF-8 bytes.
  ///
  /// The two orders differ in one case: a character beyond U+FFFF (lead byte F0 and up) is written
  /// with surrogates in UTF-16 and so comes before U+E000...U+FFFF (lead bytes EE and EF).
  private static func precedes(_ left: String, _ right: String) -> Bool {
    withBytes(of: left) { a in
      withBytes(of: right) { b in
        for index in 0..<min(a.count, b.count) where a[index] != b[index] {
          let x = a[index]
          let y = b[index]
          if x >= 0xEE, y >= 0xEE, (x >= 0xF0) != (y >= 0xF0) { return x > y }
          return x < y
        }
        return a.count < b.count
      }
    }
  }
}
