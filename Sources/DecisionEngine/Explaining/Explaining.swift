import CanonicalJSON
public import Ledger
import RuleProgram

extension Engine {
  /// Why case `caseID` was decided (or else refused) as it was.
  ///
  /// - Parameter candidate: the key of the one candidate to explain; by default all.
  /// - Parameter language: the reader's language, a BCP 47 tag; by default the rule sets' own.
  /// - Parameter counterfactuals: which changes of the inputs that would have given another outcome are
  ///   looked for, where one result is explained; nil for none.
  /// - Parameter key: the key that the ledger's checkpoints must be signed with, known from
  ///   elsewhere; by default the one that the ledger itself names.
  public func explain(
    _ caseID: String, candidate: String? = nil, language: String? = nil,
    counterfactuals query: CounterfactualQuery? = CounterfactualQuery(),
    trusting key: VerifierKey? = nil
  ) throws(EngineError) -> Explanation {
    let entry = try decisionOrRefusal(caseID)
    try registry.refresh()
    var replayer = Replayer(engine: self)
    let replay = try replayer.replay(entry)
    var explanation = Explanation(
      language: language?.lowercased() ?? "en", caseID: caseID, index: entry.index,
      time: entry.time,
      engine: entry.json["engine"]?.string ?? "", isRefusal: entry.type == "refusal",
      pipeline: note(.pipeline, entry.json["pipeline"], language), verdict: replay.verdict,
      proof: proof(of: entry, trusting: key ?? store.verifierKey))
    if language == nil, let own = ownLanguage(of: explanation.pipeline) {
      explanation.language = own
    }
    explanation.events = try events(of: caseID, except: entry.index)
    if explanation.isRefusal {
      explanation.problems = (entry.json["problems"]?.array ?? []).compactMap {
        RequestProblem($0)
      }
    } else {
      try addResults(&explanation, entry, candidate, language, query)
    }
    explanation.remarks = remarks(on: replay, explanation.language) + explanation.remarks
    return explanation
  }

  /// The language of the last rule set of a pipeline; nil where a release is missing.
  private func ownLanguage(of pipeline: Explanation.ReleaseNote) -> String? {
    let reference = PipelineDefinition.Reference(id: pipeline.id, version: pipeline.version)
    return (try? registry.plan(reference))?.rules.last?.ruleSet.wording.language
  }

  /// What a reader of `language` must know of a re-execution.
  private func remarks(on replay: Replay, _ language: String) -> [String] {
    let locale = ReaderLocale(language)
    var remarks: [String] = []
    if let engine = replay.otherEngine {
      remarks.append(locale.say(.otherEngine, engine, Engine.version))
    }
    if replay.verdict != .identical {
      remarks.append(locale.say(.replayedAs, locale.verdict(replay.verdict)))
    }
    return remarks
  }

  private func events(
    of caseID: String, except index: UInt64
  ) throws(EngineError) -> [CaseEvent] {
    let indexes = try ledger { () throws(LedgerError) in try store.indexes(.subject(caseID)) }
    var events: [CaseEvent] = []
    for other in indexes where other != index {
      events.append(try CaseEvent(try StoredEntry.read(other, in: store), in: store))
    }
    return events
  }

  private func proof(
    of entry: StoredEntry, trusting key: VerifierKey
  ) -> Explanation.ProofNote {
    var note = Explanation.ProofNote(isVerified: false, origin: key.name)
    do throws(LedgerError) {
      let receipt = try store.receipt(forEntryAt: entry.index)
      do throws(ProofError) {
        note.treeSize = try receipt.check(entry: entry.body, key: key).size
        note.isVerified = true
      } catch {
        note.failure = error.description
      }
    } catch {
      note.failure = error.description
    }
    return note
  }

  /// A release as an entry names it, with what its own entry adds.
  func note(
    _ kind: ReleaseKind, _ json: JSON?, _ language: String? = nil
  ) -> Explanation.ReleaseNote {
    let id = json?["id"]?.string ?? ""
    let version = json?["version"]?.string ?? ""
    var note = Explanation.ReleaseNote(
      kind: kind, id: id, version: version,
      digest: json?[kind == .ruleset ? "program_digest" : "digest"]?.string ?? "")
    let reference = PipelineDefinition.Reference(id: id, version: version)
    guard let release = registry.release(kind, reference) else { return note }
    note.title = release.title
    note.sourceDigest = release.sourceDigest
    note.effectiveFrom = release.effectiveFrom.description
    note.effectiveUntil = registry.endOfPeriod(release)?.description
    note.publishedAt = release.time.description
    note.owner = release.registration?.owner
    if kind == .ruleset, let ruleSet = try? registry.ruleSet(reference) {
      note.title = language.flatMap { ruleSet.wording.titles.text(in: $0) } ?? note.title
      note.authorities = ruleSet.wording.authorities.map {
        Explanation.Authority(text: $0.text, clause: $0.clause, href: $0.href)
      }
    }
    return note
  }

  private func addResults(
    _ explanation: inout Explanation, _ entry: StoredEntry, _ candidate: String?,
    _ language: String?, _ query: CounterfactualQuery?
  ) throws(EngineError) {
    let reference = PipelineDefinition.Reference(
      id: explanation.pipeline.id, version: explanation.pipeline.version)
    let plan: PipelinePlan
    do {
      plan = try registry.plan(reference)
    } catch {
      explanation.remarks.append(
        ReaderLocale(explanation.language).say(.pathUnknown, "\(error)"))
      return
    }
    var explainer = ResultExplainer(
      engine: self, entry: entry, plan: plan, language: language)
    let payload = try entry.payload(in: store)
    if let payload, let bytes = payload.request {
      let request = Request(bytes, for: plan)
      var runner = CaseRunner(plan)
      let run = runner.run(request, caseID: explanation.caseID)
      if run.problems.isEmpty { explainer.run = run }
    } else {
      explanation.remarks.append(ReaderLocale(explanation.language).say(.inputsErased))
    }
    explanation.arm = explainer.arm
    explanation.results = try explainer.results(payload)
    if let candidate {
      explanation.results = explanation.results.filter {
        $0.key?.utf8.elementsEqual(candidate.utf8) == true
      }
      if explanation.results.isEmpty { throw .unknownCandidate(caseID: explanation.caseID) }
    }
    try addCounterfactuals(
      query, to: &explanation, plan, explainer.run, request: payload?.request, language: language)
  }
}
