import CanonicalJSON
import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax

/// The findings about some files, for programs.
struct DiagnosticsReport {
  private let documents: [LoadedDocument]

  /// A report on `documents`.
  init(_ documents: [LoadedDocument]) { self.documents = documents }

  // MARK: - JSON

  /// `{"files": […], "errors": N, "warnings": N}`.
  var json: JSON {
    let errors = documents.reduce(0) { $0 + $1.errorCount }
    let all = documents.reduce(0) { $0 + $1.diagnostics.count }
    return [
      "files": .array(documents.map(Self.json)), "errors": .integer(errors),
      "warnings": .integer(all - errors),
    ]
  }

  private static func json(_ document: LoadedDocument) -> JSON {
    .object(present: [
      ("path", .string(document.source.path)), ("kind", document.kind.map { JSON.string($0) }),
      ("reference", document.reference.map { JSON.string($0) }),
      ("diagnostics", .array(document.diagnostics.map { json($0, document.source) })),
    ])
  }

  private static func json(_ diagnostic: Diagnostic, _ source: SourceText) -> JSON {
    .object(present: [
      ("id", .string(diagnostic.id.rawValue)),
      ("severity", .string(diagnostic.severity.rawValue)),
      ("message", .string(diagnostic.message)), ("place", place(diagnostic.span, source)),
      (
        "notes",
        diagnostic.notes.isEmpty
          ? nil
          : .array(
            diagnostic.notes.map {
              ["message": .string($0.message), "place": place($0.span, source)]
            })
      ),
      ("help", diagnostic.help.map { JSON.string($0) }),
    ])
  }

  private static func place(_ span: SourceSpan, _ source: SourceText) -> JSON {
    let (begin, end) = source.region(of: span)
    return [
      "line": .integer(begin.line), "column": .integer(begin.column),
      "end_line": .integer(end.line), "end_column": .integer(end.column),
    ]
  }

  // MARK: - SARIF 2.1.0 (OASIS standard, March 2020)

  /// A SARIF log with one run.
  var sarif: JSON {
    let ids = Set(documents.flatMap { $0.diagnostics.map(\.id.rawValue) }).sorted()
    let driver: JSON = [
      "name": "leafproof", "version": .string(Engine.version),
      "rules": .array(ids.map { ["id": .string($0)] }),
    ]
    let results = documents.flatMap { document in
      document.diagnostics.map { Self.result($0, document.source) }
    }
    let run: JSON = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints", "results": .array(results),
    ]
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [run],
    ]
  }

  private static func result(_ diagnostic: Diagnostic, _ source: SourceText) -> JSON {
    let help = diagnostic.help.map { "\n" + $0 } ?? ""
    let related = diagnostic.notes.map { note in
      location(note.span, source, message: note.message)
    }
    return .object(present: [
      ("ruleId", .string(diagnostic.id.rawValue)),
      ("level", .string(diagnostic.severity.rawValue)),
      ("message", ["text": .string(diagnostic.message + help)]),
      ("locations", [location(diagnostic.span, source)]),
      ("relatedLocations", related.isEmpty ? nil : .array(related)),
    ])
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

  /// A path as a URI reference (RFC 3986): everything but unreserved characters and slashes is
  /// percent-encoded.
  private static func uri(_ path: String) -> String {
    var result = path.utf8.first == UInt8(ascii: "/") ? "file://" : ""
    for byte in path.utf8 {
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
}

extension LoadedDocument {
  /// The `ID@VERSION` of what was compiled.
  var reference: String? {
    switch content {
    case .ruleSet(let ruleSet): "\(ruleSet.wording.id)@\(ruleSet.wording.version)"
    case .pipeline(let definition): "\(definition.id)@\(definition.version)"
    case .model(let definition): "\(definition.id)@\(definition.version)"
    case nil: nil
    }
  }
}
