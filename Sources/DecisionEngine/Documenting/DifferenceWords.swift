package import RuleAnalysis
import RuleProgram

extension VersionStep {
  /// What the version number must do.
  package var words: String {
    switch self {
    case .patch: "a patch step will do"
    case .minor: "needs at least a minor step, for outcomes change"
    case .major: "needs a major step, for inputs, outcomes or outputs change"
    }
  }
}

extension InterfaceDifference {
  /// The change in words.
  package var words: String {
    switch self {
    case .inputAdded(let name, let isRequired):
      "input \(name): new\(isRequired ? ", required: rows without it are refused now" : "")"
    case .inputRemoved(let name): "input \(name): gone"
    case .inputType(let name, let old, let new): "input \(name): \(old.name) -> \(new.name)"
    case .inputNarrowed(let name): "input \(name): some values are refused now"
    case .inputWidened(let name): "input \(name): more values are accepted now"
    case .outcomeAdded(let name): "outcome \(name): new"
    case .outcomeRemoved(let name): "outcome \(name): gone"
    case .outcomeAdverse(let name, let isAdverse):
      "outcome \(name): \(isAdverse ? "adverse now" : "no longer adverse")"
    case .outputAdded(let name): "output \(name): new"
    case .outputRemoved(let name): "output \(name): gone"
    case .outputType(let name, let old, let new): "output \(name): \(old.name) -> \(new.name)"
    }
  }
}
