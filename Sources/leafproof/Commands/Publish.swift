import ArgumentParser
import CanonicalJSON
import DecisionEngine
import RuleProgram

/// `leafproof publish`.
struct Publish: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Publish rule sets, models and pipelines into a ledger.",
    discussion: """
      All or nothing, in whatever order; what is published already with the same content is left \
      as it is. A published version never changes. The first publication makes the ledger, and \
      beside it the file with its signing key, which only its owner can read: keep a copy of it.

        leafproof publish ruleset.xml model.xml pipeline.xml
        leafproof publish --from 2027-01-01 ruleset-2.0.0.xml

      Exit codes: 0 done, 1 an error was found or the publication was refused, 3 a file can't be \
      read, 4 the ledger can't be used.
      """)

  @Argument(help: "Rule sets, models and pipelines.", completion: .file(extensions: ["xml"]))
  private var files: [String]

  @Option(
    name: .long,
    help: ArgumentHelp(
      "When they come into force: a date, or RFC 3339. (default: now)", valueName: "date"))
  private var from: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The name of a new ledger, by which it signs, such as ledger.bank.example/credit.",
      valueName: "name"))
  private var origin: String?

  @Flag(name: .long, help: "Print what was published as JSON.")
  private var json = false

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// Dates and names are checked before anything happens.
  func validate() throws {
    if let from, Instant(from) == nil {
      throw ValidationError("--from: `\(from)` is no date such as 2027-01-01")
    }
    if let origin, origin.isEmpty || origin.contains(where: { $0.isWhitespace || $0 == "+" }) {
      throw ValidationError("--origin is a name without spaces and plus signs")
    }
  }

  /// Compiles all files, then publishes them.
  func run() throws {
    let publications = try compile()
    let session = try LedgerSession.writing(
      ledger.path, keyPath: signing.key, makingWith: origin ?? LedgerSession.randomOrigin())
    let outcomes = try engineFailures { () throws(EngineError) in
      try session.engine.publish(publications, from: from.flatMap { Instant($0) })
    }
    if json {
      try Console.print(JSON.array(outcomes.map(Self.json)).prettyText)
    } else {
      try Console.print(outcomes.map(Self.text).joined())
    }
  }

  private func compile() throws(Failure) -> [Publication] {
    var publications: [Publication] = []
    var failures: [Failure] = []
    for file in files {
      do throws(Failure) {
        publications.append(try LoadedDocument(path: file).publication())
      } catch {
        if let text = error.text { Console.note(text + "\n") }
        failures.append(error)
      }
    }
    guard failures.isEmpty else {
      let unread = failures.first { $0.status != .negative }
      throw Failure(unread?.status ?? .negative, "nothing was published")
    }
    return publications
  }

  private static func text(_ outcome: PublicationOutcome) -> String {
    let release = outcome.release
    let kind = release.kind == .ruleset ? "program" : "definition"
    return """
      \(release.kind.words) \(Console.visible(release.reference.description)): \
      \(outcome.isNew ? "published" : "was published before"), entry \(release.index), in force \
      from \(release.effectiveFrom)
        source sha256:\(release.sourceDigest)
        \(kind) sha256:\(release.contentDigest)

      """
  }

  private static func json(_ outcome: PublicationOutcome) -> JSON {
    let release = outcome.release
    return [
      "kind": .string(release.kind.rawValue), "id": .string(release.id),
      "version": .string(release.version), "index": .integer(release.index),
      "recorded": .string(outcome.isNew ? "new" : "earlier"),
      "effective_from": .string(release.effectiveFrom.description),
      "source_digest": .string("sha256:\(release.sourceDigest)"),
      release.kind == .ruleset ? "program_digest" : "definition_digest":
        .string("sha256:\(release.contentDigest)"),
    ]
  }
}
