/// Cuts the text of an expression into tokens, in one pass.
///
/// Declared names are matched before anything else is made of a word, so that a name may contain
/// spaces, operators and even keywords.
struct Lexer {
  /// The expression's text as UTF-8.
  let bytes: [UInt8]
  private let scope: NameScope
  private var index = 0
  private var tokens: [Token] = []

  /// A lexer of `bytes` with the declared names `scope`.
  init(_ bytes: [UInt8], scope: NameScope) {
    self.bytes = bytes
    self.scope = scope
  }

  /// All tokens, the last being `.end`.
  mutating func allTokens() throws(FEELProblem) -> [Token] {
    while true {
      try skipBlanks()
      guard index < bytes.count else { break }
      let start = index
      let kind = try next()
      tokens.append(Token(kind: kind, lower: start, upper: index))
    }
    tokens.append(Token(kind: .end, lower: bytes.count, upper: bytes.count))
    return tokens
  }

  private func byte(_ ahead: Int = 0) -> UInt8 {
    index + ahead < bytes.count ? bytes[index + ahead] : 0
  }

  private mutating func skipBlanks() throws(FEELProblem) {
    while true {
      index = FEELCharacters.skipWhiteSpace(in: bytes, from: index)
      guard byte() == UInt8(ascii: "/") else { return }
      if byte(1) == UInt8(ascii: "/") {
        while index < bytes.count, byte() != 0x0A, byte() != 0x0D { index += 1 }
      } else if byte(1) == UInt8(ascii: "*") {
        try skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipBlockComment() throws(FEELProblem) {
    let start = index
    index += 2
    while !(byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
      guard index < bytes.count else {
        throw FEELProblem(
          .feelSyntax, "comment isn't closed", start, start + 2, help: "end it with `*/`")
      }
      index += 1
    }
    index += 2
  }

  private mutating func next() throws(FEELProblem) -> Token.Kind {
    let first = byte()
    if Self.isDigit(first) || (first == UInt8(ascii: ".") && Self.isDigit(byte(1))) {
      return try number()
    }
    if first == UInt8(ascii: "\"") { return .string(try string()) }
    if first == UInt8(ascii: "@") { return .temporal(try temporal()) }
    if let symbol = symbol() {
      index += symbol.rawValue.utf8.count
      return .symbol(symbol)
    }
    if let (value, _) = FEELCharacters.scalar(in: bytes, at: index),
      FEELCharacters.isNameStart(value)
    {
      return word()
    }
    throw unexpectedCharacter()
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Rule 37: digits, a fraction, an exponent.
  private mutating func number() throws(FEELProblem) -> Token.Kind {
    let start = index
    while Self.isDigit(byte()) { index += 1 }
    if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
      index += 1
      while Self.isDigit(byte()) { index += 1 }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if Self.isDigit(byte(1 + sign)) {
        index += 1 + sign
        while Self.isDigit(byte()) { index += 1 }
      }
    }
    if let (value, _) = FEELCharacters.scalar(in: bytes, at: index),
      FEELCharacters.isNamePart(value)
    {
      skipWord()
      throw FEELProblem(
        .feelSyntax, "`\(text(start))` isn't a number", start, index,
        help: "write a number such as `0.25`, and a name starts with a letter")
    }
    return .number
  }

  /// A string literal; `index` is at the opening quote.
  private mutating func string() throws(FEELProblem) -> String {
    var literal = StringLiteral(bytes, at: index)
    let value = try literal.read()
    index = literal.index
    return value
  }

  private mutating func temporal() throws(FEELProblem) -> String {
    let start = index
    index += 1
    index = FEELCharacters.skipWhiteSpace(in: bytes, from: index)
    guard byte() == UInt8(ascii: "\"") else {
      throw FEELProblem(
        .feelSyntax, "expected a string behind `@`", start, start + 1,
        help: "write a date, time or duration such as `@\"2026-01-31\"`")
    }
    return try string()
  }

  private mutating func word() -> Token.Kind {
    let start = index
    let declared = scope.longestMatch(in: bytes, at: start)
    if let builtin = BuiltinNames.scope.longestMatch(in: bytes, at: start),
      builtin.end >= declared?.end ?? 0
    {
      let behind = FEELCharacters.skipWhiteSpace(in: bytes, from: builtin.end)
      if behind < bytes.count, bytes[behind] == UInt8(ascii: "(") {
        index = builtin.end
        return BuiltinNames.token(BuiltinNames.scope.spellings[builtin.name])
      }
    }
    if let declared, !FEELCharacters.reserved.contains(scope.spellings[declared.name]) {
      index = declared.end
      return .name(declared.name)
    }
    skipWord()
    return .word
  }

  private mutating func skipWord() {
    while let (value, length) = FEELCharacters.scalar(in: bytes, at: index),
      FEELCharacters.isNamePart(value)
    {
      index += length
    }
  }

  private func text(_ start: Int) -> String {
    String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private func symbol() -> Token.Symbol? {
    if index + 1 < bytes.count,
      let double = Token.Symbol(
        rawValue: String(decoding: bytes[index..<(index + 2)], as: UTF8.self))
    {
      return double
    }
    return Token.Symbol(rawValue: String(decoding: bytes[index..<(index + 1)], as: UTF8.self))
  }

  /// What people write who come from other languages, and what FEEL has instead.
  private static let foreign: [String: String] = [
    "&&": "FEEL writes `and`", "||": "FEEL writes `or`", "!": "FEEL writes `not(…)` or `!=`",
    "%": "FEEL writes `modulo(a, b)`", "^": "FEEL writes `**`",
    "'": "strings stand in double quotes: `\"…\"`",
    "`": "names stand without quotes, strings in double quotes",
    "\u{201C}": "strings stand in straight double quotes: `\"…\"`",
    "\u{201D}": "strings stand in straight double quotes: `\"…\"`",
    "\u{2264}": "FEEL writes `<=`", "\u{2265}": "FEEL writes `>=`", "\u{2260}": "FEEL writes `!=`",
    "\u{2212}": "write the plain hyphen `-`", "\u{D7}": "FEEL writes `*`",
    ";": "FEEL separates by `,`",
  ]

  private func unexpectedCharacter() -> FEELProblem {
    var length = FEELCharacters.scalar(in: bytes, at: index)?.length ?? 1
    if byte() == byte(1), byte() == UInt8(ascii: "&") || byte() == UInt8(ascii: "|") { length = 2 }
    let found = String(decoding: bytes[index..<min(index + length, bytes.count)], as: UTF8.self)
    return FEELProblem(
      .feelSyntax, "unexpected `\(found)`", index, index + length, help: Self.foreign[found])
  }
}
