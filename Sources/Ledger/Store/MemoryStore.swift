import Synchronization

/// A ledger in memory, gone with the process: for tests and for trying things out. It keeps the
/// contract of ``LedgerStore`` but for durability.
public final class MemoryStore: LedgerStore {
  public let verifierKey: VerifierKey
  private let state: Mutex<State>

  /// An empty log that `key` signs for; the key's name is its origin.
  public init(key: SigningKey) throws(LedgerError) {
    verifierKey = key.verifierKey
    let writer = LogWriter(key: key, frontier: TreeFrontier())
    let first = CheckpointRow(size: 0, previousSize: nil, note: try writer.checkpoint())
    state = Mutex(State(writer: writer, checkpoints: [first]))
  }

  /// A checkpoint, as a store's table would hold it.
  struct CheckpointRow {
    /// The tree's size.
    var size: UInt64
    /// The size of the checkpoint before it; nil for the first.
    var previousSize: UInt64?
    /// The signed note.
    var note: String
  }

  /// Everything stored.
  struct State {
    /// The tree's right edge and the key.
    var writer: LogWriter
    /// The entries by index.
    var entries: [Entry] = []
    /// The leaf hashes by index.
    var leaves: [Hash] = []
    /// The roots of full tiles, by level.
    var tileRoots: [[Hash]] = []
    /// The checkpoints by size.
    var checkpoints: [CheckpointRow]
    /// The payloads by their entry's index.
    var payloads: [UInt64: Payload] = [:]
    /// The entry that records the erasure of an entry's payload.
    var erasures: [UInt64: UInt64] = [:]
    /// Indexes by key; by UTF-8 bytes, since `String` equality is looser than the contract's.
    var keys: [[UInt8]: UInt64] = [:]
    /// Indexes by subject.
    var subjects: [[UInt8]: [UInt64]] = [:]
    /// Indexes by kind.
    var kinds: [[UInt8]: [UInt64]] = [:]
  }

  public func append(
    _ submissions: [Submission], if condition: AppendCondition?
  ) throws(LedgerError) -> [AppendOutcome] {
    try state.withLock { (state) throws(LedgerError) in
      if let condition {
        let last = state.kinds[Array(condition.kind.utf8)]?.last
        if let last, last >= condition.size { throw .conflict(index: last) }
      }
      return try state.append(submissions, erasing: nil)
    }
  }

  public func erase(
    payloadAt index: UInt64, recording record: Submission
  ) throws(LedgerError) -> AppendOutcome {
    try state.withLock { (state) throws(LedgerError) in
      if let earlier = state.erasures[index] { return AppendOutcome(index: earlier, isNew: false) }
      guard index < state.writer.nextIndex else { throw .noEntry(index: index) }
      guard state.payloads[index] != nil else { throw .noPayload(index: index) }
      if let key = record.key, state.keys[Array(key.utf8)] != nil {
        throw .invalidSubmission("its key is already in the log")
      }
      let outcome = try state.append([record], erasing: index)[0]
      state.payloads[index] = nil
      state.erasures[index] = outcome.index
      return outcome
    }
  }

  public func size() -> UInt64 { state.withLock { $0.writer.nextIndex } }

  public func entry(at index: UInt64) -> Entry? {
    state.withLock { index < $0.entries.count ? $0.entries[Int(index)] : nil }
  }

  public func entries(from start: UInt64, limit: Int) -> [Entry] {
    state.withLock { state in
      guard start < state.entries.count, limit > 0 else { return [] }
      let first = Int(start)
      return Array(state.entries[first..<(first + min(limit, state.entries.count - first))])
    }
  }

  public func page(in range: Range<UInt64>, byteLimit: Int) -> EntryPage {
    state.withLock { state in
      var page = EntryPage()
      let end = min(range.upperBound, UInt64(state.entries.count))
      for index in stride(from: range.lowerBound, to: end, by: 1) {
        page.append(state.entries[Int(index)], payload: state.payloads[index]?.bytes)
        if page.bytes.count >= byteLimit { break }
      }
      return page
    }
  }

  public func index(ofKey key: String) -> UInt64? {
    state.withLock { $0.keys[Array(key.utf8)] }
  }

  public func indexes(
    _ filter: EntryFilter, in range: Range<UInt64>, order: EntryOrder, limit: Int
  ) -> [UInt64] {
    let all = state.withLock { state in
      switch filter {
      case .kind(let kind): state.kinds[Array(kind.utf8)] ?? []
      case .subject(let subject): state.subjects[Array(subject.utf8)] ?? []
      }
    }
    let found = all.filter { range.contains($0) }
    return switch order {
    case .ascending: Array(found.prefix(max(0, limit)))
    case .descending: Array(found.reversed().prefix(max(0, limit)))
    }
  }

  public func subjects(withPrefix prefix: String, limit: Int) -> [String] {
    let bytes = Array(prefix.utf8)
    let all = state.withLock { state in state.subjects.keys.filter { $0.starts(with: bytes) } }
    return all.sorted { $0.lexicographicallyPrecedes($1) }.prefix(max(0, limit))
      .map { String(decoding: $0, as: UTF8.self) }
  }

  public func payload(at index: UInt64) -> Payload? { state.withLock { $0.payloads[index] } }

  public func erasure(ofPayloadAt index: UInt64) -> UInt64? {
    state.withLock { $0.erasures[index] }
  }

  public func latestCheckpoint() throws(LedgerError) -> StoredCheckpoint {
    guard let latest = state.withLock({ $0.checkpoints.last }) else {
      throw .corrupt(place: "the checkpoints", reason: "there is none")
    }
    return try stored(latest)
  }

