/// A program's tree as binary tests in one flat array of 16-byte nodes, laid out so that one of a
/// test's two branches is the node behind it.
///
/// A split of n cuts becomes n tests in the shape of a binary search, a split over a few declared
/// strings one test of a bit mask for each child but the last. The missing key is below every cut,
/// so it takes the lowest branch, and a test behind that branch tells it apart; where the path has
/// already shown that the slot has a value, there is no such test. Each test is a branch of the
/// processor's, so it runs ahead along the branch that it predicts instead of waiting for a load.
@safe struct FlatTree: Sendable {
  /// The number of the leaf that no valid row reaches.
  static let nowhere = Int32.min

  /// A test, or a leaf.
  struct Node: Sendable {
    /// The key that goes on to the next node, as every greater key does; for a mask, bit `key` is
    /// set where the key goes on, and bit 63 where a missing value does.
    var cut: Int64
    /// The slot; with `maskFlag` for a mask; `leaf` for a leaf.
    var slot: UInt32
    /// The node that other keys go to; the number of a leaf.
    var target: Int32

    static let leaf: UInt32 = 1 << 31
    static let maskFlag: UInt32 = 1 << 30
  }

  let nodes: [Node]
  private let slotCount: Int

  /// The tree of `program`, which must be verified.
  init(_ program: Program) {
    var builder = FlatTreeBuilder(program)
    builder.build()
    nodes = builder.nodes
    slotCount = program.slots.count
  }

  /// The number of the leaf that `keys` lead to, or `nowhere`.
  ///
  /// Memory is safe whatever the keys are: each test leads to a node of the tree, the last of which
  /// is a leaf, and reads a slot below `slotCount`.
  func leaf(_ keys: Span<Int64>) -> Int32 {
    precondition(keys.count >= slotCount, "a key for each slot")
    return unsafe keys.withUnsafeBufferPointer { keys in
      unsafe nodes.withUnsafeBufferPointer { nodes in
        guard let start = nodes.baseAddress else { return Self.nowhere }
        guard let keys = keys.baseAddress else { return unsafe start.pointee.target }
        var node = unsafe start
        // With a copy of the test for each level near the root, the processor's prediction tells
        // the levels apart.
        while true {
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
          if unsafe Self.step(&node, start, keys) { break }
        }
        return unsafe node.pointee.target
      }
    }
  }

  /// Goes on from `node`; true, and nothing else, at a leaf.
  @inline(__always)
  private static func step(
    _ node: inout UnsafePointer<Node>, _ start: UnsafePointer<Node>, _ keys: UnsafePointer<Int64>
  ) -> Bool {
    let slot = unsafe node.pointee.slot
    if _fastPath(slot < Node.maskFlag) {
      if unsafe keys[Int(slot)] < node.pointee.cut {
        unsafe node = start + Int(node.pointee.target)
      } else {
        unsafe node += 1
      }
      return false
    }
    if slot >= Node.leaf { return true }
    let key = unsafe keys[Int(slot ^ Node.maskFlag)]
    // Int64.min becomes 63 here, a declared value's key stays what it is.
    let bit = UInt64(truncatingIfNeeded: key &+ (key >> 63))
    if unsafe (UInt64(bitPattern: node.pointee.cut) &>> bit) & 1 == 0 {
      unsafe node = start + Int(node.pointee.target)
    } else {
      unsafe node += 1
    }
    return false
  }
}

/// Lays a program's tree out; without recursion, since trees may be deep.
private struct FlatTreeBuilder {
  typealias Node = FlatTree.Node

  /// What is still to be laid out, the next last.
  private enum Work {
    /// A target, at the end of what is laid out so far.
    case place(Part)
    /// A part that `test` leads to.
    case low(test: Int, Part)
    /// The slot's value is no longer known to be there.
    case forget(slot: Int)
    /// As many tests as `count` have shown the slot's value again.
    case remember(slot: Int, count: Int)
  }

  /// A part of a tree.
  private enum Part {
    case target(Program.Target?)
    /// The runs of a split's children that lie in the range.
    case runs(node: Int, [Run], Range<Int>)
    /// What of a split over strings leads to one of these children.
    case chain(node: Int, ArraySlice<Program.Target>)
  }

  /// Neighbouring keys that lead to the same child, from `first` on.
  private struct Run {
    var first: Int64
    var child: Program.Target
  }

  private let program: Program
  private(set) var nodes: [Node] = []
  private var work: [Work] = []
  /// Where each node's tests begin, or -1.
  private var places: [Int32]
  /// For each slot how many tests on the path have shown that its value is there.
  private var known: [Int]

