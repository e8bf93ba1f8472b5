import RuleProgram
import SeededRandom
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Seeds, values from text, and comparisons that share no code with the module under test.
enum TestData {
  /// The seed of a property test: `LEAFPROOF_SEED`, else a new one. It is printed, so that a failure
  /// can be repeated.
  static func seed(_ test: String = #function) -> UInt64 {
    let given = ProcessInfo.processInfo.environment["LEAFPROOF_SEED"].flatMap(UInt64.init)
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("\(test): LEAFPROOF_SEED=\(seed)")
    return seed
  }

  /// The project's folder.
  static let root: URL = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root
  }()

  /// The order of two numbers in plain notation (`-12.50`), digit by digit.
  static func compareDigits(_ left: String, _ right: String) -> Int {
    let (a, b) = (PlainNumber(left), PlainNumber(right))
    if a.isNegative != b.isNegative { return a.isNegative ? -1 : 1 }
    let width = max(a.fraction.count, b.fraction.count)
    let (x, y) = (a.digits(width), b.digits(width))
    let order = x.count != y.count ? (x.count < y.count ? -1 : 1) : x == y ? 0 : (x < y ? -1 : 1)
    return a.isNegative ? -order : order
  }
}

/// A number as its digits.
private struct PlainNumber {
  var isNegative: Bool
  var whole: String
  var fraction: String

  init(_ text: String) {
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    whole = String(parts[0])
    fraction = parts.count > 1 ? String(parts[1]) : ""
    isNegative = text.hasPrefix("-") && (whole + fraction).contains { $0 != "0" }
  }

  /// All digits with `width` after the point, without leading zeros.
  func digits(_ width: Int) -> String {
    let padded = whole + fraction + String(repeating: "0", count: width - fraction.count)
    return String(padded.drop { $0 == "0" })
  }
}

extension SeededGenerator {
  /// True once in `count` times.
  mutating func once(in count: Int) -> Bool { int(1...count) == 1 }

  /// Random digits, the first not zero.
  mutating func digits(_ count: Int) -> String {
    (0..<count).map { String(int(($0 == 0 ? 1 : 0)...9)) }.joined()
  }

  /// A number in plain notation with up to 34 digits, of which `fraction` stand after the point.
  mutating func plainNumber(fraction: Int, digits count: Int) -> String {
    let text = digits(count)
    let padded = String(repeating: "0", count: max(0, fraction + 1 - count)) + text
    let number =
      fraction == 0 ? padded : padded.dropLast(fraction) + "." + padded.suffix(fraction)
    return (once(in: 2) ? "-" : "") + number
  }
}

/// A value of `type` from its text; a text that isn't one fails the test.
func value(
  _ text: String, _ type: ValueType, sourceLocation: SourceLocation = #_sourceLocation
) -> Value {
  guard let value = Value(parsing: text, as: type) else {
    Issue.record("`\(text)` is no \(type.name)", sourceLocation: sourceLocation)
    return .null
  }
  return value
}

/// A number from its text.
func number(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Value {
  value(text, .number, sourceLocation: sourceLocation)
}

/// A value from a short notation: `null`, `true`, `12.5`, `"text"`, `2026-01-31`, `10:30:00Z`,
/// `2026-01-31T10:30:00`, `P1D`, `P1Y`.
func v(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Value {
  if text == "null" { return .null }
  if text.hasPrefix("\"") { return .string(String(text.dropFirst().dropLast())) }
  let types: [ValueType] = [
    .number, .boolean, .date, .time, .dateTime, .dayTimeDuration, .yearMonthDuration,
  ]
  for type in types {
    if let value = Value(parsing: text, as: type) { return value }
  }
  Issue.record("no value: \(text)", sourceLocation: sourceLocation)
  return .null
}
