import ArgumentParser
import CanonicalJSON
import DecisionEngine

/// `leafproof record`.
struct Record: ParsableCommand {
  /// Name, help, subcommands.
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record what followed a decision: the choice, the result.",
    discussion: """
      Both become entries of their own, tied to the case's decision.

        leafproof record choice TOP-0001 --chosen FLEECE
        leafproof record result TOP-0001 --value revenue=69.90
        leafproof record result --input results.jsonl
      """,
    subcommands: [RecordChoice.self, RecordResult.self])
}

/// `leafproof record choice`.
struct RecordChoice: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "choice",
    abstract: "Record which of its ranked candidates a case ended with.",
    discussion: """
      The same choice isn't recorded twice. Each record is answered by one line of JSON.

        leafproof record choice TOP-0001 --chosen FLEECE
        leafproof record choice --input choices.jsonl

      A line of the input is {"case_id": "TOP-0001", "chosen": "FLEECE"}; further members are \
      kept with it.
      """)

  @Argument(help: "The case.")
  private var caseID: String?

  @Option(name: .long, help: ArgumentHelp("The candidate's key.", valueName: "key"))
  private var chosen: String?

  @OptionGroup private var values: RecordValues
  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// Either one case or a file.
  func validate() throws {
    try values.validate(caseID: caseID)
    guard (caseID == nil) == (chosen == nil) else {
      throw ValidationError("a case and --chosen KEY belong together")
    }
  }

  /// Records one or many.
  func run() throws {
    let fields = try values.members()
    let recorder = Recorder(
      engine: try LedgerSession.writing(ledger.path, keyPath: signing.key).engine)
    if let caseID, let chosen {
      return try recorder.record(caseID) { engine, caseID throws(EngineError) in
        try engine.recordChoice(caseID, candidate: chosen, fields: .object(fields))
      }
    }
    try recorder.recordAll(values.input ?? "-") { engine, caseID, members throws(EngineError) in
      guard let chosen = members.first(where: { $0.key == "chosen" })?.value.string else {
        throw EngineError.badRecord("it has no string `chosen`")
      }
      let rest = members.filter { $0.key != "chosen" }
      return try engine.recordChoice(caseID, candidate: chosen, fields: .object(rest))
    }
  }
}

/// `leafproof record result`.
struct RecordResult: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "result",
    abstract: "Record what came of a case.",
    discussion: """
      The same result isn't recorded twice. Each record is answered by one line of JSON.

        leafproof record result TOP-0001 --value revenue=69.90 --value currency=EUR
        leafproof record result --input results.jsonl

      A line of the input is {"case_id": "TOP-0001", "revenue": "69.90", "currency": "EUR"}.
      """)

  @Argument(help: "The case.")
  private var caseID: String?

  @OptionGroup private var values: RecordValues
  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// Either one case with values or a file.
  func validate() throws {
    try values.validate(caseID: caseID)
    if caseID != nil, values.value.isEmpty {
      throw ValidationError("a result needs at least one --value NAME=VALUE")
    }
  }

  /// Records one or many.
  func run() throws {
    let fields = try values.members()
    let recorder = Recorder(
      engine: try LedgerSession.writing(ledger.path, keyPath: signing.key).engine)
    if let caseID {
      return try recorder.record(caseID) { engine, caseID throws(EngineError) in
        try engine.recordResult(caseID, values: .object(fields))
      }
    }
    try recorder.recordAll(values.input ?? "-") { engine, caseID, members throws(EngineError) in
      try engine.recordResult(caseID, values: .object(members))
    }
  }
}

/// The values of one record, or the file with many: shared by choices and results.
struct RecordValues: ParsableArguments {
  /// The values of one record, each `NAME=VALUE`.
  @Option(
    name: .long,
    help: ArgumentHelp("A value to keep, as text; may be repeated.", valueName: "name=value"))
  var value: [String] = []

  /// The file with many records.
  @Option(
    name: .long, help: "Many records: a file with one JSON object a line, or -.",
    completion: .file(extensions: ["jsonl", "ndjson"]))
  var input: String?

  /// Either a case or an input, and values only for a case.
  func validate(caseID: String?) throws {
    guard (caseID == nil) != (input == nil) else {
      throw ValidationError("name either a case or --input FILE")
    }
    if input != nil, !value.isEmpty {
      throw ValidationError("--value belongs to one case, not to --input")
    }
    _ = try members()
  }

  /// The values as members of a JSON object.
  func members() throws -> [JSON.Member] {
    var members: [JSON.Member] = []
    for text in value {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--value: `\(text)` isn't NAME=VALUE")
      }
      let name = String(text[..<equals])
      guard !members.contains(where: { $0.key == name }) else {
        throw ValidationError("--value: `\(name)` is given twice")
      }
      members.append(JSON.Member(name, .string(String(text[text.index(after: equals)...]))))
    }
    return members
  }
}
