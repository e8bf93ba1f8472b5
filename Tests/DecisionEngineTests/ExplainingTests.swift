import CanonicalJSON
import DecisionEngine
import Ledger
import RuleProgram
import Testing

@Suite("Explaining")
struct ExplainingTests {
  @Test("the path names each condition, the value met, and what the others needed")
  func path() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    let explanation = try engine.explain("C-1")
    #expect(explanation.verdict == .identical)
    #expect(explanation.proof.isVerified)
    #expect(explanation.remarks.isEmpty)
    let stage = try #require(explanation.results.first?.stages.first)
    #expect(stage.leaf == "GRAY-NO-INCOME")
    #expect(stage.reexecutedLeaf == "GRAY-NO-INCOME")
    #expect(stage.ruleSet.authorities.first?.clause == "4.2")
    #expect(stage.path.map(\.id) == ["score-band", "job"])
    let band = stage.path[0]
    #expect(band.met?.value == "611")
    #expect(band.taken.tests == "[500..620)")
    #expect(band.taken.condition == "[500..620)")
    #expect(band.margin == "9 from the threshold 620")
    #expect(
      band.others.map(\.gap) == [
        "needed < 500, had 611 (111 too high)", "needed >= 620, had 611 (9 too low)",
      ])
    #expect(stage.path[1].met?.valueLabel == "without work")
    #expect(
      stage.path[1].others.map(\.gap) == [
        "needed \"employed\", had \"none\"", "needed no value, had \"none\"",
      ])
    #expect(stage.reasons.map(\.code) == ["R03"])
    #expect(stage.reasons.map(\.text) == ["Employment could not be verified"])
  }

  @Test("derived values show their expression and operands; thresholds met exactly are said so")
  func derived() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", score: "620", income: "1250"))
    let stage = try #require(try engine.explain("C-1").results.first?.stages.first)
    let ratio = try #require(stage.derived.first)
    #expect(ratio.value.value == "0.4")
    #expect(ratio.expression == "debt / income")
    #expect(ratio.operands.map(\.value) == ["500", "1250"])
    #expect(stage.path[1].margin == "exactly on the threshold 0.4")
    #expect(
      stage.path[1].others[0].gap
        == "needed > 0.4, had 0.4 (exactly on the limit, which is excluded)")
    #expect(stage.outputs.map(\.value) == ["3750"])
  }

  @Test("a missing value is said to be missing")
  func missing() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", job: nil))
    let explanation = try engine.explain("C-1")
    let step = try #require(explanation.results.first?.stages.first?.path.last)
    #expect(step.met?.value == nil)
    #expect(step.taken.kind == "missing")
    #expect(step.others[0].gap == "needed \"employed\", but the value is missing")
    #expect(explanation.text().contains("employment (job) is missing"))
  }

  @Test("the text is plain, and escapes what could fool a terminal")
  func text() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-\u{202E}1"))
    _ = try engine.recordResult("C-\u{202E}1", values: ["note": "a\u{1B}[31mb\u{200B}"])
    let explanation = try engine.explain("C-\u{202E}1")
    let text = explanation.text()
    #expect(text.contains("Case C-\\u{202E}1, decided"))
    #expect(text.contains("note: a\\u{1B}[31mb\\u{200B}"))
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(text.contains("taken: [500..620), 9 from the threshold 620"))
    #expect(text.contains("not >= 620: needed >= 620, had 611 (9 too low)"))
    #expect(text.contains("Reason R03: Employment could not be verified"))
    #expect(text.contains("Score 611 into score, by model risk@1.0.0, A model"))
    #expect(text.contains("verified: ledger entry 5"))
    #expect(explanation.text(colours: true).contains("\u{1B}[31mdecline\u{1B}[0m"))
    let json = explanation.json
    #expect(json["results"]?.array?[0]["stages"]?.array?[0]["path"]?.array?.count == 2)
    #expect(json["proof"]?["verified"] == true)
    #expect(json["verdict"] == "identical")
  }

  @Test("after an erasure the path remains, without values")
  func erased() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    _ = try engine.erase("C-1")
    let explanation = try engine.explain("C-1")
    let stage = try #require(explanation.results.first?.stages.first)
    #expect(stage.path.map(\.taken.tests) == ["[500..620)", "\"none\""])
    #expect(stage.path.allSatisfy { $0.met == nil && $0.others.allSatisfy { $0.gap == nil } })
    #expect(explanation.verdict == .inputsErased)
    #expect(explanation.events.map(\.type) == ["erasure"])
    #expect(explanation.proof.isVerified)
  }

  @Test("a refusal is explained by its problems; candidates each have their section")
  func refusalAndCandidates() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", income: "-1"))
    let refused = try engine.explain("C-1")
    #expect(refused.isRefusal)
    #expect(refused.text().contains("income is below the minimum 0"))
    let request = """
      {"case_id":"T","customer":"c","products":[{"sku":"a","stock":3,"score":0.2},
        {"sku":"b","stock":0,"score":0.9},{"sku":"d","stock":9,"score":0.4}]}
      """
    _ = try engine.answer(Array(request.utf8), "top")
    let all = try engine.explain("T")
    #expect(all.results.count == 3)
    #expect(all.results.last?.status == "discarded")
    #expect(all.results.last?.stages.first?.path.first?.met?.value == "0")
    #expect(try engine.explain("T", candidate: "b").results.map(\.key) == ["b"])
    #expect(throws: EngineError.unknownCandidate(caseID: "T")) {
      try engine.explain("T", candidate: "zzz")
    }
    #expect(throws: EngineError.unknownCase("nothing")) { try engine.explain("nothing") }
  }

  @Test("another key than the ledger's is told")
  func otherKey() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    let key = try SigningKey(generatingFor: "test.example/log").verifierKey
    let proof = try engine.explain("C-1", trusting: key).proof
    #expect(!proof.isVerified)
    #expect(proof.failure != nil)
  }
}

