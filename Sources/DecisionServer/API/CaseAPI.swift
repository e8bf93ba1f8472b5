import CanonicalJSON
import DecisionEngine
import Ledger

/// What is known of a case, and what follows it.
enum CaseAPI {
  /// The record: entry, response, request.
  static func read(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let found = try problems { () throws(EngineError) in
      try service.engine.recordedCase(parameters[0])
    }
    let received = found.request.flatMap { try? JSON(parsing: $0) }
    return .json(
      .object(present: [
        ("case_id", .string(found.caseID)), ("index", .integer(found.index)),
        ("type", found.isRefusal ? "refusal" : "decision"), ("erased", .bool(found.isErased)),
        ("entry", try? JSON(parsing: found.entry)), ("response", found.response),
        ("request", received),
      ]))
  }

  /// The proof that the entry is in the ledger.
  static func receipt(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let receipt = try problems { () throws(EngineError) in
      try service.engine.receipt(parameters[0])
    }
    return .text(receipt.text).saved(as: "\(parameters[0]).tlog-proof")
  }

  /// Everything needed to check the case without us, as an archive.
  static func evidence(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let archive = try problems { () throws(EngineError) in
      try service.engine.evidence(parameters[0]).zip()
    }
    return ServerResponse(type: "application/zip", archive).saved(as: "\(parameters[0]).zip")
  }

  /// The exact bytes of the entry, which the receipt is for.
  static func entry(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let found = try problems { () throws(EngineError) in
      try service.engine.recordedCase(parameters[0])
    }
    return .json(found.entry).saved(as: "entry-\(found.index).json")
  }

  /// The verdict of a re-execution.
  static func replay(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let replay = try problems { () throws(EngineError) in try service.engine.replay(parameters[0]) }
    return .json([
      "case_id": .string(replay.caseID), "index": .integer(replay.index),
      "type": replay.isRefusal ? "refusal" : "decision",
      "verdict": .string(replay.verdict.code),
      "description": .string(replay.verdict.description),
      "remarks": .array(replay.remarks.map { .string($0) }),
    ])
  }

  /// Records which candidate the case ended with: `{"chosen": KEY, …}`.
  static func choice(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let members = try members(request)
    guard let chosen = members.first(where: { $0.key == "chosen" })?.value.string else {
      throw Problem(422, "bad-record", "This can't be recorded", "it has no string `chosen`")
    }
    let recorded = try problems { () throws(EngineError) in
      try service.engine.recordChoice(
        parameters[0], candidate: chosen,
        fields: .object(members.filter { $0.key != "chosen" }))
    }
    return answer(parameters[0], recorded)
  }

  /// Records what came of the case: an object of named values.
  static func result(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let members = try members(request)
    let recorded = try problems { () throws(EngineError) in
      try service.engine.recordResult(parameters[0], values: .object(members))
    }
    return answer(parameters[0], recorded)
  }

  private static func members(_ request: ServerRequest) throws(Problem) -> [JSON.Member] {
    let json = try request.json()
    guard let members = json.object else {
      throw Problem(422, "bad-record", "This can't be recorded", "it isn't a JSON object")
    }
    return members
  }

  private static func answer(_ caseID: String, _ recorded: Recorded) -> ServerResponse {
    .json(
      [
        "case_id": .string(caseID), "index": .integer(recorded.index),
        "recorded": recorded.isNew ? "new" : "earlier",
      ], status: recorded.isNew ? 201 : 200)
  }

  /// Everything published, in the order of publication.
  static func releases(
    _ service: Service, _ request: ServerRequest, _: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let releases = try problems { () throws(EngineError) in try service.engine.releases() }
    return .json([
      "releases": .array(
        releases.map { release in
          .object(present: [
            ("kind", .string(release.kind.rawValue)), ("id", .string(release.id)),
            ("version", .string(release.version)),
            ("title", release.title.map { JSON.string($0) }),
            ("published_at", .string(release.time.description)),
            ("effective_from", .string(release.effectiveFrom.description)),
            (
              "effective_until",
              release.effectiveUntil(among: releases).map { JSON.string($0.description) }
            ),
            ("source_digest", .string(release.sourceDigest)),
            ("content_digest", .string(release.contentDigest)),
            ("index", .integer(release.index)),
          ])
        })
    ])
  }
}

extension Release {
  /// When its effective period ends: when the next one's of the same kind and ID begins; nil while
  /// there is none. A release that begins at the same moment but was published later takes its place
  /// at once.
  func effectiveUntil(among releases: [Release]) -> Instant? {
    releases.filter {
      $0.kind == kind && $0.id == id
        && (effectiveFrom, index) < ($0.effectiveFrom, $0.index)
    }.map(\.effectiveFrom).min()
  }
}
