import Foundation
import SeededRandom
import Testing

/// What `export` writes is accepted by a verifier that shares no code with us, and nothing else is.
@Suite("verify-independently", .enabled(if: Evidence.python != nil, "python3 is not installed"))
struct IndependentVerifierTests {
  /// `LEAFPROOF_BUNDLES=100` for a long run: that many bundles, and twice as many changes.
  private static let count =
    Int(ProcessInfo.processInfo.environment["LEAFPROOF_BUNDLES"] ?? "") ?? 10

  @Test("accepts bundles of random decisions, and refuses each with one change in a file")
  func randomBundles() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    let ledgers = try RandomDecisions.ledgers(&random, cases: Self.count)
    var bundles: [Evidence] = []
    for number in 0..<Self.count {
      let ledger = ledgers[number % ledgers.count]
      let caseID = "CASE-\(number / ledgers.count)"
      let evidence = try Evidence(ledger, caseID, "bundle-\(number)")
      let run = try evidence.verify()
      #expect(run.status == 0, "seed \(seed), bundle \(number):\n\(run.output)\(run.errors)")
      #expect(run.lines.last == "verified" && run.lines.count > 15)
      bundles.append(evidence)
    }
    var isSealed = 0
    for number in 0..<(2 * Self.count) {
      let evidence = bundles[number % bundles.count]
      let change = try evidence.change(&random)
      isSealed += change.isSealed ? 1 : 0
      let run = try evidence.verify()
      try evidence.restore()
      let place = "seed \(seed), change \(number), \(evidence.name): \(change)"
      #expect(run.status == 1, "\(place):\n\(run.output)\(run.errors)")
      #expect(run.lines.last == "NOT VERIFIED" && run.errors.isEmpty, "\(place):\n\(run.errors)")
    }
    print(
      "\(Self.count) bundles accepted, \(2 * Self.count) changes refused,"
        + " \(isSealed) of them with the list of digests made anew; seed \(seed)")
  }

  @Test("what can't be checked is said, and isn't called verified")
  func notChecked() throws {
    let folder = try Samples.decided()
    let whole = try Evidence(folder, "CASE-1", "whole")
    let keyless = try whole.verify(key: nil)
    #expect(keyless.status == 3 && keyless.output.contains("NOT CHECKED  the key"))
    let other = "bank.example/loans+3d2d12f8+AUUj/JtcG96TUXkAZeBViQStCTHP89C8kx2mzKdtX5+4"
    #expect(try whole.verify(key: other).status == 1)
    // Without Python's packages the signature is openssl's to check.
    if Program.tool("openssl") != nil {
      #expect(try whole.verify(python: ["-S"]).lines.last == "verified")
    }
    try folder.succeed("erase", "CASE-1")
    let erased = try Evidence(folder, "CASE-1", "erased").verify()
    #expect(erased.status == 3 && erased.output.contains("its inputs were erased"))
    #expect(erased.lines.last == "NOT WHOLLY CHECKED")
  }

  /// What the owner of the ledger's key could write, and what the verifier says of it.
  static let forgeries: [(old: String, new: String, files: String, finding: String?)] = [
    // Nothing but the signatures is new: the forger knows its craft.
    ("no such text", "none", "*", nil),
    ("decline", "approve", "decision/*", "outcome"),
    (#""LOW""#, #""HIGH""#, "decision/*", "leaf"),
    (#""outputs":{}"#, #""outputs":{"limit":5}"#, "decision/*", "outputs"),
    (#""R1""#, #""R2""#, "decision/*", "reasons"),
    (#"\"income\": 611"#, #"\"income\": 621"#, "decision/payload.json", "inputs"),
    ("611", "621", "decision/payload.json", "leaf"),
    ("&lt; 620", "&lt; 610", "releases/*[nl]", "no branch"),
    (" 620", " 600", "releases/*[nl]", "leaf"),
    (#""value": "611""#, #""value": "612""#, "explanation.json", "another value of income"),
    (#""score": "500""#, #""score": "501""#, "explanation.json", "other scores"),
    (#""code": "R1""#, #""code": "R2""#, "explanation.json", "principal reasons"),
  ]

  @Test(
    "what doesn't follow from the rules is found, even where the owner of the key signed it",
    .enabled(
      if: Program.tool("openssl") != nil && Program.tool("xmllint") != nil,
      "openssl or xmllint is not installed"), arguments: forgeries.indices)
  func forged(_ number: Int) throws {
    let forgery = Self.forgeries[number]
    let folder = try Samples.ledger()
    let request = Samples.request("CASE-1", income: "611")
    try folder.succeed("decide", "loans", "--input", "-", input: request)
    let evidence = try Evidence(folder, "CASE-1", "forged")
    let forge = try folder.start(
      try #require(Evidence.python),
      [
        TestData.project("Tests/Oracle/forge_evidence.py"), evidence.name, "leafproof.sqlite.key",
        forgery.old, forgery.new, forgery.files,
      ]
    ).finish()
    #expect(forge.status == 0, "\(forge.errors)")
    let run = try evidence.verify()
    let failed = run.lines.filter { $0.hasPrefix("FAILED") }
    guard let finding = forgery.finding else {
      #expect(run.status == 0, "\(run.output)")
      return
    }
    #expect(run.status == 1 && failed.contains { $0.contains(finding) }, "\(run.output)")
    // The proofs are right: only deciding again tells.
    #expect(run.output.contains("ok           the checkpoint is signed by the key\n"))
    #expect(run.output.contains("ok           decision: in the ledger, with its payload\n"))
    #expect(run.output.contains("ok           releases/1-ruleset: source and digests\n"))
  }
}
