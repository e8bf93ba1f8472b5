import CanonicalJSON
public import Ledger

/// The answer to one request.
public struct Answer: Sendable, Equatable {
  /// The case's ID.
  public var caseID: String
  /// The ledger index of the decision's or refusal's entry.
  public var index: UInt64
  /// Whether the request was refused.
  public var isRefusal: Bool
  /// Whether the same request had been answered before: then this is that answer again.
  public var isEarlier: Bool
  /// The response: one JSON object on one line, without a newline.
  public var json: [UInt8]
}

extension Engine {
  /// Decides `requests` by `pipeline` (`ID` for the version in force, or `ID@VERSION`), records
  /// them all in one append, and gives the answers in the same order. Everything answered is
  /// durable.
  ///
  /// A request that can't be decided is answered by a refusal, recorded too. An answer is an error
  /// only where the case ID is taken by another request. An unknown pipeline is an error even
  /// without requests.
  public func decide(
    _ requests: [[UInt8]], pipeline: String
  ) throws(EngineError) -> [Result<Answer, EngineError>] {
    try registry.refresh()
    let release = try registry.resolve(.pipeline, pipeline, at: clock())
    guard !requests.isEmpty else { return [] }
    var desk = DecisionDesk(
      engine: self, plan: try registry.plan(release.reference), expected: requests.count)
    let records = requests.map { desk.record($0) }
    var answers: [Result<Answer, EngineError>?] = []
    answers.reserveCapacity(requests.count)
    var submissions: [Submission] = []
    submissions.reserveCapacity(requests.count)
    for record in records {
      do throws(EngineError) {
        if let earlier = try desk.earlierAnswer(beforeRefusing: record) {
          answers.append(.success(earlier))
          continue
        }
        submissions.append(try desk.submission(record))
        answers.append(nil)
      } catch {
        answers.append(.failure(error))
      }
    }
    var outcomes: ArraySlice<AppendOutcome> = []
    if !submissions.isEmpty {
      outcomes = try ledger { () throws(LedgerError) in try store.append(submissions)[...] }
    }
    return try zip(records, answers).map { (record, known) throws(EngineError) in
      if let known { return known }
      guard let outcome = outcomes.popFirst() else {
        throw .ledger(.corrupt(place: "the log", reason: "an append gave no outcome"))
      }
      return desk.answer(record, outcome)
    }
  }

  /// Decides one request; its entry becomes durable together with those of concurrent callers.
  public func decide(
    _ request: [UInt8], pipeline: String, through commit: GroupCommit
  ) async throws(EngineError) -> Answer {
    try registry.refresh()
    let release = try registry.resolve(.pipeline, pipeline, at: clock())
    var desk = DecisionDesk(engine: self, plan: try registry.plan(release.reference))
    let record = desk.record(request)
    if let earlier = try desk.earlierAnswer(beforeRefusing: record) { return earlier }
    let submission = try desk.submission(record)
    let outcome: AppendOutcome
    do {
      outcome = try await commit.append(submission)
    } catch {
      throw .ledger(error)
    }
    return try desk.answer(record, outcome).get()
  }
}

/// Decides requests by one plan: runs them, builds their records, and answers.
struct DecisionDesk {
  /// Whose ledger it records in.
  let engine: Engine
  private var runner: CaseRunner
  /// Random bytes in stock: one call for many requests is far cheaper than one for each.
  private var random: ArraySlice<UInt8> = []
  /// How many requests are still expected.
  private var expected: Int

  /// The random bytes that one record needs: a salt, and the random part of a case ID.
  private static let randomLength = Commitment.saltLength + 10

  /// A desk for about `expected` requests by `plan`.
  init(engine: Engine, plan: PipelinePlan, expected: Int = 1) {
    self.engine = engine
    self.expected = expected
    runner = CaseRunner(plan)
  }

  private mutating func takeRandom() -> ArraySlice<UInt8> {
    if random.count < Self.randomLength {
      random = engine.random(Self.randomLength * min(max(expected, 1), 256))[...]
    }
    expected -= 1
    let taken = random.prefix(Self.randomLength)
    random = random.dropFirst(Self.randomLength)
    return taken
  }

  /// Runs `bytes` and builds what is to be recorded of it.
  mutating func record(_ bytes: [UInt8]) -> CaseRecord {
    let time = engine.clock()
    let random = takeRandom()
    let request = Request(bytes, for: runner.plan)
    return runner.record(
      request, bytes, caseID: request.caseID ?? CaseID.uuid(at: time, random: random.suffix(10)),
      time: time.description, salt: Array(random.prefix(Commitment.saltLength)))
  }

