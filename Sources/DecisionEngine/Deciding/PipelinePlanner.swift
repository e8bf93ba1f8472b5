import CanonicalJSON
import RuleProgram

/// Turns a pipeline's definition into a plan, and finds everything that doesn't fit together.
struct PipelinePlanner {
  /// What is planned so far.
  var draft = PipelinePlan.Draft()
  /// What doesn't fit together, in the order of the stages.
  var problems: [String] = []
  /// References to what isn't published.
  private(set) var unknown: [String] = []

  /// The most stages of a pipeline, so that an entry has room for them.
  static let stageLimit = 64
  /// The most fraction digits of an arm's share.
  static let shareDigits = 6

  /// What is planned.
  let definition: PipelineDefinition
  /// Its entry.
  let release: Release
  /// The place of each rule set's stage among the rules stages.
  var stageOfRuleSet: [String: Int] = [:]
  /// The slots that an earlier stage fills.
  var slotsFilled: Set<String> = []

  /// The plan; sound only when there is no problem.
  var plan: PipelinePlan { PipelinePlan(definition, release: release, draft) }

  /// Plans `definition`, asking for the rule sets and models that it refers to.
  init(
    _ definition: PipelineDefinition, release: Release,
    ruleSet: (PipelineDefinition.Reference) throws(EngineError) -> RuleSet,
    model: (PipelineDefinition.Reference) throws(EngineError) -> Model
  ) throws(EngineError) {
    self.definition = definition
    self.release = release
    collectNames()
    checkOrder()
    for stage in definition.stages {
      switch stage {
      case .score(let reference, let into):
        if let score = try score(reference, into, model) { draft.stages.append(.score(score)) }
        fill(into)
      case .experiment(let experiment): try add(experiment, model)
      case .rules(let reference, let discard):
        do {
          add(try ruleSet(reference), discard)
        } catch {
          try note(error, reference)
        }
      case .rank(let by, let descending, let keep): addRank(by, descending, keep)
      }
    }
    checkReasons()
    finishFields()
  }

  private mutating func note(
    _ error: EngineError, _ reference: PipelineDefinition.Reference
  ) throws(EngineError) {
    guard case .unknownRelease(let kind, _) = error else { throw error }
    unknown.append("the \(kind.words) \(reference) is not published; publish it before or with it")
  }

  /// Slots and model names first: they have fixed places.
  private mutating func collectNames() {
    var slots: Set<String> = []
    var models: Set<String> = []
    for stage in definition.stages {
      switch stage {
      case .score(let model, let into):
        slots.insert(into)
        models.insert(model.description)
      case .experiment(let experiment):
        for arm in experiment.arms {
          slots.insert(arm.into)
          if let model = arm.model { models.insert(model.description) }
        }
      case .rules, .rank: continue
      }
    }
    draft.slots = Self.canonicalOrder(slots)
    draft.modelNames = Self.canonicalOrder(models)
  }

  /// The order of keys in canonical JSON: by UTF-16 code units.
  static func canonicalOrder(_ names: Set<String>) -> [String] {
    names.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
  }

  private mutating func checkOrder() {
    let stages = definition.stages
    if stages.count > Self.stageLimit {
      problems.append("it has more than \(Self.stageLimit) stages")
    }
    var rules = 0
    var experiments = 0
    for (index, stage) in stages.enumerated() {
      switch stage {
      case .rules: rules += 1
      case .experiment: experiments += 1
      case .rank:
        if definition.candidates == nil { problems.append("there are no candidates to rank") }
        if index != stages.count - 1 { problems.append("`rank` must be the last stage") }
      case .score: continue
      }
    }
    if rules == 0 { problems.append("it has no `rules` stage, so nothing would decide") }
    if experiments > 1 { problems.append("it has more than one experiment") }
  }

  /// The number of a field. Fields are numbered as they are met, and sorted at the end.
  mutating func field(_ name: String) -> Int {
    if let known = draft.fieldIndex[name] { return known }
    draft.fieldIndex[name] = draft.fields.count
    draft.fields.append(name)
    return draft.fields.count - 1
  }

  private mutating func fill(_ slot: String) {
    if !slotsFilled.insert(slot).inserted {
      problems.append("two scores go into `\(slot)`")
    }
  }

