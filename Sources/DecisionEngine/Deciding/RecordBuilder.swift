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

  /// Principal reasons that were written before; nil to write them anew.
  var reasons: PrincipalReasons.Memory?

  /// The request with the escapes of canonical JSON, where they are known.
  var escapedRequest: [UInt8]?

  /// A builder for one case.
  init(_ plan: PipelinePlan, time: Instant, caseID: String, salt: [UInt8]) {
    self.init(plan, time: time.description, caseID: caseID, salt: salt)
  }

  /// A builder for one case; `time` is RFC 3339.
  init(
    _ plan: PipelinePlan, time: String, caseID: String, salt: [UInt8],
    reasons: PrincipalReasons.Memory? = nil
  ) {
    self.plan = plan
    self.time = time
    self.caseID = caseID
    self.salt = salt
    self.reasons = reasons
  }

  /// The record of a run that decided.
  func decision(_ run: CaseRun, request: [UInt8], isNamed: Bool) -> CaseRecord {
    let inputs = inputs(of: run)
    let parts = DecisionParts(run, self)
    var object = startPayload(inputs: inputs, request: request)
    let start = object.begin("response")
    parts.addResponse(to: &object)
    let response = start..<object.end()
    let bytes = endPayload(object, "decision")
    let address = Commitment.of(bytes, salt: salt)
    let body = entry(parts, inputs: Commitment.of(inputs, salt: salt), payload: address)
    return CaseRecord(
      caseID: caseID, isNamed: isNamed, request: request, body: body,
      payload: Payload(address: address, bytes: bytes), responseRange: response, isRefusal: false)
  }

  /// The entry's body of a run that decided.
  func entry(_ run: CaseRun, inputs: Hash, payload: Hash) -> [UInt8] {
    entry(DecisionParts(run, self), inputs: inputs, payload: payload)
  }

  private func entry(_ parts: borrowing DecisionParts, inputs: Hash, payload: Hash) -> [UInt8] {
    let body = parts.entry(inputs: inputs, payload: payload, holdsOutputs: true)
    if body.count <= Submission.bodyLimit { return body }
    return parts.entry(inputs: inputs, payload: payload, holdsOutputs: false)
  }

  /// `{"case_id":…,"format":1,"inputs":…,"request":…`, the response to follow.
  private func startPayload(inputs: [UInt8]?, request: [UInt8]) -> CanonicalObject {
    var object = CanonicalObject(
      capacity: request.count * 5 / 4 + (inputs?.count ?? 0) + 2048)
    object.add("case_id", escaping: caseID.utf8Span.span)
    object.add("format", Self.format)
    if let inputs { object.add("inputs", inputs) }
    addRequest(request, &object)
    return object
  }

  /// `,"salt":…,"type":…}` behind it.
  private func endPayload(_ object: consuming CanonicalObject, _ type: String) -> [UInt8] {
    object.add("salt", hexOf: salt)
    object.add("type", text: type)
    return object.finished()
  }

  private static let format = Array("1".utf8)

  /// The request as received, up to the size limit: as text where it is UTF-8, else as digits.
  private func addRequest(_ request: [UInt8], _ object: inout CanonicalObject) {
    let isWhole = request.count <= Request.sizeLimit
    if isWhole, (try? UTF8Span(validating: request.span)) != nil {
      if let escapedRequest { return object.add("request", escaped: escapedRequest) }
      return object.add("request", escaping: request.span)
    }
    if !isWhole { object.add("request_bytes", request.count) }
    object.add("request_hex", hexOf: Array(request.prefix(Request.sizeLimit)))
  }
}

// MARK: - Documents of a decision

extension RecordBuilder {
  /// Everything that the decision read, by the names by which the rules know it; canonical JSON.
  func inputs(of run: CaseRun) -> [UInt8] {
    var out = ByteBuffer(capacity: run.document.bytes.count + 256)
    let scored = run.hasCandidates ? nil : run.candidates[0]
    append(plan.requestInputs, run.fields, scored, run, to: &out)
    return out.bytes
  }

  /// The members that are present; a score takes the place of a field of its name.
  private func append(
    _ members: [RecordedInput], _ fields: [JSONDocument.Place?], _ candidate: CaseRun.Candidate?,
    _ run: CaseRun, to out: inout ByteBuffer
  ) {
    out.append(UInt8(ascii: "{"))
    let start = out.count
    for index in members.indices {
      let end = out.count
      if end > start { out.append(UInt8(ascii: ",")) }
      out.append(members[index].name)
      if let slot = members[index].slot, let score = candidate?.scores[slot] {
        append(score.text, to: &out)
      } else if let field = members[index].field, let place = fields[field] {
        out.append(place, of: run.document)
      } else if members[index].special == .key, let candidate {
        append(candidate.key, to: &out)
      } else if members[index].special == .candidates {
        appendCandidates(of: run, to: &out)
      } else {
        out.shrink(to: end)
      }
    }
    out.append(UInt8(ascii: "}"))
  }

