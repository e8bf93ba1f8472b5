import CanonicalJSON
import Crypto
import DecisionEngine
import Ledger
import RuleProgram
import Testing

@Suite("Deciding")
struct DecidingTests {
  @Test("a decision names leaf, outcome, reasons, versions and its ledger index")
  func decision() throws {
    let engine = try Samples.engine()
    let answer = try engine.answer(Samples.request("C-1", score: "611.0"))
    let response = try answer.response
    #expect(response["index"]?.int == 5)
    #expect(response["recorded"] == "new")
    #expect(response["case_id"] == "C-1")
    #expect(response["leaf"] == "GRAY-NO-INCOME")
    #expect(response["outcome"] == "decline")
    #expect(response["adverse"] == true)
    #expect(
      response["reasons"] == [
        ["code": "R03", "text": "Employment could not be verified"]
      ])
    let stages = try #require(response["stages"]?.array)
    #expect(stages.map { $0["kind"]?.string } == ["score", "rules"])
    #expect(stages[0]["score"] == "611.0", "the score is recorded as received")
    #expect(stages[1]["ruleset"]?["id"] == "credit")
    let entry = try engine.entry(answer.index)
    #expect(entry["stages"] == response["stages"])
    #expect(entry["type"] == "decision")
    #expect(entry["inputs_commitment"]?.string?.count == 64)
    #expect(entry["inputs"] == nil)
  }

  @Test("entry and payload are canonical JSON, and the commitments are as ENTRIES.md says")
  func commitments() throws {
    let engine = try Samples.engine()
    let answer = try engine.answer(Samples.request("C-1", score: "700", job: nil))
    let stored = try #require(try engine.store.entry(at: answer.index))
    let payload = try #require(try engine.store.payload(at: answer.index))
    #expect(try JSON(parsing: stored.body).canonicalBytes == stored.body)
    let document = try JSON(parsing: payload.bytes)
    #expect(document.canonicalBytes == payload.bytes)
    let entry = try engine.entry(answer.index)
    let salt = try #require(document["salt"]?.string.flatMap { Hash(hex: $0) }).bytes
    func commitment(_ content: [UInt8]) -> String {
      Hash(SHA256.hash(data: salt + content)).hex
    }
    let inputs = try #require(document["inputs"])
    #expect(inputs == ["debt": 500, "income": 2000, "score": "700"])
    #expect(entry["inputs_commitment"]?.string == commitment(inputs.canonicalBytes))
    #expect(entry["payload_digest"]?.string == commitment(payload.bytes))
    #expect(entry["outputs"] == ["limit": 6000])
    #expect(
      document["request"]?.string.map { Array($0.utf8) }
        == Samples.request("C-1", score: "700", job: nil))
  }

  @Test("the same request again gives the recorded decision; another one is an error")
  func idempotence() throws {
    let engine = try Samples.engine()
    let first = try engine.answer(Samples.request("C-1"))
    let again = try engine.answer(
      Array(
        """
        { "scores": {"risk@1.0.0": 611}, "case_id": "C-1",
          "inputs": {"job": "none", "debt": 500.0, "income": 2e3} }
        """.utf8))
    #expect(again.isEarlier)
    #expect(again.index == first.index)
    #expect(try again.response["recorded"] == "earlier")
    #expect(try again.response["leaf"] == first.response["leaf"])
    #expect(throws: EngineError.caseTaken(caseID: "C-1", index: first.index)) {
      try engine.answer(Samples.request("C-1", score: "612"))
    }
    #expect(throws: EngineError.caseTaken(caseID: "C-1", index: first.index)) {
      try engine.answer(Samples.request("C-1", income: "-1"))
    }
    let size = try engine.store.size()
    let batch = try engine.decide(
      [Samples.request("C-2"), Samples.request("C-2"), Samples.request("C-2", score: "1")],
      pipeline: "loans@1.0.0")
    #expect(try batch[0].get().isEarlier == false)
    #expect(try batch[1].get().isEarlier)
    #expect(throws: EngineError.caseTaken(caseID: "C-2", index: size)) { try batch[2].get() }
    #expect(try engine.store.size() == size + 1)
  }

  @Test("a request that can't be decided is recorded as a refusal, without its values")
  func refusals() throws {
    let engine = try Samples.engine()
    func codes(_ text: String) throws -> [String] {
      let answer = try engine.answer(Array(text.utf8))
      #expect(answer.isRefusal)
      let entry = try engine.entry(answer.index)
      #expect(entry["type"] == "refusal")
      return (entry["problems"]?.array ?? []).map {
        "\($0["field"]?.string ?? "") \($0["code"]?.string ?? "")"
      }
    }
    #expect(try codes("[1]") == [" not-an-object"])
    #expect(try codes("{\"inputs\": 987654321987") == [" malformed"])
    #expect(try codes("{\"inputs\": 987654321987}") == ["inputs not-an-object"])
    #expect(
      try codes("{\"inputs\":{\"income\":-987654321987,\"job\":\"secret\"}}") == [
        "scores.risk@1.0.0 missing", "debt missing", "income below-minimum",
        "job undeclared-value",
      ])
    #expect(
      try codes("{\"case_id\":\"a\\nb\",\"debt\":1,\"income\":1,\"score\":1}") == [
        "case_id bad-case-id"
      ])
    #expect(
      try codes("{\"debt\":\"\",\"income\":\"x\",\"score\":true}") == [
        "scores.risk@1.0.0 wrong-type", "debt wrong-type", "income wrong-type",
      ])
    for index in 5..<(try engine.store.size()) {
      let body = String(decoding: try engine.entry(index).canonicalBytes, as: UTF8.self)
      // Longer than digits of a digest are by chance.
      #expect(!body.contains("987654321987") && !body.contains("secret"))
    }
    #expect(try engine.audit() == [])
  }

  @Test("a refusal doesn't take its case ID; the same refused request is recorded once")
  func refusedThenDecided() throws {
    let engine = try Samples.engine()
    let first = try engine.answer(Samples.request("C-1", income: "-1"))
    #expect(try engine.answer(Samples.request("C-1", income: "-1")).index == first.index)
    let second = try engine.answer(Samples.request("C-1", income: "-2"))
    #expect(second.index == first.index + 1)
    #expect(try engine.answer(Samples.request("C-1", income: "2")).isRefusal == false)
    #expect(try engine.audit() == [])
  }

  @Test("bytes that aren't UTF-8 are refused and kept")
  func rawBytes() throws {
    let engine = try Samples.engine()
    let answer = try engine.answer([0x7B, 0xFF, 0x7D])
    #expect(answer.isRefusal)
    let payload = try JSON(parsing: try #require(try engine.store.payload(at: answer.index)).bytes)
    #expect(payload["request_hex"] == "7bff7d")
    #expect(try engine.replay(answer.caseID).verdict == .identical)
  }

  @Test("a flat object is taken as inputs; a score may stand under its name")
  func flat() throws {
    let engine = try Samples.engine()
    let answer = try engine.answer(
      Array("{\"case_id\":\"F\",\"income\":\"1000\",\"debt\":\"400\",\"score\":\"620\"}".utf8))
    #expect(try answer.response["leaf"] == "APPROVE")
    #expect(try answer.response["outputs"]?["limit"]?.int == 3000)
    let other = try engine.answer(
      Array("{\"income\":1000,\"debt\":400.000000000001,\"score\":620}".utf8))
    #expect(try other.response["leaf"] == "BURDEN-HIGH")
  }

  @Test("new case IDs are UUIDs of version 7")
  func uuids() throws {
    let engine = try Samples.engine()
    let answer = try engine.answer(Samples.request())
    let parts = answer.caseID.split(separator: "-").map(\.count)
    #expect(parts == [8, 4, 4, 4, 12])
    #expect(Array(answer.caseID)[14] == "7")
    #expect("89ab".contains(Array(answer.caseID)[19]))
  }

  @Test("concurrent callers share commits and each gets its answer")
  func groupCommit() async throws {
    let engine = try Samples.engine()
    let commit = GroupCommit(store: engine.store)
    let leaves = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<50 {
        group.addTask {
          let answer = try await engine.decide(
            Samples.request("C-\(number)"), pipeline: "loans", through: commit)
          return try answer.response["leaf"]?.string ?? ""
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(leaves == Array(repeating: "GRAY-NO-INCOME", count: 50))
    #expect(try engine.store.size() == 55)
    #expect(try engine.audit() == [])
  }

  @Test("an earlier stage's outcome and outputs are inputs; a discarded case ends the chain")
  func chain() throws {
    let engine = try Samples.engine()
    let second = Program(
      inputs: [
        .init(name: "credit.limit", type: .number, allowsMissing: true),
        .init(name: "credit.outcome", type: .string, values: ["approve", "refer"]),
      ],
      outcomes: [.init(name: "large", isAdverse: false), .init(name: "small", isAdverse: false)],
      slots: [
        .init(source: .input(0), type: .number, encoding: .scaled(digits: 0)),
        .init(source: .input(1), type: .string, encoding: .declared),
      ],
      nodes: [
        .init(slot: 1, cuts: [], children: [.node(1), .leaf(2)], missing: nil),
        .init(slot: 0, cuts: [10_000], children: [.leaf(0), .leaf(1)], missing: .leaf(3)),
      ],
      leaves: [
        .init(id: "S", outcome: 1, reasons: [], sets: []),
        .init(id: "L", outcome: 0, reasons: [], sets: []),
        .init(id: "R", outcome: 1, reasons: [], sets: []),
        .init(id: "N", outcome: 1, reasons: [], sets: []),
      ], root: .node(0))
    let place = Wording.Place(line: 1, column: 1)
    let branch = Wording.Branch(kind: .otherwise, tests: "", place: place)
    let node = Wording.NodeWording(
      id: nil, label: nil, on: "x", place: place, justification: nil, branches: [branch],
      branchOfChild: [0, 0])
    let wording = Wording(
      id: "size", version: "1", nodes: [node, node],
      leaves: Array(repeating: place, count: 4))
    _ = try engine.publish([
      try Samples.publication(second, wording),
      Samples.publication(
        PipelineDefinition(
          id: "chain", version: "1", title: nil, candidates: nil,
          stages: [
            .rules(ruleset: try Samples.reference("credit@1.0.0"), discard: ["decline"]),
            .rules(ruleset: try Samples.reference("size@1"), discard: []),
          ])),
    ])
    func leaf(_ income: Int, _ score: Int) throws -> String {
      let request = "{\"income\":\(income),\"debt\":0,\"score\":\(score)}"
      let answer = try engine.answer(Array(request.utf8), "chain")
      #expect(try engine.replay(answer.caseID).verdict == .identical)
      return try answer.response["leaf"]?.string ?? ""
    }
    #expect(try leaf(1000, 700) == "S")
    #expect(try leaf(2000, 700) == "L")
    #expect(try leaf(1000, 600) == "R")
    #expect(try leaf(1000, 100) == "SCORE-LOW")
    #expect(try engine.audit() == [])
  }

  @Test("an earlier stage's leaf is an input, which must declare each leaf that can come")
  func chainByLeaf() throws {
    let engine = try Samples.engine()
    let reached = ["APPROVE", "BURDEN-UNKNOWN", "GRAY-REFER", "GRAY-UNKNOWN"]
    func publish(_ version: String, _ values: [String]) throws {
      let program = Program(
        inputs: [.init(name: "credit.leaf", type: .string, values: values)],
        outcomes: [.init(name: "seen", isAdverse: false)],
        slots: [.init(source: .input(0), type: .string, encoding: .declared)],
        nodes: [
          .init(slot: 0, cuts: [], children: values.indices.map { .leaf($0) }, missing: nil)
        ],
        leaves: values.map { .init(id: "AFTER-\($0)", outcome: 0, reasons: [], sets: []) },
        root: .node(0))
      let place = Wording.Place(line: 1, column: 1)
      let node = Wording.NodeWording(
        id: nil, label: nil, on: "x", place: place, justification: nil,
        branches: [Wording.Branch(kind: .otherwise, tests: "", place: place)],
        branchOfChild: values.map { _ in 0 })
      let wording = Wording(
        id: "by-leaf", version: version, nodes: [node], leaves: values.map { _ in place })
      _ = try engine.publish([
        try Samples.publication(program, wording),
        Samples.publication(
          PipelineDefinition(
            id: "leaves", version: version, title: nil, candidates: nil,
            stages: [
              .rules(ruleset: try Samples.reference("credit@1.0.0"), discard: ["decline"]),
              .rules(ruleset: try Samples.reference("by-leaf@\(version)"), discard: []),
            ])),
      ])
    }
    #expect(throws: EngineError.self) { try publish("1", Array(reached.dropLast())) }
    try publish("2", reached)
    let answer = try engine.answer(Array(#"{"income":1000,"debt":0,"score":700}"#.utf8), "leaves")
    #expect(try answer.response["leaf"]?.string == "AFTER-APPROVE")
    #expect(try engine.replay(answer.caseID).verdict == .identical)
  }
}

@Suite("Candidates and experiments")
struct CandidateTests {
  private func request(_ customer: String, caseID: String = "T") -> [UInt8] {
    Array(
      """
      {"case_id":"\(caseID)","inputs":{"customer":"\(customer)","products":[
        {"sku":"a","stock":3,"scores":{"risk@1.0.0":0.25}},
        {"sku":"b","stock":0,"score":0.9},
        {"sku":"c","stock":1,"score":0.5},
        {"sku":7,"stock":1,"score":"0.75"},
        {"sku":"d","stock":1,"score":0.250}]}}
      """.utf8)
  }

  /// A customer of the champion's arm, and one of the random arm, by an independent computation.
  private func customer(random: Bool) -> String {
    var number = 0
    while true {
      let hash = SHA256.hash(data: Array("ranker\u{0}c\(number)".utf8))
      let value = hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if (Double(value) / 0x1p64 >= 0.9) == random { return "c\(number)" }
      number += 1
    }
  }

  @Test("candidates are scored, discarded, ranked and cut")
  func ranking() throws {
    let engine = try Samples.engine()
    let answer = try engine.answer(request(customer(random: false)), "top")
    let response = try answer.response
    func keys(_ list: String) -> [String] {
      (response[list]?.array ?? []).map { $0["key"]?.string ?? "" }
    }
    #expect(keys("ranked") == ["7", "c"])
    #expect(keys("not_kept") == ["a", "d"], "equal scores go by key")
    #expect(keys("discarded") == ["b"])
    #expect(response["ranked"]?.array?[0]["score"] == "0.75")
    #expect(response["ranked"]?.array?[0]["leaf"] == "IN")
    #expect(response["discarded"]?.array?[0]["leaf"] == "OUT")
    #expect(response["arm"] == "champion")
    let entry = try engine.entry(answer.index)
    #expect(entry["candidates"]?["ranked"] == 2)
    #expect(entry["candidates"]?["discarded"] == 1)
    #expect(entry["ranked"] == nil)
    #expect(try engine.replay("T").verdict == .identical)
    #expect(try engine.audit() == [])
  }

  @Test("the random arm's numbers come from case ID and key")
  func random() throws {
    let engine = try Samples.engine()
    let response = try engine.answer(request(customer(random: true)), "top").response
    #expect(response["arm"] == "random")
    for item in response["ranked"]?.array ?? [] {
      let hash = SHA256.hash(data: Array("T\u{0}\(item["key"]?.string ?? "")".utf8))
      let value = hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let number = Double(item["score"]?.string ?? "") ?? 2
      #expect(abs(number - Double(value) / 0x1p64) < 1.1e-9)
    }
    #expect(try engine.replay("T").verdict == .identical)
  }

  @Test("units fall to the arms by their shares, and always to the same arm")
  func shares() throws {
    let engine = try Samples.engine()
    let requests = (0..<2000).map { request("u\($0)", caseID: "U-\($0)") }
    let answers = try engine.decide(requests, pipeline: "top")
    let random = try answers.count { try $0.get().response["arm"] == "random" }
    #expect((150...250).contains(random))
    let again = try engine.answer(request("u17", caseID: "again"), "top").response
    #expect(try again["arm"] == answers[17].get().response["arm"])
  }

  @Test("problems name the candidate")
  func refusal() throws {
    let engine = try Samples.engine()
    let text = """
      {"inputs":{"customer":1,"products":[{"sku":"a","stock":1},{"sku":"a","score":1,"stock":1},
        {"stock":1},7,{"sku":"e","score":1,"stock":"x"}]}}
      """
    let first = try engine.answer(Array(text.utf8), "top").response
    let problems = (first["problems"]?.array ?? []).map {
      "\($0["position"]?.int ?? 0) \($0["field"]?.string ?? "") \($0["code"]?.string ?? "")"
    }
    #expect(problems == ["2 sku duplicate-key", "3 sku missing", "4  not-an-object"])
    let missing = try engine.answer(Array("{\"products\":[{\"sku\":\"a\"}]}".utf8), "top").response
    #expect(missing["problems"]?.array?.count == 2)
  }

  @Test("a choice must be one of the ranked; what is recorded twice is kept once")
  func recording() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(request(customer(random: false)), "top")
    let choice = try engine.recordChoice("T", candidate: "c", fields: ["channel": "web"])
    #expect(choice.isNew)
    #expect(
      try engine.recordChoice("T", candidate: "c", fields: ["channel": "web"]).index
        == choice.index)
    #expect(try engine.recordChoice("T", candidate: "7").isNew)
    #expect(throws: EngineError.notRanked(caseID: "T")) {
      try engine.recordChoice("T", candidate: "b")
    }
    #expect(try engine.recordResult("T", values: ["revenue": 12]).isNew)
    #expect(try !engine.recordResult("T", values: ["revenue": .number("12.0")]).isNew)
    #expect(throws: EngineError.unknownCase("no")) {
      try engine.recordResult("no", values: ["x": 1])
    }
    #expect(try engine.audit() == [])
    let erased = try engine.erase("T", reason: "asked by the customer")
    #expect(erased.count == 4)
    #expect(try engine.erase("T").isEmpty)
    #expect(try engine.audit() == [])
    #expect(try engine.replay("T").verdict == .inputsErased)
    #expect(throws: EngineError.caseErased(caseID: "T", index: 5)) {
      try engine.answer(request(customer(random: false)), "top")
    }
  }
}
