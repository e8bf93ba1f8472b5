import ArgumentParser
import DecisionEngine
import Ledger
import LedgerSQLite

/// `leafproof receipt`.
struct ReceiptCommand: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "Print the proof that a case's decision is in the ledger.",
    discussion: """
      A text of the form c2sp.org/tlog-proof, to hand out: with it and the ledger's verifier key \
      anyone can check, without the ledger, that the decision was recorded and not changed. It \
      holds the entry, which has no personal data but the case ID.

        leafproof receipt GC-0002
        leafproof receipt GC-0002 --output GC-0002.tlog-proof
        leafproof verify --receipt GC-0002.tlog-proof --key ledger.vkey
      """)

  @Argument(help: "The case.")
  private var caseID: String

  @Option(
    name: [.short, .long], help: "Where to write the receipt.",
    completion: .file(extensions: ["tlog-proof"]))
  private var output: String?

  @Option(
    name: .long, help: "Where to write the entry's bytes as well, for tools that take them apart.",
    completion: .file(extensions: ["json"]))
  private var entryOutput: String?

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var trusted: TrustedKeyOptions

  /// Makes the receipt, checks it, prints it.
  func run() throws {
    let session = try LedgerSession.reading(ledger.path)
    let key = try TrustedKey(trusted.key, for: session.store)
    let index = try engineFailures { () throws(EngineError) in
      try session.engine.replay(caseID).index
    }
    let (body, receipt) = try ledgerFailures { () throws(LedgerError) in
      guard let entry = try session.store.entry(at: index) else {
        throw .noEntry(index: index)
      }
      var receipt = try session.store.receipt(forEntryAt: index)
      receipt.extra = entry.body
      return (entry.body, receipt)
    }
    do {
      try receipt.check(entry: body, key: key.key)
    } catch {
      throw Failure.refused("the entry of this case doesn't verify: \(error.description)")
    }
    if let entryOutput { try Self.write(body, to: entryOutput) }
    if let output {
      try Self.write(Array(receipt.text.utf8), to: output)
    } else {
      try Console.print(receipt.text)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    do {
      try SystemCalls.replace(path, with: bytes)
    } catch {
      throw Failure(writing: path, error)
    }
  }
}
