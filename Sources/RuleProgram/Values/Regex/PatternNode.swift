/// The syntax tree of a regular expression.
///
/// Groups capture nothing and reluctant quantifiers are like greedy ones, since only the question
/// whether there is a match is answered.
indirect enum PatternNode: Hashable, Sendable {
  /// One scalar.
  case scalar(Unicode.Scalar)
  /// One scalar of a class.
  case oneOf(CharacterClass)
  /// `^`.
  case start
  /// `$`.
  case end
  /// One after the other.
  case sequence([PatternNode])
  /// Any one of them.
  case alternatives([PatternNode])
  /// `least` through `most` times; without `most`, as often as you like.
  case repeated(PatternNode, least: Int, most: Int?)
}
