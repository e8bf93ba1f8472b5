import Foundation
import Testing

@Suite("decide") struct DecideTests {
  @Test("an answer names case, leaf, versions, digests and entry")
  func answer() throws {
    let folder = try Samples.ledger()
    let digests = try folder.succeed("compile", "ruleset.xml").lines.map { String($0.suffix(64)) }
    let run = try folder.succeed(
      "decide", "loans@1.0.0", "--input", "-", input: Samples.request("A", income: "620"))
    let answer = try #require(try run.objects().first)
    #expect(answer["case_id"] == "A" && answer["type"] == "decision")
    #expect(answer["outcome"] == "approve" && answer["leaf"] == "HIGH")
    #expect(answer.integer("index") == 3 && answer["recorded"] == "new")
    #expect(answer.object("outputs")?.integer("limit") == 1240)
    let stages = answer.objects("stages")
    #expect(stages.first?["score"] == "500")
    #expect(stages.first?.object("model")?["id"] == "scorer")
    let ruleSet = stages.last?.object("ruleset")
    #expect(ruleSet?["version"] == "1.0.0")
    #expect([ruleSet?["source_digest"], ruleSet?["program_digest"]] == digests)
    #expect(run.errors == "1 decided, 0 refused\n")
  }

  @Test("without a case ID it gets a UUIDv7 of the present")
  func uuid() throws {
    let folder = try Samples.ledger()
    let before = Date().timeIntervalSince1970
    let run = try folder.succeed(
      "decide", "loans", "--input", "-",
      input: String(repeating: Samples.request(nil, income: "1"), count: 20))
    let names = try run.objects().compactMap { $0["case_id"] }
    #expect(Set(names).count == 20)
    for name in names {
      // RFC 9562, section 5.7: 48 bits of milliseconds, version 7, variant 10.
      #expect(
        try name.wholeMatch(
          of: Regex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")) != nil)
      let time = Int(name.filter { $0 != "-" }.prefix(12), radix: 16).map { Double($0) / 1000 }
      #expect(time.map { abs($0 - before) < 60 } == true)
    }
  }

  @Test("the same case ID: the recorded answer for the same request, an error for another")
  func sameCase() throws {
    let folder = try Samples.ledger()
    let first = Samples.request("A", income: "611")
    let new = try folder.succeed("decide", "loans", "--input", "-", input: first)
    let mixed = try folder.leafproof(
      "decide", "loans", "--input", "-",
      input: first + Samples.request("A", income: "612") + Samples.request("B", income: "612"))
    #expect(mixed.status == 1)
    #expect(
      mixed.lines.first
        == new.lines.first?.replacingOccurrences(of: "\"new\"", with: "\"earlier\""))
    #expect(try mixed.objects().map { $0["case_id"] } == ["A", "B"])
    #expect(mixed.errors.contains("line 2: error: case ID A is taken: entry 3"))
    #expect(mixed.errors.contains("2 decided, 0 refused, 1 of them before, 1 not recorded"))
    #expect(!mixed.errors.contains("612"))
    #expect(try folder.query("SELECT case_id FROM decision ORDER BY 1") == ["A", "B"])
    // Twice in one batch is once, too.
    let twice = Samples.request("C", income: "1")
    let run = try folder.leafproof(
      "decide", "loans", "--input", "-", input: twice + twice + Samples.request("C", income: "2"))
    #expect(try run.objects().map { $0.integer("index") } == [5, 5] && run.status == 1)
  }

