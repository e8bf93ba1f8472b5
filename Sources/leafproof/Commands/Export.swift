import ArgumentParser
import DecisionEngine
import Ledger

/// `leafproof export`.
struct Export: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the evidence for a case: everything needed to check it without this program.",
    discussion: """
      A ZIP archive with the ledger's entry, inputs and answer, the releases with their sources and \
      programs, what was recorded later, the proofs, the signed checkpoint, the explanation, and \
      VERIFY.md, which says how to check each with standard tools. The same state of the ledger \
      gives the same bytes. Nothing is redacted: thresholds, scores and inputs are in it. What was \
      erased is gone; the bundle says so.

        leafproof export GC-0002 --output GC-0002.zip
        python3 examples/verify-independently/verify.py GC-0002.zip --key ledger.vkey

      Exit codes: 0 written; 1 there is no such case, or it doesn't verify; 4 the ledger can't be \
      used; 5 the output can't be written.
      """)

  @Argument(help: "The case.")
  private var caseID: String

  @Option(
    name: [.short, .long], help: "Where to write the bundle.",
    completion: .file(extensions: ["zip"]))
  private var output: String

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var trusted: TrustedKeyOptions

  /// Collects, writes, and says what was written.
  func run() throws {
    let session = try LedgerSession.reading(ledger.path)
    let key = try TrustedKey(trusted.key, for: session.store)
    let (bundle, archive) = try engineFailures { () throws(EngineError) in
      let bundle = try session.engine.evidence(caseID, trusting: key.key)
      return (bundle, try bundle.zip())
    }
    do {
      try SystemCalls.replace(output, with: archive)
    } catch {
      throw Failure(writing: output, error)
    }
    var lines = [
      "bundle  \(Console.visible(output))",
      "key     \(key.key.text) (\(key.origin))",
      "files   \(bundle.files.count)",
    ]
    lines += bundle.erased.map { "erased  the payload of entry \($0)" }
    lines.append("digest  sha256:\(Hash.sha256(archive).hex)")
    try Console.print(lines.map { $0 + "\n" }.joined())
  }
}
