import CanonicalJSON
public import Ledger
import RuleProgram

extension Engine {
  /// Everything that proves and explains case `caseID`, for whoever wants to check it without this
  /// program. What was decided isn't redacted: sources, thresholds, scores and inputs are the
  /// evidence.
  ///
  /// - Parameter key: the key that the ledger's checkpoints must be signed with, known from
  ///   elsewhere; by default the one that the ledger itself names.
  public func evidence(
    _ caseID: String, trusting key: VerifierKey? = nil
  ) throws(EngineError) -> EvidenceBundle {
    let key = key ?? store.verifierKey
    let decision = try decisionOrRefusal(caseID)
    try registry.refresh()
    var collector = EvidenceCollector(store: store, caseID: decision.caseID)
    try collector.add(decision, as: .decision)
    for release in try releases(behind: decision) { try collector.add(release) }
    let others = try ledger { () throws(LedgerError) in try store.indexes(.subject(caseID)) }
    for index in others where index != decision.index {
      let entry = try StoredEntry.read(index, in: store)
      // A release has its name as subject, which a case ID may equal.
      if entry.caseID == decision.caseID { try collector.add(entry, as: .event) }
    }
    let explanation = try explain(caseID, trusting: key)
    // The head is read last, so that its tree holds everything read before.
    let head = try ledger { () throws(LedgerError) in try store.latestCheckpoint() }
    var bundle = EvidenceBundle(
      decision.caseID, try collector.proven(by: head, key), head, key)
    bundle.add("explanation.html", explanation.html(for: .court))
    bundle.add("explanation.json", explanation.json.prettyBytes)
    bundle.seal()
    return bundle
  }

  /// The pipeline that ran, and everything that it refers to, in the order of publication.
  private func releases(behind decision: StoredEntry) throws(EngineError) -> [Release] {
    let pipeline = PipelineDefinition.Reference(
      id: decision.json["pipeline"]?["id"]?.string ?? "",
      version: decision.json["pipeline"]?["version"]?.string ?? "")
    let (definition, release) = try registry.definition(pipeline)
    var found = [release]
    func add(
      _ kind: ReleaseKind, _ reference: PipelineDefinition.Reference
    ) throws(EngineError) {
      guard let release = registry.release(kind, reference) else {
        throw .unknownRelease(kind, reference.description)
      }
      if !found.contains(release) { found.append(release) }
    }
    for stage in definition.stages {
      switch stage {
      case .score(let model, _): try add(.model, model)
      case .experiment(let experiment):
        for model in experiment.arms.compactMap(\.model) { try add(.model, model) }
      case .rules(let ruleSet, _): try add(.ruleset, ruleSet)
      case .rank: continue
      }
    }
    return found.sorted { $0.index < $1.index }
  }
}

/// Reads the entries of a bundle with what lies beside them, then proves each.
private struct EvidenceCollector {
  let store: any LedgerStore
  let caseID: String
  private var found: [EvidenceEntry] = []

  init(store: any LedgerStore, caseID: String) {
    self.store = store
    self.caseID = caseID
  }

  /// Adds an entry that belongs to the case.
  mutating func add(
    _ entry: StoredEntry, as role: EvidenceEntry.Role
  ) throws(EngineError) {
    guard !found.contains(where: { $0.entry.index == entry.index }) else { return }
    var item = EvidenceEntry(role: role, entry: entry)
    if entry.json["payload_digest"] != nil {
      let payload = try ledger { () throws(LedgerError) in try store.payload(at: entry.index) }
      // Reading checks that it is the one that the entry commits to.
      _ = try entry.payload(payload?.bytes)
      item.payload = payload?.bytes
      if payload == nil { item.erasure = try erasure(of: entry) }
    }
    found.append(item)
    if let erasure = item.erasure {
      try add(try StoredEntry.read(erasure, in: store), as: .event)
    }
  }

  private func erasure(of entry: StoredEntry) throws(EngineError) -> UInt64 {
    let index = try ledger { () throws(LedgerError) in
      try store.erasure(ofPayloadAt: entry.index)
    }
    guard let index else {
      throw .damaged(index: entry.index, reason: "its payload is gone, and no erasure says why")
    }
    return index
  }

  /// Adds a release with its source and what was compiled from it as files.
  mutating func add(_ release: Release) throws(EngineError) {
    try add(try StoredEntry.read(release.index, in: store), as: .release)
    let payload = try ledger { () throws(LedgerError) in try store.payload(at: release.index) }
    guard let payload else { throw .erased(index: release.index) }
    let content = try ReleasePayload.read(payload, for: release)
    let name = release.kind == .ruleset ? "program.lprg" : "definition.bin"
    var parts = [
      EvidenceBundle.File(path: "source.xml", bytes: Array(content.source.utf8)),
      EvidenceBundle.File(path: name, bytes: content.content),
    ]
    if let wording = content.wording {
      parts.append(EvidenceBundle.File(path: "wording.lpwd", bytes: wording))
    }
    found[found.count - 1].parts = parts
  }

  /// All, in the order of their indexes, each with its receipt from the tree of `head`.
  func proven(
    by head: StoredCheckpoint, _ key: VerifierKey
  ) throws(EngineError) -> [EvidenceEntry] {
    var entries = found.sorted { $0.entry.index < $1.entry.index }
    for place in entries.indices {
      let entry = entries[place].entry
      let proof = try ledger { () throws(LedgerError) in
        try InclusionProof.prove(
          index: entry.index, treeSize: head.checkpoint.size, reader: store)
      }
      let receipt = Receipt(
        index: entry.index, hashes: proof.hashes, checkpoint: head.note, extra: entry.body)
      do {
        try receipt.check(entry: entry.body, key: key)
      } catch {
        throw .notExportable(
          caseID: caseID, reason: "entry \(entry.index) doesn't verify: \(error.description)")
      }
      entries[place].receipt = receipt
    }
    return entries
  }
}
