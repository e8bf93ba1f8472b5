import Foundation
import SeededRandom
import Testing

/// Ledgers of random decisions by the shipped rule sets: rows of the examples, mixed and changed.
/// Some are refused.
enum RandomDecisions {
  private typealias Row = [String: Any]

  /// Three ledgers, each with the cases `CASE-0`, `CASE-1` and so on.
  static func ledgers(_ random: inout SeededGenerator, cases: Int) throws -> [Folder] {
    let credit = try ledger(
      "instalment-credit",
      ["ruleset", "model", "pipeline"].map { TestData.project("examples/german-credit/\($0).xml") },
      try lines("examples/german-credit/applicants.jsonl"), cases, &random)
    let lending = try ledger(
      "lending",
      [TestData.project("rulesets/retail-lending/ruleset.xml"), "model.xml", "pipeline.xml"],
      try lendingRows(), cases, &random)
    let shop = try ledger(
      "top-of-page",
      [TestData.project("rulesets/stock-availability/ruleset.xml")]
        + ["model-affinity-2.1.0", "model-affinity-2.2.0", "pipeline"].map {
          TestData.project("examples/top-of-page/\($0).xml")
        }, try lines("examples/top-of-page/requests.jsonl"), cases, &random)
    return [credit, lending, shop]
  }

  private static func ledger(
    _ pipeline: String, _ releases: [String], _ rows: [Row], _ cases: Int,
    _ random: inout SeededGenerator
  ) throws -> Folder {
    let folder = try Folder()
    try folder.write("model.xml", lendingModel)
    try folder.write("pipeline.xml", lendingPipeline)
    let publish = try folder.start(["publish", "--origin", "bank.example/\(pipeline)"] + releases)
    let published = try publish.finish()
    #expect(published.status == 0, "\(published.errors)")
    var requests = ""
    for number in 0..<cases {
      var row = try #require(rows.randomElement(using: &random))
      let other = try #require(rows.randomElement(using: &random))
      row["inputs"] = mixed(row["inputs"] as? Row ?? [:], other["inputs"] as? Row ?? [:], &random)
      row["case_id"] = "CASE-\(number)"
      if pipeline == "lending" { row["scores"] = score(&random) }
      let data = try JSONSerialization.data(withJSONObject: row, options: [.sortedKeys])
      requests += String(decoding: data, as: UTF8.self) + "\n"
    }
    try folder.succeed("decide", pipeline, "--input", "-", input: requests)
    // Something came of one case, unless it was refused.
    _ = try folder.leafproof("record", "result", "CASE-1", "--value", "paid=80")
    return folder
  }

  private static func lines(_ path: String) throws -> [Row] {
    let text = try String(contentsOfFile: TestData.project(path), encoding: .utf8)
    return try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? Row)
    }
  }

  private static func lendingRows() throws -> [Row] {
    let path = TestData.project("rulesets/retail-lending/cases.json")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? Row)
    return try #require(document["cases"] as? [Row]).map { ["inputs": $0["inputs"] ?? [:]] }
  }

  /// Some members from `other`, and some numbers changed, below objects and arrays too.
  private static func mixed(_ row: Row, _ other: Row, _ random: inout SeededGenerator) -> Row {
    var result = row
    for name in row.keys.sorted() {
      if let value = other[name], Int.random(in: 0..<5, using: &random) == 0 {
        result[name] = value
      }
      if Int.random(in: 0..<60, using: &random) == 0 { result[name] = nil }
      if let value = result[name] { result[name] = changed(value, &random) }
    }
    return result
  }

  private static func changed(_ value: Any, _ random: inout SeededGenerator) -> Any {
    if let list = value as? [Row] { return list.map { mixed($0, $0, &random) } }
    guard let number = value as? NSNumber, !isBoolean(number),
      Int.random(in: 0..<4, using: &random) == 0
    else { return value }
    let factor = Double(Int.random(in: 0...200, using: &random)) / 100
    let scaled = number.doubleValue * factor
    return Bool.random(using: &random) ? scaled.rounded() : (scaled * 100).rounded() / 100
  }

  /// JSON's booleans are numbers of the Objective-C type `c`.
  private static func isBoolean(_ number: NSNumber) -> Bool {
    unsafe String(cString: number.objCType) == "c"
  }

  /// A score with key factors, of which some count against the subject.
  private static func score(_ random: inout SeededGenerator) -> Row {
    let factors = (0..<Int.random(in: 0...6, using: &random)).map { _ in
      let code = Int.random(in: 1...5, using: &random)
      return [
        "code": "K\(code)", "text": "Key factor \(code)",
        "contribution": Int.random(in: -20...10, using: &random),
      ] as Row
    }
    return [
      "bureau@1.0.0": [
        "score": Int.random(in: 300...900, using: &random), "factors": factors,
      ] as Row
    ]
  }

  private static let lendingModel = """
    <model xmlns="urn:leafproof:model:1" id="bureau" version="1.0.0"><title>Bureau</title></model>

    """

  private static let lendingPipeline = """
    <pipeline xmlns="urn:leafproof:pipeline:1" id="lending" version="1.0.0">
      <title>Lending</title>
      <score model="bureau@1.0.0" into="score"/>
      <rules ruleset="retail-lending@1.0.0"/>
      <reasons policy="component" factors="negative">
        <when give="factors" outcomes="decline" score="score" below="500"/>
        <when give="both" score="score" from="500" below="650"/>
      </reasons>
    </pipeline>

    """
}