  private func appendCandidates(of run: CaseRun, to out: inout ByteBuffer) {
    out.append(UInt8(ascii: "["))
    for index in run.candidates.indices {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      let candidate = run.candidates[index]
      append(plan.candidateInputs, candidate.fields, candidate, run, to: &out)
    }
    out.append(UInt8(ascii: "]"))
  }

  /// Appends a string.
  private func append(_ text: String, to out: inout ByteBuffer) {
    out.append(UInt8(ascii: "\""))
    out.append(escaping: text.utf8Span.span)
    out.append(UInt8(ascii: "\""))
  }

  /// The stages that ran: versions and digests, and without candidates score, leaf and outcome;
  /// canonical JSON.
  func stages(of run: CaseRun) -> [UInt8] {
    var out = ByteBuffer(capacity: 512 * plan.stages.count)
    out.append(UInt8(ascii: "["))
    for stage in plan.stages {
      if case .rules(let number) = stage, number >= run.stagesRun { break }
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      switch stage {
      case .score(let score): append(score.recordStart, score.slot, run, to: &out)
      case .experiment(let experiment):
        let arm = experiment.arms[run.arm ?? 0]
        append(arm.score?.recordStart ?? arm.recordStart, experiment.slot, run, to: &out)
      case .rules(let number): append(number, run, to: &out)
      case .rank:
        let ranked = run.candidates.count { $0.status == .ranked }
        let json: JSON = [
          "by": .string(rankName), "kind": "rank", "ranked": .integer(ranked),
        ]
        out.append(json.canonicalBytes)
      }
    }
    out.append(UInt8(ascii: "]"))
    return out.bytes
  }

  private var rankName: String {
    guard case .rank(let by, _, _)? = plan.definition.stages.last else { return "" }
    return by
  }

  /// A stage that scores; of candidates, each has its own score.
  private func append(
    _ start: [UInt8], _ slot: Int, _ run: CaseRun, to out: inout ByteBuffer
  ) {
    out.append(start)
    if !run.hasCandidates, let score = run.candidates[0].scores[slot] {
      out.append(",\"score\":")
      append(score.text, to: &out)
    }
    out.append(UInt8(ascii: "}"))
  }

  private func append(_ number: Int, _ run: CaseRun, to out: inout ByteBuffer) {
    let ruleSet = plan.rules[number].ruleSet
    if run.hasCandidates {
      let discarded = run.candidates.count {
        $0.status == .discarded && $0.leaves.count == number + 1
      }
      out.append("{\"discarded\":")
      out.append(bytesOf: String(discarded))
      out.append(",\"kind\":\"rules\"")
    } else {
      let leaf = run.candidates[0].leaves[number]
      out.append("{\"kind\":\"rules\",\"leaf\":")
      out.append(ruleSet.parts[leaf].id)
      out.append(",\"outcome\":")
      out.append(ruleSet.parts[leaf].outcome)
    }
    out.append(",\"ruleset\":")
    out.append(ruleSet.jsonBytes)
    out.append(UInt8(ascii: "}"))
  }

  /// The outputs of the last rules stage that ran; canonical JSON.
  func outputs(of run: CaseRun) -> [UInt8] {
    guard let last = run.candidates[0].outputs.last, !last.isEmpty else { return Self.noOutputs }
    let ruleSet = plan.rules[run.candidates[0].outputs.count - 1].ruleSet
    var out = ByteBuffer(capacity: 48 * last.count)
    out.append(UInt8(ascii: "{"))
    for item in last.count == 1 ? last : ruleSet.inCanonicalOrder(last) {
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out.append(ruleSet.outputStarts[item.output])
      out.append(item.value)
    }
    out.append(UInt8(ascii: "}"))
    return out.bytes
  }

  private static let noOutputs = Array("{}".utf8)

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
  /// The arm's ID; canonical JSON.
  func arm(_ run: CaseRun) -> [UInt8]? {
    guard let arm = run.arm else { return nil }
    for case .experiment(let experiment) in plan.stages { return experiment.arms[arm].idBytes }
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
    var object = startPayload(inputs: nil, request: request)
    let start = object.begin("response")
    object.add("case_id", escaping: caseID.utf8Span.span)
    object.add("engine", text: Engine.version)
    object.add("pipeline", plan.jsonBytes)
    object.add("problems", .array(problems))
    object.add("time", text: time)
    object.add("type", text: "refusal")
    let response = start..<object.end()
    let bytes = endPayload(object, "refusal")
    let address = Commitment.of(bytes, salt: salt)
    var body = CanonicalObject(capacity: 1024)
    body.add("case_id", escaping: caseID.utf8Span.span)
    body.add("engine", text: Engine.version)
    body.add("payload_digest", address)
    body.add("pipeline", plan.jsonBytes)
    body.add("problem_count", problems.count)
    body.add("problems", .array(Array(problems.prefix(Self.problemLimit))))
    body.add("time", text: time)
    body.add("type", text: "refusal")
    return CaseRecord(
      caseID: caseID, isNamed: isNamed, request: request, body: body.finished(),
      payload: Payload(address: address, bytes: bytes), responseRange: response, isRefusal: true)
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
