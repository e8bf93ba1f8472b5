import CanonicalJSON
import Crypto
import Ledger

/// Everything that proves and explains one case, as files: EVIDENCE.md says which.
public struct EvidenceBundle: Sendable {
  /// One file.
  public struct File: Sendable, Equatable {
    /// Its path in the bundle, with `/`; made of letters, digits, `-`, `.` and `/`.
    public var path: String
    /// Its bytes.
    public var bytes: [UInt8]
  }

  /// The format that EVIDENCE.md describes.
  static let format = 1

  /// The case.
  public var caseID: String
  /// The files in the order of their paths' bytes, `SHA256SUMS` among them.
  public var files: [File]
  /// The indexes of the entries whose payloads were erased.
  public var erased: [UInt64]

  /// The bundle as one archive; the same ledger state gives the same bytes.
  public func zip() throws(EngineError) -> [UInt8] {
    do {
      return try ZIPArchive.of(files)
    } catch {
      throw .notExportable(
        caseID: caseID,
        reason: "it has more than 65,535 files or 4 GiB, the limits of a ZIP archive")
    }
  }
}

/// A ledger entry on its way into a bundle.
struct EvidenceEntry {
  /// What it is to the case; also the first part of its path.
  enum Role: String {
    /// The decision, or the refusal.
    case decision
    /// What was recorded about the case besides.
    case event = "events"
    /// A version that decided, or that the pipeline refers to.
    case release = "releases"
  }

  /// What it is to the case.
  var role: Role
  /// The entry.
  var entry: StoredEntry
  /// The proof that it is in the ledger, with the entry's bytes; nil until it is made.
  var receipt: Receipt?
  /// The payload's bytes; nil when it has none, or it was erased.
  var payload: [UInt8]?
  /// The index of the erasure that destroyed the payload; nil for none.
  var erasure: UInt64?
  /// What a release's payload holds, decoded: each with its file's name.
  var parts: [EvidenceBundle.File] = []

  /// Its folder in the bundle. An entry's type can be a newer one, with any text.
  var folder: String {
    let name = role == .release ? entry.json["kind"]?.string ?? "" : entry.type
    let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    let label = isPlain && !name.isEmpty ? name : "entry"
    return role == .decision ? role.rawValue : "\(role.rawValue)/\(entry.index)-\(label)"
  }

  /// Its files.
  var files: [EvidenceBundle.File] {
    let named: [(String, [UInt8]?)] = [
      ("entry.json", entry.body), ("payload.json", payload),
      ("receipt.tlog-proof", receipt.map { Array($0.text.utf8) }),
    ]
    let files = named.compactMap { name, bytes in
      bytes.map { EvidenceBundle.File(path: name, bytes: $0) }
    }
    return (files + parts).map {
      EvidenceBundle.File(path: "\(folder)/\($0.path)", bytes: $0.bytes)
    }
  }

  /// How `bundle.json` names it.
  var json: JSON {
    .object(present: [
      ("erased_by", erasure.map { JSON.integer($0) }),
      ("files", .array(files.map { .string($0.path) })),
      ("index", .integer(entry.index)),
      ("type", .string(entry.type)),
    ])
  }
}

extension EvidenceBundle {
  /// The bundle of `entries`, the case's own among them.
  init(_ caseID: String, _ entries: [EvidenceEntry], _ head: StoredCheckpoint, _ key: VerifierKey) {
    self.caseID = caseID
    erased = entries.filter { $0.erasure != nil }.map(\.entry.index)
    func list(_ role: EvidenceEntry.Role) -> [JSON] {
      entries.filter { $0.role == role }.map(\.json)
    }
    let contents = JSON.object(present: [
      ("case_id", .string(caseID)),
      ("decision", list(.decision).first),
      ("events", .array(list(.event))),
      ("format", .integer(Self.format)),
      ("origin", .string(head.checkpoint.origin)),
      ("releases", .array(list(.release))),
      ("tree_size", .integer(head.checkpoint.size)),
      ("type", "evidence"),
    ])
    files = entries.flatMap(\.files)
    add("bundle.json", contents.prettyBytes)
    add("checkpoint", Array(head.note.utf8))
    add("key.vkey", Array((key.text + "\n").utf8))
    add("VERIFY.md", Array(EvidenceGuide(caseID: caseID, entries: entries).text.utf8))
  }

  /// Adds a file.
  mutating func add(_ path: String, _ bytes: [UInt8]) {
    files.append(File(path: path, bytes: bytes))
  }

  /// Adds `SHA256SUMS`, the digests of all others, in the form of `sha256sum`, and puts all in order.
  mutating func seal() {
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let lines = files.map { "\(Hash.sha256($0.bytes).hex)  \($0.path)\n" }
    add("SHA256SUMS", Array(lines.joined().utf8))
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
