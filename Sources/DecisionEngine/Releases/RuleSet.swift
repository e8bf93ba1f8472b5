import CanonicalJSON
import RuleProgram

/// A published rule set, ready to run. An immutable object, so that plans hand it on at the price of
/// one reference.
final class RuleSet: Sendable {
  /// Its entry.
  let release: Release
  /// The exact source.
  let source: String
  /// The program.
  let program: Program
  /// What runs it.
  let evaluator: Evaluator
  /// What words it.
  let wording: Wording
  /// Its versions and digests, as entries hold them.
  let json: JSON
  /// The same as canonical bytes.
  let jsonBytes: [UInt8]
  /// For each output: its name as a member of canonical JSON begins, in quotation marks, a colon
  /// behind it.
  let outputStarts: [[UInt8]]
  /// For each output: its rank among the names in canonical order.
  private let outputRanks: [Int]
  /// For each leaf: the reasons with their texts, as responses hold them.
  let reasons: [JSON]
  /// For each leaf: the reason codes, as entries hold them.
  let reasonCodes: [JSON]
  /// For each leaf: what records repeat of it.
  let parts: [LeafParts]

  /// What records repeat of a leaf, as canonical JSON.
  struct LeafParts: Sendable {
    /// Whether the outcome is adverse.
    let harms: Bool
    /// The leaf's ID.
    let id: [UInt8]
    /// The outcome's name.
    let outcome: [UInt8]
    /// The adverse flag.
    let isAdverse: [UInt8]
    /// The reasons with their texts.
    let reasons: [UInt8]
    /// The reason codes.
    let reasonCodes: [UInt8]
  }

  /// A rule set from its parts; the wording must fit the program.
  init(release: Release, source: String, program: VerifiedProgram, wording: Wording) {
    self.release = release
    self.source = source
    self.program = program.program
    self.wording = wording
    evaluator = Evaluator(program)
    json = [
      "id": .string(release.id), "program_digest": .string(release.contentDigest),
      "source_digest": .string(release.sourceDigest), "version": .string(release.version),
    ]
    jsonBytes = json.canonicalBytes
    let names = program.program.outputs.map(\.name)
    outputStarts = names.map { JSON.string($0).canonicalBytes + [UInt8(ascii: ":")] }
    let sorted = PipelinePlanner.canonicalOrder(Set(names))
    outputRanks = names.map { sorted.firstIndex(of: $0) ?? 0 }
    var texts: [String: String] = [:]
    for reason in wording.reasons { texts[reason.name] = reason.label }
    let parsed = program.program
    reasonCodes = parsed.leaves.indices.map { leaf in
      .array(parsed.reasonCodes(ofLeaf: leaf).map { .string($0) })
    }
    reasons = parsed.leaves.indices.map { leaf in
      .array(
        parsed.reasonCodes(ofLeaf: leaf).map { code in
          .object(present: [
            ("code", .string(code)), ("text", texts[code].map { JSON.string($0) }),
          ])
        })
    }
    parts = parsed.leaves.indices.map { [reasons, reasonCodes] leaf in
      let outcome = parsed.outcome(ofLeaf: leaf)
      return LeafParts(
        harms: outcome.isAdverse,
        id: JSON.string(parsed.leaves[leaf].id).canonicalBytes,
        outcome: JSON.string(outcome.name).canonicalBytes,
        isAdverse: JSON.bool(outcome.isAdverse).canonicalBytes,
        reasons: reasons[leaf].canonicalBytes, reasonCodes: reasonCodes[leaf].canonicalBytes)
    }
  }

  /// A leaf's outputs in the order in which canonical JSON has them.
  func inCanonicalOrder(
    _ outputs: [(output: Int, value: Value)]
  ) -> [(output: Int, value: Value)] {
    outputs.sorted { outputRanks[$0.output] < outputRanks[$1.output] }
  }

  /// Reads a rule set from its release's payload.
  convenience init(_ release: Release, _ payload: ReleasePayload) throws(EngineError) {
    do throws(FormatError) {
      let program = try Program.verified(bytes: payload.content)
      let wording = try Wording(bytes: payload.wording ?? [])
      guard wording.fits(program.program) else {
        throw FormatError("the wording doesn't fit the program", at: 0)
      }
      self.init(
        release: release, source: payload.source, program: program, wording: wording)
    } catch {
      throw .damaged(index: release.index, reason: error.description)
    }
  }
}

/// A published model; an immutable object for the same reason.
final class Model: Sendable {
  /// Its entry.
  let release: Release
  /// What was registered.
  let definition: ModelDefinition
  /// Its `ID@VERSION`: the name of its score in a request.
  let name: String
  /// Its version and digest, as entries hold them.
  let json: JSON

  /// A model from its parts.
  init(release: Release, definition: ModelDefinition) {
    self.release = release
    self.definition = definition
    name = release.reference.description
    json = [
      "digest": .string(release.contentDigest), "id": .string(release.id),
      "version": .string(release.version),
    ]
  }
}
