import RuleProgram

extension Draft {
  /// The draft as a program that the analysis can look at: the tree is left out.
  var program: Program {
    var pool = CodePool()
    let derivedParts = derived.map { item in
      Program.Derived(name: item.name, type: item.type, expression: pool.add(item.lowered))
    }
    let slotParts = slots.map { slot in
      let source: Program.Slot.Source =
        switch slot.source {
        case .input(let index): .input(index)
        case .derived(let index): .derived(index)
        case .expression: .expression(pool.add(slot.lowered))
        }
      return Program.Slot(
        source: source, type: slot.type, encoding: slot.encoding, offset: slot.offset)
    }
    return Program(
      inputs: inputs, outcomes: declarations.outcomes, outputs: declarations.outputs,
      derived: derivedParts, constants: pool.constants, patterns: pool.patterns,
      expressions: pool.expressions, slots: slotParts)
  }
}
