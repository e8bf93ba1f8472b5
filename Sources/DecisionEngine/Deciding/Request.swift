import CanonicalJSON
import RuleProgram

/// A request for a decision: JSON as documented in ENTRIES.md, its fields sorted into the places
/// that the pipeline reads.
struct Request {
  /// The most bytes of a request.
  static let sizeLimit = 8 << 20

  /// The caller's case ID.
  var caseID: String?
  /// For each field of the plan: the request's value, nil when it is absent.
  var fields: [JSON?]
  /// The request's own scores, by `ID@VERSION`.
  var scores: [JSON.Member] = []
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
    var fields: [JSON?]
    /// The candidate's own scores.
    var scores: [JSON.Member]
  }

  /// Parses a request's bytes for `plan`.
  init(_ bytes: [UInt8], for plan: PipelinePlan) {
    fields = Array(repeating: nil, count: plan.fields.count)
    guard bytes.count <= Self.sizeLimit else {
      refuse("", "too-large", "is larger than \(Self.sizeLimit) bytes")
      return
    }
    do {
      read(try JSON(parsing: bytes), plan)
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

  private mutating func read(_ json: JSON, _ plan: PipelinePlan) {
    guard case .object(let members) = json else {
      return refuse("", "not-an-object", "is not a JSON object")
    }
    var inputs = members
    for member in members {
      switch member.key {
      case "case_id": readCaseID(member.value)
      case "scores": scores = scores(member.value, nil)
      case "inputs":
        guard case .object(let nested) = member.value else {
          refuse("inputs", "not-an-object", "is not a JSON object")
          return
        }
        inputs = nested
      default: continue
      }
    }
    Self.sort(inputs, into: &fields, plan)
    if let candidates = plan.definition.candidates {
      readCandidates(inputs.first { $0.key == candidates.array }?.value, candidates.key, plan)
    }
  }

  private static func sort(
    _ members: [JSON.Member], into fields: inout [JSON?], _ plan: PipelinePlan
  ) {
    for member in members {
      if let field = plan.field(member.key) { fields[field] = member.value }
    }
  }

  private mutating func readCaseID(_ value: JSON) {
    switch value {
    case .null: return
    case .string(let text) where CaseID.isValid(text): caseID = text
    default:
      refuse(
        "case_id", "bad-case-id",
        "must be a string of 1 to \(CaseID.lengthLimit) characters without control characters")
    }
  }

  private mutating func scores(_ value: JSON, _ position: Int?) -> [JSON.Member] {
    switch value {
    case .null: return []
    case .object(let members): return members
    default:
      problems.append(
        RequestProblem(
          position: position, field: "scores", code: "not-an-object",
          message: "is not a JSON object"))
      return []
    }
  }
}

// MARK: - Candidates

extension Request {
  private mutating func readCandidates(_ value: JSON?, _ key: String, _ plan: PipelinePlan) {
    let array = plan.definition.candidates?.array ?? ""
    guard let value, !value.isNull else {
      return refuse(array, "missing", "is required, but missing")
    }
    guard case .array(let elements) = value else {
      return refuse(array, "wrong-type", "is not an array")
    }
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
    _ element: JSON, _ position: Int, _ key: String, _ plan: PipelinePlan
  ) -> Candidate? {
    func problem(_ field: String, _ code: String, _ message: String) -> RequestProblem {
      RequestProblem(position: position, field: field, code: code, message: message)
    }
    guard case .object(let members) = element else {
      problems.append(problem("", "not-an-object", "is not a JSON object"))
      return nil
    }
    var fields = [JSON?](repeating: nil, count: plan.fields.count)
    Self.sort(members, into: &fields, plan)
    var own: [JSON.Member] = []
    var name: JSON?
    for member in members {
      if member.key == "scores" { own = scores(member.value, position) }
      if member.key == key { name = member.value }
    }
    guard let name, !name.isNull else {
      problems.append(problem(key, "missing", "is required, but missing"))
      return nil
    }
    guard let text = name.string ?? name.numberText,
      CaseID.isName(text, atMost: CaseID.lengthLimit)
    else {
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
