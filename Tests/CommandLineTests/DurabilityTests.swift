import Foundation
import SeededRandom
import Testing

/// What has been printed is in the ledger, whatever happens to the process.
@Suite("durability") struct DurabilityTests {
  /// How often a process is killed: `LEAFPROOF_KILLS=50` for a long run.
  private static let rounds = Int(ProcessInfo.processInfo.environment["LEAFPROOF_KILLS"] ?? "") ?? 4

  @Test("kill -9 at a random moment: each printed case is in the ledger, which verifies")
  func killed() throws {
    var folder = try Samples.ledger()
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    var killedAtWork = 0
    for round in 1...Self.rounds {
      // A ledger outlives several kills, and doesn't grow so much that verifying it takes long.
      if round % 5 == 0 { folder = try Samples.ledger() }
      let requests = (0..<10_000).map {
        Samples.request("K\(round)-\($0)", income: "\(600 + $0 % 40)")
      }
      try folder.write("requests.jsonl", requests.joined())
      let decide = try folder.start(["decide", "loans", "--input", "requests.jsonl"])
      // Every other round begins when the first answers are out, so that some are killed at work.
      let deadline = Date(timeIntervalSinceNow: 20)
      while round % 2 == 0, try decide.printed().isEmpty, decide.process.isRunning,
        Date() < deadline
      {
        Thread.sleep(forTimeInterval: 0.002)
      }
      Thread.sleep(forTimeInterval: .random(in: 0..<0.4, using: &random))
      kill(decide.process.processIdentifier, SIGKILL)
      let run = try decide.finish()
      if run.status == 128 + SIGKILL, !run.output.isEmpty { killedAtWork += 1 }
      // A line can only be cut off where a write was: the last, without its end, was not printed.
      let whole = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let printed = try Set(whole.map { try #require(JSONObject(line: String($0))["case_id"]) })
      let known = try Set(
        folder.query("SELECT case_id FROM decision WHERE case_id LIKE 'K\(round)-%'"))
      #expect(printed.isSubset(of: known), "seed \(seed), round \(round)")
      let verify = try folder.leafproof("verify")
      #expect(verify.status == 0, "seed \(seed), round \(round): \(verify.output)")
    }
    // The next process goes on where the killed one stopped.
    let next = Samples.request("NEXT", income: "600")
    try folder.succeed("decide", "loans", "--input", "-", input: next)
    print("killed \(Self.rounds) times, \(killedAtWork) of them between answers; seed \(seed)")
  }

  @Test("an answer on a pipe comes when it is durable, not when the input ends")
  func answersAtOnce() throws {
    let folder = try Samples.ledger()
    let request = Samples.request("PIPE", income: "700").trimmingCharacters(in: .newlines)
    let run = try folder.shell(
      """
      coproc P { "$leafproof" decide loans --input - 2> /dev/null; }
      echo '\(request)' >&"${P[1]}"
      read -r -t 20 answer <&"${P[0]}"
      kill -9 "$P_PID"
      echo "$answer"
      """)
    #expect(try run.objects().first?["case_id"] == "PIPE")
    #expect(try folder.query("SELECT case_id FROM decision") == ["PIPE"])
    try folder.succeed("verify")
  }

  @Test("two processes on one ledger: both finish, nothing is lost, one tree")
  func twoProcesses() throws {
    let folder = try Samples.ledger()
    let count = 1_500
    // Both decide the cases S…, each its own besides.
    for name in ["A", "B"] {
      let requests = (0..<count).map {
        Samples.request("\($0 % 3 == 0 ? "S" : name)\($0)", income: "\(600 + $0 % 40)")
      }
      try folder.write("\(name).jsonl", requests.joined())
    }
    let both = try ["A", "B"].map {
      try folder.start(["decide", "loans", "--input", "\($0).jsonl"])
    }
    let runs = try both.map { try $0.finish() }
    for run in runs {
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.lines.count == count)
    }
    let answers = try runs.map { try $0.objects() }
    for (one, other) in zip(answers[0], answers[1]) where one["case_id"] == other["case_id"] {
      #expect(one.integer("index") == other.integer("index"))
    }
    let cases = Set(answers.joined().compactMap { $0["case_id"] })
    #expect(cases.count == count + count * 2 / 3)
    #expect(
      try folder.query(
        "SELECT count(*), count(DISTINCT case_id), min(ledger_index), max(ledger_index) FROM decision"
      )
        == ["\(cases.count)|\(cases.count)|3|\(cases.count + 2)"])
    try folder.succeed("verify")
    #expect(try folder.succeed("replay", "--all").output.contains("\(cases.count) identical"))
  }

  @Test("two first publications at once make one ledger with one key")
  func twoFirstPublications() throws {
    let folder = try Folder()
    try folder.write("one.xml", Samples.model)
    try folder.write("two.xml", Samples.ruleSet(Samples.tree))
    let both = try ["one.xml", "two.xml"].map { try folder.start(["publish", $0]) }
    for run in try both.map({ try $0.finish() }) { #expect(run.status == 0, "\(run.errors)") }
    #expect(try folder.query("SELECT id FROM release ORDER BY id") == ["loan", "scorer"])
    try folder.succeed("verify")
  }

  @Test("a ledger that can't be written gives an error and no answer")
  func readOnly() throws {
    let folder = try Samples.decided()
    let run = try folder.shell(
      """
      cp leafproof.sqlite bad.sqlite && cp leafproof.sqlite.key bad.sqlite.key
      printf 'not a database, but long enough to look at' > bad.sqlite
      "$leafproof" decide loans --ledger bad.sqlite --input /dev/null --input-format jsonl
      """)
    #expect(run.status == 4 && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.contains("bad.sqlite"))
  }
}
