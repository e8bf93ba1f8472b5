import CanonicalJSON
import Ledger
import RuleProgram

/// Builds the documents of ENTRIES.md from a run.
struct RecordBuilder {
  /// The pipeline that ran.
  let plan: PipelinePlan
  /// When, as RFC 3339.
  let time: String
  /// The case's ID.
  let caseID: String
  /// The payload's salt.
  let salt: [UInt8]

  /// A builder for one case.
  init(_ plan: PipelinePlan, time: Instant, caseID: String, salt: [UInt8]) {
    self.init(plan, time: time.description, caseID: caseID, salt: salt)
  }

  /// A builder for one case; `time` is RFC 3339.
  init(_ plan: PipelinePlan, time: String, caseID: String, salt: [UInt8]) {
    self.plan = plan
    self.time = time
    self.caseID = caseID
    self.salt = salt
  }

  /// The record of a run that decided.
  func decision(_ run: CaseRun, request: [UInt8], isNamed: Bool) -> CaseRecord {
    let inputs = inputs(of: run).canonicalBytes
    let parts = DecisionParts(run, self)
    let response = parts.response
    let bytes = payloadBytes("decision", inputs: inputs, request: request, response: response)
    let address = Commitment.of(bytes, salt: salt)
    let body = entry(parts, inputs: Commitment.of(inputs, salt: salt), payload: address)
    return CaseRecord(
      caseID: caseID, isNamed: isNamed, request: request, response: response, body: body,
      payload: Payload(address: address, bytes: bytes), isRefusal: false)
  }

  /// The entry's body of a run that decided.
  func entry(_ run: CaseRun, inputs: Hash, payload: Hash) -> [UInt8] {
    entry(DecisionParts(run, self), inputs: inputs, payload: payload)
  }

  private func entry(_ parts: DecisionParts, inputs: Hash, payload: Hash) -> [UInt8] {
    let body = parts.entry(inputs: inputs, payload: payload, holdsOutputs: true)
    if body.count <= Submission.bodyLimit { return body }
    return parts.entry(inputs: inputs, payload: payload, holdsOutputs: false)
  }

  /// `{"case_id":…,"format":1,"inputs":…,"request":…,"response":…,"salt":…,"type":…}`.
  private func payloadBytes(
    _ type: String, inputs: [UInt8]?, request: [UInt8], response: [UInt8]
  ) -> [UInt8] {
    var object = CanonicalObject(capacity: response.count + request.count * 2 + 1024)
    object.add("case_id", .string(caseID))
    object.add("format", 1)
    if let inputs { object.add("inputs", inputs) }
    addRequest(request, &object)
    object.add("response", response)
    object.add("salt", text: Hexadecimal.text(salt))
    object.add("type", text: type)
    return object.bytes
  }

  /// The request as received, up to the size limit: as text where it is UTF-8, else as digits.
  private func addRequest(_ request: [UInt8], _ object: inout CanonicalObject) {
    let isWhole = request.count <= Request.sizeLimit
    if isWhole, String(validating: request, as: UTF8.self) != nil {
      return object.add("request", escaping: request)
    }
    if !isWhole { object.add("request_bytes", .integer(request.count)) }
    object.add("request_hex", text: Hexadecimal.text(Array(request.prefix(Request.sizeLimit))))
  }
}

// MARK: - Documents of a decision

extension RecordBuilder {
  /// Everything that the decision read, by the names by which the rules know it.
  func inputs(of run: CaseRun) -> JSON {
    var members: [JSON.Member] = []
    members.reserveCapacity(plan.fields.count + 1)
    append(run.fields, run.hasCandidates ? nil : run.candidates[0], to: &members)
    if let candidates = plan.definition.candidates {
      let list = run.candidates.map { candidate in
        var own: [JSON.Member] = []
        append(candidate.fields, candidate, to: &own)
        if plan.field(candidates.key) == nil {
          own.append(JSON.Member(candidates.key, .string(candidate.key)))
        }
        return JSON.object(own)
      }
      members.removeAll { $0.key == candidates.array }
      members.append(JSON.Member(candidates.array, .array(list)))
    }
    return .object(members)
  }

