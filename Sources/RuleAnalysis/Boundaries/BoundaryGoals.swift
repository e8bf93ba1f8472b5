import RuleProgram

/// One thing that a case should show of a split or leaf.
struct BoundaryGoal {
  var site: BoundarySuite.Site
  /// What it is called when the key that a case has for the split's slot is as near as can be.
  var text: String
  /// Keys of the split's slot that show it, the best first; each list that follows is less near, and
  /// has a name of its own. Empty for a leaf.
  var choices: [Choice] = []

  /// Keys that show a goal.
  struct Choice {
    var keys: KeySet
    var text: String
    /// True when no others need be tried once a case with these keys is known.
    var isNear: Bool
  }
}

extension Program {
  /// The goals of node number `index` for what can reach it, `allowed`.
  func boundaryGoals(_ index: Int, _ allowed: KeySet, subject: String) -> [BoundaryGoal] {
    let node = nodes[index]
    let slot = slots[node.slot]
    var goals =
      slot.encoding.isTable
      ? valueGoals(index, slot, allowed, subject) : cutGoals(index, slot, allowed, subject)
    if node.missing != nil, allowed.includesMissing {
      goals.append(
        goal(index, "\(subject) missing", KeySet(includesMissing: true)))
    }
    return goals
  }

  private func goal(_ index: Int, _ text: String, _ keys: KeySet) -> BoundaryGoal {
    BoundaryGoal(
      site: .split(index), text: text, choices: [.init(keys: keys, text: text, isNear: true)])
  }

  private func valueGoals(
    _ index: Int, _ slot: Slot, _ allowed: KeySet, _ subject: String
  ) -> [BoundaryGoal] {
    allowed.ranges.joined().map { key in
      goal(index, "\(subject) = \(condition(on: slot, keys: key...key))", KeySet([key...key]))
    }
  }

  private func cutGoals(
    _ index: Int, _ slot: Slot, _ allowed: KeySet, _ subject: String
  ) -> [BoundaryGoal] {
    let node = nodes[index]
    var goals: [BoundaryGoal] = []
    for (place, cut) in node.cuts.enumerated()
    where node.children[place] != node.children[place + 1] {
      let low = place > 0 ? node.cuts[place - 1] : KeyEncoding.leastKey
      let high = place + 1 < node.cuts.count ? node.cuts[place + 1] - 1 : KeyEncoding.greatestKey
      let threshold = Threshold(cut, self, slot, subject)
      goals += [(low, cut - 1), (cut, high)].compactMap { low, high in
        let side = allowed.present.intersection(KeySet([low...high]))
        return threshold.goal(index, side)
      }
    }
    return goals
  }
}

/// A cut as people see it: a value, with values below and above it.
private struct Threshold {
  let cut: Int64
  /// The key of the threshold's value: the cut itself, or the key before it.
  let exact: Int64
  let text: String
  let subject: String
  /// How many keys a step of the scale takes.
  let step: Int64

  init(_ cut: Int64, _ program: Program, _ slot: Program.Slot, _ subject: String) {
    self.cut = cut
    self.subject = subject
    let isWhole = slot.encoding == .whole
    exact = isWhole || cut & 1 == 0 ? cut : cut - 1
    if case .scaled = slot.encoding { step = 2 } else { step = 1 }
    text = program.lowerBound(exact, slot)?.value.feelLiteral ?? "?"
  }

  /// The goal for one side of the cut, of which `side` can be reached; nil when nothing can.
  func goal(_ node: Int, _ side: KeySet) -> BoundaryGoal? {
    guard let hull = side.hull else { return nil }
    let isAbove = hull.lowerBound >= cut
    let nearest = isAbove ? cut : cut - 1
    var choices: [BoundaryGoal.Choice] = []
    let isOn = nearest == exact
    let word = isAbove ? "above" : "below"
    let add = { (choices: inout [BoundaryGoal.Choice], keys: KeySet, text: String, isNear: Bool) in
      let keys = side.intersection(keys)
      if !keys.isEmpty { choices.append(.init(keys: keys, text: text, isNear: isNear)) }
    }
    if isOn {
      add(&choices, KeySet([exact...exact]), "\(subject) on the threshold \(text)", true)
    } else {
      let beside = "\(subject) just \(word) the threshold \(text)"
      for distance in [step, 1] {
        let key = isAbove ? exact + distance : exact - distance
        add(&choices, KeySet([key...key]), beside, true)
      }
    }
    add(&choices, side, "\(subject) \(word) the threshold \(text)", false)
    return BoundaryGoal(
      site: .split(node), text: choices.first?.text ?? subject, choices: choices)
  }
}
