import CanonicalJSON
import RuleProgram

/// What a case was answered, as far as it can be compared: from a record, or from a run.
struct CaseAnswer {
  /// The arm's ID.
  let arm: JSON?
  /// The stages that ran, as entries hold them.
  let stages: [JSON]
  /// The outcome of the case, or of each candidate in the order of `lists`.
  let results: [CaseResult]
  /// Whether there are candidates.
  let hasCandidates: Bool

  /// The names of the lists of candidates.
  static let lists = ["ranked", "not_kept", "discarded"]

  /// The answer of a decision's response, or of its entry where that has no candidates.
  init(recorded json: JSON) {
    arm = json["arm"]
    stages = json["stages"]?.array ?? []
    hasCandidates = json["leaf"] == nil
    results =
      hasCandidates
      ? Self.lists.flatMap { list in
        (json[list]?.array ?? []).map { CaseResult($0, list: list) }
      } : [CaseResult(json, list: nil)]
  }

  /// The answer of a run without problems.
  init(_ run: CaseRun, _ builder: RecordBuilder) {
    arm = builder.arm(run).flatMap { try? JSON(parsing: $0) }
    stages = (try? JSON(parsing: builder.stages(of: run)))?.array ?? []
    hasCandidates = run.hasCandidates
    guard !run.hasCandidates else {
      let lists = builder.candidateLists(of: run)
      results = Self.lists.flatMap { list in
        (lists[list]?.array ?? []).map { CaseResult($0, list: list) }
      }
      return
    }
    let number = run.stagesRun - 1
    let ruleSet = builder.plan.rules[number].ruleSet
    let leaf = run.candidates[0].leaves[number]
    let outcome = ruleSet.program.outcome(ofLeaf: leaf)
    results = [
      CaseResult(
        leaf: ruleSet.program.leaves[leaf].id, outcome: outcome.name,
        isAdverse: outcome.isAdverse, reasons: ruleSet.program.reasonCodes(ofLeaf: leaf),
        principal: (PrincipalReasons(run, candidate: 0, builder.plan)?.json(withTexts: false))
          .map { PrincipalReasons.codes($0) },
        outputs: try? JSON(parsing: builder.outputs(of: run)))
    ]
  }

  /// In what `new` differs from this answer.
  func differences(from new: CaseAnswer) -> Set<Verdict.Difference> {
    var found: Set<Verdict.Difference> = []
    if arm != new.arm { found.insert(.arm) }
    compareStages(new.stages, &found)
    let keys = results.map(\.position)
    if keys != new.results.map(\.position) { found.insert(.ranking) }
    let others = Dictionary(new.results.map { ($0.key, $0) }) { first, _ in first }
    for result in results {
      guard let other = others[result.key] else { continue }
      result.compare(other, &found)
    }
    return found
  }

  private func compareStages(_ now: [JSON], _ found: inout Set<Verdict.Difference>) {
    guard stages.count == now.count else {
      found.insert(.outcome)
      return
    }
    for (old, new) in zip(stages, now) where old != new {
      if old["leaf"] != new["leaf"] { found.insert(.leaf) }
      if old["outcome"] != new["outcome"] { found.insert(.outcome) }
      if old["score"] != new["score"] { found.insert(.inputs) }
      if old["arm"] != new["arm"] { found.insert(.arm) }
      if old["discarded"] != new["discarded"] || old["ranked"] != new["ranked"] {
        found.insert(.ranking)
      }
      if old["ruleset"] != new["ruleset"] || old["model"] != new["model"] {
        found.insert(.versions)
      }
    }
  }
}

/// What the rules gave a case, or one candidate.
struct CaseResult {
  /// The candidate's key; nil without candidates.
  var key: String?
  /// The list that it stands in; nil without candidates.
  var list: String?
  /// The leaf of the last rules stage.
  var leaf: String
  /// Its outcome.
  var outcome: String
  /// Whether that is adverse.
  var isAdverse: Bool
  /// The reason codes.
  var reasons: [String]
  /// The codes of the principal reasons, and the policy; nil for an outcome that isn't adverse.
  var principal: JSON?
  /// The outputs; nil where the record holds a commitment only.
  var outputs: JSON?
  /// The leaf of each rules stage; empty without candidates.
  var leaves: JSON?
  /// The score; nil without candidates.
  var score: JSON?
  /// The rank; nil without candidates.
  var rank: JSON?

  /// The result of a case without candidates.
  init(
    leaf: String, outcome: String, isAdverse: Bool, reasons: [String], principal: JSON?,
    outputs: JSON?
  ) {
    self.leaf = leaf
    self.outcome = outcome
    self.isAdverse = isAdverse
    self.reasons = reasons
    self.principal = principal
    self.outputs = outputs
  }

  /// The result that `json` holds: a response, an entry, or one of a response's candidates.
  init(_ json: JSON, list: String?) {
    self.init(
      leaf: json["leaf"]?.string ?? "", outcome: json["outcome"]?.string ?? "",
      isAdverse: json["adverse"]?.bool ?? false,
      reasons: (json["reasons"]?.array ?? []).compactMap { $0.string ?? $0["code"]?.string },
      principal: json["principal_reasons"].map { PrincipalReasons.codes($0) },
      outputs: json["outputs"])
    guard let list else { return }
    self.list = list
    key = json["key"]?.string
    leaves = json["leaves"]
    score = json["score"]
    rank = json["rank"]
  }

  /// Equal by bytes; Swift's own equality is looser.
  private static func areSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  /// What tells the order of candidates: the list, and the key.
  var position: [String?] { [list, key] }

  /// Notes in what `other`, the same candidate's, differs.
  func compare(_ other: CaseResult, _ found: inout Set<Verdict.Difference>) {
    if !Self.areSame(leaf, other.leaf) || leaves != other.leaves { found.insert(.leaf) }
    if !Self.areSame(outcome, other.outcome) || isAdverse != other.isAdverse {
      found.insert(.outcome)
    }
    if reasons != other.reasons || principal?.canonicalBytes != other.principal?.canonicalBytes {
      found.insert(.reasons)
    }
    if score != other.score { found.insert(.inputs) }
    if rank != other.rank { found.insert(.ranking) }
    if let outputs, let others = other.outputs, outputs.canonicalBytes != others.canonicalBytes {
      found.insert(.outputs)
    }
  }
}
