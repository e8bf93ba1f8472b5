import CanonicalJSON
import RuleProgram

/// A request with other values in the places from which a pipeline takes them.
struct ChangedRequest {
  private(set) var json: JSON
  private let plan: PipelinePlan
  /// The run of the request as it was, and which of its candidates is changed.
  private let run: CaseRun
  private let candidate: Int

  /// The request `bytes` that `run` came of; nil when it isn't a JSON object.
  init?(_ bytes: [UInt8], _ plan: PipelinePlan, _ run: CaseRun, candidate: Int) {
    guard let json = try? JSON(parsing: bytes), json.object != nil else { return nil }
    self.json = json
    self.plan = plan
    self.run = run
    self.candidate = candidate
  }

  /// Sets what comes from `source`.
  mutating func set(_ source: PipelinePlan.Source, to value: Value) {
    let new: JSON =
      if case .boolean(let flag) = value { .bool(flag) } else { .string(value.description) }
    switch source {
    case .field(let field): set(field, to: new)
    case .score(let slot):
      guard let model = run.candidates[candidate].scores[slot]?.model else { return }
      // A candidate's own scores come first, then the request's, then fields.
      changePlace(isOwn: run.hasCandidates, isOutside: true) { place in
        place.setting("scores", to: (place["scores"] ?? .object([])).setting(model, to: new))
      }
    case .outcome, .leaf, .output: return
    }
  }

  private mutating func set(_ field: Int, to new: JSON) {
    let name = plan.fields[field]
    let isOwn =
      run.hasCandidates
      && (run.candidates[candidate].fields[field] != nil || run.fields[field] == nil)
    changePlace(isOwn: isOwn, isOutside: false) { $0.setting(name, to: new) }
  }

  /// Changes the candidate's own object, or else the object of the inputs; scores stand outside it.
  private mutating func changePlace(isOwn: Bool, isOutside: Bool, _ change: (JSON) -> JSON) {
    let nested = json["inputs"]
    guard isOwn, let array = plan.definition.candidates?.array,
      let position = run.candidates[candidate].position,
      var elements = (nested ?? json)[array]?.array, elements.indices.contains(position - 1)
    else {
      guard let nested, !isOutside else {
        json = change(json)
        return
      }
      json = json.setting("inputs", to: change(nested))
      return
    }
    elements[position - 1] = change(elements[position - 1])
    let list = JSON.array(elements)
    json =
      nested.map { json.setting("inputs", to: $0.setting(array, to: list)) }
      ?? json.setting(array, to: list)
  }
}