  /// The fields that are present; a score takes the place of a field of its name.
  private func append(
    _ fields: [JSON?], _ scored: CaseRun.Candidate?, to members: inout [JSON.Member]
  ) {
    var slot = 0
    for field in fields.indices {
      let name = plan.fields[field]
      while let scored, slot < plan.slots.count, plan.slots[slot] != name,
        plan.slots[slot].utf16.lexicographicallyPrecedes(name.utf16)
      {
        append(scored.scores[slot], slot, to: &members)
        slot += 1
      }
      if let scored, slot < plan.slots.count, plan.slots[slot] == name {
        if scored.scores[slot] != nil {
          append(scored.scores[slot], slot, to: &members)
          slot += 1
          continue
        }
        slot += 1
      }
      if let value = fields[field] { members.append(JSON.Member(name, value)) }
    }
    guard let scored else { return }
    while slot < plan.slots.count {
      append(scored.scores[slot], slot, to: &members)
      slot += 1
    }
  }

  private func append(_ score: CaseRun.Score?, _ slot: Int, to members: inout [JSON.Member]) {
    if let score { members.append(JSON.Member(plan.slots[slot], .string(score.text))) }
  }

  /// The stages that ran: versions and digests, and without candidates score, leaf and outcome.
  func stages(of run: CaseRun) -> JSON {
    var list: [JSON] = []
    for stage in plan.stages {
      switch stage {
      case .score(let score): list.append(self.score(score, nil, nil, run))
      case .experiment(let experiment):
        let arm = experiment.arms[run.arm ?? 0]
        if let score = arm.score {
          list.append(self.score(score, experiment.id, arm.id, run))
        } else {
          list.append(random(experiment, arm.id, run))
        }
      case .rules(let number):
        guard number < run.stagesRun else { return .array(list) }
        list.append(rules(number, run))
      case .rank:
        list.append([
          "by": .string(rankName), "kind": "rank",
          "ranked": .integer(run.candidates.count { $0.status == .ranked }),
        ])
      }
    }
    return .array(list)
  }

  private var rankName: String {
    guard case .rank(let by, _, _)? = plan.definition.stages.last else { return "" }
    return by
  }

  private func score(
    _ score: PipelinePlan.Score, _ experiment: String?, _ arm: String?, _ run: CaseRun
  ) -> JSON {
    var members: [JSON.Member] = []
    if let arm { members.append(JSON.Member("arm", .string(arm))) }
    if let experiment { members.append(JSON.Member("experiment", .string(experiment))) }
    members.append(JSON.Member("into", .string(score.into)))
    members.append(JSON.Member("kind", "score"))
    members.append(JSON.Member("model", score.model.json))
    appendScore(score.slot, run, &members)
    return .object(members)
  }

  private func random(
    _ experiment: PipelinePlan.Experiment, _ arm: String, _ run: CaseRun
  ) -> JSON {
    var members = [
      JSON.Member("arm", .string(arm)), JSON.Member("experiment", .string(experiment.id)),
      JSON.Member("into", .string(experiment.into)), JSON.Member("kind", "random"),
    ]
    appendScore(experiment.slot, run, &members)
    return .object(members)
  }

  private func appendScore(_ slot: Int, _ run: CaseRun, _ members: inout [JSON.Member]) {
    guard !run.hasCandidates, let score = run.candidates[0].scores[slot] else { return }
    members.append(JSON.Member("score", .string(score.text)))
  }

  private func rules(_ number: Int, _ run: CaseRun) -> JSON {
    let ruleSet = plan.rules[number].ruleSet
    if run.hasCandidates {
      let discarded = run.candidates.count {
        $0.status == .discarded && $0.leaves.count == number + 1
      }
      return [
        "discarded": .integer(discarded), "kind": "rules", "ruleset": ruleSet.json,
      ]
    }
    let leaf = run.candidates[0].leaves[number]
    return [
      "kind": "rules", "leaf": .string(ruleSet.program.leaves[leaf].id),
      "outcome": .string(ruleSet.program.outcome(ofLeaf: leaf).name), "ruleset": ruleSet.json,
    ]
  }

  /// The outputs of the last rules stage that ran.
  func outputs(of run: CaseRun) -> JSON { outputs(of: run.candidates[0]) }

  private func outputs(of candidate: CaseRun.Candidate) -> JSON {
    guard let last = candidate.outputs.indices.last else { return .object([]) }
    let program = plan.rules[last].ruleSet.program
    return .object(
      candidate.outputs[last].map {
        JSON.Member(program.outputs[$0.output].name, $0.value.json)
      })
  }
}

// MARK: - Candidates

extension RecordBuilder {
  /// The arm's ID.
  func arm(_ run: CaseRun) -> JSON? {
    guard let arm = run.arm else { return nil }
    for case .experiment(let experiment) in plan.stages { return .string(experiment.arms[arm].id) }
    return nil
  }

