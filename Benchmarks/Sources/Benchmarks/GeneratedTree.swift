/// A random decision tree over fifteen inputs, every leaf of which some row reaches. It is written
/// as a rule set and as a C program, so that both can be asked for the same rows.
struct GeneratedTree {
  /// An input. A row holds one whole number for it.
  enum Input {
    /// A number from 0 to `limit` (excluded), in units of 10^-`digits`.
    case number(limit: Int64, digits: Int)
    /// One of `count` texts; the row holds which.
    case text(count: Int)
  }

  /// A split or a leaf.
  indirect enum Node {
    case leaf(Int)
    /// `children[i]` takes the numbers from `cuts[i - 1]` (included) to `cuts[i]` (excluded).
    case numbers(input: Int, cuts: [Int64], children: [Node])
    /// `children[i]` takes the texts in `groups[i]`.
    case texts(input: Int, groups: [[Int]], children: [Node])
  }

  /// The inputs: whole numbers, amounts with cents, and texts.
  static let inputs: [Input] =
    (0..<5).map { .number(limit: [100, 120, 1000, 5000, 100_000][$0], digits: 0) }
    + (0..<5).map {
      .number(limit: [10_000, 100_000, 1_000_000, 10_000_000, 50_000][$0], digits: 2)
    }
    + (0..<5).map { .text(count: [3, 4, 5, 6, 8][$0]) }

  /// How many leaves it has, numbered from 0.
  let leafCount: Int
  /// The tree.
  private(set) var root = Node.leaf(0)
  private var nextLeaf = 0

  /// A tree with `leafCount` leaves.
  init(leafCount: Int, random: inout Random) {
    self.leafCount = leafCount
    let regions = Self.inputs.map { input in
      switch input {
      case .number(let limit, _): Region(range: 0..<limit, texts: [])
      case .text(let count): Region(range: 0..<0, texts: Array(0..<count))
      }
    }
    root = grow(leafCount, regions, &random)
  }

  /// What of an input can still come at a node.
  private struct Region {
    var range: Range<Int64>
    var texts: [Int]
    var canSplit: Bool { range.count >= 8 || texts.count >= 2 }
  }

  private mutating func grow(_ leaves: Int, _ regions: [Region], _ random: inout Random) -> Node {
    let candidates = regions.indices.filter { regions[$0].canSplit }
    guard leaves > 1, let input = candidates.randomElement(using: &random) else {
      nextLeaf += 1
      return .leaf(nextLeaf - 1)
    }
    let parts = leaves > 2 && Bool.random(using: &random) ? 3 : 2
    let region = regions[input]
    guard region.texts.isEmpty else {
      let groups = Self.groups(region.texts.shuffled(using: &random), parts)
      let children = Self.shares(leaves, groups.count, &random).enumerated().map { place, share in
        var inner = regions
        inner[input].texts = groups[place].sorted()
        return grow(share, inner, &random)
      }
      return .texts(input: input, groups: groups, children: children)
    }
    let cuts = Self.cuts(region.range, parts, &random)
    let bounds = [region.range.lowerBound] + cuts + [region.range.upperBound]
    let children = Self.shares(leaves, parts, &random).enumerated().map { place, share in
      var inner = regions
      inner[input].range = bounds[place]..<bounds[place + 1]
      return grow(share, inner, &random)
    }
    return .numbers(input: input, cuts: cuts, children: children)
  }

  private static func groups(_ texts: [Int], _ parts: Int) -> [[Int]] {
    let parts = min(parts, texts.count)
    return (0..<parts).map { part in
      texts.indices.filter { $0 % parts == part }.map { texts[$0] }
    }
  }

  private static func cuts(
    _ range: Range<Int64>, _ parts: Int, _ random: inout Random
  ) -> [Int64] {
    let width = Int64(range.count)
    return (1..<parts).map { part in
      let middle = range.lowerBound + width * Int64(part) / Int64(parts)
      return middle + Int64.random(in: 0...(width / 8), using: &random)
    }
  }

  private static func shares(_ leaves: Int, _ parts: Int, _ random: inout Random) -> [Int] {
    var shares = [Int](repeating: 1, count: parts)
    let spare = leaves - parts
    var given = 0
    for part in 0..<(parts - 1) {
      let even = spare / parts
      let share = min(spare - given, Int.random(in: (even / 2)...(even + even / 2), using: &random))
      shares[part] += share
      given += share
    }
    shares[parts - 1] += spare - given
    return shares
  }

  /// `count` rows at random, one number for each input, row by row.
  static func rows(_ count: Int, _ random: inout Random) -> [Int64] {
    var cells: [Int64] = []
    cells.reserveCapacity(count * inputs.count)
    for _ in 0..<count {
      for input in inputs {
        switch input {
        case .number(let limit, _): cells.append(Int64.random(in: 0..<limit, using: &random))
        case .text(let count): cells.append(Int64.random(in: 0..<Int64(count), using: &random))
        }
      }
    }
    return cells
  }

  /// An input's name.
  static func name(_ input: Int) -> String { (input < 9 ? "in0" : "in") + String(input + 1) }

  /// An input's value as rule sets and CSV files write it.
  static func text(_ cell: Int64, of input: Int) -> String {
    switch inputs[input] {
    case .text: return "value_\(cell)"
    case .number(_, 0): return String(cell)
    case .number:
      let cents = cell % 100
      return "\(cell / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
  }

  /// The outcomes; leaf number n has the one number n modulo three.
  static let outcomes = ["approve", "counter_offer", "refer"]
}
