import CanonicalJSON
import DecisionEngine

/// Records choices or results, and answers each with one line of JSON.
struct Recorder {
  /// The engine that records.
  let engine: Engine

  /// Records one.
  func record(
    _ caseID: String, _ body: (Engine, String) throws(EngineError) -> Recorded
  ) throws(Failure) {
    let recorded = try engineFailures { () throws(EngineError) in try body(engine, caseID) }
    try Console.write(Self.line(caseID, recorded))
  }

  /// Records every line of the file at `path`, on after those that can't be recorded.
  ///
  /// - Parameter body: records a line's members, its case ID taken out.
  func recordAll(
    _ path: String,
    _ body: (Engine, String, [JSON.Member]) throws(EngineError) -> Recorded
  ) throws(Failure) {
    var reader = try LineReader(path)
    var failed = 0
    var recorded = 0
    var earlier = 0
    while case .line(let line) = try reader.next(waits: true) {
      do throws(Failure) {
        let (caseID, members) = try Self.parse(line)
        let outcome = try engineFailures { () throws(EngineError) in
          try body(engine, caseID, members)
        }
        try Console.write(Self.line(caseID, outcome))
        if outcome.isNew { recorded += 1 } else { earlier += 1 }
      } catch {
        guard error.status == .negative else { throw error }
        failed += 1
        Console.note("line \(reader.lineNumber): \(error.text ?? "error")\n")
      }
    }
    var parts = ["\(recorded) recorded"]
    if earlier > 0 { parts.append("\(earlier) recorded before") }
    if failed > 0 { parts.append("\(failed) not recorded") }
    Console.note(parts.joined(separator: ", ") + "\n")
    if failed > 0 { throw .negative }
  }

  private static func parse(_ line: [UInt8]) throws(Failure) -> (String, [JSON.Member]) {
    let json: JSON
    do {
      json = try JSON(parsing: line)
    } catch {
      throw .refused("it is not JSON: \(error.message) at column \(error.column)")
    }
    guard let members = json.object, let caseID = json["case_id"]?.string else {
      throw .refused("it is no JSON object with a string `case_id`")
    }
    return (caseID, members.filter { $0.key != "case_id" })
  }

  private static func line(_ caseID: String, _ recorded: Recorded) -> [UInt8] {
    let json: JSON = [
      "case_id": .string(caseID), "index": .integer(recorded.index),
      "recorded": .string(recorded.isNew ? "new" : "earlier"),
    ]
    return json.compactBytes + [0x0A]
  }
}