  /// The candidates by status: `discarded`, `not_kept`, `ranked`.
  func candidateLists(of run: CaseRun) -> JSON {
    let order = run.order ?? run.candidates.indices.filter { run.candidates[$0].status == .ranked }
    var lists: [CaseRun.Status: [JSON]] = [:]
    for (place, index) in order.enumerated() {
      let candidate = run.candidates[index]
      lists[candidate.status, default: []].append(json(of: index, rank: place + 1, run))
    }
    for (index, candidate) in run.candidates.enumerated() where candidate.status == .discarded {
      lists[.discarded, default: []].append(json(of: index, rank: nil, run))
    }
    return [
      "discarded": .array(lists[.discarded] ?? []), "not_kept": .array(lists[.notKept] ?? []),
      "ranked": .array(lists[.ranked] ?? []),
    ]
  }

  private func json(of index: Int, rank: Int?, _ run: CaseRun) -> JSON {
    let candidate = run.candidates[index]
    let principal = outcomeReasons(of: index, run)
    let last = candidate.leaves.count - 1
    let ruleSet = plan.rules[last].ruleSet
    let leaf = candidate.leaves[last]
    let outcome = ruleSet.program.outcome(ofLeaf: leaf)
    let leaves = candidate.leaves.enumerated().map { stage, leaf in
      JSON.string(plan.rules[stage].ruleSet.program.leaves[leaf].id)
    }
    return .object(present: [
      ("adverse", .bool(outcome.isAdverse)), ("key", .string(candidate.key)),
      ("leaf", .string(ruleSet.program.leaves[leaf].id)), ("leaves", .array(leaves)),
      ("outcome", .string(outcome.name)), ("outputs", outputs(of: candidate)),
      ("principal_reasons", principal),
      ("rank", rank.map { JSON.integer($0) }), ("reasons", ruleSet.reasons[leaf]),
      ("score", plan.slots.isEmpty ? nil : score(of: candidate)),
    ])
  }

  private func outcomeReasons(of index: Int, _ run: CaseRun) -> JSON? {
    PrincipalReasons(run, candidate: index, plan)?.json(withTexts: true)
  }

  /// The score of the last scoring stage that filled a slot.
  private func score(of candidate: CaseRun.Candidate) -> JSON? {
    for stage in plan.stages.reversed() {
      switch stage {
      case .score(let score):
        return candidate.scores[score.slot].map { JSON.string($0.text) }
      case .experiment(let experiment):
        return candidate.scores[experiment.slot].map { JSON.string($0.text) }
      case .rules, .rank: continue
      }
    }
    return nil
  }
}

// MARK: - Refusals

extension RecordBuilder {
  /// The most problems that an entry holds; the response holds all.
  static let problemLimit = 50

  /// The record of a run that could not decide.
  func refusal(_ run: CaseRun, request: [UInt8], isNamed: Bool) -> CaseRecord {
    let problems = run.problems.map(\.json)
    let response = JSON.object([
      JSON.Member("case_id", .string(caseID)), JSON.Member("engine", .string(Engine.version)),
      JSON.Member("pipeline", plan.json), JSON.Member("problems", .array(problems)),
      JSON.Member("time", .string(time)), JSON.Member("type", "refusal"),
    ]).canonicalBytes
    let bytes = payloadBytes("refusal", inputs: nil, request: request, response: response)
    let address = Commitment.of(bytes, salt: salt)
    let body = JSON.object([
      JSON.Member("case_id", .string(caseID)), JSON.Member("engine", .string(Engine.version)),
      JSON.Member("payload_digest", .string(address.digits)),
      JSON.Member("pipeline", plan.json),
      JSON.Member("problem_count", .integer(problems.count)),
      JSON.Member("problems", .array(Array(problems.prefix(Self.problemLimit)))),
      JSON.Member("time", .string(time)), JSON.Member("type", "refusal"),
    ]).canonicalBytes
    return CaseRecord(
      caseID: caseID, isNamed: isNamed, request: request, response: response, body: body,
      payload: Payload(address: address, bytes: bytes), isRefusal: true)
  }
}

extension Value {
  /// The value as entries and responses hold it: numbers exactly (as a string where a double
  /// can't hold them), booleans and null as such, everything else as its plain text.
  var json: JSON {
    switch self {
    case .null: .null
    case .number(let number): .exactNumber(number.description)
    case .boolean(let flag): .bool(flag)
    default: .string(description)
    }
  }
}
