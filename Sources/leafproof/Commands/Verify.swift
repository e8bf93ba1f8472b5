import ArgumentParser
import CanonicalJSON
import DecisionEngine
import Ledger

/// `leafproof verify`.
struct Verify: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute the whole ledger from its entries; or check a receipt without a ledger.",
    discussion: """
      Every entry, payload, tile, signature and index column is read and compared with what the \
      entries call for; each problem is named with its entry. What no file can tell of itself is \
      whether it was put back to an older state: give --known the checkpoint or a receipt of an \
      earlier day.

        leafproof verify
        leafproof verify --key ledger.bank.example/credit+8d2c9e1f+AZ... --known june.checkpoint
        leafproof verify --receipt GC-0002.tlog-proof --key ledger.vkey

      Exit codes: 0 verified; 1 not verified; 3 a file can't be read; 4 the ledger can't be used.
      """)

  @Option(
    name: .long, help: "Check this receipt, without a ledger.",
    completion: .file(extensions: ["tlog-proof"]))
  private var receipt: String?

  @Option(
    name: .long, help: "The entry that the receipt is for, where the receipt doesn't hold it.",
    completion: .file(extensions: ["json"]))
  private var entry: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A checkpoint or receipt from earlier that the ledger must still contain; may be repeated.",
      valueName: "file"), completion: .file())
  private var known: [String] = []

  @Flag(name: .long, help: "Print JSON.")
  private var json = false

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var trusted: TrustedKeyOptions

  /// A receipt needs a key, an entry needs a receipt.
  func validate() throws {
    if receipt == nil, entry != nil { throw ValidationError("--entry belongs to --receipt") }
    if receipt != nil, trusted.key == nil {
      throw ValidationError("a receipt is checked with a key known from elsewhere: --key KEY")
    }
    if receipt != nil, !known.isEmpty { throw ValidationError("--known belongs to a ledger") }
  }

  /// Verifies.
  func run() throws {
    if let receipt, let key = trusted.key {
      try verify(receipt, TrustedKey(option: key))
    } else {
      try verifyLedger()
    }
  }

  // MARK: - The ledger

  private func verifyLedger() throws(Failure) {
    let notes = try known.map { (path) throws(Failure) in try Self.checkpoint(path) }
    let session = try LedgerSession.reading(ledger.path)
    let key = try TrustedKey(trusted.key, for: session.store)
    var inspector = Inspector()
    var progress = Progress()
    let report = try ledgerFailures { () throws(LedgerError) in
      try session.store.audit(trusting: key.key, known: notes) { done, total in
        progress.update("\(done) of \(total) entries")
      } inspect: {
        inspector.inspect($0)
      }
    }
    progress.clear()
    let answer = LedgerAnswer(
      report: report, key: key, notes: report.notes + inspector.notes, path: ledger.path)
    try Console.print(json ? answer.json.prettyText : answer.text)
    if !report.isSound { throw .negative }
  }

  /// The checkpoint in a file, which may be a receipt.
  private static func checkpoint(_ path: String) throws(Failure) -> String {
    let bytes = try WholeInput.read(path, limit: 1 << 20)
    let text = String(decoding: bytes, as: UTF8.self)
    if let receipt = try? Receipt(text) { return receipt.checkpoint }
    do {
      return try SignedNote(text).note
    } catch {
      throw .input("\(Console.visible(path)): error: \(Console.visible(error.description))")
    }
  }

  // MARK: - A receipt

  private func verify(_ path: String, _ key: TrustedKey) throws(Failure) {
    let name = Console.visible(path)
    let text = String(decoding: try WholeInput.read(path, limit: 1 << 20), as: UTF8.self)
    let parsed: Receipt
    do {
      parsed = try Receipt(text)
    } catch {
      throw .input("\(name): error: \(error.description)")
    }
    guard let body = try entryBytes(of: parsed) else {
      throw .usage("the receipt doesn't hold its entry; name it with --entry FILE")
    }
    let answer = ReceiptAnswer(receipt: parsed, body: body, key: key, path: path)
    try Console.print(json ? answer.json.prettyText : answer.text)
    if answer.failure != nil { throw .negative }
  }

  private func entryBytes(of receipt: Receipt) throws(Failure) -> [UInt8]? {
    guard let entry else { return receipt.extra }
    return try WholeInput.read(entry, limit: 1 << 20)
  }
}
