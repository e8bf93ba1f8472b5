import ArgumentParser
import CanonicalJSON
import RuleCompiler
import RuleProgram

/// `leafproof compile`.
struct Compile: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "compile",
    abstract: "Compile a rule set to its program, and print its digests.",
    discussion: """
      The source digest is SHA-256 of the Canonical XML form, which anyone can recompute: \
      xmllint --c14n ruleset.xml | sha256sum. The program digest is SHA-256 of the program's bytes: \
      two sources that mean the same give the same.

        leafproof compile ruleset.xml -o ruleset.lpp
        leafproof compile ruleset.xml --disassemble
      """)

  @Argument(help: "The rule set.", completion: .file(extensions: ["xml"]))
  private var file: String

  @Option(name: [.short, .long], help: "Where to write the program.", completion: .file())
  private var output: String?

  @Flag(name: .long, help: "Print the program as text.")
  private var disassemble = false

  @Flag(name: .long, help: "Print the digests as JSON.")
  private var json = false

  /// Compiles, writes, prints.
  func run() throws {
    let document = try LoadedDocument(path: file)
    guard case .ruleSet(let ruleSet) = try document.compiled() else {
      throw Failure.input(
        "\(Console.visible(file)): error: is a \(document.kind ?? "file of another kind"); only"
          + " rule sets have programs")
    }
    let program = ruleSet.program.program
    let source = try document.sourceDigest()
    if let output {
      do {
        try SystemCalls.replace(output, with: program.bytes)
      } catch {
        throw Failure(writing: output, error)
      }
    }
    if json {
      try Console.print(digests(ruleSet.wording, source, program).prettyText)
    } else {
      try Console.print("source  sha256:\(source)\nprogram sha256:\(program.digest)\n")
    }
    if disassemble { try Console.print((json ? "" : "\n") + program.disassembly()) }
  }

  private func digests(_ wording: Wording, _ source: ContentDigest, _ program: Program) -> JSON {
    [
      "id": .string(wording.id), "version": .string(wording.version),
      "source_digest": .string("sha256:\(source)"),
      "program_digest": .string("sha256:\(program.digest)"),
      "leaves": .integer(program.leaves.count),
    ]
  }

  /// A combination that has no sensible output is refused.
  func validate() throws {
    if json && disassemble {
      throw ValidationError("--json and --disassemble can't be used together")
    }
  }
}
