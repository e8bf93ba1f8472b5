/// Tables of code under construction: each constant, pattern and expression gets its number at its
/// first use.
package struct CodePool {
  package private(set) var constants: [Value] = []
  package private(set) var patterns: [Program.Pattern] = []
  package private(set) var expressions: [Code] = []
  private var constantIndex: [ConstantKey: Int] = [:]
  private var patternIndex: [Program.Pattern: Int] = [:]
  private var expressionIndex: [Code: Int] = [:]

  /// Constants are one when they print alike: `==` on strings would also join texts that only look
  /// alike, and offsets of times that only mean the same moment.
  private struct ConstantKey: Hashable {
    var type: ValueType?
    var text: [UInt8]
  }

  /// Empty tables.
  package init() {}

  /// The number of `code`, whose constants and patterns have their numbers here.
  package mutating func number(of code: Code) -> Int {
    if let known = expressionIndex[code] { return known }
    expressions.append(code)
    expressionIndex[code] = expressions.count - 1
    return expressions.count - 1
  }

  /// The number of the constant `value`.
  package mutating func number(of value: Value) -> Int {
    let key = ConstantKey(type: value.type, text: Array(value.description.utf8))
    if let known = constantIndex[key] { return known }
    constants.append(value)
    constantIndex[key] = constants.count - 1
    return constants.count - 1
  }

  /// The number of the regular expression `pattern`.
  package mutating func number(of pattern: Program.Pattern) -> Int {
    if let known = patternIndex[pattern] { return known }
    patterns.append(pattern)
    patternIndex[pattern] = patterns.count - 1
    return patterns.count - 1
  }
}
