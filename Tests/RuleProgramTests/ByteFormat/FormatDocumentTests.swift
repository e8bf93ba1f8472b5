import RuleProgram
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `FORMAT.md` is what somebody will implement from: its tables must be those of the code.
@Suite struct FormatDocumentTests {
  /// The rows of the tables of one section whose first cell is a number, cut into cells.
  private func rows(_ section: String) throws -> [[String]] {
    let file = TestData.root.appendingPathComponent("Sources/RuleProgram/ByteFormat/FORMAT.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "## \(section)"))
    let body = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
    return body.filter { $0.hasPrefix("| ") }
      .map { line in
        line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
          .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
      }
      .filter { Int($0[0]) != nil }
  }

  private func operandName(_ kind: Operation.OperandKind) -> String {
    switch kind {
    case .none: ""
    case .constantIndex: "constant"
    case .inputIndex: "input"
    case .derivedIndex: "derived value"
    case .depth: "depth"
    case .count: "count"
    case .patternIndex: "pattern"
    case .property: "property"
    }
  }

  @Test("the table of operations lists each code, name, operand and arity of the code, no other")
  func operations() throws {
    let documented = try rows("Operations").map { Array($0.prefix(4)) }
    let actual = Operation.allCases.map { operation in
      [
        String(operation.rawValue), operation.name, operandName(operation.operandKind),
        operation.arity.map(String.init) ?? "n",
      ]
    }
    #expect(documented == actual)
    #expect(Operation.allCases.allSatisfy { (1...199).contains($0.rawValue) })
  }

  @Test("the result types that the table of operations states are those of the type check")
  func resultTypes() throws {
    let letters: [String: ValueType] = [
      "N": .number, "S": .string, "B": .boolean, "D": .date, "T": .time, "DT": .dateTime,
      "d": .dayTimeDuration, "y": .yearMonthDuration,
    ]
    var checked = 0
    for row in try rows("Operations") {
      let parts = row[4].split(separator: "→").map {
        $0.split(separator: " ").joined(separator: " ")
      }
      guard parts.count == 2, let result = letters[parts[1]] else { continue }
      let operation = try #require(Operation(rawValue: UInt8(row[0]) ?? 0))
      let operands = parts[0].split(separator: ", ")
      guard operation != .property, operands.count == operation.arity else { continue }
      let choices = operands.map { operand in
        operand.split(separator: " or ").flatMap { $0.split(separator: ",") }.map { String($0) }
      }
      guard choices.allSatisfy({ $0.allSatisfy { letters[$0] != nil } }) else { continue }
      checked += 1
      // Every choice of operand types from all eight: taken exactly if the table lists it.
      for (place, allowed) in choices.enumerated() {
        for type in ValueType.allCases {
          var arguments: [ValueType?] = choices.map { letters[$0[0]] }
          arguments[place] = type
          let listed = allowed.contains { letters[$0] == type }
          #expect(
            operation.resultType(arguments) == (listed ? .type(result) : .refused),
            "\(operation.name), operand \(place): \(type.name)")
        }
      }
    }
    #expect(checked > 25)
  }

  @Test("the table of properties lists each code, name and type")
  func properties() throws {
    let letters: [ValueType: String] = [
      .number: "N", .string: "S", .date: "D", .time: "T", .dateTime: "DT",
      .dayTimeDuration: "d", .yearMonthDuration: "y",
    ]
    let actual = TemporalProperty.allCases.map { property in
      let types = property.types.compactMap { letters[$0] }.joined(separator: ", ")
      let result = property.types.first.flatMap(property.type).flatMap { letters[$0] } ?? "?"
      return [String(property.rawValue), "\(property)", "\(types) → \(result)"]
    }
    #expect(try rows("Properties").map { Array($0.prefix(3)) } == actual)
  }

  @Test("the table of values lists each type's code")
  func types() throws {
    let documented = try rows("Values").map { [$0[0], $0[1]] }
    let actual = ValueType.allCases.map { [String($0.rawValue), "`\($0.name)`"] }
    #expect(documented == [["0", "null"]] + actual)
  }

  @Test("the limits that the document states are those of the code")
  func limits() throws {
    let file = TestData.root.appendingPathComponent("Sources/RuleProgram/ByteFormat/FORMAT.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(
      Code.maximumLength == 65_535 && text.contains("| instructions of an expression | 65,535 |"))
    #expect(Code.maximumDepth == 4_096 && text.contains("| values on the stack | 4,096 |"))
    for (type, limit) in [
      (ValueType.date, "36,524,000"), (.dateTime, "3,155,600,000,000"), (.time, "200,000"),
      (.number, "10^1000"), (.dayTimeDuration, "10^15"), (.yearMonthDuration, "10^9"),
    ] {
      let plain = limit.filter { $0 != "," }.replacing("10^", with: "1E")
      #expect(type.inputLimit == Decimal128(plain))
      #expect(text.contains(limit))
    }
    for version in [
      Program.formatVersion, Wording.formatVersion, PipelineDefinition.formatVersion,
      ModelDefinition.formatVersion,
    ] { #expect(version == 1) }
  }
}