  @Test("a request that can't be decided is refused, field by field, and recorded")
  func refusals() throws {
    let folder = try Samples.ledger()
    let requests = """
      {"case_id": "R1", "inputs": {"income": "much", "job": "maybe"}, "scores": {"scorer@1.0.0": 5}}
      {"case_id": "R2", "inputs": {"income": 1, "age": 4}, "scores": {"scorer@1.0.0": 5000}}
      {"case_id": "R3", "inputs": {"income": 1, "age": 4}}
      not JSON
      {"case_id": "R5", "inputs": {"income": 1, "income": 2}}
      """
    let run = try folder.succeed("decide", "loans", "--input", "-", input: requests)
    let answers = try run.objects()
    #expect(answers.map { $0["type"] } == Array(repeating: "refusal", count: 5))
    #expect(
      Set(answers[0].objects("problems").compactMap { $0["field"] }).count == 3,
      "income, job and age: \(run.output)")
    #expect(answers[1].objects("problems").count == 1)
    #expect(answers[2].objects("problems").first?["field"] == "scores.scorer@1.0.0")
    #expect(answers[3].objects("problems").first?["code"] == "malformed")
    #expect(run.errors == "0 decided, 5 refused\n")
    #expect(try folder.query("SELECT count(DISTINCT ledger_index) FROM refusal") == ["5"])
    #expect(try !folder.query("SELECT field, message FROM refusal").joined().contains("much"))
    try folder.succeed("verify")
    try folder.succeed("replay", "--all")
    let strict = try folder.leafproof(
      "decide", "loans", "--strict", "--input", "-", input: "{\"inputs\": {}}")
    #expect(strict.status == 1 && strict.lines.count == 1)
  }

  @Test("requests from CSV, JSON Lines, a JSON document and standard input decide alike")
  func forms() throws {
    let folder = try Samples.ledger()
    try folder.write(
      "r.csv", "case_id,income,age,job,scorer@1.0.0\nCSV,611,40,yes,500\nMISSING,700,40,,500\n")
    try folder.write("r.jsonl", Samples.request("LINES", income: "611"))
    try folder.write(
      "r.json",
      "[\n\(Samples.request("DOC-1", income: "611")),\(Samples.request("DOC-2", income: "700"))]")
    for file in ["r.csv", "r.jsonl", "r.json"] {
      try folder.succeed("decide", "loans", "--input", file)
    }
    #expect(
      try folder.query("SELECT case_id, leaf, score FROM decision ORDER BY ledger_index") == [
        "CSV|LOW|500", "MISSING|HIGH|500", "LINES|LOW|500", "DOC-1|LOW|500", "DOC-2|HIGH|500",
      ])
  }

  @Test("candidates: two rules stages, discarded ones with their leaf, ranked ones kept or not")
  func candidates() throws {
    let folder = try Samples.shop()
    let run = try folder.succeed("decide", "page", "--input", "-", input: Samples.products)
    let answer = try #require(try run.objects().first)
    let ranked = answer.objects("ranked")
    #expect(ranked.map { $0["key"] } == ["C", "A"])
    #expect(ranked.map { $0.integer("rank") } == [1, 2])
    #expect(ranked.map { $0["score"] } == ["0.7", "0.5"])
    #expect(ranked.map { $0.object("outputs")?["gross"] ?? "" }.count == 2)
    #expect(answer.objects("not_kept").map { $0["key"] } == ["D"])
    let discarded = answer.objects("discarded")
    #expect(discarded.map { $0["key"] } == ["B", "E"])
    #expect(discarded.map { $0["leaf"] } == ["OUT", "DEAR"])
    // One bad candidate refuses the request, and is named.
    let bad = try folder.succeed(
      "decide", "page", "--input", "-",
      input: Samples.products.replacingOccurrences(of: "PAGE-1", with: "PAGE-2")
        .replacingOccurrences(of: "\"stock\": 3", with: "\"stock\": -3"))
    #expect(try bad.objects().first?["type"] == "refusal")
    #expect(
      try folder.query("SELECT case_id, candidate, code FROM refusal").first?
        .hasPrefix("PAGE-2|A|") == true)
  }

  @Test("an unknown pipeline is told before any request, even where there is none")
  func unknownPipeline() throws {
    let folder = try Samples.ledger()
    for name in ["nothing", "loans@9.0.0"] {
      let run = try folder.leafproof("decide", name, "--input", "-")
      #expect(run.status == 1 && run.errors.contains(name), "\(run.errors)")
    }
    let none = try folder.leafproof("decide", "--ledger", "no.sqlite", "loans", "--input", "-")
    #expect(none.status == 4 && none.errors.contains("no.sqlite"))
    #expect(!folder.has("no.sqlite"))
    let missing = try folder.leafproof("decide", "loans", "--input", "no.jsonl")
    #expect(missing.status == 3)
  }

  @Test("LEAFPROOF_LEDGER names the ledger, --ledger wins over it")
  func ledgerFromEnvironment() throws {
    let folder = try Samples.decided()
    let elsewhere = try Folder()
    let path = folder.file("leafproof.sqlite").path
    let run = try elsewhere.leafproof("replay", "CASE-1", environment: ["LEAFPROOF_LEDGER": path])
    #expect(run.status == 0)
    let other = try elsewhere.leafproof(
      "replay", "CASE-1", "--ledger", "other.sqlite", environment: ["LEAFPROOF_LEDGER": path])
    #expect(other.status == 4)
  }
}
