import RuleAnalysis
import RuleProgram

/// What a rule set's version number promises (SemVer 2.0), relative to the highest version below it:
/// another outcome for some row is at least a minor step, another set of inputs, outcomes or outputs
/// a major one. While the major version is 0, a minor step suffices for everything.
///
/// Pre-releases promise nothing (SemVer 9), so nothing is held against one; each is itself held
/// against the highest proper version below it. What isn't a version number is passed over.
struct VersionContract {
  private var versions: [(version: SemanticVersion, text: String, program: Program)] = []

  /// Notes a version, in any order.
  mutating func add(_ program: Program, version text: String) {
    guard let version = SemanticVersion(text), !version.isPreRelease else { return }
    versions.append((version, text, program))
  }

  /// What `program` would break as version `text`; nil for nothing.
  func violation(of program: Program, version text: String, item: String) -> PublicationProblem? {
    guard let version = SemanticVersion(text),
      let base = versions.filter({ $0.version < version }).max(by: { $0.version < $1.version }),
      base.program != program
    else { return nil }
    let taken = VersionStep.taken(from: base.version, to: version)
    if taken == .major { return nil }
    if let reason = Self.interfaceChange(base.program, program) {
      return problem(item, base, version, .major, reason)
    }
    if taken == .minor { return nil }
    guard let reason = Self.outcomeChange(base.program, program) else { return nil }
    return problem(item, base, version, .minor, reason)
  }

  private func problem(
    _ item: String, _ base: (version: SemanticVersion, text: String, program: Program),
    _ version: SemanticVersion, _ needed: VersionStep, _ reason: String
  ) -> PublicationProblem {
    let isMajor = needed == .major && base.version.major > 0
    let next =
      isMajor
      ? "\(base.version.major + 1).0.0" : "\(base.version.major).\(base.version.minor + 1).0"
    return PublicationProblem(
      .versionStep, item: item,
      "since version \(base.text) \(reason); that needs at least a \(isMajor ? "major" : "minor")"
        + " step: version \(next) or higher")
  }

  private static func interfaceChange(_ old: Program, _ new: Program) -> String? {
    let changes = InterfaceDifference.all(old, new)
    guard let first = changes.first else { return nil }
    let more = changes.count > 1 ? " (and \(changes.count - 1) more such changes)" : ""
    return first.sentence + more
  }

  private static func outcomeChange(_ old: Program, _ new: Program) -> String? {
    func leaf(_ program: Program, _ number: Int) -> String {
      "`\(program.outcome(ofLeaf: number).name)` (leaf `\(program.leaves[number].id)`)"
    }
    switch try? OutcomeChange.first(from: old, to: new) {
    case .some(.none): return nil
    case .found(let row, let before, let after):
      return "the outcome changes from \(leaf(old, before)) to \(leaf(new, after)), for example"
        + " for \(row)"
    case .open(let before, let after):
      return "it could not be ruled out that an outcome changes from \(leaf(old, before)) to"
        + " \(leaf(new, after))"
    case .tooLarge:
      return "so much of the tree changed that it could not be ruled out that outcomes do"
    case nil: return "an input has another type"
    }
  }
}

extension InterfaceDifference {
  /// What changed, as a clause.
  fileprivate var sentence: String {
    switch self {
    case .inputAdded(let name, let isRequired):
      "the input `\(name)` was added\(isRequired ? ", and is required" : "")"
    case .inputRemoved(let name): "the input `\(name)` is gone"
    case .inputType(let name, let old, let new):
      "the input `\(name)` is a \(new.name), no longer a \(old.name)"
    case .inputNarrowed(let name): "the input `\(name)` refuses values that it accepted"
    case .inputWidened(let name): "the input `\(name)` accepts values that it refused"
    case .outcomeAdded(let name): "the outcome `\(name)` was added"
    case .outcomeRemoved(let name): "the outcome `\(name)` is gone"
    case .outcomeAdverse(let name, let isAdverse):
      "the outcome `\(name)` is \(isAdverse ? "adverse" : "no longer adverse")"
    case .outputAdded(let name): "the output `\(name)` was added"
    case .outputRemoved(let name): "the output `\(name)` is gone"
    case .outputType(let name, let old, let new):
      "the output `\(name)` is a \(new.name), no longer a \(old.name)"
    }
  }
}
