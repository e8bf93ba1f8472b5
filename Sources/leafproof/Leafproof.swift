import ArgumentParser
import DecisionEngine
import RuleSyntax

/// The root of the command line.
struct Leafproof: ParsableCommand {
  /// The name, the version and the subcommands.
  static let configuration = CommandConfiguration(
    commandName: "leafproof",
    abstract: "Business rules as XML decision trees: checked, compiled, decided, proven.",
    discussion: """
      A rule set is checked and tested, published with its pipeline into a ledger, and decides; \
      every decision can be explained, re-executed and verified for years.

        leafproof check ruleset.xml
        leafproof eval ruleset.xml --input rows.csv
        leafproof publish ruleset.xml model.xml pipeline.xml
        leafproof decide PIPELINE --input requests.jsonl
        leafproof explain CASE
        leafproof verify

      Results go to standard output, diagnostics and progress to standard error.

      \(ExitStatus.help)
      """,
    version: "leafproof \(Engine.version)",
    groupedSubcommands: [
      CommandGroup(
        name: "Rule sets:",
        subcommands: [
          Check.self, Format.self, Compile.self, Eval.self, Test.self, Diff.self,
          Document.self, Emit.self, Schema.self,
        ]),
      CommandGroup(
        name: "Decisions:", subcommands: [Publish.self, Decide.self, Record.self, Erase.self]),
      CommandGroup(
        name: "Proof:",
        subcommands: [
          Explain.self, Replay.self, Verify.self, ReceiptCommand.self, Export.self,
        ]),
    ] + services)

  /// What only a build with the trait `Server` has.
  private static var services: [CommandGroup] {
    #if Server
      [CommandGroup(name: "Services:", subcommands: [Serve.self])]
    #else
      []
    #endif
  }
}

/// Where the program starts, and the one place that ends it.
@main
enum Main {
  /// Parses the command line, runs the command, and exits with its code.
  static func main() {
    SystemCalls.ignoreBrokenPipes()
    do {
      var command = try Leafproof.parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      if let text = failure.text { Console.note(text + "\n") }
      SystemCalls.end(failure.status.rawValue)
    } catch {
      SystemCalls.end(report(error).rawValue)
    }
  }

  /// Says what ArgumentParser has to say: help and versions are answers, the rest is wrong usage.
  private static func report(_ error: any Error) -> ExitStatus {
    if let text = unknownCommand() {
      Console.note(text)
      return .usage
    }
    let text = Leafproof.fullMessage(for: error) + "\n"
    guard Leafproof.exitCode(for: error).isSuccess else {
      Console.note(text)
      return .usage
    }
    do throws(Failure) {
      try Console.print(text)
      return .success
    } catch {
      return error.status
    }
  }

  /// What to say when the first word names no command; nil when it does.
  private static func unknownCommand() -> String? {
    let names = Leafproof.configuration.groupedSubcommands.flatMap { group in
      group.subcommands.map { $0._commandName }
    }
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"),
      word != "help", !names.contains(word)
    else { return nil }
    let help =
      Suggestion.closest(to: word, among: names).map { "did you mean `\($0)`?" }
      ?? "the commands are \(names.joined(separator: ", "))"
    return "error: there is no command `\(Console.visible(word))`; \(help)\n"
  }
}
