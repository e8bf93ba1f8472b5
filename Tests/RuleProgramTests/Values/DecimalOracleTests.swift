import RuleProgram
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Decimal128 against operations that Python's `decimal` module computed; see
/// `Tests/Oracle/decimal_oracle.py`.
@Suite struct DecimalOracleTests {
  @Test("agrees with libmpdec on the golden file, or on the file LEAFPROOF_DECIMAL_ORACLE names")
  func oracle() throws {
    let golden =
      String(#filePath.prefix { _ in true })
      .split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/decimal-golden.tsv"
    let path = ProcessInfo.processInfo.environment["LEAFPROOF_DECIMAL_ORACLE"] ?? golden
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var (count, disagreements) = (0, [String]())
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      count += 1
      if let problem = disagreement(Substring(line)) { disagreements.append(problem) }
    }
    print("decimal oracle: \(count) operations, \(disagreements.count) disagreements")
    #expect(count >= 4000)
    #expect(disagreements.isEmpty, "\(disagreements.prefix(20).joined(separator: "\n"))")
  }

  /// The line with what we got, if that isn't what the line expects.
  private func disagreement(_ line: Substring) -> String? {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 4 else { return "malformed line: \(line)" }
    let got: Decimal128?
    switch fields[0] {
    case "parse":
      got = Decimal128(fields[1])
    case "round":
      got = round(fields[1], fields[2])
    case "power":
      guard let exponent = Int(fields[2]) else { return "malformed line: \(line)" }
      got = Decimal128(fields[1])?.power(exponent)
    default:
      guard let left = Decimal128(fields[1]) else { return "unread operand: \(line)" }
      got = binary(fields[0], left, Decimal128(fields[2]))
    }
    let expected = fields[3] == "null" ? nil : Decimal128(fields[3])
    if (fields[3] == "null") != (expected == nil) { return "unread result: \(line)" }
    let same = got == expected && got.flatMap { Decimal128($0.description) } == got
    return same ? nil : "\(line)  got \(got?.description ?? "null")"
  }

  private func binary(_ name: Substring, _ left: Decimal128, _ right: Decimal128?) -> Decimal128? {
    if name == "sqrt" { return left.squareRoot }
    guard let right else { return nil }
    switch name {
    case "add": return left.adding(right)
    case "sub": return left.subtracting(right)
    case "mul": return left.multiplied(by: right)
    case "div": return left.divided(by: right)
    case "modulo": return left.modulo(right)
    case "compare":
      let order = left.compare(right)
      // Hash and equality must agree with the order.
      guard (order == 0) == (left == right), order != 0 || left.hashValue == right.hashValue
      else { return nil }
      return Decimal128(order)
    default: return nil
    }
  }

  private func round(_ number: Substring, _ how: Substring) -> Decimal128? {
    let parts = how.split(separator: " ")
    let modes: [Substring: RoundingMode] = [
      "half-even": .halfEven, "half-up": .halfUp, "half-down": .halfDown, "up": .up,
      "down": .down, "floor": .floor, "ceiling": .ceiling,
    ]
    guard parts.count == 2, let scale = Int(parts[0]), let mode = modes[parts[1]] else {
      return nil
    }
    return Decimal128(number)?.rounded(scale: scale, mode: mode)
  }
}
