import RuleProgram

/// The branches of one split: which keys lead to each, and what a value lacks to take it.
struct Branches {
  private let program: Program
  private let node: Program.Node
  private let slot: Program.Slot
  private let words: Wording.NodeWording
  private let missingBranch: Int?
  /// All branches, as indexes into the wording's.
  let all: [Int]

  /// The branches of `node`.
  init(_ program: Program, _ node: Program.Node, _ words: Wording.NodeWording) {
    self.program = program
    self.node = node
    self.words = words
    slot = program.slots[node.slot]
    missingBranch =
      node.missing == nil ? nil : words.branches.firstIndex { $0.kind == .missing }
    // A branch that the program reaches by no key can't have been taken, nor be missed.
    let used = Set(words.branchOfChild + (missingBranch.map { [$0] } ?? []))
    all = words.branches.indices.filter(used.contains)
  }

  /// The branch that leads to `target`: the one that `key` takes, where it does.
  func taken(to target: Program.Target, key: Int64?) -> Int {
    if let key, let branch = branch(of: key, to: target) { return branch }
    if let child = node.children.firstIndex(of: target) { return words.branchOfChild[child] }
    return missingBranch ?? 0
  }

  private func branch(of key: Int64, to target: Program.Target) -> Int? {
    if key == KeyEncoding.missingKey { return node.missing == target ? missingBranch : nil }
    let child =
      slot.encoding.isTable
      ? Int(exactly: key) ?? -1 : node.cuts.firstIndex { key < $0 } ?? node.cuts.count
    guard node.children.indices.contains(child), node.children[child] == target else { return nil }
    return words.branchOfChild[child]
  }

  /// The ranges of keys that lead to `branch`, neighbours merged.
  private func ranges(_ branch: Int) -> [ClosedRange<Int64>] {
    var ranges: [ClosedRange<Int64>] = []
    for child in node.children.indices where words.branchOfChild[child] == branch {
      let keys = self.keys(child)
      if let last = ranges.last, last.upperBound < .max, last.upperBound + 1 == keys.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound...keys.upperBound
      } else {
        ranges.append(keys)
      }
    }
    return ranges
  }

  private func keys(_ child: Int) -> ClosedRange<Int64> {
    if slot.encoding.isTable { return Int64(child)...Int64(child) }
    let low = child == 0 ? lowestKey : node.cuts[child - 1]
    let high = child == node.cuts.count ? highestKey : node.cuts[child] - 1
    return low...max(low, high)
  }

  private var lowestKey: Int64 { slot.encoding.keys(declaredValues: 0).lowerBound }
  private var highestKey: Int64 { slot.encoding.keys(declaredValues: 0).upperBound }

  /// The values that lead to `branch`, as FEEL unary tests.
  private func condition(_ branch: Int) -> String {
    var parts = ranges(branch).map { program.condition(on: slot, keys: $0) }
    if let texts = texts(branch) {
      let list = texts.listed.map { Value.string($0).feelLiteral }
      parts = texts.isAllBut ? ["not(\(list.joined(separator: ", ")))"] : list
      if texts.isAllBut, list.isEmpty { parts = ["-"] }
    }
    if branch == missingBranch { parts.append("null") }
    return parts.joined(separator: ", ")
  }

  private func texts(_ branch: Int) -> (listed: [String], isAllBut: Bool)? {
    Explanation.Values.texts(ranges(branch), slot)
  }

  /// The values that lead to `branch`, in parts.
  func values(_ branch: Int) -> Explanation.Values {
    Explanation.Values(
      program, slot, ranges(branch), includesMissing: branch == missingBranch)
  }

  /// A branch in words.
  func note(
    _ branch: Int, _ words: Wording.NodeWording, gap: String?
  ) -> Explanation.BranchNote {
    guard words.branches.indices.contains(branch) else {
      return Explanation.BranchNote(
        kind: "case", tests: "", condition: condition(branch), gap: gap, values: values(branch),
        number: branch)
    }
    let kind =
      switch words.branches[branch].kind {
      case .case: "case"
      case .otherwise: "otherwise"
      case .missing: "missing"
      }
    return Explanation.BranchNote(
      kind: kind, tests: words.branches[branch].tests, condition: condition(branch), gap: gap,
      values: values(branch), number: branch)
  }

  /// Where `branch` leads.
  func target(_ branch: Int) -> Program.Target? {
    if branch == missingBranch { return node.missing }
    return words.branchOfChild.firstIndex(of: branch).map { node.children[$0] }
  }
}

