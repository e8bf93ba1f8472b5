/// A program seen through ranks: what splits see of a row, in a few columns of small numbers.
///
/// Slots of few ranks share a column, whose number is their ranks as the digits of one number.
struct RankTree: Sendable {
  /// Where a slot's rank lies: `column / stride % ranks`.
  struct Place: Sendable {
    var column: Int
    var stride: Int
  }

  /// The program.
  let program: Program
  /// For each slot its ranks.
  let ranks: [SlotRanks]
  /// For each slot its place.
  private(set) var layout: [Place]
  /// How many numbers each column can hold.
  private(set) var columnSizes: [Int] = []

  /// The most numbers of a column that several slots share.
  private static let jointLimit = 256

  /// The tree of `program`, which must be verified.
  init(_ program: Program) {
    self.program = program
    var cuts = [Set<Int64>](repeating: [], count: program.slots.count)
    for node in program.nodes { cuts[node.slot].formUnion(node.cuts) }
    ranks = program.slots.indices.map { SlotRanks(program, slot: $0, cuts: cuts[$0]) }
    layout = Array(repeating: Place(column: 0, stride: 1), count: ranks.count)
    for slot in ranks.indices.sorted(by: { (ranks[$0].count, $0) < (ranks[$1].count, $1) }) {
      let size = columnSizes.last ?? .max / 2
      if size <= Self.jointLimit / ranks[slot].count {
        layout[slot] = Place(column: columnSizes.count - 1, stride: size)
        columnSizes[columnSizes.count - 1] = size * ranks[slot].count
      } else {
        layout[slot] = Place(column: columnSizes.count, stride: 1)
        columnSizes.append(ranks[slot].count)
      }
    }
  }

  /// The root.
  var root: Program.Target { program.root }

  /// The rank of `slot` in its column's number.
  @inline(__always)
  func rank(of slot: Int, in number: Int) -> Int {
    number / layout[slot].stride % ranks[slot].count
  }

  /// Where the ranks `among` of the slot of node number `index` lead (nil: all of its ranks): each
  /// child once, with the ranks that lead to it.
  func children(of index: Int, among: [Bool]?) -> [(child: Program.Target, ranks: [Bool])] {
    let node = program.nodes[index]
    let ranks = ranks[node.slot]
    var result: [(child: Program.Target, ranks: [Bool])] = []
    var places: [Program.Target: Int] = [:]
    var passed = 0
    for rank in 0..<ranks.count {
      if rank > 1, ranks.tableCount == 0, passed < node.cuts.count,
        node.cuts[passed] == ranks.cuts[rank - 2]
      {
        passed += 1
      }
      guard among?[rank] ?? true else { continue }
      let child = rank == 0 ? node.missing : node.children[ranks.tableCount > 0 ? rank - 1 : passed]
      guard let child else { continue }
      if let place = places[child] {
        result[place].ranks[rank] = true
      } else {
        places[child] = result.count
        result.append((child, (0..<ranks.count).map { $0 == rank }))
      }
    }
    return result
  }

  /// The program with ranks less one in place of keys.
  var rankedProgram: Program {
    var result = program
    for index in program.nodes.indices {
      let cuts = ranks[program.nodes[index].slot].cuts
      result.nodes[index].cuts = program.nodes[index].cuts.map { Int64(countPassed(cuts, by: $0)) }
    }
    return result
  }
}
