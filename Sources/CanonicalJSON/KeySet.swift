/// Finds a key that stands twice in one object: by comparison while there are few keys, by hashing
/// (randomly seeded, so that no input can make it slow) when there are many.
struct KeySet {
  private static let few = 16
  private var many: Set<Key> = []

  private struct Key: Hashable {
    var text: String

    static func == (left: Key, right: Key) -> Bool { sameBytes(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }

  /// Notes `key`, the earlier keys being those of `members`; false when it was there.
  mutating func insert(_ key: String, _ members: [JSON.Member]) -> Bool {
    if members.count < Self.few {
      for index in members.indices where sameBytes(members[index].key, key) { return false }
      return true
    }
    if many.isEmpty { many = Set(members.map { Key(text: $0.key) }) }
    return many.insert(Key(text: key)).inserted
  }
}
