import CanonicalJSON
import Ledger
public import RuleProgram

extension Engine {
  /// Publishes `items`, all or nothing, in the order model, rule set, pipeline, whatever the order
  /// given; an item may refer to others of the same call.
  ///
  /// What is published already with the same content (source and program or definition digests)
  /// is left as it is, and its outcome says so. Throws `.notPublishable` with every violation.
  /// - Parameter start: when the releases come into force; by default now. It can't lie in the past.
  public func publish(
    _ items: [Publication], from start: Instant? = nil
  ) throws(EngineError) -> [PublicationOutcome] {
    // Another process may publish between the checks and the append: then they are made again.
    for _ in 0..<16 {
      let size = try registry.refresh()
      var publishing = Publishing(engine: self, time: clock(), start: start)
      try publishing.check(items)
      guard publishing.problems.isEmpty else { throw .notPublishable(publishing.problems) }
      do {
        return try publishing.append(since: size)
      } catch .ledger(.conflict) {
        continue
      }
    }
    throw .ledger(.busy("other processes keep publishing; try again"))
  }

  /// All releases, in the order of their publication.
  public func releases() throws(EngineError) -> [Release] {
    try registry.refresh()
    return registry.releases
  }

  /// The version of `id` that was or is in force at `time`: the one whose effective period began
  /// last. nil when none was.
  public func inForce(
    _ kind: ReleaseKind, id: String, at time: Instant
  ) throws(EngineError) -> Release? {
    try registry.refresh()
    return registry.inForce(kind, id: id, at: time)
  }