  /// The number of a score slot.
  func slot(_ name: String) -> Int? { draft.slots.firstIndex(of: name) }
}

// MARK: - Scores

extension PipelinePlanner {
  private mutating func score(
    _ reference: PipelineDefinition.Reference, _ into: String,
    _ model: (PipelineDefinition.Reference) throws(EngineError) -> Model,
    experiment: String? = nil, arm: String? = nil
  ) throws(EngineError) -> PipelinePlan.Score? {
    do {
      guard let slot = slot(into) else { return nil }
      let model = try model(reference)
      return PipelinePlan.Score(
        model: model, slot: slot, into: into, field: field(into),
        recordStart: PipelinePlan.recordStart(
          experiment: experiment, arm: arm, into: into, model: model))
    } catch {
      try note(error, reference)
      return nil
    }
  }

  private mutating func add(
    _ experiment: PipelineDefinition.Experiment,
    _ model: (PipelineDefinition.Reference) throws(EngineError) -> Model
  ) throws(EngineError) {
    check(experiment)
    guard let into = experiment.arms.first?.into, let slot = slot(into) else { return }
    fill(into)
    var arms: [PipelinePlan.Arm] = []
    var sum: UInt128 = 0
    for arm in experiment.arms {
      sum += Self.millionths(arm.share) ?? 0
      let score: PipelinePlan.Score? =
        if let reference = arm.model {
          try score(reference, into, model, experiment: experiment.id, arm: arm.id)
        } else {
          nil
        }
      arms.append(
        PipelinePlan.Arm(
          id: arm.id, end: Self.end(share: sum), score: score,
          idBytes: JSON.string(arm.id).canonicalBytes,
          recordStart: PipelinePlan.recordStart(
            experiment: experiment.id, arm: arm.id, into: into, model: nil)))
    }
    draft.stages.append(
      .experiment(
        PipelinePlan.Experiment(
          id: experiment.id, unit: field(experiment.unit), unitName: experiment.unit, slot: slot,
          into: into, arms: arms)))
  }

  private mutating func check(_ experiment: PipelineDefinition.Experiment) {
    let name = "experiment `\(experiment.id)`"
    if experiment.arms.isEmpty { problems.append("\(name) has no arm") }
    if !CaseID.isName(experiment.id, atMost: Publishing.idLimit) {
      problems.append("an experiment's ID has 1 to \(Publishing.idLimit) characters")
    }
    if Set(experiment.arms.map(\.id)).count != experiment.arms.count {
      problems.append("\(name) has two arms of one name")
    }
    if experiment.arms.contains(where: { !CaseID.isName($0.id, atMost: Publishing.idLimit) }) {
      problems.append("\(name): an arm's ID has 1 to \(Publishing.idLimit) characters")
    }
    if Set(experiment.arms.map(\.into)).count > 1 {
      problems.append("\(name): all arms must put their score into the same name")
    }
    var sum: UInt128 = 0
    for arm in experiment.arms {
      guard let share = Self.millionths(arm.share) else {
        problems.append(
          "\(name): the share of `\(arm.id)` is not a number from 0 to 100 with at most"
            + " \(Self.shareDigits) fraction digits")
        return
      }
      sum += share
    }
    if sum != 100_000_000 { problems.append("\(name): the shares don't add up to 100") }
  }

  /// A share in millionths of a per cent; nil when it has more digits or lies outside 0 to 100.
  static func millionths(_ share: Decimal128) -> UInt128? {
    let parts = share.normalized.significandAndExponent
    guard !parts.negative || parts.coefficient == 0, parts.exponent >= -shareDigits,
      parts.exponent <= 2, parts.coefficient <= 100_000_000
    else { return nil }
    var value = parts.coefficient
    for _ in 0..<(parts.exponent + shareDigits) { value *= 10 }
    return value <= 100_000_000 ? value : nil
  }

  /// The least 64-bit hash `u` for which `u * 100 / 2^64` is not below `share` millionths of a per
  /// cent: 2^64 for a share of 100 per cent.
  static func end(share: UInt128) -> UInt128 {
    (min(share, 100_000_000) << 64 + 99_999_999) / 100_000_000
  }
}
