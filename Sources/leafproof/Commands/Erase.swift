import ArgumentParser
import CanonicalJSON
import DecisionEngine

/// `leafproof erase`.
struct Erase: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Destroy for good the personal data of a case; the proof that it was decided stays.",
    discussion: """
      The inputs, requests and responses recorded for the case are overwritten. The entries \
      remain, with an entry for each erasure, and the ledger still verifies. There is no way back.

        leafproof erase GC-0002 --reason "request of 2026-11-24"
      """)

  @Argument(help: "The case.")
  private var caseID: String

  @Option(name: .long, help: "Why; it stays in the ledger for ever, so name no person.")
  private var reason: String?

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// Erases, and prints one line of JSON for each erasure.
  func run() throws {
    let session = try LedgerSession.writing(ledger.path, keyPath: signing.key)
    let erasures = try engineFailures { () throws(EngineError) in
      try session.engine.erase(caseID, reason: reason)
    }
    for erasure in erasures {
      let json: JSON = ["case_id": .string(caseID), "index": .integer(erasure.index)]
      try Console.write(json.compactBytes + [0x0A])
    }
    if erasures.isEmpty { Console.note("all was erased before\n") }
  }
}
