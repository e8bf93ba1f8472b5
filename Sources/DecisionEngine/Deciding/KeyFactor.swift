import CanonicalJSON
import RuleProgram

/// One of a model's key factors, as received with its score.
struct KeyFactor: Sendable {
  /// Its code.
  var code: String
  /// Its sentence; nil when none came.
  var text: String?
  /// What it added to the score, as received; nil when nothing came.
  var contribution: String?
  /// That as a number.
  var value: Decimal128?

  /// The most factors of one score.
  static let countLimit = 256
  /// The most characters of a code.
  static let codeLimit = 64
  /// The most bytes of a text.
  static let textLimit = 4000

  /// What is wrong with given factors: an ID of ENTRIES.md, section 5, and its words.
  struct Problem: Error {
    var code: String
    var message: String
  }

  /// Reads a score's `factors`: an array of objects with `code`, and perhaps `text` and
  /// `contribution`.
  static func read(_ json: JSON) throws(Problem) -> [KeyFactor] {
    if json.isNull { return [] }
    guard let list = json.array else {
      throw Problem(code: "wrong-type", message: "is not an array")
    }
    guard list.count <= countLimit else {
      throw Problem(code: "too-large", message: "has more than \(countLimit) elements")
    }
    return try list.map { (item) throws(Problem) in try KeyFactor(item) }
  }

  private init(_ json: JSON) throws(Problem) {
    guard json.object != nil else {
      throw Problem(code: "not-an-object", message: "holds what is not a JSON object")
    }
    guard let code = json["code"]?.string, CaseID.isName(code, atMost: Self.codeLimit) else {
      throw Problem(
        code: "malformed",
        message: "needs a `code` of 1 to \(Self.codeLimit) characters in each element")
    }
    self.code = code
    switch json["text"] {
    case nil, .null?: break
    case .string(let text)? where text.utf8.count <= Self.textLimit: self.text = text
    default:
      throw Problem(
        code: "malformed", message: "takes as `text` a string of at most \(Self.textLimit) bytes")
    }
    guard let given = json["contribution"], !given.isNull else { return }
    contribution = given.numberText ?? given.string
    value = contribution.flatMap { $0.utf8.count <= 64 ? Decimal128($0) : nil }
    guard value != nil else {
      throw Problem(code: "wrong-type", message: "takes as `contribution` a number")
    }
  }
}
