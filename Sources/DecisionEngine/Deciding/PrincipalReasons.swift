import CanonicalJSON
import RuleProgram

/// The principal reasons of an adverse outcome, chosen by the pipeline's policy.
struct PrincipalReasons {
  /// The policy.
  let policy: ReasonPolicy
  /// What gave the reasons.
  private(set) var basis: ReasonPolicy.Source
  /// What the policy asked for, where the request brought no factors for it; nil otherwise.
  private(set) var wanted: ReasonPolicy.Source?
  /// The reasons, the principal one first.
  private(set) var reasons: [Reason] = []

  /// One reason.
  struct Reason {
    /// The code of the rule set's reason, or of the model's factor.
    var code: String
    /// Its sentence.
    var text: String?
    /// Who gave it: `ID@VERSION` of the rule set or model.
    var from: String
  }

  /// The principal reasons of what a candidate came to; nil when its outcome isn't adverse.
  init?(_ run: CaseRun, candidate index: Int, _ plan: PipelinePlan) {
    let candidate = run.candidates[index]
    guard let leaf = candidate.leaves.last else { return nil }
    let ruleSet = plan.rules[candidate.leaves.count - 1].ruleSet
    let outcome = ruleSet.program.outcome(ofLeaf: leaf)
    guard outcome.isAdverse else { return nil }
    policy = plan.definition.reasons
    basis = Self.basis(candidate, outcome.name, ruleSet.program.leaves[leaf].id, plan)
    let rules = Self.reasons(of: ruleSet, leaf)
    let factors = basis == .rules ? [] : Self.factors(candidate, plan, policy.factors)
    if basis != .rules, factors.isEmpty {
      wanted = basis
      basis = .rules
    }
    let lists =
      switch basis {
      case .rules: [rules]
      case .factors: [factors]
      case .both: [rules, factors]
      }
    choose(from: lists)
  }

  /// What the policy asks for.
  private static func basis(
    _ candidate: CaseRun.Candidate, _ outcome: String, _ leafID: String, _ plan: PipelinePlan
  ) -> ReasonPolicy.Source {
    let policy = plan.definition.reasons
    return policy.bands.first { holds($0, outcome, leafID, candidate, plan) }?.give
      ?? policy.source
  }

  private static func holds(
    _ band: ReasonPolicy.Band, _ outcome: String, _ leaf: String, _ candidate: CaseRun.Candidate,
    _ plan: PipelinePlan
  ) -> Bool {
    func lists(_ names: [String], _ name: String) -> Bool {
      names.isEmpty || names.contains { $0.utf8.elementsEqual(name.utf8) }
    }
    guard lists(band.outcomes, outcome), lists(band.leaves, leaf) else { return false }
    guard let range = band.score else { return true }
    guard let slot = plan.slots.firstIndex(of: range.into), let score = candidate.scores[slot]
    else { return false }
    return range.contains(score.value)
  }

  private static func reasons(of ruleSet: RuleSet, _ leaf: Int) -> [Reason] {
    let name = ruleSet.release.reference.description
    return ruleSet.program.reasonCodes(ofLeaf: leaf).map { code in
      Reason(
        code: code, text: ruleSet.wording.reasons.first { $0.name == code }?.label, from: name)
    }
  }

  /// The factors that count against the subject, in their order.
  private static func factors(
    _ candidate: CaseRun.Candidate, _ plan: PipelinePlan, _ choice: ReasonPolicy.Factors
  ) -> [Reason] {
    candidate.scores.flatMap { score -> [Reason] in
      guard let score, let model = score.model else { return [] }
      var factors = score.factors
      if choice != .asGiven {
        factors = factors.filter { factor in
          guard let value = factor.value else { return false }
          return choice == .negative ? value < .zero : value > .zero
        }
        // Equal ones keep the order given.
        factors = factors.enumerated().sorted { left, right in
          let sizes = (left.element.value?.magnitude, right.element.value?.magnitude)
          guard let one = sizes.0, let other = sizes.1, one != other else {
            return left.offset < right.offset
          }
          return one > other
        }.map(\.element)
      }
      return factors.map { Reason(code: $0.code, text: $0.text, from: model) }
    }
  }

