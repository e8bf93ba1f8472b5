import CanonicalJSON
import DecisionEngine
import Ledger

/// Why a request could not be served: an HTTP status and a document of RFC 9457. No text holds a
/// subject's values; case IDs and names of releases appear.
struct Problem: Error, Sendable {
  /// The HTTP status.
  var status: Int
  /// The last part of its `type`, `urn:leafproof:problem:CODE`: stable, for programs.
  var code: String
  /// What kind of problem it is, always the same for a code.
  var title: String
  /// What was wrong this time, and the mend.
  var detail: String?
  /// Further members.
  var members: [JSON.Member] = []
  /// Further header fields.
  var headers: [(name: String, value: String)] = []

  /// A problem from its parts.
  init(_ status: Int, _ code: String, _ title: String, _ detail: String? = nil) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
  }

  /// The document.
  var json: JSON {
    var members = [
      JSON.Member("type", .string("urn:leafproof:problem:\(code)")),
      JSON.Member("title", .string(title)), JSON.Member("status", .integer(status)),
    ]
    if let detail { members.append(JSON.Member("detail", .string(detail))) }
    return .object(members + self.members)
  }

  /// The response of the API.
  var response: ServerResponse {
    var response = ServerResponse(
      status, type: "application/problem+json", json.compactBytes + [0x0A])
    response.headers += headers
    return response
  }
}

extension Problem {
  static let notFound = Problem(404, "not-found", "There is nothing here")
  static let unauthorized: Problem = {
    var problem = Problem(
      401, "unauthorized", "The access token is missing or wrong",
      "send `Authorization: Bearer TOKEN`; the token is in the file that the server names when it"
        + " starts")
    problem.headers = [("www-authenticate", "Bearer realm=\"leafproof\"")]
    return problem
  }()
  static let forbidden = Problem(
    403, "forbidden", "The form didn't come from a page of this server",
    "load the page again, and send the form from there")
  static let misdirected = Problem(
    421, "misdirected", "This server doesn't go by that name",
    "name it with `leafproof serve --allow-host NAME` if it should")
  static func tooLarge(_ limit: Int) -> Problem {
    Problem(413, "too-large", "The body is too large", "at most \(limit) bytes are taken")
  }
  static let timeout = Problem(408, "timeout", "The body didn't arrive in time")
  static func notAllowed(_ methods: [String]) -> Problem {
    var problem = Problem(405, "method-not-allowed", "This can't be done here")
    problem.headers = [("allow", methods.joined(separator: ", "))]
    return problem
  }
  static func unsupported(_ type: String) -> Problem {
    Problem(415, "unsupported-media-type", "The body is of another type", "send \(type)")
  }
  static func notAcceptable(_ types: [String]) -> Problem {
    Problem(
      406, "not-acceptable", "This isn't available in an acceptable form",
      "ask for \(types.joined(separator: ", "))")
  }
  static func malformed(_ error: JSONError) -> Problem {
    // A repeated key's text may be anything, so it isn't told.
    var text = error.message
    if case .duplicateKey = error.problem { text = "a key stands twice in one object" }
    var problem = Problem(
      400, "malformed-json", "The body isn't JSON", "\(text) at \(error.line):\(error.column)")
    problem.members = [
      JSON.Member("line", .integer(error.line)), JSON.Member("column", .integer(error.column)),
    ]
    return problem
  }
}

extension Problem {
  /// The one mapping of what the engine throws.
  init(_ error: EngineError) {
    let text = error.description
    switch error {
    case .ledger(let error): self.init(error)
    case .unknownRelease: self.init(404, "unknown-release", "No such release is published", text)
    case .notInForce: self.init(404, "not-in-force", "No version is in force", text)
    case .unknownCase: self.init(404, "unknown-case", "There is no such case", text)
    case .unknownCandidate: self.init(404, "unknown-candidate", "No such candidate", text)
    case .unknownOutcome: self.init(404, "unknown-outcome", "No such outcome", text)
    case .notDecided: self.init(409, "not-decided", "The case was refused, not decided", text)
    case .caseTaken(_, let index), .caseErased(_, let index):
      self.init(409, "case-id-taken", "The case ID is taken", text)
      members = [JSON.Member("index", .integer(index))]
    case .erased: self.init(410, "erased", "The data were erased", text)
    case .notRanked: self.init(422, "not-ranked", "The candidate wasn't ranked", text)
    case .badRecord: self.init(422, "bad-record", "This can't be recorded", text)
    case .notPublishable: self.init(422, "not-publishable", "This can't be published", text)
    case .damaged: self.init(500, "damaged", "The ledger is damaged", text)
    case .notExportable: self.init(500, "not-exportable", "There is no evidence to give", text)
    }
  }

  /// The one mapping of what the ledger throws.
  init(_ error: LedgerError) {
    switch error {
    case .busy, .conflict:
      self.init(503, "ledger-busy", "The ledger is busy", "nothing was recorded; try again")
      headers = [("retry-after", "1")]
    case .full:
      self.init(503, "ledger-full", "No room is left for the ledger", "nothing was recorded")
      headers = [("retry-after", "60")]
    case .readOnly:
      self.init(503, "ledger-read-only", "The ledger can't be written", "nothing was recorded")
    case .entryTooLarge, .payloadTooLarge:
      self.init(413, "record-too-large", "The record would be too large", error.description)
    case .corrupt: self.init(500, "damaged", "The ledger is damaged", error.description)
    default:
      self.init(503, "ledger-unavailable", "The ledger can't be used", "nothing was recorded")
    }
  }
}
