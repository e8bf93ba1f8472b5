import CanonicalJSON
import DecisionEngine
import Ledger

/// Everything that a case's page shows.
struct CaseSheet {
  /// Why it was decided so.
  var explanation: Explanation
  /// The record.
  var record: RecordedCase
  /// The request, as JSON; nil when it was erased or isn't JSON.
  var request: JSON?
  /// What the pipeline reads.
  var inputs: [PipelineInput] = []
  /// Whether the pipeline has candidates.
  var hasCandidates = false

  /// The sheet of case `caseID`.
  init(_ caseID: String, _ engine: Engine) throws(Problem) {
    do {
      explanation = try engine.explain(caseID)
      record = try engine.recordedCase(caseID)
      request = record.request.flatMap { try? JSON(parsing: $0) }
      // Without its releases a case can still be looked at, but nothing be tried.
      if request?.object != nil, let known = try? engine.inputs(ofPipeline: record.pipeline) {
        inputs = known.inputs
        hasCandidates = known.hasCandidates
      }
    } catch {
      throw Problem(error)
    }
  }

  /// Whether changes can be tried.
  var canTry: Bool { request != nil && (hasCandidates || !inputs.isEmpty) }

  /// The request's object of inputs: its member `inputs`, or the request itself.
  var givenInputs: JSON { request?["inputs"] ?? request ?? .object([]) }

  /// The text of what the request gave for `input`; nil when it gave nothing.
  func given(_ input: PipelineInput) -> String? {
    let value =
      if let into = input.scoreInto {
        request?["scores"]?[input.name] ?? givenInputs[into]
      } else {
        givenInputs[input.name]
      }
    guard let value, !value.isNull else { return nil }
    return value.string ?? value.compactText
  }
}
