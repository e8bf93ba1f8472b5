import CanonicalJSON
import Crypto
import DecisionEngine
import Ledger

/// An answer as the server gives it.
struct ServerResponse: Sendable {
  /// The status code.
  var status: Int
  /// The header fields, names in lower case.
  var headers: [(name: String, value: String)]
  /// The body.
  var body: [UInt8]

  /// A response with a body of this media type.
  init(_ status: Int = 200, type: String, _ body: [UInt8]) {
    self.status = status
    self.body = body
    headers = [("content-type", type)]
  }

  /// One JSON document.
  static func json(_ body: [UInt8], status: Int = 200) -> ServerResponse {
    ServerResponse(status, type: "application/json", body)
  }

  /// One JSON document.
  static func json(_ json: JSON, status: Int = 200) -> ServerResponse {
    .json(json.compactBytes + [0x0A], status: status)
  }

  /// Plain text.
  static func text(_ text: String) -> ServerResponse {
    ServerResponse(type: "text/plain; charset=utf-8", Array(text.utf8))
  }

  /// A page.
  static func page(_ page: Markup, status: Int = 200) -> ServerResponse {
    ServerResponse(status, type: "text/html; charset=utf-8", page.document)
  }

  /// A page of the engine's, which brings its own style sheet: that one is allowed, and nothing else.
  static func explanation(_ page: [UInt8]) -> ServerResponse {
    ServerResponse(type: "text/html; charset=utf-8", page).with(
      "content-security-policy",
      "default-src 'none'; style-src 'sha256-\(styleDigest)'; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'none'")
  }

  /// The SHA-256 of that style sheet, in base 64.
  private static let styleDigest: String = {
    let digest = SHA256.hash(data: Array(Explanation.styleSheet.utf8))
    return Base64.encode(Array(digest))
  }()

  /// "See other": where a form leads.
  static func redirect(to path: String) -> ServerResponse {
    var response = ServerResponse(303, type: "text/plain; charset=utf-8", [])
    response.headers.append(("location", path))
    return response
  }

  /// The same with one more header field.
  func with(_ name: String, _ value: String) -> ServerResponse {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }

  /// The same as a file to be saved under `name`; what no file system likes becomes `_`.
  func saved(as name: String) -> ServerResponse {
    let safe = name.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": Character(scalar)
      default: "_"
      }
    }
    return with("content-disposition", "attachment; filename=\"\(String(safe.prefix(120)))\"")
  }

  /// The security header fields that every answer has.
  static let security: [(name: String, value: String)] = [
    (
      "content-security-policy",
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        + " frame-ancestors 'none'"
    ),
    ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"), ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
  ]
}
