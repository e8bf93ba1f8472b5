import RuleAnalysis
import RuleProgram

/// The tree and its leaves.
extension RuleSetBook {
  /// The picture; for a small tree also an outline, which needs no eyes for lines.
  var tree: HTML {
    let drawn = picture.tree(rows: RuleSetPicture.pageRows)
    var parts = [PictureFrame.figure(drawn, words, id: "tree-picture")]
    if drawn.root.hasFold { parts.append(paragraph(locale[book: .foldedTree])) }
    if program.leaves.count <= Self.outlineLimit {
      let whole = picture.tree(rows: .max).root
      parts.append(.element(.h3, [], locale[book: .outline]))
      parts.append(outline(whole))
    } else {
      parts.append(
        .element(
          .p, [],
          [
            locale.fill(
              book: .noOutline, locale.number("\(program.leaves.count)"), "\(Self.outlineLimit)")
          ]))
    }
    return section("tree", .tree, parts)
  }

  private func outline(_ part: TreePicture.Part) -> HTML {
    guard case .split(let split) = part else {
      return .element(.p, [], [.value(part.text(words), limit: 1000)])
    }
    return .join([.element(.p, [], [ask(split)]), branches(split)])
  }

  private func ask(_ split: TreePicture.Split) -> HTML {
    .element(.strong, [], [.value(split.subject, limit: 1000), .text("?")])
  }

  private func branches(_ split: TreePicture.Split) -> HTML {
    .element(
      .ul, [.class("outline")],
      split.branches.map { branch in
        let condition = HTML.value(branch.condition, limit: 1000)
        guard case .split(let inner) = branch.target else {
          let text = HTML.value(branch.target.text(words), limit: 1000)
          return .element(.li, [], [condition, .text(" → "), text])
        }
        return .element(.li, [], [condition, .text(" → "), ask(inner), branches(inner)])
      })
  }

  // MARK: - Leaves

  /// One row for each leaf, with all that must hold to reach it.
  var leaves: HTML {
    let conditions = leafConditions
    let hasSets = program.leaves.contains { !$0.sets.isEmpty }
    let visits = content.coverage?.leafVisits
    var heads: [BookPhrase] = [.leaf, .outcome, .conditions, .reasons]
    if hasSets { heads.append(.outputs) }
    if visits != nil { heads.append(.cases) }
    let rows = program.leaves.indices.prefix(Self.leafLimit).map { leaf -> [HTML] in
      var row = [
        code(program.leaves[leaf].id), outcome(leaf), conditions[leaf],
        .join(program.reasonCodes(ofLeaf: leaf).map { code($0) }, separator: ", "),
      ]
      if hasSets { row.append(sets(leaf)) }
      if let visits { row.append(.text(visits.indices.contains(leaf) ? "\(visits[leaf])" : "")) }
      return row
    }
    let rest = program.leaves.count - rows.count
    return section(
      "leaves", .leaves,
      [
        paragraph(locale[book: .leavesIntro]), table(heads, rows, limit: Self.leafLimit),
        rest > 0 ? .element(.p, [], [locale.fill(.more, "\(rest)")]) : .empty,
      ])
  }

  private func outcome(_ leaf: Int) -> HTML {
    let outcome = program.outcome(ofLeaf: leaf)
    let label = wording.outcomes.first { $0.name == outcome.name }?.label(in: language)
    return .text(words.outcome(label ?? outcome.name, isAdverse: outcome.isAdverse))
  }

  /// For each leaf, what its region demands of each thing that is looked at.
  private var leafConditions: [HTML] {
    let analysis = RegionAnalysis(program)
    let whole = analysis.whole
    var subjects = [HTML](repeating: .empty, count: program.slots.count)
    for (index, node) in program.nodes.enumerated().reversed() {
      subjects[node.slot] = slotName(node.slot, wording.nodes[index].on)
    }
    var found = [HTML](repeating: .empty, count: program.leaves.count)
    var shown = 0
    analysis.forEachLeaf { leaf, region in
      found[leaf] = conditions(region, whole, subjects)
      shown += 1
      return shown < Self.leafLimit
    }
    return found
  }

  private func slotName(_ slot: Int, _ on: String) -> HTML {
    guard let term = picture.term(slot) else { return code(on) }
    return value(term.label(in: language) ?? term.name)
  }

  private func conditions(_ region: Region, _ whole: Region, _ subjects: [HTML]) -> HTML {
    var items: [HTML] = []
    for (index, slot) in program.slots.enumerated() where region.keys[index] != whole.keys[index] {
      let keys = region.keys[index]
      var values = Explanation.Values(
        program, slot, keys.ranges, includesMissing: keys.includesMissing)
      let term = picture.term(index)
      if let term {
        for place in values.listed.indices {
          values.listed[place].valueLabel = values.listed[place].value.flatMap {
            term.label(ofValue: $0, in: language)
          }
        }
      }
      items.append(
        .element(
          .li, [],
          [subjects[index], .text(": "), words.words.condition(values, unit: term?.unit)]))
    }
    return items.isEmpty ? .text(locale[book: .always]) : .element(.ul, [], items)
  }

  private func sets(_ leaf: Int) -> HTML {
    .element(
      .ul, [],
      program.leaves[leaf].sets.map { set in
        let output = program.outputs[set.output].name
        let term = wording.outputs.first { $0.name == output }
        return .element(
          .li, [],
          [
            value(term?.label(in: language) ?? output), .text(": "),
            computed(program.expressions[set.expression], unit: term?.unit),
          ])
      })
  }

  /// A constant, or what a value is computed from.
  private func computed(_ code: Code, unit: String?) -> HTML {
    if code.instructions.count == 1, code.instructions[0].operation == .constant {
      let constant = program.constants[code.instructions[0].operand]
      return words.words.value(
        Explanation.ValueNote(
          name: "", value: constant.description, unit: unit, type: constant.type))
    }
    var names: [String] = []
    for instruction in code.instructions {
      let name: String? =
        switch instruction.operation {
        case .input: program.inputs[instruction.operand].name
        case .derived: program.derived[instruction.operand].name
        default: nil
        }
      if let name, !names.contains(name) { names.append(name) }
    }
    guard !names.isEmpty else { return .text(locale[book: .computedValue]) }
    let list = names.prefix(limits.list).map { self.code($0) }
    return locale.fill(book: .computedFrom, words.words.joined(Array(list), .and))
  }
}
