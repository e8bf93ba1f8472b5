/// An entry as an audit shows it to its `inspect` function.
public struct AuditedEntry: Sendable {
  /// The entry's index.
  public var index: UInt64
  /// The bytes that are hashed into the tree.
  public var body: [UInt8]
  /// The bytes of its payload; nil when it has none, or it was erased.
  public var payload: [UInt8]?
  /// The columns as stored, for comparison; they must not be trusted.
  public var columns: EntryColumns
}

/// What an audit's `inspect` function says of an entry.
public struct AuditInspection: Sendable {
  /// The columns that the body calls for; nil when it can't tell, and they go unchecked.
  public var columns: EntryColumns?
  /// What is wrong with the body or the payload, for example that the payload doesn't match the
  /// commitment in the body.
  public var problems: [String]

  /// An inspection from its parts.
  public init(columns: EntryColumns?, problems: [String] = []) {
    self.columns = columns
    self.problems = problems
  }
}

extension AuditSource {
  /// Recomputes the whole log from its entries and compares everything stored with that: leaf
  /// hashes, tiles, root hashes, the signature and root of each checkpoint, columns and payloads.
  ///
  /// It reads one moment's state in constant memory (but for 8 bytes for each erased payload).
  /// What no file can tell about itself is whether it was put back to an older state of its own:
  /// give it `known` checkpoints, kept elsewhere, and it checks that the log still contains them.
  /// - Parameters:
  ///   - key: The key that the checkpoints must be signed with, known from elsewhere.
  ///   - known: Notes of earlier checkpoints that the log must be a later state of.
  ///   - progress: Called now and then with the number of entries done and of all.
  ///   - inspect: Knows the entries' content, which this module doesn't: says which columns an
  ///     entry must have and whether its payload matches.
  public func audit(
    trusting key: VerifierKey, known: [String] = [],
    progress: (UInt64, UInt64) -> Void = { _, _ in },
    inspect: (AuditedEntry) -> AuditInspection
  ) throws(LedgerError) -> AuditReport {
    // A closure can't carry these out of `withAuditSnapshot` any other way.
    var report = AuditReport()
    try withAuditSnapshot { (snapshot) throws(LedgerError) in
      var auditor = Auditor(snapshot: snapshot, key: key, known: known)
      try auditor.run(progress: progress, inspect: inspect)
      report = auditor.report
    }
    return report
  }
}

/// One audit under way.
private struct Auditor {
  let snapshot: any AuditSnapshot
  let key: VerifierKey
  var report = AuditReport()
  var trees = AuditTrees()
  var checkpoints: CheckpointAudit
  var payloads = PayloadAudit()
  /// The most placeholders that may stand for missing entries.
  private var placeholders: UInt64 = 0

  init(snapshot: any AuditSnapshot, key: VerifierKey, known: [String]) {
    self.snapshot = snapshot
    self.key = key
    checkpoints = CheckpointAudit(key: key, known: known)
  }

  mutating func run(
    progress: (UInt64, UInt64) -> Void, inspect: (AuditedEntry) -> AuditInspection
  ) throws(LedgerError) {
    let structure = try snapshot.structure(trusting: key)
    for problem in structure.problems { report.add(problem) }
    report.notes = structure.notes
    let total = try snapshot.entryCount()
    placeholders = total + 65_536
    try checkpoints.start(snapshot, &report)
    try payloads.start(snapshot)
    try checkpoints.reach(&trees, snapshot, &report)
    while let row = try snapshot.nextEntry() {
      guard try isInPlace(row) else { continue }
      try check(row, inspect)
      if trees.size % 4096 == 0 { progress(trees.size, total) }
    }
    try payloads.finish(snapshot, &report)
    try checkpoints.finish(&trees, snapshot, &report)
    try checkTileRows()
    progress(report.entriesChecked, total)
  }

  /// Whether the row stands where the log goes on, holes before it filled with placeholders.
  private mutating func isInPlace(_ row: StoredEntryRow) throws(LedgerError) -> Bool {
    guard row.index >= 0, UInt64(row.index) - min(trees.size, UInt64(row.index)) <= placeholders
    else {
      report.add(AuditProblem(.store("entry row \(row.index)"), "it stands outside the log"))
      return false
    }
    let index = UInt64(row.index)
    if index > trees.size {
      let hole = trees.size..<index
      report.add(
        AuditProblem(.entries(hole), hole.count == 1 ? "it is missing" : "they are missing"))
      placeholders -= index - trees.size
      while trees.size < index {
        try append(TreeHashing.emptyRoot, TreeHashing.emptyRoot)
      }
    }
    return true
  }

