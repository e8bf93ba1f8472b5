import RuleProgram

/// Looks for two rows that reach a split and differ in one atomic condition alone, all others keeping
/// their truth, so that the split's condition turns from true to false.
struct PairSearch {
  let search: WitnessSearch
  let condition: SplitCondition
  let atom: Int
  /// What reaches the split.
  let region: Region
  /// Rows that reach the split already.
  var known: [[Value]] = []
  /// Rows to start from.
  var seeds: [[Value]] = []

  /// How many ways to make the other conditions let this one decide are tried.
  private static let wayLimit = 32
  /// What a search for rows on a threshold may cost: there is more to try after it.
  private static let edgeBudget = 60

  /// What a search came to.
  enum Answer {
    /// Indexes into `known`, of the row where the condition is true and the one where it is false.
    case known(Int, Int)
    case found([Value], [Value])
    /// It is proven that there is no such pair.
    case none
    case undecided

    /// True when there is a pair.
    var isFound: Bool {
      switch self {
      case .known, .found: true
      case .none, .undecided: false
      }
    }
  }

  init(search: WitnessSearch, condition: SplitCondition, atom: Int, region: Region) {
    self.search = search
    self.condition = condition
    self.atom = atom
    self.region = region
  }

  private var part: SplitCondition.Atom { condition.atoms[atom] }

  /// A pair on one side of the condition's threshold; where there is none as near, any pair.
  func search(side: Int) -> Answer {
    let edges: [SplitCondition.Edge?] = part.edges.isEmpty ? [] : part.edges[side]
    for edge in edges + [nil] {
      if let pair = knownPair(edge) { return .known(pair.0, pair.1) }
      let answer = search(edge)
      if answer.isFound { return answer }
      if case .none = answer, edge == nil { return answer }
      // A second side is worth a pair on the threshold only.
      if side > 0, edge == nil { break }
    }
    return .undecided
  }

  /// - Returns: `none` only where `edge` is nil and every way was ruled out.
  private func search(_ edge: SplitCondition.Edge?) -> Answer {
    let all = condition.formula.decided(by: atom)
    let ways = all.filter { $0[atom] == nil }.prefix(Self.wayLimit)
    // A list that may be cut off proves nothing, nor does one without the ways that ask for the atom
    // itself, nor one for `if`, where a null leads to `else` as false does.
    var isProven =
      ways.count == all.count && condition.atoms.count <= 12 && !condition.formula.hasSelect
    for way in ways {
      for first in [true, false] {
        let answer = search(way, edge, first: first)
        if case .found = answer { return answer }
        if case .none = answer { break }
        isProven = false
      }
    }
    return isProven && !ways.isEmpty && edge == nil ? .none : .undecided
  }

  /// Looks for the row where the atom is `first`, then for its counterpart.
  private func search(
    _ way: ConditionFormula.Assignment, _ edge: SplitCondition.Edge?, first: Bool
  ) -> Answer {
    var place = narrowed(first, edge)
    for (other, truth) in way {
      place.keys[condition.atoms[other].truthSlot] = KeySet([truth ? 1...1 : 0...0])
    }
    let row: [Value]
    switch find(place, edge, near: seeds) {
    case .found(let found): row = found
    case .none: return .none
    case .undecided: return .undecided
    }
    let truths = truths(row)
    guard decides(truths) else { return .undecided }
    var counterpart = narrowed(!first, edge)
    for other in condition.atoms.indices where other != atom {
      counterpart.keys[condition.atoms[other].truthSlot] = Self.keys(truths[other])
    }
    switch find(counterpart, edge, near: [row] + seeds) {
    case .found(let other): return first ? .found(row, other) : .found(other, row)
    case .none:
      // Only when the way fixes all the others do these truths stand for every such row.
      return way.count == condition.atoms.count - 1 ? .none : .undecided
    case .undecided: return .undecided
    }
  }

  private func find(
    _ region: Region, _ edge: SplitCondition.Edge?, near seeds: [[Value]]
  ) -> WitnessSearch.Verdict {
    if let point = search.point(of: region, near: seeds) { return .found(point) }
    var search = search
    if edge != nil { search.budget = min(search.budget, Self.edgeBudget) }
    return search.search(region)
  }

  private func narrowed(_ truth: Bool, _ edge: SplitCondition.Edge?) -> Region {
    var region = region
    region.keys[part.truthSlot] = KeySet([truth ? 1...1 : 0...0])
    if let edge, let slot = part.subjectSlot {
      region.keys[slot] = truth ? edge.whenTrue : edge.whenFalse
    }
    return region
  }

  // MARK: - Rows that are there

  private func knownPair(_ edge: SplitCondition.Edge?) -> (Int, Int)? {
    var seen: [[Value]: (whenTrue: Int?, whenFalse: Int?)] = [:]
    for (index, row) in known.enumerated() {
      var others = truths(row)
      guard case .boolean(let truth) = others[atom], isOn(edge, row, truth), decides(others)
      else { continue }
      others[atom] = .null
      var pair = seen[others] ?? (nil, nil)
      if truth {
        pair.whenTrue = pair.whenTrue ?? index
      } else {
        pair.whenFalse = pair.whenFalse ?? index
      }
      if let a = pair.whenTrue, let b = pair.whenFalse { return (a, b) }
      seen[others] = pair
    }
    return nil
  }

  private func isOn(_ edge: SplitCondition.Edge?, _ row: [Value], _ truth: Bool) -> Bool {
    guard let edge, let slot = part.subjectSlot else { return true }
    let keys = truth ? edge.whenTrue : edge.whenFalse
    return keys.contains(search.keys(of: row, slots: [slot])[0])
  }

  /// The truths of the atomic conditions for a row.
  private func truths(_ row: [Value]) -> [Value] {
    search.keys(of: row, slots: condition.truthSlots).map { key in
      key == KeyEncoding.missingKey ? .null : .boolean(key == 1)
    }
  }

  /// True when the condition is true or false as the atom is, or as it isn't, with these others.
  private func decides(_ truths: [Value]) -> Bool {
    var changed = truths
    changed[atom] = .boolean(true)
    let whenTrue = condition.formula.value(changed)
    changed[atom] = .boolean(false)
    let whenFalse = condition.formula.value(changed)
    return whenTrue != .null && whenFalse != .null && whenTrue != whenFalse
  }

  private static func keys(_ truth: Value) -> KeySet {
    guard case .boolean(let flag) = truth else { return KeySet(includesMissing: true) }
    return KeySet([flag ? 1...1 : 0...0])
  }
}
