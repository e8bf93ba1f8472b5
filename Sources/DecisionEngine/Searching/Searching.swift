import CanonicalJSON
import Ledger

extension Engine {
  /// The decisions and refusals that `query` names, the newest first.
  ///
  /// A case ID and a range of time are found by the ledger's indexes. Everything else is found by
  /// looking at the entries of that range one after the other, for at most `effort`; the page says
  /// how far that went, and the next call goes on from there.
  ///
  /// - Parameter below: only entries below this index; `next` of the page before.
  /// - Parameter limit: the most cases on a page.
  /// - Parameter effort: after this time the page ends, found or not.
  public func search(
    _ query: CaseQuery, below: UInt64? = nil, limit: Int = 50,
    effort: Duration = .milliseconds(400)
  ) throws(EngineError) -> CasePage {
    var search = CaseSearch(query: query, store: store, limit: max(1, limit))
    if let prefix = query.caseIDPrefix, !prefix.isEmpty {
      return try search.byCaseID(prefix, below: below)
    }
    return try search.byIndex(below: below, until: ContinuousClock().now.advanced(by: effort))
  }
}

/// One search under way.
struct CaseSearch {
  /// What is looked for.
  let query: CaseQuery
  /// Where.
  let store: any LedgerStore
  /// The most cases on a page.
  let limit: Int
  private var page = CasePage()

  /// The most case IDs of one beginning that are looked at.
  static let prefixLimit = 500
  /// How many entries are read at once.
  private static let pageSize: UInt64 = 256
  /// Concurrent writers and corrected clocks may swap entries' times; so many more are looked at
  /// on each side of a range.
  private static let disorder: UInt64 = 1024

  /// A search for `query`.
  init(query: CaseQuery, store: any LedgerStore, limit: Int) {
    self.query = query
    self.store = store
    self.limit = limit
  }

  // MARK: By case ID

  /// The cases whose ID begins with `prefix`.
  mutating func byCaseID(_ prefix: String, below: UInt64?) throws(EngineError) -> CasePage {
    let subjects = try ledger { () throws(LedgerError) in
      try store.subjects(withPrefix: prefix, limit: Self.prefixLimit)
    }
    var indexes: Set<UInt64> = []
    for subject in subjects {
      let found = try ledger { () throws(LedgerError) in try store.indexes(.subject(subject)) }
      indexes.formUnion(found.filter { below == nil || $0 < below ?? 0 })
    }
    for index in indexes.sorted(by: >) {
      let entry = try ledger { () throws(LedgerError) in try store.entry(at: index) }
      guard let entry else { continue }
      try look(at: entry)
      if page.cases.count == limit {
        page.next = index
        break
      }
    }
    if page.cases.last?.index == indexes.min() { page.next = nil }
    return page
  }

  // MARK: By place in the log

  /// The cases of the query's range of time, from its end on.
  mutating func byIndex(
    below: UInt64?, until deadline: ContinuousClock.Instant
  ) throws(EngineError) -> CasePage {
    let size = try ledger { () throws(LedgerError) in try store.size() }
    let first =
      try query.from.map { (time) throws(EngineError) in
        try index(of: time, size: size)
      } ?? 0
    let last =
      try query.until.map { (time) throws(EngineError) in
        try index(of: time, size: size)
      } ?? size
    let start = first - min(first, Self.disorder)
    var end = min(below ?? size, min(size, last + Self.disorder))
    let clock = ContinuousClock()
    while end > start, page.cases.count < limit, page.looked == 0 || clock.now < deadline {
      let from = max(start, end - min(end, Self.pageSize))
      let entries = try ledger { () throws(LedgerError) in
        try store.entries(from: from, limit: Int(end - from))
      }
      for entry in entries.reversed() where page.cases.count < limit {
        try look(at: entry)
        end = entry.index
        if entry.index == from { page.reach = Self.time(entry) }
      }
      if entries.isEmpty { throw .damaged(index: from, reason: "it is missing") }
    }
    if end > start { page.next = end } else { page.reach = nil }
    return page
  }

  private static func time(_ entry: Entry) -> String? {
    (try? JSON(parsing: entry.body))?["time"]?.string
  }