// MARK: - Distances

extension Branches {
  /// What `branch` needed, and by how much `value` falls short: `needed >= 620, had 611 (9 too
  /// low)`.
  func gap(to branch: Int, from value: Value) -> String {
    let needed = branch == missingBranch ? "no value" : condition(branch)
    guard value != .null else { return "needed \(needed), but the value is missing" }
    let text = "needed \(needed), had \(value.feelLiteral)"
    guard let distance = distance(to: branch, from: value) else { return text }
    let side = distance.side == .below ? "too low" : "too high"
    return distance.side == .on
      ? "\(text) (exactly on the limit, which is excluded)"
      : "\(text) (\(distance.amount) \(side))"
  }

  /// The distance from `value` to the nearest end of the ranges of `branch`.
  func distance(to branch: Int, from value: Value) -> Explanation.Distance? {
    var best: (size: Decimal128, distance: Explanation.Distance)?
    for range in ranges(branch) {
      if let low = program.lowerBound(range.lowerBound, slot),
        let order = value.order(to: low.value),
        order < 0 || (order == 0 && !low.isClosed)
      {
        Self.keepNearer(&best, low, value)
      }
      if let high = program.upperBound(range.upperBound, slot),
        let order = value.order(to: high.value), order > 0 || (order == 0 && !high.isClosed)
      {
        Self.keepNearer(&best, high, value)
      }
    }
    return best?.distance
  }

  private static func keepNearer(
    _ best: inout (size: Decimal128, distance: Explanation.Distance)?, _ bound: Program.Bound,
    _ value: Value
  ) {
    guard let size = size(value, bound.value) else { return }
    if let best, best.size <= size { return }
    let side: Explanation.Distance.Side =
      size.isZero ? .on : (value.order(to: bound.value) ?? 0) < 0 ? .below : .above
    best = (
      size,
      Explanation.Distance(
        amount: difference(value, bound.value), side: side, limit: bound.value.description)
    )
  }

  /// How far `value` is from the nearest end of the range that it took.
  func margin(of branch: Int, _ value: Value) -> Explanation.Distance? {
    guard value != .null else { return nil }
    var best: (size: Decimal128, distance: Explanation.Distance)?
    for range in ranges(branch) where contains(range, value) {
      for bound in [
        program.lowerBound(range.lowerBound, slot), program.upperBound(range.upperBound, slot),
      ] {
        if let bound { Self.keepNearer(&best, bound, value) }
      }
    }
    return best?.distance
  }

  /// A margin in words; its limit is written as in FEEL.
  func words(_ margin: Explanation.Distance) -> String {
    let limit = Value(parsing: margin.limit, as: slot.type)?.feelLiteral ?? margin.limit
    return margin.side == .on
      ? "exactly on the threshold \(limit)"
      : "\(margin.amount) from the threshold \(limit)"
  }

  private func contains(_ range: ClosedRange<Int64>, _ value: Value) -> Bool {
    range.contains(slot.key(of: value))
  }

  /// The distance between two values of one type as a number; nil where there is none.
  private static func size(_ left: Value, _ right: Value) -> Decimal128? {
    guard let a = left.measure, let b = right.measure,
      case .number(let number) = FEEL.subtract(.number(a), .number(b))
    else { return nil }
    return number.magnitude
  }

  /// The distance in the values' own terms: a number, or a duration.
  private static func difference(_ left: Value, _ right: Value) -> String {
    let difference = FEEL.abs(FEEL.subtract(left, right))
    if difference != .null { return difference.description }
    return size(left, right).map { $0.description } ?? ""
  }
}