  public func checkpoints(
    fromSize size: UInt64, limit: Int
  ) throws(LedgerError) -> [StoredCheckpoint] {
    let rows = state.withLock { state in
      state.checkpoints.drop { $0.size < size }.prefix(max(0, limit))
    }
    var result: [StoredCheckpoint] = []
    for row in rows { result.append(try stored(row)) }
    return result
  }

  private func stored(_ row: CheckpointRow) throws(LedgerError) -> StoredCheckpoint {
    do {
      return try StoredCheckpoint(note: row.note)
    } catch {
      throw .corrupt(place: "checkpoint of size \(row.size)", reason: "\(error)")
    }
  }

  public func tile(level: Int, index: UInt64, width: Int) throws(LedgerError) -> [Hash] {
    try state.withLock { (state) throws(LedgerError) in
      let row =
        level == 0
        ? state.leaves : level <= state.tileRoots.count ? state.tileRoots[level - 1] : []
      let start = Int(clamping: index.multipliedReportingOverflow(by: 256).partialValue)
      guard (1...256).contains(width), index < 1 << 48, start + width <= row.count else {
        throw .corrupt(place: "tile \(level)/\(index)", reason: "it isn't there")
      }
      return Array(row[start..<(start + width)])
    }
  }

  public func withAuditSnapshot(
    _ body: (any AuditSnapshot) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    try body(MemorySnapshot(state.withLock { $0 }))
  }
}

extension MemoryStore.State {
  /// Appends what isn't there yet; with `erased`, records the erasure of that entry's payload.
  mutating func append(
    _ submissions: [Submission], erasing erased: UInt64?
  ) throws(LedgerError) -> [AppendOutcome] {
    let size = writer.nextIndex
    var outcomes: [AppendOutcome] = []
    for submission in submissions {
      if let key = submission.key, let index = keys[Array(key.utf8)] {
        outcomes.append(AppendOutcome(index: index, isNew: false))
        continue
      }
      outcomes.append(AppendOutcome(index: writer.nextIndex, isNew: true))
      add(submission, erasing: erased)
    }
    if writer.nextIndex > size {
      checkpoints.append(
        MemoryStore.CheckpointRow(
          size: writer.nextIndex, previousSize: size, note: try writer.checkpoint()))
    }
    return outcomes
  }

  private mutating func add(_ submission: Submission, erasing erased: UInt64?) {
    let index = writer.nextIndex
    let leaf = TreeHashing.leafHash(submission.body)
    entries.append(
      Entry(index: index, body: submission.body, columns: submission.columns(erasing: erased)))
    leaves.append(leaf)
    writer.append(leaf)
    for tile in writer.takeCompletedTiles() {
      if tileRoots.count == tile.level { tileRoots.append([]) }
      tileRoots[tile.level].append(tile.root)
    }
    payloads[index] = submission.payload
    if let key = submission.key { keys[Array(key.utf8)] = index }
    if let subject = submission.subject { subjects[Array(subject.utf8), default: []].append(index) }
    kinds[Array(submission.kind.utf8), default: []].append(index)
  }
}

/// A copy of a memory store's state for an audit.
private final class MemorySnapshot: AuditSnapshot {
  private let state: MemoryStore.State
  private let payloadIndexes: [UInt64]
  private var nextEntryPosition = 0
  private var nextPayloadPosition = 0
  private var nextCheckpointPosition = 0
  private var nextTilePosition = (level: 0, index: 0)

  init(_ state: MemoryStore.State) {
    self.state = state
    payloadIndexes = state.payloads.keys.sorted()
  }

  func entryCount() -> UInt64 { UInt64(state.entries.count) }

  func nextEntry() -> StoredEntryRow? {
    guard nextEntryPosition < state.entries.count else { return nil }
    let entry = state.entries[nextEntryPosition]
    let leaf = state.leaves[nextEntryPosition]
    nextEntryPosition += 1
    let columns = entry.columns
    return StoredEntryRow(
      index: Int64(entry.index), body: entry.body, leafHash: leaf.bytes, kind: columns.kind,
      key: columns.key, subject: columns.subject, payloadAddress: columns.payloadAddress?.bytes,
      erases: columns.erases.map { Int64(clamping: $0) })
  }

  func nextPayload() -> StoredPayloadRow? {
    guard nextPayloadPosition < payloadIndexes.count else { return nil }
    let index = payloadIndexes[nextPayloadPosition]
    nextPayloadPosition += 1
    return state.payloads[index].map {
      StoredPayloadRow(index: Int64(index), address: $0.address.bytes, bytes: $0.bytes)
    }
  }

  func nextCheckpoint() -> StoredCheckpointRow? {
    guard nextCheckpointPosition < state.checkpoints.count else { return nil }
    let row = state.checkpoints[nextCheckpointPosition]
    nextCheckpointPosition += 1
    return StoredCheckpointRow(
      size: Int64(row.size), previousSize: row.previousSize.map { Int64($0) }, note: row.note)
  }

  func tileRoot(level: Int, index: UInt64) -> [UInt8]? {
    guard level < state.tileRoots.count, index < state.tileRoots[level].count else { return nil }
    return state.tileRoots[level][Int(index)].bytes
  }

  func nextTile() -> (level: Int64, index: Int64)? {
    while nextTilePosition.level < state.tileRoots.count {
      if nextTilePosition.index < state.tileRoots[nextTilePosition.level].count {
        defer { nextTilePosition.index += 1 }
        return (Int64(nextTilePosition.level), Int64(nextTilePosition.index))
      }
      nextTilePosition = (nextTilePosition.level + 1, 0)
    }
    return nil
  }

  func structure(trusting key: VerifierKey) -> AuditedStructure {
    AuditedStructure(
      problems: key == state.writer.key.verifierKey
        ? [] : [AuditProblem(.store("log"), "it is signed with another key than the trusted one")])
  }
}
