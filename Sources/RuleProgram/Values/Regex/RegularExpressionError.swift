/// Why a pattern or its flags can't be used.
public enum RegularExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The pattern breaks the grammar: what is wrong, and the number of Unicode scalars before it.
  case invalid(String, offset: Int)

  /// The pattern uses a construct that isn't supported, and the number of scalars before it.
  case unsupported(String, offset: Int)

  /// A flag is none of `s`, `m`, `i`, `x` and `q`.
  case unknownFlag(String)

  /// The pattern, with its counted repetitions written out, has too many steps or groups in groups.
  case tooLarge

  /// One sentence in lower case, without a period.
  public var description: String {
    switch self {
    case .invalid(let problem, let offset): "\(problem) after \(offset) characters"
    case .unsupported(let construct, let offset):
      "\(construct) after \(offset) characters: not supported"
    case .unknownFlag(let flag): "unknown flag `\(flag)`: only s, m, i, x and q are known"
    case .tooLarge: "the pattern is too large"
    }
  }
}