  /// The program and wording of a published rule set.
  public func ruleSet(
    _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> (program: Program, wording: Wording, source: String) {
    try registry.refresh()
    let ruleSet = try registry.ruleSet(reference)
    return (ruleSet.program, ruleSet.wording, ruleSet.source)
  }

  /// A published pipeline's definition.
  public func pipeline(
    _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> PipelineDefinition {
    try registry.refresh()
    return try registry.plan(reference).definition
  }
}

/// One call of `publish` under way.
struct Publishing {
  /// The most characters of an ID.
  static let idLimit = 128
  /// The most characters of a version.
  static let versionLimit = 64
  /// The most characters of a leaf ID or an outcome's name.
  static let leafIDLimit = 128
  /// The most characters of a title.
  static let titleLimit = 1000

  /// Where it is published.
  let engine: Engine
  /// When it is published.
  let time: Instant
  /// When the releases come into force; nil for at once.
  let start: Instant?
  /// What was found wrong.
  private(set) var problems: [PublicationProblem] = []
  private var drafts: [Draft] = []
  private var contracts: [String: LeafContract] = [:]

  /// What is to be recorded, or was found recorded.
  private struct Draft {
    var release: Release
    var publication: Publication
    var isPublished: Bool
    var payload: Payload?
  }

  /// A call at `time`, for releases in force from `start`.
  init(engine: Engine, time: Instant, start: Instant?) {
    self.engine = engine
    self.time = time
    self.start = start
  }

  /// Checks all items; `problems` holds what was found.
  mutating func check(_ items: [Publication]) throws(EngineError) {
    for item in items.enumerated().sorted(by: {
      ($0.element.kind, $0.offset) < ($1.element.kind, $1.offset)
    }) {
      try check(item.element)
    }
    try checkSteps()
  }

  /// Holds each new rule set's version number against what changed; in whatever order several
  /// versions are given.
  private mutating func checkSteps() throws(EngineError) {
    let new = drafts.filter { !$0.isPublished && $0.release.kind == .ruleset }
    for id in Set(new.map(\.release.id)).sorted() {
      var contract = VersionContract()
      for release in engine.registry.releases where release.kind == .ruleset && release.id == id {
        let program = try engine.registry.ruleSet(release.reference).program
        contract.add(program, version: release.version)
      }
      let own = new.filter { $0.release.id == id }
      for draft in own {
        if let program = draft.publication.program {
          contract.add(program, version: draft.release.version)
        }
      }
      for draft in own {
        guard let program = draft.publication.program else { continue }
        let release = draft.release
        problems += [
          contract.violation(
            of: program, version: release.version, item: release.reference.description)
        ].compactMap(\.self)
      }
    }
  }

  /// Appends what is new, unless a release was published since the log had `size` entries.
  func append(since size: UInt64) throws(EngineError) -> [PublicationOutcome] {
    let new = drafts.filter { !$0.isPublished }
    let outcomes = try ledger { () throws(LedgerError) in
      var submissions: [Submission] = []
      for draft in new {
        submissions.append(
          try Submission(
            body: draft.release.body.canonicalBytes, kind: "release",
            key: Release.key(draft.release.kind, draft.release.reference),
            subject: draft.release.reference.description, payload: draft.payload))
      }
      if submissions.isEmpty { return [AppendOutcome]() }
      return try engine.store.append(
        submissions, if: AppendCondition(noEntryOfKind: "release", since: size))
    }
    var indexes = outcomes.map(\.index)[...]
    return drafts.map { draft in
      var release = draft.release
      if !draft.isPublished, let index = indexes.popFirst() { release.index = index }
      return PublicationOutcome(release: release, isNew: !draft.isPublished)
    }
  }

  private mutating func add(_ code: PublicationProblem.Code, _ item: String, _ message: String) {
    problems.append(PublicationProblem(code, item: item, message))
  }

  private mutating func check(_ item: Publication) throws(EngineError) {
    let name = item.reference.description
    checkNames(item)
    if let published = engine.registry.release(item.kind, item.reference) {
      let isSame =
        published.sourceDigest == item.sourceDigest.description
        && published.contentDigest == ContentDigest(of: item.content).description
      if isSame {
        drafts.append(Draft(release: published, publication: item, isPublished: true))
      } else {
        add(.versionTaken, name, "this version is published with other content; raise the version")
      }
      return
    }
    if drafts.contains(where: {
      $0.release.kind == item.kind && $0.release.reference == item.reference
    }) {
      return add(.twice, name, "this \(item.kind.words) stands twice in one call")
    }
    if let start, start < time {
      add(
        .past, name,
        "it would be in force from \(start), which is past; leave the date out for now")
    }
    guard let draft = draft(item) else { return }
    switch item {
    case .model: break
    case .ruleSet(_, _, let program, let wording): try check(program, wording, name)
    case .pipeline(_, _, let definition): try check(definition, draft.release)
    }
    drafts.append(draft)
  }

  private mutating func checkNames(_ item: Publication) {
    let reference = item.reference
    let isWellFormed = PipelineDefinition.Reference(reference.description) == reference
    if !isWellFormed || !CaseID.isName(reference.id, atMost: Self.idLimit)
      || !CaseID.isName(reference.version, atMost: Self.versionLimit)
    {
      add(
        .badName, reference.description,
        "an ID has 1 to \(Self.idLimit) characters, a version 1 to \(Self.versionLimit), neither"
          + " an `@` nor a control character")
    }
  }

  private mutating func draft(_ item: Publication) -> Draft? {
    let name = item.reference.description
    guard let source = String(validating: item.source, as: UTF8.self) else {
      add(.content, name, "the source isn't UTF-8")
      return nil
    }
    if let title = item.title, title.unicodeScalars.count > Self.titleLimit {
      add(.content, name, "the title has more than \(Self.titleLimit) characters")
      return nil
    }
    let salt = engine.random(Commitment.saltLength)
    let content = item.content
    let bytes = ReleasePayload(source: source, content: content, wording: item.wording)
      .bytes(item.kind, item.reference, salt: salt)
    guard bytes.count <= Payload.sizeLimit else {
      add(.content, name, "source and program are larger than a ledger can hold")
      return nil
    }
    let address = Commitment.of(bytes, salt: salt)
    let release = Release(
      index: 0, kind: item.kind, id: item.reference.id, version: item.reference.version,
      title: item.title, sourceDigest: item.sourceDigest.description,
      contentDigest: ContentDigest(of: content).description,
      wordingDigest: item.wording.map { ContentDigest(of: $0).description },
      engine: Engine.version, time: time, effectiveFrom: start ?? time,
      payloadDigest: address.digits, registration: item.registration)
    guard release.body.canonicalBytes.count <= Submission.bodyLimit else {
      add(.content, name, "the registration is larger than an entry can hold")
      return nil
    }
    return Draft(
      release: release, publication: item, isPublished: false,
      payload: Payload(address: address, bytes: bytes))
  }

  private mutating func check(
    _ program: VerifiedProgram, _ wording: Wording, _ name: String
  ) throws(EngineError) {
    if !wording.fits(program.program) {
      add(.content, name, "the wording doesn't fit the program")
    }
    let names = program.program.leaves.map(\.id) + program.program.outcomes.map(\.name)
    if names.contains(where: { !CaseID.isName($0, atMost: Self.leafIDLimit) }) {
      add(
        .badName, name,
        "a leaf ID or an outcome has more than \(Self.leafIDLimit) characters, or a control"
          + " character")
    }
    var contract = try contract(of: wording.id)
    problems += contract.violations(of: program.program, item: name)
    contract.add(program.program, version: wording.version)
    contracts[wording.id] = contract
  }

  private func contract(of id: String) throws(EngineError) -> LeafContract {
    if let known = contracts[id] { return known }
    var contract = LeafContract()
    for release in engine.registry.releases where release.kind == .ruleset && release.id == id {
      let ruleSet = try engine.registry.ruleSet(release.reference)
      contract.add(ruleSet.program, version: release.version)
    }
    return contract
  }

  private mutating func check(
    _ definition: PipelineDefinition, _ release: Release
  ) throws(EngineError) {
    let planner = try PipelinePlanner(definition, release: release) {
      (reference: PipelineDefinition.Reference) throws(EngineError) in
      try ruleSet(reference)
    } model: {
      (reference: PipelineDefinition.Reference) throws(EngineError) in
      try model(reference)
    }
    let name = release.reference.description
    for message in planner.unknown { add(.unknownReference, name, message) }
    for message in planner.problems { add(.pipeline, name, message) }
  }

  private func ruleSet(
    _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> RuleSet {
    for draft in drafts where draft.release.reference == reference {
      if case .ruleSet(_, _, let program, let wording) = draft.publication {
        return RuleSet(
          release: draft.release, source: "", program: program, wording: wording)
      }
    }
    return try engine.registry.ruleSet(reference)
  }

  private func model(_ reference: PipelineDefinition.Reference) throws(EngineError) -> Model {
    for draft in drafts where draft.release.reference == reference {
      if case .model(_, _, let definition) = draft.publication {
        return Model(release: draft.release, definition: definition)
      }
    }
    return try engine.registry.model(reference)
  }
}
