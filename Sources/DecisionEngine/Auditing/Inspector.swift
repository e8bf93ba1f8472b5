import CanonicalJSON
public import Ledger
import RuleProgram

/// Knows what entries and payloads must look like: the `inspect` function of a ledger's audit.
///
/// Give it every entry in the ledger's order; it remembers the releases, since decisions must refer
/// to published ones.
public struct Inspector {
  /// What is no failure, but worth knowing, such as entries of a newer type; at most 100.
  public private(set) var notes: [String] = []

  private static let noteLimit = 100
  /// The content digest of each release met so far, by its key column.
  private var digests: [String: String] = [:]

  /// An inspector before the first entry.
  public init() {}

  /// What the body of `entry` calls for, and what is wrong with it or its payload.
  public mutating func inspect(_ entry: AuditedEntry) -> AuditInspection {
    guard let json = try? JSON(parsing: entry.body) else {
      return AuditInspection(columns: nil, problems: ["its body isn't JSON"])
    }
    guard json.canonicalBytes == entry.body else {
      return AuditInspection(columns: nil, problems: ["its body isn't canonical JSON"])
    }
    guard let type = json["type"]?.string else {
      return AuditInspection(columns: nil, problems: ["its body has no type"])
    }
    var inspection = Inspection(entry: entry, json: json)
    switch type {
    case "release": inspection.checkRelease(&digests)
    case "decision", "refusal": inspection.checkCase(digests)
    case "choice", "result": inspection.checkRecord()
    case "erasure": inspection.checkErasure()
    case "replay": inspection.checkReplay()
    default:
      if notes.count < Self.noteLimit {
        notes.append("entry \(entry.index) has a type that this program doesn't know")
      }
      return AuditInspection(columns: nil)
    }
    return AuditInspection(columns: inspection.columns, problems: inspection.problems)
  }
}

/// One entry under inspection.
private struct Inspection {
  let entry: AuditedEntry
  let json: JSON
  var columns: EntryColumns?
  var problems: [String] = []
  private var payload: StoredPayload?

  init(entry: AuditedEntry, json: JSON) {
    self.entry = entry
    self.json = json
  }

  private func text(_ name: String) -> String { json[name]?.string ?? "" }

  /// The address that the body names, checked against the payload when that is there.
  private mutating func address() -> Hash? {
    guard let address = Hash(hex: text("payload_digest")) else {
      problems.append("its body names no payload digest")
      return nil
    }
    guard let bytes = entry.payload else { return address }
    guard (try? JSON(parsing: bytes)) != nil, let document = StoredPayload(bytes) else {
      problems.append("its payload isn't a JSON object with a salt")
      return address
    }
    if document.commitment != address {
      problems.append("its payload isn't the one that its body commits to")
    } else {
      payload = document
      if document["type"] != json["type"] { problems.append("its payload is of another type") }
    }
    return address
  }

  mutating func checkRelease(_ digests: inout [String: String]) {
    let address = address()
    guard let release = Release(index: entry.index, body: json) else {
      problems.append("it describes no release")
      return
    }
    let key = Release.key(release.kind, release.reference)
    columns = EntryColumns(
      kind: "release", key: key, subject: release.reference.description, payloadAddress: address)
    if digests[key] != nil { problems.append("\(release.reference) was published before") }
    digests[key] = release.contentDigest
    guard let bytes = entry.payload else {
      problems.append("its payload is missing; releases are never erased")
      return
    }
    guard let address else { return }
    do {
      let content = try ReleasePayload.read(Payload(address: address, bytes: bytes), for: release)
      if release.kind == .ruleset { _ = try RuleSet(release, content) }
    } catch .damaged(_, let reason) {
      problems.append(reason)
    } catch {
      problems.append(error.description)
    }
  }

