/// A token of a FEEL expression; offsets are UTF-8 bytes of the expression's text.
struct Token {
  /// What the token is.
  var kind: Kind
  /// Offset of its first byte.
  var lower: Int
  /// Offset behind its last byte.
  var upper: Int

  /// The kinds of token.
  enum Kind: Equatable {
    case number
    /// A string with its escapes resolved.
    case string(String)
    /// `@"…"`: the text between the quotes.
    case temporal(String)
    /// A declared name: its index in the scope.
    case name(Int)
    /// A built-in function's name in front of `(`.
    case function(BuiltinFunction)
    /// The name of a function of FEEL that isn't supported, in front of `(`.
    case unsupportedFunction(String)
    /// Any other word: a keyword or an unknown name.
    case word
    case symbol(Symbol)
    case end
  }

  /// Operators and punctuation.
  enum Symbol: String {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case comma = ","
    case dot = "."
    case dots = ".."
    case colon = ":"
    case question = "?"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case power = "**"
    case slash = "/"
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }
}

/// A syntax error found while reading an expression, in offsets of the expression's text.
struct FEELProblem: Error {
  var id: DiagnosticID
  var message: String
  var lower: Int
  var upper: Int
  var help: String?

  /// A finding of kind `id` about the bytes `lower..<upper`.
  init(_ id: DiagnosticID, _ message: String, _ lower: Int, _ upper: Int, help: String? = nil) {
    self.id = id
    self.message = message
    self.lower = lower
    self.upper = upper
    self.help = help
  }
}
