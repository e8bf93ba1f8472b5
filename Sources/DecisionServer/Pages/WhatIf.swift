import CanonicalJSON
import DecisionEngine
import RuleProgram

/// A decision tried with other inputs. Nothing of it is recorded.
struct WhatIf {
  /// What would be answered.
  var trial: Trial
  /// What was changed: a label, the recorded value, the new one.
  var changes: [Change]
  /// What the form said, by field.
  var form: FormFields
  /// What would have given the changed request another outcome; nil where nobody looked for it.
  var counterfactuals: Explanation.Counterfactuals?

  /// One changed input.
  struct Change {
    var label: String
    var old: String?
    var new: String?
  }

  /// The name of an input's field in the form.
  static func fieldName(_ input: PipelineInput) -> String {
    (input.scoreInto == nil ? "input." : "score.") + input.name
  }

  /// Tries what `form` says of the case `sheet`.
  static func run(
    _ form: FormFields, _ sheet: CaseSheet, _ engine: Engine
  ) throws(Problem) -> WhatIf {
    guard let request = sheet.request, sheet.canTry else {
      throw Problem(
        410, "nothing-to-try", "There is nothing to try",
        "the request was erased, or what decided it can't be run")
    }
    var changes: [Change] = []
    var changed = request
    if let text = form["request"] {
      do {
        changed = try JSON(parsing: text)
      } catch {
        throw .malformed(error)
      }
      if changed.canonicalBytes != request.canonicalBytes {
        changes.append(Change(label: "the request", old: nil, new: nil))
      }
    } else {
      for input in sheet.inputs { change(input, form, sheet, &changed, &changes) }
    }
    do {
      let trial = try engine.tryOut(
        changed.compactBytes, pipeline: sheet.record.pipeline, caseID: sheet.record.caseID)
      // An unchanged request has those of the case's own explanation.
      let counterfactuals =
        changes.isEmpty
        ? nil
        : try engine.counterfactuals(
          ofRequest: changed.compactBytes, pipeline: sheet.record.pipeline,
          caseID: sheet.record.caseID)
      return WhatIf(
        trial: trial, changes: changes, form: form, counterfactuals: counterfactuals)
    } catch {
      throw Problem(error)
    }
  }

  private static func change(
    _ input: PipelineInput, _ form: FormFields, _ sheet: CaseSheet, _ request: inout JSON,
    _ changes: inout [Change]
  ) {
    guard let text = form[fieldName(input)] else { return }
    let old = sheet.given(input)
    let typed = input.type == .string ? text : text.trimmed
    // Hidden characters come back the way the page showed them.
    guard typed != old ?? "", typed != old.map(VisibleText.inPage) else { return }
    let new: JSON? = typed.isEmpty ? nil : .string(typed)
    changes.append(Change(label: input.label ?? input.name, old: old, new: new?.string))
    if let into = input.scoreInto {
      let scores = (request["scores"] ?? .object([])).setting(input.name, to: new)
      request = request.setting("scores", to: scores)
      if new == nil { request = setting(into, to: nil, in: request) }
    } else {
      request = setting(input.name, to: new, in: request)
    }
  }

  private static func setting(_ name: String, to value: JSON?, in request: JSON) -> JSON {
    guard let inputs = request["inputs"] else { return request.setting(name, to: value) }
    return request.setting("inputs", to: inputs.setting(name, to: value))
  }
}
