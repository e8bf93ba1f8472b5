import ArgumentParser
import CanonicalJSON
import DecisionEngine

/// `leafproof explain`.
struct Explain: ParsableCommand {
  /// The forms of the explanation.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json, html, pdf, svg
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
        leafproof explain GC-0002 --outcome approve --changes 5
        leafproof explain TOP-0001 --candidate FLEECE --format json
        leafproof explain GC-0002 --format pdf --audience subject --language de --output brief.pdf
        leafproof explain GC-0002 --format html --audience court --redact thresholds,scores
        leafproof explain GC-0002 --format svg -o path.svg

      With an adverse outcome come the smallest changes of the inputs that would have given each \
      outcome that isn't: exact, and executed before they are shown. Protected inputs, those that \
      the rule set calls immutable, and scores are taken as given. Of candidates they are looked \
      for one at a time (--candidate).

      Pages and letters (html, pdf) are for an audience: `subject` gets a letter, whose text \
      --template replaces; `analyst` everything; `court` also how to check it with other tools. \
      A PDF needs the program WeasyPrint. `svg` draws the path through the tree.

      Exit codes: 0 explained; 1 there is no such case, or its entry doesn't verify; 3 the template \
      can't be read; 4 the ledger can't be used; 5 the output can't be written.
      """)

  @Argument(help: "The case.")
  private var caseID: String

  @Option(name: .long, help: "The form of the explanation.")
  private var format: Form = .text

  /// The names of `Audience`, for the command line.
  enum Reader: String, ExpressibleByArgument, CaseIterable {
    case subject, analyst, court
  }

  @Option(name: .long, help: "Who a page is for (html, pdf).")
  private var audience: Reader = .analyst

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The reader's language, such as de; by default the rule set's own.", valueName: "tag"))
  private var language: String?

  @Option(name: .long, help: ArgumentHelp("Explain this candidate only.", valueName: "key"))
  private var candidate: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Which outcome changes are looked for; by default each that isn't adverse.",
      valueName: "name"))
  private var outcome: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many changes are shown at most; 0 looks for none.", valueName: "count"))
  private var changes = 3

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Withhold trade secrets: thresholds, scores, or both with a comma.", valueName: "parts"))
  private var redact: [String] = []

  @Option(
    name: .long, help: "The text of the letter to the subject.", completion: .file())
  private var template: String?

  @Option(
    name: [.short, .long], help: "Where to write it, instead of standard output.",
    completion: .file())
  private var output: String?

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var trusted: TrustedKeyOptions

  /// Checks options that exclude each other.
  func validate() throws {
    if template != nil, audience != .subject || (format != .html && format != .pdf) {
      throw ValidationError("--template is for --audience subject with --format html or pdf")
    }
    if let language, !LanguageTag.isOne(language) {
      throw ValidationError("--language takes a language tag such as en, de or fr-CH")
    }
    _ = try withheld()
    guard (0...CounterfactualQuery.countLimit).contains(changes) else {
      throw ValidationError("--changes takes 0 to \(CounterfactualQuery.countLimit)")
    }
    if outcome != nil, changes == 0 {
      throw ValidationError("--outcome asks for changes, but --changes 0 looks for none")
    }
  }

  private func withheld() throws -> Set<Redaction> {
    var parts: Set<Redaction> = []
    for name in redact.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      guard let part = Redaction(rawValue: String(name)) else {
        let known = Redaction.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--redact takes \(known)")
      }
      parts.insert(part)
    }
    return parts
  }

  /// Explains.
  func run() throws {
    let letter = try template.map { try LetterFile.read($0) }
    let session = try LedgerSession.reading(ledger.path)
    let key = try TrustedKey(trusted.key, for: session.store)
    let whole = try engineFailures { () throws(EngineError) in
      try session.engine.explain(
        caseID, candidate: candidate, language: language,
        counterfactuals: changes == 0
          ? nil : CounterfactualQuery(outcome: outcome, count: changes),
        trusting: key.key)
    }
    let explanation = whole.withholding(try withheld())
    switch format {
    case .text:
      let colours = output == nil && Console.usesColor(SystemCalls.output)
      try write(Array(explanation.text(colours: colours).utf8))
    case .json: try write(explanation.json.prettyBytes)
    case .html: try write(page(explanation, letter))
    case .pdf: try write(try PDFWriter.pdf(of: page(explanation, letter)))
    case .svg:
      guard let picture = explanation.picture else {
        throw Failure.refused(
          "case \(Console.visible(caseID)) has no path to draw: see --format text")
      }
      try write(picture)
    }
    if !explanation.proof.isVerified { throw Failure.negative }
  }

  private func page(_ explanation: Explanation, _ letter: LetterTemplate?) -> [UInt8] {
    explanation.html(for: Audience(rawValue: audience.rawValue) ?? .analyst, template: letter)
  }

  private func write(_ bytes: [UInt8]) throws {
    guard let output else { return try Console.write(bytes) }
    do {
      try SystemCalls.replace(output, with: bytes)
    } catch {
      throw Failure(writing: output, error)
    }
  }
}