  private mutating func check(
    _ row: StoredEntryRow, _ inspect: (AuditedEntry) -> AuditInspection
  ) throws(LedgerError) {
    let index = trees.size
    let leaf = TreeHashing.leafHash(row.body)
    let stored = Hash(bytes: row.leafHash)
    if stored == nil {
      report.add(AuditProblem(.entry(index), "its stored leaf hash isn't a hash"))
    }
    let payload = try payloads.payload(of: row, at: index, snapshot, &report)
    let columns = try columns(of: row, index)
    let inspection = inspect(
      AuditedEntry(index: index, body: row.body, payload: payload, columns: columns))
    for problem in inspection.problems { report.add(AuditProblem(.entry(index), problem)) }
    if let expected = inspection.columns { compare(columns, expected, index) }
    payloads.note(inspection.columns ?? columns, at: index, isPresent: payload != nil, &report)
    report.entriesChecked += 1
    try append(leaf, stored ?? leaf)
  }

  private mutating func append(_ leaf: Hash, _ stored: Hash) throws(LedgerError) {
    // Tiles are read before the tree grows, so that the tree's own code can't fail.
    var roots: [Int: Hash] = [:]
    let newSize = trees.size + 1
    var level = 0
    while level < 7, newSize % (1 << UInt64(8 * (level + 1))) == 0 {
      let index = (newSize >> UInt64(8 * (level + 1))) - 1
      if let bytes = try snapshot.tileRoot(level: level, index: index) {
        if let root = Hash(bytes: bytes) {
          roots[level] = root
        } else {
          report.add(tileProblem(level, index, "its stored root isn't a hash"))
        }
      } else {
        report.add(tileProblem(level, index, "it is missing"))
      }
      level += 1
    }
    trees.append(computed: leaf, stored: stored) { level, _ in roots[level] }
    try checkpoints.reach(&trees, snapshot, &report)
  }

  private func tileProblem(_ level: Int, _ index: UInt64, _ reason: String) -> AuditProblem {
    AuditProblem(.tile(level: Int64(level), index: Int64(clamping: index)), reason)
  }

  private mutating func columns(
    of row: StoredEntryRow, _ index: UInt64
  ) throws(LedgerError) -> EntryColumns {
    var columns = EntryColumns(kind: row.kind, key: row.key, subject: row.subject)
    if let bytes = row.payloadAddress {
      columns.payloadAddress = Hash(bytes: bytes)
      if columns.payloadAddress == nil {
        report.add(AuditProblem(.entry(index), "its payload address isn't a hash"))
      }
    }
    if let erases = row.erases {
      columns.erases = UInt64(exactly: erases)
      if columns.erases == nil {
        report.add(AuditProblem(.entry(index), "the entry that it erases isn't an index"))
      }
    }
    return columns
  }

  private mutating func compare(_ found: EntryColumns, _ expected: EntryColumns, _ index: UInt64) {
    func column(_ name: String, _ keep: (inout EntryColumns) -> Void) -> String? {
      var merged = found
      keep(&merged)
      return merged == found ? nil : name
    }
    let wrong = [
      column("kind") { $0.kind = expected.kind },
      column("key") { $0.key = expected.key },
      column("subject") { $0.subject = expected.subject },
      column("payload address") { $0.payloadAddress = expected.payloadAddress },
      column("erased entry") { $0.erases = expected.erases },
    ].compactMap { $0 }
    for name in wrong {
      report.add(AuditProblem(.entry(index), "its \(name) column isn't what its body calls for"))
    }
  }

  /// Every tile row must be one that a tree of this size has; those were compared on the way.
  private mutating func checkTileRows() throws(LedgerError) {
    while let tile = try snapshot.nextTile() {
      let isKnown =
        (0..<7).contains(tile.level) && tile.index >= 0
        && UInt64(tile.index) < trees.size >> UInt64(8 * (tile.level + 1))
      if !isKnown {
        report.add(
          AuditProblem(
            .tile(level: tile.level, index: tile.index), "the log has no such full tile"))
      }
    }
  }
}