  mutating func checkCase(_ digests: [String: String]) {
    let address = address()
    let isDecision = text("type") == "decision"
    let caseID = text("case_id")
    if !CaseID.isValid(caseID) { problems.append("its case ID isn't valid") }
    columns = EntryColumns(
      kind: isDecision ? "decision" : "refusal",
      key: isDecision ? "case:\(caseID)" : numberedKey("refusal:\(caseID):"), subject: caseID,
      payloadAddress: address)
    checkReference("pipeline", json["pipeline"], "digest", digests)
    for stage in json["stages"]?.array ?? [] {
      if let model = stage["model"] { checkReference("model", model, "digest", digests) }
      if let ruleSet = stage["ruleset"] {
        checkReference("ruleset", ruleSet, "program_digest", digests)
      }
    }
    checkPayload(isDecision)
  }

  private mutating func checkReference(
    _ kind: String, _ reference: JSON?, _ digest: String, _ digests: [String: String]
  ) {
    let name = "\(reference?["id"]?.string ?? "")@\(reference?["version"]?.string ?? "")"
    guard let published = digests["release:\(kind):\(name)"] else {
      problems.append("it refers to the \(kind) \(name), which was not published before it")
      return
    }
    if reference?[digest]?.string != published {
      problems.append("its digest of the \(kind) \(name) differs from the published one")
    }
  }

  /// The commitments to parts of the payload, and what the response repeats of the entry.
  private mutating func checkPayload(_ isDecision: Bool) {
    guard let payload, let response = payload["response"] else {
      if payload != nil { problems.append("its payload holds no response") }
      return
    }
    let others: Set<String> = ["reasons", "principal_reasons", "problems"]
    for member in response.object ?? [] where !others.contains(member.key) {
      guard let recorded = json[member.key] else { continue }
      if recorded != member.value {
        problems.append("its `\(member.key)` differs from the response in its payload")
      }
    }
    guard isDecision else { return }
    let codes = (response["reasons"]?.array ?? []).map { $0["code"] ?? .null }
    if let recorded = json["reasons"]?.array, recorded != codes {
      problems.append("its `reasons` differ from the response in its payload")
    }
    let principal = response["principal_reasons"].map { PrincipalReasons.withoutTexts($0) }
    if json["principal_reasons"] != principal {
      problems.append("its `principal_reasons` differ from the response in its payload")
    }
    func digest(_ part: JSON?) -> String {
      part.map { Commitment.of($0.canonicalBytes, salt: payload.salt).digits } ?? ""
    }
    if digest(payload["inputs"]) != text("inputs_commitment") {
      problems.append("its inputs differ from what its body commits to")
    }
    if let candidates = json["candidates"] {
      let lists = JSON.object(present: [
        ("discarded", response["discarded"]), ("not_kept", response["not_kept"]),
        ("ranked", response["ranked"]),
      ])
      if digest(lists) != candidates["commitment"]?.string {
        problems.append("its candidates differ from what its body commits to")
      }
    }
    if let commitment = json["outputs_commitment"]?.string,
      commitment != digest(response["outputs"])
    {
      problems.append("its outputs differ from what its body commits to")
    }
  }

  /// The stored key when it is `prefix` and a number: which of a case's records of one type this is
  /// stands in no body, so the number is taken as it is.
  private func numberedKey(_ prefix: String) -> String {
    let stored = Array((entry.columns.key ?? "").utf8)
    let digits = String(decoding: stored.dropFirst(prefix.utf8.count), as: UTF8.self)
    let isNumbered = stored.starts(with: prefix.utf8) && UInt64(digits).map(String.init) == digits
    return prefix + (isNumbered ? digits : "0")
  }

  mutating func checkRecord() {
    let address = address()
    let type = text("type")
    let caseID = text("case_id")
    columns = EntryColumns(
      kind: type, key: numberedKey("\(type):\(caseID):"), subject: caseID,
      payloadAddress: address)
    if let decision = json["decision"]?.int, decision >= 0, UInt64(decision) < entry.index {
      return
    }
    problems.append("it refers to no earlier decision")
  }

  mutating func checkErasure() {
    let erased = json["erases"]?.int.flatMap { UInt64(exactly: $0) }
    if erased == nil || erased ?? 0 >= entry.index {
      problems.append("it refers to no earlier entry")
    }
    columns = EntryColumns(kind: "erasure", subject: text("case_id"), erases: erased)
  }

  mutating func checkReplay() {
    columns = EntryColumns(kind: "replay", subject: json["case_id"]?.string)
  }
}
