import CanonicalJSON
import RuleProgram

/// A request for a decision: JSON as documented in ENTRIES.md, its fields sorted into the places
/// that the pipeline reads.
struct Request {
  /// The most bytes of a request.
  static let sizeLimit = 8 << 20

  /// The caller's case ID.
  var caseID: String?
  /// The request, checked; without a value when it isn't JSON.
  var document = JSONDocument()
  /// For each field of the plan: the request's value, nil when it is absent.
  var fields: [JSONDocument.Place?]
  /// The object of the request's own scores, by `ID@VERSION`.
  var scores: JSONDocument.Place?
  /// The candidates; empty when the pipeline has none.
  var candidates: [Candidate] = []
  /// What was wrong.
  var problems: [RequestProblem] = []

  /// One element of the array of candidates.
  struct Candidate {
    /// Its key, as text.
    var key: String
    /// Its place in the array, from 1.
    var position: Int
    /// For each field of the plan: the candidate's value, nil when it is absent.
    var fields: [JSONDocument.Place?]
    /// The object of the candidate's own scores.
    var scores: JSONDocument.Place?
  }

  /// Parses a request's bytes for `plan`.
  init(_ bytes: [UInt8], for plan: PipelinePlan) {
    fields = Array(repeating: nil, count: plan.fields.count)
    guard bytes.count <= Self.sizeLimit else {
      refuse("", "too-large", "is larger than \(Self.sizeLimit) bytes")
      return
    }
    guard let document = JSONDocument(bytes), let root = document.root else {
      refuse(malformed: bytes)
      return
    }
    self.document = document
    read(root, plan)
  }

  private mutating func refuse(malformed bytes: [UInt8]) {
    do {
      _ = try JSON(parsing: bytes)
      refuse("", "malformed", "is not JSON")
    } catch {
      // A repeated key's text stays out of the entry: it may be anything.
      let reason =
        if case .duplicateKey = error.problem {
          "a key stands twice in one object, at \(error.line):\(error.column)"
        } else {
          error.description
        }
      refuse("", "malformed", "is not JSON: \(reason)")
    }
  }

  private mutating func refuse(_ field: String, _ code: String, _ message: String) {
    problems.append(RequestProblem(field: field, code: code, message: message))
  }

  private mutating func read(_ root: JSONDocument.Place, _ plan: PipelinePlan) {
    guard document.kind(root) == .object else {
      return refuse("", "not-an-object", "is not a JSON object")
    }
    let document = document
    var inputs = root
    // In the order of the members, which is the order of problems.
    document.forEachMember(of: root) { key, value in
      guard document.kind(inputs) == .object else { return }
      if document.isText(key, "inputs") {
        inputs = value
      } else if document.isText(key, "case_id") {
        readCaseID(value)
      } else if document.isText(key, "scores") {
        scores = scores(value, nil)
      }
    }
    guard document.kind(inputs) == .object else {
      return refuse("inputs", "not-an-object", "is not a JSON object")
    }
    document.sort(inputs, into: &fields, plan)
    if let candidates = plan.definition.candidates {
      readCandidates(document.member(candidates.array, of: inputs), candidates.key, plan)
    }
  }

  private mutating func readCaseID(_ value: JSONDocument.Place) {
    let kind = document.kind(value)
    if kind == .null { return }
    if kind == .string {
      let text = document.text(value)
      if CaseID.isValid(text) {
        caseID = text
        return
      }
    }
    refuse(
      "case_id", "bad-case-id",
      "must be a string of 1 to \(CaseID.lengthLimit) characters without control characters")
  }

  private mutating func scores(
    _ value: JSONDocument.Place, _ position: Int?
  ) -> JSONDocument.Place? {
    switch document.kind(value) {
    case .null: break
    case .object: return value
    default:
      problems.append(
        RequestProblem(
          position: position, field: "scores", code: "not-an-object",
          message: "is not a JSON object"))
    }
    return nil
  }
}

extension JSONDocument {
  /// Puts the members of an object that the plan reads into the places of its fields.
  fileprivate func sort(
    _ object: Place, into fields: inout [Place?], _ plan: PipelinePlan
  ) {
    forEachMember(of: object) { key, value in
      let field =
        isPlain(key)
        ? plan.field(bytes.span.extracting(range(key))) : plan.field(text(key))
      if let field { fields[field] = value }
    }
  }
}

// MARK: - Candidates

extension Request {
  private mutating func readCandidates(
    _ value: JSONDocument.Place?, _ key: String, _ plan: PipelinePlan
  ) {
    let array = plan.definition.candidates?.array ?? ""
    guard let value, document.kind(value) != .null else {
      return refuse(array, "missing", "is required, but missing")
    }
    guard document.kind(value) == .array else {
      return refuse(array, "wrong-type", "is not an array")
    }
    let elements = document.elements(of: value)
    var seen: Set<[UInt8]> = []
    candidates.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let candidate = candidate(element, index + 1, key, plan) else { continue }
      if !seen.insert(Array(candidate.key.utf8)).inserted {
        problems.append(
          RequestProblem(
            candidate: candidate.key, position: index + 1, field: key, code: "duplicate-key",
            message: "names an earlier candidate too"))
      }
      candidates.append(candidate)
    }
  }

  private mutating func candidate(
    _ element: JSONDocument.Place, _ position: Int, _ key: String, _ plan: PipelinePlan
  ) -> Candidate? {
    func problem(_ field: String, _ code: String, _ message: String) -> RequestProblem {
      RequestProblem(position: position, field: field, code: code, message: message)
    }
    guard document.kind(element) == .object else {
      problems.append(problem("", "not-an-object", "is not a JSON object"))
      return nil
    }
    var fields = [JSONDocument.Place?](repeating: nil, count: plan.fields.count)
    document.sort(element, into: &fields, plan)
    let own = document.member("scores", of: element).flatMap { scores($0, position) }
    guard let name = document.member(key, of: element), document.kind(name) != .null else {
      problems.append(problem(key, "missing", "is required, but missing"))
      return nil
    }
    let isText = document.kind(name) == .string || document.kind(name) == .number
    let text = document.text(name)
    guard isText, CaseID.isName(text, atMost: CaseID.lengthLimit) else {
      problems.append(
        problem(
          key, "bad-key",
          "must be a number or a string of 1 to \(CaseID.lengthLimit) characters without control"
            + " characters"))
      return nil
    }
    return Candidate(key: text, position: position, fields: fields, scores: own)
  }
}
