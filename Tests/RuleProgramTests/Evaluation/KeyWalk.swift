import RuleProgram
import SeededRandom

extension Program {
  /// The leaf that `keys` lead to: the meaning of a program's tree, step by step.
  func plainLeaf(_ keys: [Int64]) -> Int? {
    var target = root
    while case .node(let index) = target {
      let node = nodes[index]
      let key = keys[node.slot]
      if key == KeyEncoding.missingKey {
        guard let missing = node.missing else { return nil }
        target = missing
      } else if slots[node.slot].encoding.isTable {
        target = node.children[Int(key)]
      } else {
        target = node.children[node.cuts.count { $0 <= key }]
      }
    }
    guard case .leaf(let leaf) = target else { return nil }
    return leaf
  }
}

/// Makes random programs of keys: splits of any width whose children and missing value share
/// branches, over few slots, so that a path meets the same slot again and again.
struct KeyProgramMaker {
  var generator: SeededGenerator
  private var nodes: [Program.Node] = []
  private var leafCount = 0

  init(generator: SeededGenerator) { self.generator = generator }

  /// How many strings each declared slot has; the other slots hold booleans and numbers.
  private static let widths = [2, 3, 7, 62, 63, 64, 90]
  private static let numbers = 4

  /// A random program.
  mutating func program(depth: Int) throws -> VerifiedProgram {
    nodes = []
    leafCount = 0
    let root = target(depth)
    let inputs =
      Self.widths.enumerated().map { place, width in
        Program.Input(
          name: "d\(place)", type: .string, allowsMissing: true,
          values: (0..<width).map { "\(Character(Unicode.Scalar(UInt8($0 + 33))))" })
      } + (0..<Self.numbers).map { .init(name: "n\($0)", type: .number, allowsMissing: true) }
    var slots = inputs.enumerated().map { index, input in
      Program.Slot(
        source: .input(index), type: input.type,
        encoding: input.type == .string ? .declared : .scaled(digits: 1))
    }
    slots.append(
      .init(source: .input(inputs.count), type: .boolean, encoding: .boolean))
    return try VerifiedProgram(
      Program(
        inputs: inputs + [.init(name: "z", type: .boolean, allowsMissing: true)],
        outcomes: [.init(name: "yes", isAdverse: false)], slots: slots, nodes: nodes,
        leaves: (0..<leafCount).map { .init(id: "L\($0)", outcome: 0, reasons: [], sets: []) },
        root: root))
  }

  private mutating func target(_ depth: Int) -> Program.Target {
    if depth == 0 || !nodes.isEmpty && generator.once(in: 4) {
      leafCount += 1
      return .leaf(leafCount - 1)
    }
    let slot = generator.int(0...Self.widths.count + Self.numbers)
    let isNumber = slot >= Self.widths.count && slot < Self.widths.count + Self.numbers
    let place = nodes.count
    nodes.append(.init(slot: slot, cuts: [], children: [], missing: nil))
    var cuts: Set<Int64> = []
    if isNumber {
      for _ in 0...generator.int(0...9) { cuts.insert(Int64(generator.int(-20...20))) }
    }
    let count =
      isNumber ? cuts.count + 1 : slot < Self.widths.count ? Self.widths[slot] : 2
    // Now and then each of up to ninety children is another one.
    let limit = depth == 1 && generator.once(in: 40) ? count - 1 : generator.int(0...6)
    let distinct = (0...min(count - 1, limit)).map { _ in target(depth - 1) }
    var children = distinct
    while children.count < count {
      children.append(distinct.randomElement(using: &generator) ?? distinct[0])
    }
    nodes[place].cuts = cuts.sorted()
    nodes[place].children = children.shuffled(using: &generator)
    switch generator.int(0...3) {
    case 0: nodes[place].missing = target(depth - 1)
    case 1: nodes[place].missing = distinct.randomElement(using: &generator)
    case 2: break
    default: nodes[place].missing = children[0]
    }
    return .node(place)
  }

  /// A key for each slot; one in six is missing.
  mutating func keys() -> [Int64] {
    (0...Self.widths.count + Self.numbers).map { slot in
      if generator.once(in: 6) { return KeyEncoding.missingKey }
      if slot < Self.widths.count { return Int64(generator.int(0...Self.widths[slot] - 1)) }
      if slot == Self.widths.count + Self.numbers { return Int64(generator.int(0...1)) }
      if generator.once(in: 30) { return KeyEncoding.leastKey }
      if generator.once(in: 30) { return KeyEncoding.greatestKey }
      return Int64(generator.int(-22...22))
    }
  }
}
