import CanonicalJSON
public import RuleProgram

/// What can be published.
public enum ReleaseKind: String, Sendable, Hashable, CaseIterable, Comparable {
  /// What scores.
  case model
  /// An XML decision tree and its program.
  case ruleset
  /// The chain of stages.
  case pipeline

  /// The kind in running text.
  public var words: String { self == .ruleset ? "rule set" : rawValue }

  private var rank: Int { self == .model ? 0 : self == .ruleset ? 1 : 2 }

  /// The order in which releases may refer to earlier ones: model, rule set, pipeline.
  public static func < (left: ReleaseKind, right: ReleaseKind) -> Bool { left.rank < right.rank }
}

/// A published, immutable version, as its entry describes it.
public struct Release: Sendable, Hashable {
  /// The ledger index of its entry.
  public var index: UInt64
  /// What it is.
  public var kind: ReleaseKind
  /// The ID that all versions share.
  public var id: String
  /// The version.
  public var version: String
  /// The title of the source, if it has one.
  public var title: String?
  /// SHA-256 of the source's Canonical XML form, hexadecimal.
  public var sourceDigest: String
  /// SHA-256 of the program's bytes, or of a model's or pipeline's definition bytes, hexadecimal.
  public var contentDigest: String
  /// SHA-256 of a rule set's wording bytes, hexadecimal; nil for the other kinds.
  public var wordingDigest: String?
  /// The engine that published it.
  public var engine: String
  /// When it was published.
  public var time: Instant
  /// When its effective period begins; it ends when a later version's begins.
  public var effectiveFrom: Instant
  /// The commitment to its payload, hexadecimal.
  public var payloadDigest: String
  /// What was registered of a model; nil for the other kinds.
  public var registration: ModelDefinition?

  /// Its `ID@VERSION`.
  public var reference: PipelineDefinition.Reference {
    PipelineDefinition.Reference(id: id, version: version)
  }
}

extension Release {
  /// The column by which the ledger keeps it unique.
  static func key(_ kind: ReleaseKind, _ reference: PipelineDefinition.Reference) -> String {
    "release:\(kind.rawValue):\(reference)"
  }

  /// The entry's body.
  var body: JSON {
    .object(present: [
      ("definition_digest", kind == .ruleset ? nil : .string(contentDigest)),
      ("effective_from", .string(effectiveFrom.description)),
      ("engine", .string(engine)),
      ("id", .string(id)),
      ("kind", .string(kind.rawValue)),
      ("model", registration?.registrationJSON),
      ("payload_digest", .string(payloadDigest)),
      ("program_digest", kind == .ruleset ? .string(contentDigest) : nil),
      ("source_digest", .string(sourceDigest)),
      ("time", .string(time.description)),
      ("title", title.map { JSON.string($0) }),
      ("type", "release"),
      ("version", .string(version)),
      ("wording_digest", wordingDigest.map { JSON.string($0) }),
    ])
  }

  /// Reads an entry's body; nil when it describes no release.
  init?(index: UInt64, body: JSON) {
    guard body["type"]?.string == "release",
      let kind = body["kind"]?.string.flatMap(ReleaseKind.init(rawValue:)),
      let id = body["id"]?.string, let version = body["version"]?.string,
      let sourceDigest = body["source_digest"]?.string,
      let contentDigest = body[
        kind == .ruleset ? "program_digest" : "definition_digest"]?.string,
      let engine = body["engine"]?.string,
      let time = body["time"]?.string.flatMap({ Instant($0) }),
      let effectiveFrom = body["effective_from"]?.string.flatMap({ Instant($0) }),
      let payloadDigest = body["payload_digest"]?.string
    else { return nil }
    self.init(
      index: index, kind: kind, id: id, version: version, title: body["title"]?.string,
      sourceDigest: sourceDigest, contentDigest: contentDigest,
      wordingDigest: body["wording_digest"]?.string, engine: engine, time: time,
      effectiveFrom: effectiveFrom, payloadDigest: payloadDigest,
      registration: kind == .model
        ? ModelDefinition(
          id: id, version: version, title: body["title"]?.string, registration: body["model"])
        : nil)
  }
}

extension ModelDefinition {
  /// Owner and references, as a release's entry holds them.
  fileprivate var registrationJSON: JSON {
    func json(_ pinned: Pinned?) -> JSON? {
      pinned.map {
        .object(present: [
          ("href", .string($0.href)), ("pin", $0.pin.map { JSON.string($0) }),
        ])
      }
    }
    return .object(present: [
      ("artifact", json(artifact)), ("code", json(code)), ("data", json(data)),
      ("owner", owner.map { JSON.string($0) }),
    ])
  }

  /// Reads what ``registrationJSON`` writes.
  fileprivate init(id: String, version: String, title: String?, registration: JSON?) {
    func pinned(_ name: String) -> Pinned? {
      registration?[name]?["href"]?.string.map {
        Pinned(href: $0, pin: registration?[name]?["pin"]?.string)
      }
    }
    self.init(
      id: id, version: version, title: title, owner: registration?["owner"]?.string,
      artifact: pinned("artifact"), code: pinned("code"), data: pinned("data"))
  }
}
