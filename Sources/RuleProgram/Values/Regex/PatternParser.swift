/// Parses the regular expressions of XPath and XQuery Functions and Operators 3.1 §5.6.1, which
/// are those of XML Schema part 2, appendix G, with anchors, reluctant quantifiers and groups.
struct PatternParser {
  /// How deep groups and class subtractions may nest.
  static let depthLimit = 200

  private let pattern: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private let dot: CharacterClass

  /// A parser of a pattern; `.` matches line ends if `dotMatchesAll`, and white space outside of
  /// classes is dropped if `ignoresSpace`.
  init(_ pattern: String, dotMatchesAll: Bool, ignoresSpace: Bool) {
    let scalars = Array(pattern.unicodeScalars)
    self.pattern = ignoresSpace ? Self.withoutSpace(scalars) : scalars
    dot = dotMatchesAll ? CharacterClass(isNegated: true) : .notLineEnds
  }

  /// Parses the whole pattern.
  mutating func parse() throws(RegularExpressionError) -> PatternNode {
    let node = try alternatives()
    guard index == pattern.count else { throw invalid("`)` without `(`") }
    return node
  }

  private mutating func alternatives() throws(RegularExpressionError) -> PatternNode {
    var branches = [try branch()]
    while take("|") { branches.append(try branch()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func branch() throws(RegularExpressionError) -> PatternNode {
    var pieces: [PatternNode] = []
    while let next = peek, next != "|", next != ")" {
      pieces.append(try quantified(try atom()))
    }
    return pieces.count == 1 ? pieces[0] : .sequence(pieces)
  }

  private mutating func atom() throws(RegularExpressionError) -> PatternNode {
    let scalar = pattern[index]
    index += 1
    switch scalar {
    case ".": return .oneOf(dot)
    case "^": return .start
    case "$": return .end
    case "(": return try group()
    case "[": return .oneOf(try characterClass())
    case "\\": return try escape()
    case "?", "*", "+", "{", "}", "]":
      index -= 1
      throw invalid("`\(scalar)` has nothing to apply to")
    default: return .scalar(scalar)
    }
  }

  private mutating func group() throws(RegularExpressionError) -> PatternNode {
    let start = index - 1
    if take("?"), !take(":") {
      let kind = peek == "=" || peek == "!" || peek == "<" ? "lookaround" : "a special group"
      throw .unsupported(kind, offset: start)
    }
    try descend()
    let node = try alternatives()
    depth -= 1
    guard take(")") else { throw .invalid("`(` without `)`", offset: start) }
    return node
  }

  private mutating func quantified(
    _ node: PatternNode
  ) throws(RegularExpressionError) -> PatternNode {
    guard let bounds = try quantifier() else { return node }
    _ = take("?")
    return .repeated(node, least: bounds.least, most: bounds.most)
  }

  private mutating func quantifier() throws(RegularExpressionError) -> (least: Int, most: Int?)? {
    if take("?") { return (0, 1) }
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    guard take("{") else { return nil }
    let least = try count()
    var most: Int? = least
    if take(",") { most = peek == "}" ? nil : try count() }
    guard take("}") else { throw invalid("`{` without `}`") }
    if let most, most < least { throw invalid("the quantifier's bounds are in the wrong order") }
    return (least, most)
  }

  private mutating func count() throws(RegularExpressionError) -> Int {
    var value: Int?
    while let digit = peek, ("0"..."9").contains(digit) {
      // Kept small; a count as large as this is refused later, by the size of the program.
      value = min((value ?? 0) * 10 + Int(digit.value - 0x30), 1_000_000)
      index += 1
    }
    guard let value else { throw invalid("a number is missing in the quantifier") }
    return value
  }

  private mutating func escape() throws(RegularExpressionError) -> PatternNode {
    if let scalar = try escapedScalar() { return .scalar(scalar) }
    return .oneOf(try escapedClass())
  }

  /// A class expression after its `[`.
  private mutating func characterClass() throws(RegularExpressionError) -> CharacterClass {
    try descend()
    var result = CharacterClass()
    result.isNegated = take("^")
    let start = index
    while !sees("]") {
      if sees("-"), index + 1 < pattern.count, pattern[index + 1] == "[", index > start {
        index += 2
        result.subtracted = [try characterClass()]
        guard sees("]") else { throw invalid("a subtracted class must come last") }
        break
      }
      try classMember(&result, isFirst: index == start)
    }
    guard index > start else { throw invalid("an empty character class") }
    index += 1
    depth -= 1
    return result
  }

  private mutating func classMember(
    _ result: inout CharacterClass, isFirst: Bool
  ) throws(RegularExpressionError) {
    let isHyphen = sees("-")
    guard let low = try classScalar() else {
      result.members.append(try escapedClass())
      return
    }
    if isHyphen && !isFirst && !sees("]") && !sees("-") {
      throw invalid("`-` in a character class must come first, last, or be written `\\-`")
    }
    guard sees("-"), index + 1 < pattern.count, pattern[index + 1] != "]",
      pattern[index + 1] != "["
    else {
      result.ranges.append(low.value...low.value)
      return
    }
    index += 1
    guard let high = try classScalar(), high >= low else {
      throw invalid("a range in a character class ends before it starts")
    }
    result.ranges.append(low.value...high.value)
  }

  /// One scalar of a class; `nil`, with the backslash read, where a class escape follows.
  private mutating func classScalar() throws(RegularExpressionError) -> Unicode.Scalar? {
    guard let scalar = peek else { throw invalid("`[` without `]`") }
    if scalar == "[" { throw invalid("`[` in a character class must be written `\\[`") }
    index += 1
    return scalar == "\\" ? try escapedScalar() : scalar
  }

  /// The scalar that an escape stands for, after its backslash; `nil`, with nothing read, for a
  /// class escape.
  private mutating func escapedScalar() throws(RegularExpressionError) -> Unicode.Scalar? {
    guard let scalar = peek else { throw invalid("`\\` at the end") }
    switch scalar {
    case "n": index += 1; return "\n"
    case "r": index += 1; return "\r"
    case "t": index += 1; return "\t"
    case "\\", "|", ".", "?", "*", "+", "(", ")", "{", "}", "-", "[", "]", "^", "$":
      index += 1
      return scalar
    case "0"..."9": throw .unsupported("a back-reference", offset: index - 1)
    case "s", "S", "i", "I", "c", "C", "d", "D", "w", "W", "p", "P": return nil
    default: throw invalid("unknown escape `\\\(scalar)`")
    }
  }

  /// The class that an escape stands for, after its backslash.
  private mutating func escapedClass() throws(RegularExpressionError) -> CharacterClass {
    let scalar = pattern[index]
    index += 1
    switch scalar {
    case "s": return .spaces
    case "S": return CharacterClass.spaces.complement
    case "i": return .nameStarts
    case "I": return CharacterClass.nameStarts.complement
    case "c": return .nameCharacters
    case "C": return CharacterClass.nameCharacters.complement
    case "d": return .digits
    case "D": return CharacterClass.digits.complement
    case "w": return .words
    case "W": return CharacterClass.words.complement
    case "p": return try property()
    default: return try property().complement
    }
  }

  /// A general category or block in braces, after `\p` or `\P`.
  private mutating func property() throws(RegularExpressionError) -> CharacterClass {
    guard take("{") else { throw invalid("`\\p` needs a category in braces") }
    let start = index
    while let next = peek, next != "}" {
      _ = next
      index += 1
    }
    let name = String(String.UnicodeScalarView(pattern[start..<index]))
    guard take("}") else { throw .invalid("`{` without `}`", offset: start - 1) }
    if name.hasPrefix("Is") {
      guard let block = UnicodeBlocks.range(named: String(name.dropFirst(2))) else {
        throw .unsupported("the Unicode block `\(name)`", offset: start)
      }
      return CharacterClass(ranges: [block])
    }
    let categories = CharacterClass.categories(named: name)
    guard categories != 0 else { throw .invalid("unknown category `\(name)`", offset: start) }
    return CharacterClass(categories: categories)
  }

  private var peek: Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

  private func sees(_ scalar: Unicode.Scalar) -> Bool { peek == scalar }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    index += 1
    return true
  }

  private mutating func descend() throws(RegularExpressionError) {
    depth += 1
    guard depth <= Self.depthLimit else { throw .tooLarge }
  }

  private func invalid(_ problem: String) -> RegularExpressionError {
    .invalid(problem, offset: index)
  }

  /// The pattern without white space outside of character classes (flag `x`).
  private static func withoutSpace(_ pattern: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var (result, classes, escaped): ([Unicode.Scalar], Int, Bool) = ([], 0, false)
    for scalar in pattern {
      if classes == 0, [" ", "\t", "\n", "\r"].contains(scalar) { continue }
      result.append(scalar)
      if escaped {
        escaped = false
      } else if scalar == "\\" {
        escaped = true
      } else if scalar == "[" {
        classes += 1
      } else if scalar == "]" {
        classes = max(0, classes - 1)
      }
    }
    return result
  }
}
