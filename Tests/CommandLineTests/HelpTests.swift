import Foundation
import Testing

@Suite("help and usage") struct HelpTests {
  static let commands =
    [
      "check", "format", "compile", "eval", "test", "publish", "decide", "record", "record choice",
      "record result", "explain", "replay", "verify", "receipt", "export", "erase",
      "schema", "diff", "document", "emit c", "emit sql",
    ] + services

  /// What only a build with the trait `Server` has.
  private static var services: [String] {
    #if Server
      ["serve"]
    #else
      []
    #endif
  }

  @Test("every command's help has an example", arguments: commands)
  func examples(_ command: String) throws {
    let folder = try Folder()
    let run = try folder.start(command.split(separator: " ").map(String.init) + ["--help"]).finish()
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output.contains("\n  leafproof \(command) "), "\(run.output)")
    let wide = run.lines.filter { $0.count > 80 && !$0.hasPrefix("USAGE: ") }
    #expect(wide.isEmpty)
  }

  @Test("the help lists every command and the exit codes")
  func overview() throws {
    let folder = try Folder()
    let run = try folder.succeed("--help")
    for command in Self.commands where !command.contains(" ") {
      #expect(run.lines.contains { $0.hasPrefix("  \(command) ") }, "\(command)")
    }
    for code in ["0 done", "1 the answer", "2 wrong", "3 an input", "4 the ledger", "5 the output"]
    {
      #expect(run.output.replacingOccurrences(of: "\n", with: " ").contains(code), "\(code)")
    }
  }

  @Test("--version")
  func version() throws {
    let run = try Folder().succeed("--version")
    #expect(try run.output.wholeMatch(of: Regex("leafproof [0-9]+\\.[0-9]+\\.[0-9]+\n")) != nil)
  }

  @Test(
    "wrong usage exits with 2, says what is wrong on standard error, and does nothing",
    arguments: [
      ["chek"], ["check"], ["check", "--format", "yaml", "a.xml"], ["check", "--what", "a.xml"],
      ["eval", "rules.xml"], ["compile", "a.xml", "--json", "--disassemble"],
      ["format", "--check", "--stdout", "a.xml"], ["publish", "--from", "soon", "a.xml"],
      ["publish", "--origin", "two words", "a.xml"], ["decide", "loans"],
      ["record", "choice", "A"], ["record", "result", "A", "--value", "x"],
      ["record", "result", "A"], ["export", "A"], ["replay"], ["verify", "--receipt", "a"],
      ["receipt"],
      ["serve", "--port", "65536"], ["test", "--minimum", "101", "a.xml"],
      ["explain", "A", "--ledger", ""],
    ])
  func usage(_ arguments: [String]) throws {
    let folder = try Folder()
    let run = try folder.start(arguments).finish()
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.lowercased().contains("error: "), "\(run.errors)")
    #expect(!folder.has("leafproof.sqlite"))
  }

  @Test("a mistyped command is met by the right one")
  func mistypedCommand() throws {
    let folder = try Folder()
    #expect(
      try folder.leafproof("chek", "a.xml").errors
        == "error: there is no command `chek`; did you mean `check`?\n")
    let strange = try folder.leafproof("frobnicate")
    #expect(strange.status == 2 && strange.errors.contains("check, format, compile"))
    #expect(try folder.succeed("help", "check").output.contains("leafproof check ruleset.xml"))
  }

  @Test("completion scripts for the shells", arguments: ["bash", "zsh", "fish"])
  func completion(_ shell: String) throws {
    let folder = try Folder()
    let run = try folder.succeed("--generate-completion-script", shell)
    #expect(run.output.contains("leafproof") && run.output.contains("receipt"))
    guard shell == "bash" else { return }
    try folder.write("completion.bash", run.output)
    #expect(try folder.shell("bash -n completion.bash").status == 0)
  }

  @Test(
    "colours only on a terminal, and never with NO_COLOR",
    .enabled(if: Program.tool("script") != nil, "`script` (util-linux) is not installed"))
  func colours() throws {
    let folder = try Folder()
    try folder.write("bad.xml", Samples.ruleSet(""))
    func check(_ environment: [String: String]) throws -> Run {
      try folder.shell(
        "script -qec '\"$leafproof\" check bad.xml' /dev/null", environment: environment)
    }
    let terminal = try check(["TERM": "xterm"])
    #expect(terminal.status == 1 && terminal.output.contains("\u{1B}["))
    #expect(try !check(["TERM": "xterm", "NO_COLOR": "1"]).output.contains("\u{1B}["))
    #expect(try !check(["TERM": "dumb"]).output.contains("\u{1B}["))
    #expect(try !folder.leafproof("check", "bad.xml").errors.contains("\u{1B}["))
  }

  @Test(
    "output that can't be written is an error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
  func fullDisk() throws {
    let folder = try Samples.decided()
    for command in ["explain CASE-1", "verify", "receipt CASE-1", "--help", "compile ruleset.xml"] {
      let run = try folder.shell("\"$leafproof\" \(command) > /dev/full")
      #expect(run.status == 5, "\(command): \(run.errors)")
    }
  }
}

@Suite("test") struct TestCommandTests {
  private func folder(_ cases: String) throws -> Folder {
    let folder = try Folder()
    try folder.write("ruleset.xml", Samples.ruleSet(Samples.tree))
    try folder.write("cases.json", cases)
    return folder
  }

  private static let passing = """
    {"name": "low", "inputs": {"score": 1, "income": 619, "age": 30}, "leaf": "LOW",
     "outcome": "decline", "reasons": ["R1"]}
    """

  @Test("cases pass or fail by leaf, outcome, reasons, outputs; unreached leaves are told")
  func cases() throws {
    let folder = try folder(
      """
      {"cases": [\(Self.passing),
        {"name": "wrong", "inputs": {"score": 1, "income": 620, "age": 30}, "leaf": "LOW"},
        {"name": "refused", "inputs": {"score": 1001}, "refused": ["score", "income", "age"]}]}
      """)
    let run = try folder.leafproof("test", "ruleset.xml")
    #expect(run.status == 1)
    #expect(run.output.contains("wrong") && run.output.contains("HIGH"))
    let junit = try folder.leafproof("test", "--format", "junit", "ruleset.xml")
    #expect(junit.status == 1 && junit.output.contains("<failure"))
    #expect(junit.output.components(separatedBy: "<testcase").count == 4)
  }

  @Test("--minimum asks for leaf coverage")
  func coverage() throws {
    let folder = try folder("{\"cases\": [\(Self.passing)]}")
    try folder.succeed("test", "ruleset.xml")
    let run = try folder.leafproof("test", "--minimum", "100", "ruleset.xml")
    #expect(run.status == 1 && run.errors.contains("50 %"))
    #expect(run.output.contains("HIGH"))
  }

  @Test("a damaged or missing file of cases is an input error")
  func damaged() throws {
    let folder = try folder("{\"cases\": [")
    #expect(try folder.leafproof("test", "ruleset.xml").status == 3)
    try FileManager.default.removeItem(at: folder.file("cases.json"))
    let run = try folder.leafproof("test", "ruleset.xml")
    #expect(run.status == 3 && run.errors.contains("cases.json"))
  }
}