  /// Takes from the lists in turn, so that the principal reason of each is among the first, without
  /// repeats of a code or of a sentence.
  private mutating func choose(from lists: [[Reason]]) {
    var codes: Set<[UInt8]> = []
    var texts: Set<[UInt8]> = []
    for place in 0..<(lists.map(\.count).max() ?? 0) {
      for list in lists where place < list.count && reasons.count < policy.maximum {
        let reason = list[place]
        let code = Array(reason.code.utf8)
        let text = reason.text.map { Array($0.utf8) }
        guard !codes.contains(code), text.map({ !texts.contains($0) }) ?? true else { continue }
        codes.insert(code)
        if let text { texts.insert(text) }
        reasons.append(reason)
      }
    }
  }

  /// As records hold them, as canonical JSON.
  struct Written {
    /// In responses.
    var withTexts: [UInt8]
    /// In entries.
    var withoutTexts: [UInt8]
  }

  /// What was written before, for leaves whose reasons depend on nothing else. Not to be shared
  /// between threads.
  final class Memory {
    fileprivate var ofLeaf: [Int: Written] = [:]
  }

  /// The principal reasons of a case without candidates; nil when its outcome isn't adverse.
  static func written(_ run: CaseRun, _ plan: PipelinePlan, _ memory: Memory?) -> Written? {
    let stage = run.stagesRun - 1
    let leaf = run.candidates[0].leaves[stage]
    let ruleSet = plan.rules[stage].ruleSet
    guard ruleSet.parts[leaf].harms else { return nil }
    func write() -> Written? {
      PrincipalReasons(run, candidate: 0, plan).map {
        Written(
          withTexts: $0.json(withTexts: true).canonicalBytes,
          withoutTexts: $0.json(withTexts: false).canonicalBytes)
      }
    }
    let policy = plan.definition.reasons
    let basis =
      policy.bands.isEmpty
      ? policy.source
      : basis(
        run.candidates[0], ruleSet.program.outcome(ofLeaf: leaf).name,
        ruleSet.program.leaves[leaf].id, plan)
    guard let memory, basis == .rules else { return write() }
    let key = stage << 32 | leaf
    if let known = memory.ofLeaf[key] { return known }
    let written = write()
    memory.ofLeaf[key] = written
    return written
  }

  /// As records hold them: entries without texts, responses with them.
  func json(withTexts: Bool) -> JSON {
    .object(present: [
      ("basis", .string(basis.name)), ("maximum", .integer(policy.maximum)),
      ("policy", .string(policy.name)),
      (
        "reasons",
        .array(
          reasons.map { reason in
            .object(present: [
              ("code", .string(reason.code)), ("from", .string(reason.from)),
              ("text", withTexts ? reason.text.map { JSON.string($0) } : nil),
            ])
          })
      ),
      ("wanted", wanted.map { .string($0.name) }),
    ])
  }

  /// What ``json(withTexts:)`` gives without texts, from what it gives with them.
  static func withoutTexts(_ json: JSON) -> JSON { keeping(["code", "from"], json) }

  /// The same without who gave each reason: what two versions of a rule set can have in common.
  static func codes(_ json: JSON) -> JSON { keeping(["code"], json) }

  private static func keeping(_ names: Set<String>, _ json: JSON) -> JSON {
    guard let members = json.object else { return json }
    return .object(
      members.map { member in
        guard member.key == "reasons", let list = member.value.array else { return member }
        let reasons = list.map { JSON.object(($0.object ?? []).filter { names.contains($0.key) }) }
        return JSON.Member(member.key, .array(reasons))
      })
  }
}
