/// One step of a compiled regular expression.
enum PatternStep: Hashable, Sendable {
  /// Reads one scalar.
  case scalar(Unicode.Scalar)
  /// Reads a scalar of the class with this number.
  case oneOf(Int)
  /// Goes on at both places.
  case split(Int, Int)
  /// Goes on elsewhere.
  case jump(Int)
  /// Goes on at the start of the text or, with the flag `m`, of a line.
  case start
  /// Goes on at the end of the text or, with the flag `m`, of a line.
  case end
  /// The pattern has matched.
  case match
}

/// The steps of a regular expression, for Thompson's simulation.
struct PatternProgram: Hashable, Sendable {
  /// The most steps that a program can have.
  static let sizeLimit = 20_000

  /// The steps; the first one is where a match starts.
  private(set) var steps: [PatternStep] = []

  /// The classes that steps refer to.
  private(set) var classes: [CharacterClass] = []

  private var classNumbers: [CharacterClass: Int] = [:]

  /// Lays out a pattern as steps.
  init(_ node: PatternNode) throws(RegularExpressionError) {
    try layOut(node)
    try emit(.match)
    classNumbers = [:]
  }

  private mutating func emit(_ step: PatternStep) throws(RegularExpressionError) {
    guard steps.count < Self.sizeLimit else { throw .tooLarge }
    steps.append(step)
  }

  private mutating func layOut(_ node: PatternNode) throws(RegularExpressionError) {
    switch node {
    case .scalar(let scalar): try emit(.scalar(scalar))
    case .oneOf(let set): try emit(.oneOf(number(of: set)))
    case .start: try emit(.start)
    case .end: try emit(.end)
    case .sequence(let nodes): for node in nodes { try layOut(node) }
    case .alternatives(let nodes): try emitAlternatives(nodes)
    case .repeated(let node, let least, let most):
      try emitRepeated(node, least: least, most: most)
    }
  }

  private mutating func number(of set: CharacterClass) -> Int {
    if let number = classNumbers[set] { return number }
    classes.append(set)
    classNumbers[set] = classes.count - 1
    return classes.count - 1
  }

  private mutating func emitAlternatives(
    _ nodes: [PatternNode]
  ) throws(RegularExpressionError) {
    var jumps: [Int] = []
    for node in nodes.dropLast() {
      let split = steps.count
      try emit(.split(split + 1, split + 1))
      try layOut(node)
      jumps.append(steps.count)
      try emit(.jump(0))
      steps[split] = .split(split + 1, steps.count)
    }
    if let last = nodes.last { try layOut(last) }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func emitRepeated(
    _ node: PatternNode, least: Int, most: Int?
  ) throws(RegularExpressionError) {
    for _ in 0..<least {
      let start = steps.count
      try layOut(node)
      // What takes no step once takes none however often.
      if steps.count == start { return }
    }
    guard let most else {
      let split = steps.count
      try emit(.split(split + 1, split + 1))
      try layOut(node)
      try emit(.jump(split))
      steps[split] = .split(split + 1, steps.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(steps.count)
      try emit(.split(steps.count + 1, steps.count + 1))
      try layOut(node)
    }
    for split in splits { steps[split] = .split(split + 1, steps.count) }
  }
}
