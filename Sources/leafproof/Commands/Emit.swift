import ArgumentParser
import DecisionEngine
import RuleBackends
import RuleCompiler
import RuleProgram
import RuleSyntax

/// `leafproof emit`: one subcommand for each language.
struct Emit: ParsableCommand {
  /// Name, help, languages.
  static let configuration = CommandConfiguration(
    abstract: "Emit a rule set in another language, with the same leaf for the same row.",
    discussion: """
      What the language can't say exactly is an error that names the place, never an approximation.

        leafproof emit c ruleset.xml -o build/
        leafproof emit sql ruleset.xml --dialect duckdb --table applications
      """,
    subcommands: [EmitC.self, EmitSQL.self])
}

/// The rule set that is to be emitted.
struct EmitSource {
  /// The file.
  let document: LoadedDocument
  /// What it compiled to.
  let ruleSet: CompiledRuleSet

  /// Reads and compiles the file at `path`.
  init(path: String) throws(Failure) {
    document = try LoadedDocument(path: path)
    guard case .ruleSet(let ruleSet) = try document.compiledQuietly() else {
      throw .input(
        "\(Console.visible(path)): error: is a \(document.kind ?? "file of another kind"); only"
          + " rule sets can be emitted")
    }
    self.ruleSet = ruleSet
  }

  /// Who emits.
  static let generator = "leafproof \(Engine.version)"

  /// Says what `target` can't express, and gives the failure that ends the command.
  func refused(_ refusals: [Inexpressible], target: String, help: String) -> Failure {
    let report = InexpressibleReport(document, ruleSet)
    Console.note(report.text(refusals, target: target, help: help))
    let name = Console.visible(document.source.path)
    return Failure(
      .negative, "\(name): \(Console.count(refusals.count, "error")); nothing was emitted")
  }
}

/// `leafproof emit c`.
struct EmitC: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "c",
    abstract: "Emit a rule set as C99: one .c and one .h file.",
    discussion: """
      The text allocates nothing and calls nothing, so it also compiles to WebAssembly. All its \
      names start with the rule set's ID. For a rule set `stock-availability` it offers \
      `stock_availability_leaf_of(&row)` over plain values, `stock_availability_leaf(keys)` over \
      encoded keys, and what a leaf means: ID, outcome, adverse or not, reasons.

        leafproof emit c ruleset.xml -o build/            build/RULESET.c and build/RULESET.h
        leafproof emit c ruleset.xml -o build/decide      build/decide.c and build/decide.h
        leafproof emit c ruleset.xml > ruleset.c          both in one text
        cc -O2 -std=c99 -c build/decide.c
        clang --target=wasm32 -O2 -ffreestanding -nostdlib -Wl,--no-entry -Wl,--export-all \
      -o rules.wasm ruleset.c

      C compares and chooses numbers exactly, but has no decimal arithmetic: a derived value such \
      as `debt / income` is an error here. With --keys-only the caller computes such values and \
      gives every slot's key; the header says how each is made.

      Exit codes: 0 done, 1 the rule set has errors or C can't express it, 3 the file can't be \
      read, 5 the output can't be written.
      """)

  @Argument(help: "The rule set.", completion: .file(extensions: ["xml"]))
  private var file: String

  @Option(
    name: [.short, .long],
    help: "A folder, or the path of both files without .c and .h. Default: standard output.",
    completion: .file())
  private var output: String?

  @Flag(name: .long, help: "Emit only the functions over keys, which every rule set has.")
  private var keysOnly = false

  /// Emits, writes.
  func run() throws {
    let source = try EmitSource(path: file)
    let wording = source.ruleSet.wording
    let path = output.map { Self.path($0, wording.id) }
    let name = path?.split(separator: "/").last
    let backend = CBackend(
      source.ruleSet.program,
      CBackend.Options(
        id: wording.id, version: wording.version, generator: EmitSource.generator,
        headerName: name.map { "\($0).h" }, keysOnly: keysOnly))
    let refusals = backend.refusals()
    guard refusals.isEmpty else {
      throw source.refused(
        refusals, target: "C",
        help: "let the caller compute it and emit with --keys-only, or make it an input")
    }
    let files = try backend.emit()
    guard let path else { return try Console.print(files.header + "\n" + files.source) }
    // Neither file without the other.
    for path in [path + ".h", path + ".c"] where SystemCalls.exists(path + "/.") {
      throw Failure(.output, "\(Console.visible(path)): error: can't be written: is a directory")
    }
    try Self.write(files.header, to: path + ".h")
    try Self.write(files.source, to: path + ".c")
  }

  private static func path(_ output: String, _ id: String) -> String {
    if output.hasSuffix("/") || SystemCalls.exists(output + "/.") {
      return output + (output.hasSuffix("/") ? "" : "/") + CBackend.prefix(id)
    }
    let isFile = output.hasSuffix(".c") || output.hasSuffix(".h")
    return isFile ? String(output.dropLast(2)) : output
  }

  private static func write(_ text: String, to path: String) throws(Failure) {
    do {
      try SystemCalls.replace(path, with: Array(text.utf8))
    } catch {
      throw Failure(writing: path, error)
    }
  }
}
