/// A compiled regular expression of XPath's `fn:matches` (XPath and XQuery Functions and Operators
/// 3.1 §5.6), without back-references, which no matcher in linear time can have.
///
/// Matching takes time proportional to the text's length times the pattern's size, whatever the
/// pattern, and works on Unicode scalars.
public struct RegularExpression: Hashable, Sendable {
  /// The pattern's text.
  public let pattern: String

  /// The flags: a string of the letters `s` (`.` matches line ends), `m` (`^` and `$` match at
  /// lines), `i` (letter case doesn't matter), `x` (white space in the pattern is ignored) and `q`
  /// (the pattern is plain text).
  public let flags: String

  private let program: PatternProgram
  private let matchesLines: Bool
  private let ignoresCase: Bool

  /// The most Unicode scalars in a pattern, so that a long class repeated often stays cheap.
  static let lengthLimit = 10_000

  /// Compiles a pattern.
  public init(_ pattern: String, flags: String = "") throws(RegularExpressionError) {
    let letters = flags.unicodeScalars
    if let unknown = letters.first(where: { !"smixq".unicodeScalars.contains($0) }) {
      throw .unknownFlag(String(unknown))
    }
    guard letters.count <= Self.lengthLimit, pattern.unicodeScalars.count <= Self.lengthLimit
    else { throw .tooLarge }
    self.pattern = pattern
    self.flags = flags
    matchesLines = letters.contains("m")
    ignoresCase = letters.contains("i")
    var parser = PatternParser(
      pattern, dotMatchesAll: letters.contains("s"), ignoresSpace: letters.contains("x"))
    let node: PatternNode =
      letters.contains("q")
      ? .sequence(pattern.unicodeScalars.map(PatternNode.scalar)) : try parser.parse()
    program = try PatternProgram(node)
  }

  /// Whether some part of the text matches the pattern.
  public func matches(_ text: String) -> Bool {
    var current = StepSet(program.steps.count)
    var following = StepSet(program.steps.count)
    var scalars = text.unicodeScalars.makeIterator()
    var (previous, next): (Unicode.Scalar?, Unicode.Scalar?) = (nil, scalars.next())
    while true {
      let after = next == nil ? nil : scalars.next()
      // A line starts after a line feed, unless that is the last character.
      let place = Place(
        startsLine: previous == nil || (matchesLines && previous == "\n" && next != nil),
        endsLine: next == nil || (matchesLines && next == "\n"))
      // A match may start anywhere.
      current.insert(0)
      if settle(&current, place) { return true }
      guard let scalar = next else { return false }
      advance(over: scalar, from: current, into: &following)
      swap(&current, &following)
      following.removeAll()
      (previous, next) = (scalar, after)
    }
  }

  /// What the anchors see between two scalars.
  private struct Place {
    var startsLine: Bool
    var endsLine: Bool
  }

  /// Puts the steps that wait for the next scalar behind all that reading `scalar` leads to.
  private func advance(
    over scalar: Unicode.Scalar, from current: borrowing StepSet, into following: inout StepSet
  ) {
    let variants = ignoresCase ? CharacterClass.caseVariants(of: scalar) : []
    for position in 0..<current.count {
      let step = current[position]
      let reads =
        switch program.steps[step] {
        case .scalar(let wanted):
          wanted == scalar || (ignoresCase && variants.contains(wanted.value))
        case .oneOf(let set): program.classes[set].contains(scalar, variants: variants)
        default: false
        }
      if reads { following.insert(step + 1) }
    }
  }

  /// Follows splits, jumps and anchors from the steps of a set; whether that matches.
  private func settle(_ set: inout StepSet, _ place: Place) -> Bool {
    // Grows while it is walked.
    var position = 0
    while position < set.count {
      if follow(set[position], place, &set) { return true }
      position += 1
    }
    return false
  }

  private func follow(_ step: Int, _ place: Place, _ set: inout StepSet) -> Bool {
    switch program.steps[step] {
    case .match: return true
    case .jump(let target): set.insert(target)
    case .split(let first, let second):
      set.insert(first)
      set.insert(second)
    case .start: if place.startsLine { set.insert(step + 1) }
    case .end: if place.endsLine { set.insert(step + 1) }
    case .scalar, .oneOf: break
    }
    return false
  }
}

/// A set of step numbers that remembers their order and is emptied in no time.
private struct StepSet {
  private var members: [Int] = []
  private var generations: [UInt32]
  private var generation: UInt32 = 1

  /// An empty set for numbers below `size`.
  init(_ size: Int) {
    generations = [UInt32](repeating: 0, count: size)
  }

  /// How many numbers are in the set.
  var count: Int { members.count }

  /// The number that came in at a position.
  subscript(position: Int) -> Int { members[position] }

  /// Adds a number unless it is there.
  mutating func insert(_ number: Int) {
    if generations[number] == generation { return }
    generations[number] = generation
    members.append(number)
  }

  /// Empties the set.
  mutating func removeAll() {
    members.removeAll(keepingCapacity: true)
    if generation == .max {
      for index in generations.indices { generations[index] = 0 }
      generation = 0
    }
    generation += 1
  }
}
