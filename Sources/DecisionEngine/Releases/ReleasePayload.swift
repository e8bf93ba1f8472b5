import CanonicalJSON
import Ledger
import RuleProgram

/// The payload of a release: the exact source, and what was compiled from it.
struct ReleasePayload {
  /// The source, which is UTF-8 text.
  var source: String
  /// The program's bytes, or the definition's.
  var content: [UInt8]
  /// The bytes of a rule set's wording.
  var wording: [UInt8]?

  /// The stored bytes, with their salt.
  func bytes(
    _ kind: ReleaseKind, _ reference: PipelineDefinition.Reference, salt: [UInt8]
  ) -> [UInt8] {
    let contentText = JSON.string(Hexadecimal.text(content))
    return JSON.object(present: [
      ("definition", kind == .ruleset ? nil : contentText),
      ("format", 1),
      ("id", .string(reference.id)),
      ("kind", .string(kind.rawValue)),
      ("program", kind == .ruleset ? contentText : nil),
      ("salt", .string(Hexadecimal.text(salt))),
      ("source", .string(source)),
      ("type", "release"),
      ("version", .string(reference.version)),
      ("wording", wording.map { JSON.string(Hexadecimal.text($0)) }),
    ]).canonicalBytes
  }

  /// Reads stored bytes, checked against the entry: the commitment and every digest.
  static func read(
    _ payload: Payload, for release: Release
  ) throws(EngineError) -> ReleasePayload {
    func damaged(_ reason: String) -> EngineError {
      .damaged(index: release.index, reason: reason)
    }
    guard let document = StoredPayload(payload.bytes) else {
      throw damaged("the payload isn't a JSON object with a salt")
    }
    guard document.commitment.digits == release.payloadDigest else {
      throw damaged("the payload isn't the one that the entry names")
    }
    let name = release.kind == .ruleset ? "program" : "definition"
    guard let source = document["source"]?.string,
      let content = document[name]?.string.flatMap({ HexText.decode($0) })
    else { throw damaged("the payload holds no source or no \(name)") }
    guard ContentDigest(of: content).description == release.contentDigest else {
      throw damaged("the \(name)'s digest differs from the entry's")
    }
    let wording = document["wording"]?.string.flatMap { HexText.decode($0) }
    if let expected = release.wordingDigest {
      guard let wording, ContentDigest(of: wording).description == expected else {
        throw damaged("the wording's digest differs from the entry's")
      }
    }
    return ReleasePayload(source: source, content: content, wording: wording)
  }
}
