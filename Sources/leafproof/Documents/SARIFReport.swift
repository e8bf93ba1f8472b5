import CanonicalJSON
import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax

/// The findings about some files as a SARIF log (2.1.0, OASIS standard of March 2020), in the form
/// that code scanning services take.
struct SARIFReport {
  private let documents: [LoadedDocument]
  private let failures: [Failure]
  private let status: ExitStatus
  private let ids: [DiagnosticID]

  /// A report on `documents`; `failures` tell which files couldn't be read, `status` how the run
  /// ends.
  init(_ documents: [LoadedDocument], failures: [Failure], status: ExitStatus) {
    self.documents = documents
    self.failures = failures
    self.status = status
    let found = Set(documents.flatMap { $0.diagnostics.map(\.id) })
    ids = found.sorted { $0.rawValue < $1.rawValue }
  }

  /// The log, with one run.
  var json: JSON {
    let driver: JSON = [
      "name": "leafproof", "version": .string(Engine.version),
      "semanticVersion": .string(Engine.version), "rules": .array(ids.map(Self.rule)),
    ]
    let run: JSON = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
      "invocations": [invocation], "results": .array(documents.flatMap(results)),
    ]
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [run],
    ]
  }

  /// How the run went (§3.20): it failed when a file couldn't be read, not when errors were found.
  private var invocation: JSON {
    let notifications = failures.compactMap(\.text).map { text -> JSON in
      ["level": "error", "message": ["text": .string(text)]]
    }
    return .object(present: [
      ("executionSuccessful", .bool(failures.isEmpty)),
      ("exitCode", .integer(Int(status.rawValue))),
      (
        "toolExecutionNotifications",
        notifications.isEmpty ? nil : .array(notifications)
      ),
    ])
  }

  private static func rule(_ id: DiagnosticID) -> JSON {
    let page = FindingPage(id)
    return [
      "id": .string(id.rawValue), "name": .string(id.rawValue),
      "shortDescription": ["text": .string(page.meaning)],
      "fullDescription": ["text": .string(page.meaning + " " + page.importance)],
      "help": ["text": .string(page.markdown), "markdown": .string(page.markdown)],
      "defaultConfiguration": ["level": .string(level(id.severity))],
    ]
  }

  private func results(_ document: LoadedDocument) -> [JSON] {
    var counts: [String: Int] = [:]
    return document.diagnostics.map { diagnostic in
      let print = Self.fingerprint(diagnostic, document.source)
      counts[print, default: 0] += 1
      return result(diagnostic, document.source, "\(print):\(counts[print, default: 1])")
    }
  }

  /// The standard's word for a severity (§3.27.10).
  private static func level(_ severity: Diagnostic.Severity) -> String {
    severity == .remark ? "note" : severity.rawValue
  }

  private func result(
    _ diagnostic: Diagnostic, _ source: SourceText, _ fingerprint: String
  ) -> JSON {
    let help = diagnostic.help.map { "\n" + $0 } ?? ""
    let related = diagnostic.notes.map { note in
      Self.location(
        note.span, source, message: note.message + (note.row.map { ": " + $0 } ?? ""))
    }
    let rows = ([diagnostic.row] + diagnostic.notes.map(\.row)).compactMap { $0 }
    let row = diagnostic.row.map { "\nA row that shows it: " + $0 } ?? ""
    return .object(present: [
      ("ruleId", .string(diagnostic.id.rawValue)),
      ("ruleIndex", ids.firstIndex(of: diagnostic.id).map { .integer($0) }),
      ("level", .string(Self.level(diagnostic.severity))),
      ("message", ["text": .string(diagnostic.message + row + help)]),
      ("locations", [Self.location(diagnostic.span, source)]),
      ("relatedLocations", related.isEmpty ? nil : .array(related)),
      ("partialFingerprints", ["primaryLocationLineHash": .string(fingerprint)]),
      ("properties", rows.isEmpty ? nil : ["rows": .array(rows.map { .string($0) })]),
    ])
  }

  /// What stays the same for a finding when lines are added above it: its kind and the text of its
  /// line without white space. Findings alike are counted behind it.
  private static func fingerprint(_ diagnostic: Diagnostic, _ source: SourceText) -> String {
    let line = source.lineRange(source.region(of: diagnostic.span).begin.line)
    let text = source.bytes[line].filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
    let digest = ContentDigest(of: Array((diagnostic.id.rawValue + "\n").utf8) + text)
    return String(digest.description.prefix(16))
  }

  private static func location(
    _ span: SourceSpan, _ source: SourceText, message: String? = nil
  ) -> JSON {
    let (begin, end) = source.region(of: span)
    let region: JSON = [
      "startLine": .integer(begin.line), "startColumn": .integer(begin.column),
      "endLine": .integer(end.line), "endColumn": .integer(end.column),
    ]
    return .object(present: [
      (
        "physicalLocation",
        ["artifactLocation": ["uri": .string(uri(source.path))], "region": region]
      ),
      ("message", message.map { ["text": .string($0)] }),
    ])
  }

  /// A path as a URI reference (RFC 3986): relative where it lies below the current folder, and
  /// everything but unreserved characters and slashes percent-encoded.
  private static func uri(_ path: String) -> String {
    let relative = Self.relative(path)
    var result = relative.utf8.first == UInt8(ascii: "/") ? "file://" : ""
    for byte in relative.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  /// `path` without `.` and empty parts, seen from the current folder when it lies below it.
  private static func relative(_ path: String) -> String {
    var text = path
    if path.hasPrefix("/"), let folder = SystemCalls.currentFolder, path.hasPrefix(folder + "/") {
      text = String(path.dropFirst(folder.utf8.count + 1))
    }
    let parts = text.split(separator: "/").filter { $0 != "." }
    return (text.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