@Suite("Replaying and auditing")
struct ReplayTests {
  @Test("every case replays identically, refusals too")
  func all() throws {
    let engine = try Samples.engine()
    let requests = (0..<1500).map { number in
      Samples.request(
        "C-\(number)", score: "\(number % 1100)", income: "\(number * 7 % 3000)",
        job: number % 3 == 0 ? nil : number % 3 == 1 ? "none" : "employed")
    }
    _ = try engine.decide(requests, pipeline: "loans")
    var visited = 0
    let summary = try engine.replayAll { _ in visited += 1 }
    #expect(summary.total == 1500)
    #expect(visited == 1500)
    #expect(summary.counts == ["identical": 1500])
    #expect(summary.isSound)
    _ = try engine.record(summary)
    #expect(try engine.audit() == [])
  }

  /// Records a decision that differs from the engine's in its entry.
  private func forge(_ change: (JSON) -> JSON) throws -> (Engine, String) {
    let engine = try Samples.engine()
    let honest = try engine.answer(Samples.request("C-1"))
    let entry = try engine.entry(honest.index)
    let payload = try #require(try engine.store.payload(at: honest.index))
    let forged = Engine(store: try Samples.store(), clock: { Instant(milliseconds: 0) })
    for index in 0..<honest.index {
      let release = try #require(try engine.store.entry(at: index))
      _ = try forged.store.append(
        try Submission(
          body: release.body, kind: release.columns.kind, key: release.columns.key,
          subject: release.columns.subject, payload: try engine.store.payload(at: index)))
    }
    _ = try forged.store.append(
      try Submission(
        body: change(entry).canonicalBytes, kind: "decision", key: "case:C-1", subject: "C-1",
        payload: payload))
    return (forged, "C-1")
  }

  private func setting(_ name: String, _ value: JSON) -> (JSON) -> JSON {
    { body in
      .object((body.object ?? []).map { $0.key == name ? JSON.Member(name, value) : $0 })
    }
  }

  @Test("a record that differs is told, by what differs")
  func differences() throws {
    let (honest, _) = try forge { $0 }
    #expect(try honest.replay("C-1").verdict == .identical)
    #expect(try honest.audit() == [])
    let (outcome, _) = try forge(setting("outcome", "approve"))
    #expect(try outcome.replay("C-1").verdict == .differs([.outcome]))
    #expect(try !outcome.audit().isEmpty)
    let (leaf, _) = try forge(setting("leaf", "SCORE-LOW"))
    #expect(try leaf.replay("C-1").verdict == .sameOutcomeOtherPath)
    let (inputs, _) = try forge(
      setting("inputs_commitment", .string(String(repeating: "0", count: 64))))
    #expect(try inputs.replay("C-1").verdict == .differs([.inputs]))
    let (engine, _) = try forge(setting("engine", "0.0.1"))
    #expect(try engine.replay("C-1").verdict == .identical)
    #expect(try engine.replay("C-1").remarks.count == 1)
    let (pipeline, _) = try forge(
      setting("pipeline", ["digest": "x", "id": "gone", "version": "1"]))
    #expect(try pipeline.replay("C-1").verdict.code == "artefact-missing")
  }

  @Test("every changed member of an entry is found by the audit")
  func inspection() throws {
    let (honest, _) = try forge { $0 }
    let names = try honest.entry(5).object?.map(\.key) ?? []
    // An entry of another type is one of a newer kind, as far as this program knows.
    for name in names where name != "type" {
      let (forged, _) = try forge(setting(name, name == "reasons" ? ["R99"] : "forged"))
      #expect(try !forged.audit().isEmpty, "\(name)")
    }
  }

  @Test("entries of a type that isn't known are noted, not failed")
  func newerType() throws {
    let store = try Samples.store()
    _ = try store.append(
      try Submission(body: Array("{\"type\":\"newer\"}".utf8), kind: "newer"))
    _ = try store.append(try Submission(body: Array("{ }".utf8), kind: "x"))
    var inspector = Inspector()
    let report = try store.audit(trusting: store.verifierKey) { inspector.inspect($0) }
    #expect(report.problems.map(\.reason) == ["its body isn't canonical JSON"])
    #expect(inspector.notes.count == 1)
  }
}
