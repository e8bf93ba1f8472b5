/// Entries that follow one another, each with its payload: what it takes to go over many of them.
/// The bytes of all lie in one piece.
public struct EntryPage: Sendable, Equatable {
  /// One entry of a page.
  public struct Item: Sendable, Equatable {
    /// The entry's index.
    public var index: UInt64
    /// Its kind.
    public var kind: String
    /// Where its body stands in the page's bytes.
    public var body: Range<Int>
    /// Where its payload's bytes stand; nil when it has none, or it was erased.
    public var payload: Range<Int>?
  }

  /// The bodies and payloads.
  public private(set) var bytes: [UInt8] = []
  /// The entries, in their order.
  public private(set) var items: [Item] = []

  /// A page without entries.
  public init() {}

  /// A page without entries, with room for about `count` of them.
  package init(expecting count: Int) {
    // Room that is not needed costs nothing: the system gives memory when it is written.
    bytes.reserveCapacity(min(count, 4096) * 4096)
    items.reserveCapacity(min(count, 4096))
  }

  /// Appends an entry; `body` and then `payload`, where there is one, append their bytes.
  package mutating func append<E: Error>(
    _ index: UInt64, kind: String, body: (inout [UInt8]) throws(E) -> Void,
    payload: (inout [UInt8]) throws(E) -> Bool
  ) throws(E) {
    let start = bytes.count
    try body(&bytes)
    let middle = bytes.count
    let hasPayload = try payload(&bytes)
    items.append(
      Item(
        index: index, kind: kind, body: start..<middle,
        payload: hasPayload ? middle..<bytes.count : nil))
  }

  /// Appends an entry and the bytes of its payload.
  package mutating func append(_ entry: Entry, payload: [UInt8]?) {
    append(entry.index, kind: entry.columns.kind) {
      $0.append(contentsOf: entry.body)
    } payload: {
      if let payload { $0.append(contentsOf: payload) }
      return payload != nil
    }
  }
}
