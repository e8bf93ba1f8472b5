import ArgumentParser
import CanonicalJSON
import DecisionEngine

/// `leafproof explain`.
struct Explain: ParsableCommand {
  /// The forms of the explanation.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why a case was decided as it was, down to its leaf.",
    discussion: """
      The decision is re-executed from the releases in the ledger: each condition on its path, \
      with the value met, the threshold, and what the other branches would have needed; the \
      reasons, versions and digests; and whether the entry verifies.

        leafproof explain GC-0002
        leafproof explain TOP-0001 --candidate FLEECE --format json

      Exit codes: 0 explained; 1 there is no such case, or its entry doesn't verify; 4 the ledger \
      can't be used.
      """)

  @Argument(help: "The case.")
  private var caseID: String

  @Option(name: .long, help: "The form of the explanation.")
  private var format: Form = .text

  @Option(name: .long, help: ArgumentHelp("Explain this candidate only.", valueName: "key"))
  private var candidate: String?

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var trusted: TrustedKeyOptions

  /// Explains.
  func run() throws {
    let session = try LedgerSession.reading(ledger.path)
    let key = try TrustedKey(trusted.key, for: session.store)
    let explanation = try engineFailures { () throws(EngineError) in
      try session.engine.explain(caseID, candidate: candidate, trusting: key.key)
    }
    switch format {
    case .text: try Console.print(explanation.text(colours: Console.usesColor(SystemCalls.output)))
    case .json: try Console.write(explanation.json.prettyBytes)
    }
    if !explanation.proof.isVerified { throw Failure.negative }
  }
}