  /// A record on its way into the ledger, as the `attempt`th refusal of its case.
  func submission(_ record: CaseRecord, attempt: Int = 0) throws(EngineError) -> Submission {
    try ledger { () throws(LedgerError) in
      try Submission(
        body: record.body, kind: record.isRefusal ? "refusal" : "decision",
        key: record.isRefusal ? "refusal:\(record.caseID):\(attempt)" : "case:\(record.caseID)",
        subject: record.caseID, payload: record.payload)
    }
  }

  /// The answer to what was appended, or had been before.
  func answer(
    _ record: CaseRecord, _ outcome: AppendOutcome
  ) -> Result<Answer, EngineError> {
    if outcome.isNew { return .success(Self.answer(record, outcome.index)) }
    do throws(EngineError) {
      if let earlier = try earlierAnswer(record, at: outcome.index) { return .success(earlier) }
      return .success(try appendAgain(record))
    } catch {
      return .failure(error)
    }
  }

  private static func answer(_ record: CaseRecord, _ index: UInt64) -> Answer {
    Answer(
      caseID: record.caseID, index: index, isRefusal: record.isRefusal, isEarlier: false,
      json: response(record.response, index, isEarlier: false))
  }

  /// `{"index":…,"recorded":"new" or "earlier",` and the members of `response`.
  private static func response(
    _ response: some Collection<UInt8>, _ index: UInt64, isEarlier: Bool
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(response.count + 48)
    bytes += "{\"index\":\(index),\"recorded\":\"\(isEarlier ? "earlier" : "new")\",".utf8
    bytes += response.dropFirst()
    return bytes
  }
}

// MARK: - The same case ID again

extension DecisionDesk {
  /// Before a refusal of a named case: what was decided under its ID. Throws where that was another
  /// request.
  func earlierAnswer(beforeRefusing record: CaseRecord) throws(EngineError) -> Answer? {
    guard record.isRefusal, record.isNamed else { return nil }
    let decided = try ledger { () throws(LedgerError) in
      try engine.store.index(ofKey: "case:\(record.caseID)")
    }
    return try decided.flatMap { (index) throws(EngineError) in
      try earlierAnswer(record, at: index)
    }
  }

  /// The answer recorded at `index`, when it was to the same request by the same pipeline. For
  /// another request: throws when that was decided; nil when it was refused.
  private func earlierAnswer(
    _ record: CaseRecord, at index: UInt64
  ) throws(EngineError) -> Answer? {
    let entry = try StoredEntry.read(index, in: engine.store)
    let isRefusal = entry.type == "refusal"
    guard let payload = try entry.payload(in: engine.store) else {
      if isRefusal { return nil }
      throw .caseErased(caseID: record.caseID, index: index)
    }
    let pipeline = entry.json["pipeline"]?["id"]?.string
    guard pipeline == runner.plan.release.id, payload.holds(record.request),
      let response = payload["response"]
    else {
      if isRefusal { return nil }
      throw .caseTaken(caseID: record.caseID, index: index)
    }
    return Answer(
      caseID: record.caseID, index: index, isRefusal: isRefusal, isEarlier: true,
      json: Self.response(response.canonicalBytes, index, isEarlier: true))
  }

  /// Appends a further refusal of a case that was refused before for another request.
  private func appendAgain(_ record: CaseRecord) throws(EngineError) -> Answer {
    var attempt = 1
    while true {
      let submission = try submission(record, attempt: attempt)
      let outcome = try ledger { () throws(LedgerError) in try engine.store.append(submission) }
      if outcome.isNew { return Self.answer(record, outcome.index) }
      if let earlier = try earlierAnswer(record, at: outcome.index) { return earlier }
      attempt += 1
    }
  }
}

extension StoredPayload {
  /// The request as received; nil when it isn't whole.
  var request: [UInt8]? {
    if let text = unescapedString("request") { return text }
    if self["request_bytes"] != nil { return nil }
    return self["request_hex"]?.string.flatMap { HexText.decode($0) }
  }

  /// Whether the stored request is `other`: as bytes, or as JSON whose canonical forms are equal.
  func holds(_ other: [UInt8]) -> Bool {
    guard let request else { return false }
    if request == other { return true }
    guard let left = try? JSON(parsing: request), let right = try? JSON(parsing: other) else {
      return false
    }
    return left.canonicalBytes == right.canonicalBytes
  }
}
