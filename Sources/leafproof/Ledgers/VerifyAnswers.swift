import CanonicalJSON
import Ledger

/// What `verify` says of a ledger.
struct LedgerAnswer {
  /// What the audit found.
  let report: AuditReport
  /// The key that it trusted.
  let key: TrustedKey
  /// What is worth knowing, and no failure.
  let notes: [String]
  /// The ledger's path.
  let path: String

  /// For people.
  var text: String {
    var lines = report.problems.map { Console.visible($0.description) }
    if report.problemCount > report.problems.count {
      lines.append("and \(report.problemCount - report.problems.count) more problems")
    }
    lines += notes.map { "note: " + Console.visible($0) }
    lines.append("ledger       \(Console.visible(path))")
    lines.append("key          \(Console.visible(key.key.text)) (\(key.origin))")
    lines.append("entries      \(report.entriesChecked) recomputed")
    lines.append(
      "payloads     \(report.payloadsChecked) recomputed, \(report.payloadsErased) erased")
    lines.append("checkpoints  \(report.checkpointsChecked) recomputed")
    if let head = report.verified {
      lines.append("head         size \(head.size), root sha256:\(head.root.hex)")
    }
    lines.append(verdict)
    return lines.joined(separator: "\n") + "\n"
  }

  private var verdict: String {
    guard report.isSound else {
      return "NOT VERIFIED: \(Console.count(report.problemCount, "problem"))"
    }
    let trust =
      key.isPinned
      ? "" : "; the key is the ledger's own word: pin it with --key where that must be sure"
    return "verified\(trust)"
  }

  /// For programs.
  var json: JSON {
    .object(present: [
      ("verified", .bool(report.isSound)), ("ledger", .string(path)),
      ("key", .string(key.key.text)), ("key_pinned", .bool(key.isPinned)),
      ("entries", .integer(report.entriesChecked)),
      ("payloads", .integer(report.payloadsChecked)), ("erased", .integer(report.payloadsErased)),
      ("checkpoints", .integer(report.checkpointsChecked)),
      (
        "head",
        report.verified.map {
          ["size": .integer($0.size), "root": .string("sha256:\($0.root.hex)")]
        }
      ),
      ("problem_count", .integer(report.problemCount)),
      (
        "problems",
        .array(
          report.problems.map {
            ["place": .string($0.place.description), "reason": .string($0.reason)]
          })
      ),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }
}

/// What `verify --receipt` says.
struct ReceiptAnswer {
  private let receipt: Receipt
  private let body: [UInt8]
  private let key: TrustedKey
  private let path: String
  private let head: Checkpoint?
  /// Why the receipt doesn't verify; nil when it does.
  let failure: String?

  /// Checks `receipt` for the entry with the bytes `body`.
  init(receipt: Receipt, body: [UInt8], key: TrustedKey, path: String) {
    self.receipt = receipt
    self.body = body
    self.key = key
    self.path = path
    do {
      head = try receipt.check(entry: body, key: key.key)
      failure = nil
    } catch {
      head = nil
      failure = error.description
    }
  }

  /// For people.
  var text: String {
    guard let head else {
      return "\(Console.visible(path)): NOT VERIFIED: \(Console.visible(failure ?? ""))\n"
    }
    let json = try? JSON(parsing: body)
    let what = ["type", "case_id", "outcome", "time"].compactMap { name in
      json?[name]?.string.map { "\(name) \(Console.visible($0))" }
    }
    return """
      receipt      \(Console.visible(path))
      key          \(Console.visible(key.key.text)) (\(key.origin))
      entry        \(receipt.index) of \(head.size): \(what.joined(separator: ", "))
      root         sha256:\(head.root.hex)
      verified

      """
  }

  /// For programs.
  var json: JSON {
    .object(present: [
      ("verified", .bool(failure == nil)), ("key", .string(key.key.text)),
      ("index", .integer(receipt.index)), ("size", head.map { .integer($0.size) }),
      ("root", head.map { .string("sha256:\($0.root.hex)") }),
      ("failure", failure.map { JSON.string($0) }),
      ("entry", failure == nil ? try? JSON(parsing: body) : nil),
    ])
  }
}
