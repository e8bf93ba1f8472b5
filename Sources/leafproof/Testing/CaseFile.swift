import CanonicalJSON

/// One case of a rule set's tests: inputs and what must come of them.
struct TestCase {
  /// What it shows, in the author's words.
  var name: String
  /// The inputs by their names.
  var inputs: [JSON.Member]
  /// The leaf that must be reached.
  var leaf: String?
  /// The outcome that must come.
  var outcome: String?
  /// Values that outputs must have, null for one that must not be set.
  var outputs: [JSON.Member]
  /// The reason codes that must come, in their order.
  var reasons: [String]?
  /// The inputs for which the case must be refused; nil for a case that must be decided.
  var refused: [String]?
}

/// Reads the file `cases.json` beside a rule set.
enum CaseFile {
  /// The most bytes of a file.
  private static let sizeLimit = 64 << 20
  private static let members: Set<String> = [
    "name", "inputs", "leaf", "outcome", "outputs", "reasons", "refused",
  ]

  /// The cases in the file at `path`.
  static func read(_ path: String) throws(Failure) -> [TestCase] {
    let name = Console.visible(path)
    let bytes = try WholeInput.read(path, limit: sizeLimit)
    let json: JSON
    do {
      json = try JSON(parsing: bytes)
    } catch {
      throw .input("\(name):\(error.line):\(error.column): error: \(error.message)")
    }
    guard let list = json["cases"]?.array else {
      throw .input("\(name): error: is no JSON object with an array `cases`")
    }
    var cases: [TestCase] = []
    for (index, element) in list.enumerated() {
      do throws(Defect) {
        cases.append(try testCase(element, number: index + 1))
      } catch {
        throw .input("\(name): error: case \(index + 1): \(error.reason)")
      }
    }
    return cases
  }

  private struct Defect: Error { var reason: String }

  private static func testCase(_ json: JSON, number: Int) throws(Defect) -> TestCase {
    guard let given = json.object else { throw Defect(reason: "is no JSON object") }
    for member in given where !members.contains(member.key) {
      let known = members.sorted().joined(separator: ", ")
      throw Defect(
        reason: "unknown member `\(Console.visible(member.key))`; there are \(known)")
    }
    let result = TestCase(
      name: try text(json["name"], "name") ?? "case \(number)",
      inputs: try object(json["inputs"], "inputs"), leaf: try text(json["leaf"], "leaf"),
      outcome: try text(json["outcome"], "outcome"),
      outputs: try object(json["outputs"], "outputs"),
      reasons: try texts(json["reasons"], "reasons"),
      refused: try texts(json["refused"], "refused"))
    let isDecided = result.leaf != nil || result.outcome != nil
    guard isDecided != (result.refused != nil) else {
      throw Defect(reason: "must expect either a `leaf` or an `outcome`, or to be `refused`")
    }
    return result
  }

  private static func text(_ json: JSON?, _ name: String) throws(Defect) -> String? {
    guard let json else { return nil }
    guard let text = json.string else { throw Defect(reason: "`\(name)` is no string") }
    return text
  }

  private static func object(_ json: JSON?, _ name: String) throws(Defect) -> [JSON.Member] {
    guard let json else { return [] }
    guard let members = json.object else { throw Defect(reason: "`\(name)` is no object") }
    return members
  }

  private static func texts(_ json: JSON?, _ name: String) throws(Defect) -> [String]? {
    guard let json else { return nil }
    let texts = json.array?.compactMap(\.string)
    guard let texts, texts.count == json.array?.count else {
      throw Defect(reason: "`\(name)` is no array of strings")
    }
    return texts
  }
}