  init(_ program: Program) {
    self.program = program
    places = Array(repeating: -1, count: program.nodes.count)
    known = Array(repeating: 0, count: program.slots.count)
    nodes.reserveCapacity(4 * program.leaves.count)
  }

  mutating func build() {
    work = [.place(.target(program.root))]
    while let item = work.popLast() {
      switch item {
      case .forget(let slot): known[slot] -= 1
      case .remember(let slot, let count): known[slot] = count
      case .place(let part): place(part)
      case .low(let test, let part):
        if case .target(.node(let node)?) = part, places[node] >= 0 {
          nodes[test].target = places[node]
        } else {
          nodes[test].target = Int32(nodes.count)
          place(part)
        }
      }
    }
  }

  private mutating func place(_ part: Part) {
    switch part {
    case .target(nil): appendLeaf(FlatTree.nowhere)
    case .target(.leaf(let leaf)?): appendLeaf(Int32(leaf))
    case .target(.node(let node)?):
      guard places[node] < 0 else { return appendJump(places[node]) }
      places[node] = Int32(nodes.count)
      placeSplit(node)
    case .runs(let node, let runs, let range): place(node, runs, range)
    case .chain(let node, let children): place(node, children)
    }
  }

  private mutating func appendLeaf(_ number: Int32) {
    nodes.append(Node(cut: 0, slot: Node.leaf, target: number))
  }

  /// A test that every key fails, but for one that no encoding gives.
  private mutating func appendJump(_ place: Int32) {
    nodes.append(Node(cut: Int64.max, slot: 0, target: place))
    appendLeaf(FlatTree.nowhere)
  }

  private mutating func placeSplit(_ index: Int) {
    let node = program.nodes[index]
    if program.slots[node.slot].encoding.isTable, node.children.count < 63 {
      var distinct: [Program.Target] = []
      for child in node.children where distinct.count < 5 && !distinct.contains(child) {
        distinct.append(child)
      }
      if distinct.count < 5 { return place(index, distinct[...]) }
    }
    let isTable = program.slots[node.slot].encoding.isTable
    var runs: [Run] = []
    for (place, child) in node.children.enumerated() where runs.last?.child != child {
      let first = isTable ? Int64(place) : place == 0 ? KeyEncoding.leastKey : node.cuts[place - 1]
      runs.append(Run(first: first, child: child))
    }
    place(index, runs, runs.indices)
  }

  private mutating func place(_ index: Int, _ runs: [Run], _ range: Range<Int>) {
    guard range.count > 1 else {
      return placeChild(runs[range.lowerBound].child, of: index)
    }
    let middle = (range.lowerBound + range.upperBound) / 2
    test(
      program.nodes[index].slot, cut: runs[middle].first,
      high: .runs(node: index, runs, middle..<range.upperBound),
      low: .runs(node: index, runs, range.lowerBound..<middle))
  }

  private mutating func place(_ index: Int, _ children: ArraySlice<Program.Target>) {
    guard let child = children.first else { return }
    guard children.count > 1 else { return placeChild(child, of: index) }
    let node = program.nodes[index]
    var mask: Int64 = 0
    for (key, other) in node.children.enumerated() where other == child { mask |= 1 << Int64(key) }
    if node.missing == child { mask |= Int64.min }
    test(
      node.slot, cut: mask, flag: Node.maskFlag,
      high: .chain(node: index, [child]), isShown: node.missing != child,
      low: .chain(node: index, children.dropFirst()))
  }

  /// Appends a test. What it leads to knows the slot where `isShown`.
  private mutating func test(
    _ slot: Int, cut: Int64, flag: UInt32 = 0, high: Part, isShown: Bool = true, low: Part
  ) {
    work.append(.low(test: nodes.count, low))
    nodes.append(Node(cut: cut, slot: UInt32(slot) | flag, target: 0))
    if isShown {
      known[slot] += 1
      work.append(.forget(slot: slot))
    }
    work.append(.place(high))
  }

  /// Lays out `child` of node `index`, behind a test for the missing key where that may still come.
  private mutating func placeChild(_ child: Program.Target, of index: Int) {
    let node = program.nodes[index]
    if node.missing == child {
      // The missing value leads here, too, though perhaps not along this branch.
      work.append(.remember(slot: node.slot, count: known[node.slot]))
      known[node.slot] = 0
      return work.append(.place(.target(child)))
    }
    if known[node.slot] > 0 { return place(.target(child)) }
    test(
      node.slot, cut: KeyEncoding.leastKey, high: .target(child), low: .target(node.missing))
  }
}
