import Foundation
import Testing

@Suite("record, and the views that a data team queries") struct RecordTests {
  @Test("choices and results, one by one or as lines; the same is recorded once")
  func records() throws {
    let folder = try Samples.shop()
    try folder.succeed("decide", "page", "--input", "-", input: Samples.products)
    let choice = try folder.succeed("record", "choice", "PAGE-1", "--chosen", "A")
    #expect(try choice.objects().first?["recorded"] == "new")
    let again = try folder.succeed("record", "choice", "PAGE-1", "--chosen", "A")
    #expect(try again.objects().first?["recorded"] == "earlier")
    #expect(
      try again.objects().first?.integer("index") == choice.objects().first?.integer("index"))
    let wrong = try folder.leafproof("record", "choice", "PAGE-1", "--chosen", "B")
    #expect(wrong.status == 1 && wrong.output.isEmpty, "B was discarded")
    #expect(try folder.leafproof("record", "choice", "PAGE-9", "--chosen", "A").status == 1)
    try folder.write(
      "results.jsonl",
      """
      {"case_id": "PAGE-1", "revenue": "69.90", "currency": "EUR"}
      nonsense
      {"case_id": "PAGE-9", "revenue": "1"}
      {"case_id": "PAGE-1", "returned": false}
      """)
    let results = try folder.leafproof("record", "result", "--input", "results.jsonl")
    #expect(results.status == 1 && results.lines.count == 2)
    #expect(
      results.errors.contains("line 2: error: ") && results.errors.contains("line 3: error: "))
    #expect(results.errors.hasSuffix("2 recorded, 2 not recorded\n"))
    try folder.succeed("verify")
  }

  @Test("sqlite3 joins decision, candidate, choice and result")
  func views() throws {
    let folder = try Samples.shop()
    try folder.succeed("decide", "page", "--input", "-", input: Samples.products)
    try folder.succeed("record", "choice", "PAGE-1", "--chosen", "A")
    try folder.succeed(
      "record", "result", "PAGE-1", "--value", "revenue=69.90", "--value", "currency=EUR")
    let joined = try folder.query(
      """
      SELECT d.case_id, d.pipeline, d.ranked, c.candidate, k.rank, k.leaf, r.value
      FROM decision AS d
        JOIN choice AS c ON c.decision_index = d.ledger_index
        JOIN candidate AS k ON k.ledger_index = d.ledger_index AND k.candidate = c.candidate
        JOIN result AS r ON r.decision_index = d.ledger_index AND r.name = 'revenue'
      """)
    #expect(joined == ["PAGE-1|page|2|A|2|FAIR|69.90"])
    #expect(
      try folder.query("SELECT status, candidate, leaf FROM candidate ORDER BY status, candidate")
        == [
          "discarded|B|OUT", "discarded|E|DEAR", "not_kept|D|FAIR", "ranked|A|FAIR",
          "ranked|C|FAIR",
        ])
    #expect(
      try folder.query("SELECT kind, id FROM release ORDER BY kind, id") == [
        "model|scorer", "pipeline|page", "ruleset|price", "ruleset|stock",
      ])
    #expect(try folder.query("SELECT id, owner FROM model") == ["scorer|models@bank.example"])
    #expect(
      try folder.query(
        "SELECT r.version FROM decision d JOIN release r ON r.kind = 'model' AND r.id = d.model")
        == ["1.0.0"])
  }

  @Test(
    "the queries of documents and examples run",
    arguments: [
      "examples/top-of-page/README.md", "examples/top-of-page/revenue-by-arm.sql",
      "Sources/DecisionEngine/VIEWS.md",
    ])
  func documentedQueries(_ path: String) throws {
    let folder = try Samples.shop()
    try folder.succeed("decide", "page", "--input", "-", input: Samples.products)
    let text = try String(contentsOfFile: TestData.project(path), encoding: .utf8)
    let queries =
      path.hasSuffix(".sql")
      ? [text]
      : text.components(separatedBy: "```sql\n").dropFirst().map {
        $0.components(separatedBy: "```")[0]
      }
    #expect(!queries.isEmpty)
    for query in queries {
      try folder.write("query.sql", query)
      let run = try folder.shell("sqlite3 -bail -batch leafproof.sqlite < query.sql")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    }
  }
}

@Suite("erase") struct EraseTests {
  @Test("the personal data are gone from every file, the proof stays")
  func erased() throws {
    let folder = try Samples.ledger()
    let request = Samples.request("CASE-1", income: "611.987654321")
    try folder.succeed("decide", "loans", "--input", "-", input: request)
    try folder.succeed("record", "result", "CASE-1", "--value", "note=SECRET-NOTE")
    try folder.succeed("receipt", "CASE-1", "--output", "before.tlog-proof")
    func remains(_ text: String) throws -> Bool {
      try ["leafproof.sqlite", "leafproof.sqlite-wal"].contains { name in
        try folder.has(name) && folder.data(name).range(of: Data(text.utf8)) != nil
      }
    }
    #expect(try remains("611.987654321") && remains("SECRET-NOTE"))
    let run = try folder.succeed("erase", "CASE-1", "--reason", "asked for")
    #expect(try run.objects().map { $0["case_id"] } == ["CASE-1", "CASE-1"])
    #expect(try !remains("611.987654321") && !remains("SECRET-NOTE"))
    try folder.succeed("verify")
    let replay = try folder.succeed("replay", "CASE-1")
    #expect(replay.output.contains("erased"))
    let explanation = try folder.succeed("explain", "CASE-1")
    #expect(explanation.output.contains("Leaf: LOW"))
    #expect(explanation.output.contains("the inputs were erased"))
    let key = ["--key", "leafproof.sqlite.key"]
    let old = try folder.start(["verify", "--receipt", "before.tlog-proof"] + key).finish()
    #expect(old.status == 0)
    let again = try folder.succeed("erase", "CASE-1")
    #expect(again.output.isEmpty && again.errors.contains("erased before"))
    #expect(try folder.leafproof("erase", "CASE-9").status == 1)
    #expect(try folder.query("SELECT erased FROM decision") == ["1"])
  }
}
