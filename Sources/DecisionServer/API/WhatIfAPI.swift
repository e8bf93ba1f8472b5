import CanonicalJSON
import DecisionEngine

/// Tries a recorded case with other inputs: what would be answered, and what would change that.
/// Nothing is recorded.
enum WhatIfAPI {
  /// Tries `{"inputs": {…}, "scores": {…}}` over the recorded request; null takes a value away.
  static func tryOut(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let body = try request.json()
    let question = try Question(body)
    let found = try problems { () throws(EngineError) in
      try service.engine.recordedCase(parameters[0])
    }
    guard let recorded = found.request.flatMap({ try? JSON(parsing: $0) }),
      recorded.object != nil
    else {
      throw Problem(
        410, "nothing-to-try", "There is nothing to try", "the request was erased, or isn't JSON")
    }
    let changed = question.apply(to: recorded).compactBytes
    return try problems { () throws(EngineError) in
      let trial = try service.engine.tryOut(
        changed, pipeline: found.pipeline, caseID: found.caseID)
      let counterfactuals = try question.query.map { (query) throws(EngineError) in
        try service.engine.counterfactuals(
          ofRequest: changed, pipeline: found.pipeline, caseID: found.caseID,
          candidate: question.candidate, query: query)
      }
      return .json(
        .object(present: [
          ("case_id", .string(found.caseID)),
          ("type", trial.isRefusal ? "refusal" : "decision"), ("response", trial.response),
          ("counterfactuals", counterfactuals.flatMap { $0 }?.json),
        ]))
    }
  }

  fileprivate static func bad(_ detail: String) -> Problem {
    Problem(422, "bad-question", "This can't be tried", detail)
  }
}

/// What is to be tried.
private struct Question {
  var inputs: [JSON.Member] = []
  var scores: [JSON.Member] = []
  var candidate: String?
  var query: CounterfactualQuery?

  init(_ body: JSON) throws(Problem) {
    guard let members = body.object else { throw WhatIfAPI.bad("it isn't a JSON object") }
    var outcome: String?
    var number: Int? = CounterfactualQuery().count
    for member in members {
      switch member.key {
      case "inputs": inputs = try Self.object(member)
      case "scores": scores = try Self.object(member)
      case "candidate": candidate = try Self.text(member)
      case "outcome": outcome = try Self.text(member)
      case "changes": number = member.value.int
      default: throw WhatIfAPI.bad("it has a member that isn't known")
      }
    }
    guard let number, (0...CounterfactualQuery.countLimit).contains(number) else {
      throw WhatIfAPI.bad("`changes` is a number from 0 to \(CounterfactualQuery.countLimit)")
    }
    query = number == 0 ? nil : CounterfactualQuery(outcome: outcome, count: number)
  }

  private static func object(_ member: JSON.Member) throws(Problem) -> [JSON.Member] {
    guard let members = member.value.object else {
      throw WhatIfAPI.bad("`\(member.key)` isn't a JSON object")
    }
    return members
  }

  private static func text(_ member: JSON.Member) throws(Problem) -> String {
    guard let text = member.value.string else {
      throw WhatIfAPI.bad("`\(member.key)` isn't a string")
    }
    return text
  }

  /// The recorded request with the changes.
  func apply(to recorded: JSON) -> JSON {
    var request = recorded
    if !inputs.isEmpty {
      let isNested = request["inputs"]?.object != nil
      var place = request["inputs"] ?? request
      if !isNested { place = request }
      for member in inputs { place = place.setting(member.key, to: Self.value(member)) }
      request = isNested ? request.setting("inputs", to: place) : place
    }
    if !scores.isEmpty {
      var place = request["scores"] ?? .object([])
      for member in scores { place = place.setting(member.key, to: Self.value(member)) }
      request = request.setting("scores", to: place)
    }
    return request
  }

  private static func value(_ member: JSON.Member) -> JSON? {
    member.value.isNull ? nil : member.value
  }
}
