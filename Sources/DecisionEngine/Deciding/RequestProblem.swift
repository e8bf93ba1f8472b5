import CanonicalJSON
import RuleProgram

/// One reason why a request could not be decided. It never holds a value of the request but for
/// the key that names a candidate.
public struct RequestProblem: Sendable, Hashable, CustomStringConvertible {
  /// The key of the candidate that it is about; nil for the request itself.
  public var candidate: String?
  /// The place of that candidate in its array, from 1; nil for the request itself.
  public var position: Int?
  /// The input, score (`scores.ID@VERSION`) or member that is wrong; empty for the whole request.
  public var field: String
  /// A stable code for programs: `missing`, `wrong-type`, ...
  public var code: String
  /// What is wrong, in words.
  public var message: String

  /// `FIELD: what is wrong`, the candidate before it.
  public var description: String {
    let place = candidate.map { "candidate \($0): " } ?? position.map { "candidate \($0): " } ?? ""
    return place + (field.isEmpty ? "" : "\(field) ") + message
  }

  /// The problem as entries and responses hold it.
  var json: JSON {
    .object(present: [
      ("candidate", candidate.map { JSON.string($0) }),
      ("code", .string(code)),
      ("field", .string(field)),
      ("message", .string(message)),
      ("position", position.map { JSON.integer($0) }),
    ])
  }

  /// Reads what ``json`` writes.
  init?(_ json: JSON) {
    guard let code = json["code"]?.string, let field = json["field"]?.string,
      let message = json["message"]?.string
    else { return nil }
    self.init(
      candidate: json["candidate"]?.string, position: json["position"]?.int, field: field,
      code: code, message: message)
  }

  /// A problem from its parts.
  init(
    candidate: String? = nil, position: Int? = nil, field: String, code: String, message: String
  ) {
    self.candidate = candidate
    self.position = position
    self.field = field
    self.code = code
    self.message = message
  }

  /// What binding refused.
  init(_ refusal: Binding.Refusal, _ candidate: CaseRun.Candidate) {
    self.init(
      candidate: candidate.label, position: candidate.position, field: refusal.input,
      code: refusal.problem.code, message: refusal.problem.text)
  }
}
