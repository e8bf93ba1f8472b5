import Ledger
import LedgerConformance
import Synchronization
import Testing

@Suite("The memory store") struct MemoryStoreTests {
  @Test("keeps the store contract", arguments: StoreCheck.all)
  func contract(check: StoreCheck) async throws {
    try await check.run(MemoryStore(key: SigningKey(generatingFor: "example.com/memory")))
  }
}

@Suite("Submissions") struct SubmissionTests {
  @Test("what no ledger can take")
  func limits() {
    #expect(throws: LedgerError.entryTooLarge(bytes: 65_536, limit: 65_535)) {
      try Submission(body: Array(repeating: 0, count: 65_536), kind: "a")
    }
    for text in ["", "a\u{0}b", String(repeating: "é", count: 513)] {
      #expect(throws: LedgerError.self) { try Submission(body: [], kind: text) }
      #expect(throws: LedgerError.self) { try Submission(body: [], kind: "a", key: text) }
      #expect(throws: LedgerError.self) { try Submission(body: [], kind: "a", subject: text) }
    }
    #expect(throws: Never.self) {
      try Submission(body: [], kind: String(repeating: "a", count: 1_024))
    }
  }
}

@Suite("Group commit") struct GroupCommitTests {
  /// A store whose appends fail while it is told to.
  final class FailingStore: LedgerStore {
    let base: MemoryStore
    let isFailing = Atomic(false)

    init() throws { base = try MemoryStore(key: SigningKey(generatingFor: "o")) }

    var verifierKey: VerifierKey { base.verifierKey }
    func append(
      _ submissions: [Submission], if condition: AppendCondition?
    ) throws(LedgerError) -> [AppendOutcome] {
      if isFailing.load(ordering: .relaxed) { throw .full("the disk is full") }
      return try base.append(submissions, if: condition)
    }
    func erase(
      payloadAt index: UInt64, recording record: Submission
    ) throws(LedgerError) -> AppendOutcome {
      try base.erase(payloadAt: index, recording: record)
    }
    func size() -> UInt64 { base.size() }
    func entry(at index: UInt64) -> Entry? { base.entry(at: index) }
    func entries(from start: UInt64, limit: Int) -> [Entry] {
      base.entries(from: start, limit: limit)
    }
    func index(ofKey key: String) -> UInt64? { base.index(ofKey: key) }
    func indexes(
      _ filter: EntryFilter, in range: Range<UInt64>, order: EntryOrder, limit: Int
    ) -> [UInt64] { base.indexes(filter, in: range, order: order, limit: limit) }
    func subjects(withPrefix prefix: String, limit: Int) -> [String] {
      base.subjects(withPrefix: prefix, limit: limit)
    }
    func payload(at index: UInt64) -> Payload? { base.payload(at: index) }
    func erasure(ofPayloadAt index: UInt64) -> UInt64? { base.erasure(ofPayloadAt: index) }
    func latestCheckpoint() throws(LedgerError) -> StoredCheckpoint { try base.latestCheckpoint() }
    func checkpoints(
      fromSize size: UInt64, limit: Int
    ) throws(LedgerError) -> [StoredCheckpoint] {
      try base.checkpoints(fromSize: size, limit: limit)
    }
    func tile(level: Int, index: UInt64, width: Int) throws(LedgerError) -> [Hash] {
      try base.tile(level: level, index: index, width: width)
    }
    func withAuditSnapshot(
      _ body: (any AuditSnapshot) throws(LedgerError) -> Void
    ) throws(LedgerError) {
      try base.withAuditSnapshot(body)
    }
  }

  @Test("every caller of a failed group gets the error; later calls succeed")
  func failure() async throws {
    let store = try FailingStore()
    let commit = GroupCommit(store: store)
    store.isFailing.store(true, ordering: .relaxed)
    let failures: [LedgerError?] = await withTaskGroup(of: LedgerError?.self) { group in
      for number: UInt8 in 0..<50 {
        group.addTask { await Self.failure(of: commit, number) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(failures.allSatisfy { $0 == .full("the disk is full") })
    #expect(store.size() == 0)
    store.isFailing.store(false, ordering: .relaxed)
    let outcome = try await commit.append(Submission(body: [1], kind: "a"))
    #expect(outcome == AppendOutcome(index: 0, isNew: true))
  }

  private static func failure(of commit: GroupCommit, _ number: UInt8) async -> LedgerError? {
    do {
      _ = try await commit.append(Submission(body: [number], kind: "a"))
      return nil
    } catch {
      return error
    }
  }
}