  /// The first index whose entry isn't older than `time`, where times ascend.
  private func index(of time: Instant, size: UInt64) throws(EngineError) -> UInt64 {
    var low: UInt64 = 0
    var high = size
    while low < high {
      let middle = low + (high - low) / 2
      let entry = try StoredEntry.read(middle, in: store)
      if let found = Instant(entry.time), found < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: One entry

  private mutating func look(at entry: Entry) throws(EngineError) {
    page.looked += 1
    guard entry.columns.kind == "decision" || entry.columns.kind == "refusal", mayMatch(entry)
    else { return }
    let stored = try StoredEntry(index: entry.index, body: entry.body)
    guard try matches(stored) else { return }
    page.cases.append(FoundCase(stored))
  }

  /// A quick look at an entry's bytes, which spares most entries the parsing.
  private func mayMatch(_ entry: Entry) -> Bool {
    let hasCandidates = entry.columns.kind == "decision" && !entry.body.holds("\"leaf\":")
    if let outcome = query.outcome {
      if outcome == "refused" { return entry.columns.kind == "refusal" }
      if entry.columns.kind == "refusal" { return false }
      if !hasCandidates, !entry.body.holds(Self.member("outcome", outcome)) { return false }
    }
    if let leaf = query.leaf {
      if entry.columns.kind == "refusal" { return false }
      if !hasCandidates, !entry.body.holds(Self.member("leaf", leaf)) { return false }
    }
    return true
  }

  private static func member(_ name: String, _ value: String) -> [UInt8] {
    Array("\"\(name)\":".utf8) + JSON.string(value).canonicalBytes
  }

  private func matches(_ entry: StoredEntry) throws(EngineError) -> Bool {
    if query.from != nil || query.until != nil {
      guard let time = Instant(entry.time) else { return false }
      if let from = query.from, time < from { return false }
      if let until = query.until, time >= until { return false }
    }
    if let release = query.release, !Self.references(entry.json).contains(release) { return false }
    let needsPayload =
      query.input != nil
      || ((query.outcome ?? query.leaf) != nil
        && entry.json["candidates"] != nil)
    guard needsPayload else { return true }
    guard let payload = try entry.payload(in: store) else { return false }
    if let input = query.input, !Self.holds(payload["inputs"], input) { return false }
    guard entry.json["candidates"] != nil else { return true }
    return Self.candidates(payload).contains { candidate in
      (query.outcome == nil || candidate["outcome"]?.string == query.outcome)
        && (query.leaf == nil || candidate["leaf"]?.string == query.leaf
          || candidate["leaves"]?.array?.contains { $0.string == query.leaf } == true)
    }
  }

  private static func candidates(_ payload: StoredPayload) -> [JSON] {
    ["ranked", "not_kept", "discarded"].flatMap { payload["response"]?[$0]?.array ?? [] }
  }

  /// Every `ID` and `ID@VERSION` that took part.
  private static func references(_ body: JSON) -> Set<String> {
    var names: Set<String> = []
    let stages = body["stages"]?.array ?? []
    for part in [body["pipeline"]] + stages.map({ $0["ruleset"] }) + stages.map({ $0["model"] }) {
      guard let id = part?["id"]?.string, let version = part?["version"]?.string else { continue }
      names.insert(id)
      names.insert("\(id)@\(version)")
    }
    return names
  }

  private static func holds(_ inputs: JSON?, _ input: CaseQuery.Input) -> Bool {
    guard let value = inputs?[input.name] else { return false }
    return value.plainText == input.value || value == .number(input.value)
  }
}

extension FoundCase {
  /// What the entry says.
  init(_ entry: StoredEntry) {
    let pipeline = entry.json["pipeline"]
    self.init(
      index: entry.index, caseID: entry.caseID, time: entry.time,
      isRefusal: entry.type == "refusal",
      pipeline: "\(pipeline?["id"]?.string ?? "")@\(pipeline?["version"]?.string ?? "")",
      outcome: entry.json["outcome"]?.string, isAdverse: entry.json["adverse"]?.bool ?? false,
      leaf: entry.json["leaf"]?.string, ranked: entry.json["candidates"]?["ranked"]?.int)
  }
}

extension [UInt8] {
  /// Whether the UTF-8 bytes of `text` stand somewhere in these.
  fileprivate func holds(_ text: String) -> Bool { holds(Array(text.utf8)) }

  /// Whether `needle` stands somewhere in these bytes.
  fileprivate func holds(_ needle: [UInt8]) -> Bool {
    let bytes = span
    let part = needle.span
    guard part.count > 0 else { return true }
    guard bytes.count >= part.count else { return false }
    outer: for start in 0...(bytes.count - part.count) where bytes[start] == part[0] {
      for place in 1..<part.count where bytes[start + place] != part[place] { continue outer }
      return true
    }
    return false
  }
}
