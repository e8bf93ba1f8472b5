import RuleProgram

extension TreePicture {
  /// The way through the rules of one stage, its siblings collapsed.
  ///
  /// - Parameter limits: conditions and branches beyond them are told by their number.
  init(_ stage: Explanation.StageNote, _ words: PictureWords) {
    let maker = PathPictureMaker(stage: stage, words: words)
    title = words.pathTitle
    text = maker.text
    root = maker.root
    isPath = true
  }
}

/// Makes the picture of a stage's path.
private struct PathPictureMaker {
  let stage: Explanation.StageNote
  let words: PictureWords
  private var limits: PageLimits { words.words.limits }

  /// The drawn part of the path, the last conditions.
  private var steps: ArraySlice<Explanation.StepNote> { stage.path.suffix(limits.rows) }

  var root: TreePicture.Part {
    var part = TreePicture.Part.leaf(
      TreePicture.Leaf(
        id: stage.leaf, outcome: stage.outcomeLabel ?? stage.outcome, isAdverse: stage.isAdverse))
    for step in steps.reversed() { part = .split(split(step, to: part)) }
    let hidden = stage.path.count - steps.count
    guard hidden > 0 else { return part }
    return .split(
      TreePicture.Split(
        subject: words.skipped(hidden), place: nil,
        branches: [TreePicture.Branch(condition: "", isTaken: true, target: part)]))
  }

  private func subject(_ step: Explanation.StepNote) -> String {
    let name = step.met.map { words.words.name($0) } ?? .value(step.on, limit: limits.text)
    guard let label = step.label else { return name.words }
    return HTML.value(label, limit: limits.text).words + " – " + name.words
  }

  private func split(
    _ step: Explanation.StepNote, to next: TreePicture.Part
  ) -> TreePicture.Split {
    let branches = (step.others + [step.taken]).sorted { $0.number < $1.number }
    let taken = branches.firstIndex { $0.number == step.taken.number } ?? 0
    // Those nearest to the one taken are shown.
    let first = max(0, min(taken - limits.list / 2, branches.count - limits.list))
    let shown = first..<min(branches.count, first + limits.list)
    var drawn = [fold(branches[..<shown.lowerBound])].compactMap { $0 }
    for branch in branches[shown] {
      let isTaken = branch.number == step.taken.number
      drawn.append(
        TreePicture.Branch(
          condition: words.condition(branch, unit: step.met?.unit), number: branch.number,
          isTaken: isTaken, target: isTaken ? next : .closed(branch.subtree, words)))
    }
    if let rest = fold(branches[shown.upperBound...]) { drawn.append(rest) }
    return TreePicture.Split(
      subject: subject(step), value: step.met.map { words.words.value($0).words },
      note: step.distance.map { words.words.margin($0, step.met).words },
      place: Wording.Place(line: step.line, column: step.column), branches: drawn)
  }

  private func fold(_ branches: ArraySlice<Explanation.BranchNote>) -> TreePicture.Branch? {
    branches.isEmpty ? nil : .several(branches.map(\.subtree), words)
  }

  /// The path in words.
  var text: String {
    var lines = steps.enumerated().map { place, step in
      let value = step.met.map { ": \(words.words.value($0).words)" } ?? ""
      let condition = words.condition(step.taken, unit: step.met?.unit)
      return
        "\(place + 1 + stage.path.count - steps.count). \(subject(step))\(value) → \(condition)."
    }
    lines.append(
      words.outcome(stage.outcomeLabel ?? stage.outcome, isAdverse: stage.isAdverse) + ", "
        + words.leaf(stage.leaf) + ".")
    return lines.joined(separator: " ")
  }
}
