/// The program as text for people who check what was compiled.
extension Program {
  /// One part a line: tables, expressions, then the tree, indented.
  public func disassembly() -> String {
    var lines = ["program sha256:\(digest)", ""]
    lines += inputs.enumerated().map { "input \($0)  \(Self.describe($1))" }
    lines += outcomes.enumerated().map {
      "outcome \($0)  \($1.name)\($1.isAdverse ? "  adverse" : "")"
    }
    lines += outputs.enumerated().map { "output \($0)  \($1.name) \($1.type.name)" }
    lines += reasons.enumerated().map { "reason \($0)  \($1)" }
    lines += derived.enumerated().map {
      "derived \($0)  \($1.name) \($1.type.name) = expression \($1.expression)"
    }
    for (index, code) in expressions.enumerated() {
      lines.append("expression \(index)")
      lines += code.instructions.map { "  \(describe($0))" }
    }
    lines += slots.enumerated().map { "slot \($0)  \(describe($1))" }
    lines.append("")
    appendTree(&lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func describe(_ input: Input) -> String {
    var text = "\(input.name) \(input.type.name)"
    if input.allowsMissing { text += "  missing allowed" }
    if let minimum = input.minimum { text += "  min \(minimum.feelLiteral)" }
    if let maximum = input.maximum { text += "  max \(maximum.feelLiteral)" }
    if !input.values.isEmpty {
      text += "  in " + input.values.map { Value.string($0).feelLiteral }.joined(separator: ", ")
    }
    return text
  }

  private func describe(_ instruction: Instruction) -> String {
    let operand = instruction.operand
    let name = instruction.operation.name
    switch instruction.operation.operandKind {
    case .none: return name
    case .constantIndex: return "\(name) \(constants[operand].feelLiteral)"
    case .inputIndex: return "\(name) \(inputs[operand].name)"
    case .derivedIndex: return "\(name) \(derived[operand].name)"
    case .patternIndex: return "\(name) \(Value.string(patterns[operand].pattern).feelLiteral)"
    case .property:
      let property = UInt8(exactly: operand).flatMap(TemporalProperty.init(rawValue:))
      return "\(name) \(property.map { "\($0)" } ?? "?")"
    case .depth, .count: return "\(name) \(operand)"
    }
  }

  private func describe(_ slot: Slot) -> String {
    let encoding =
      switch slot.encoding {
      case .boolean: "boolean"
      case .declared: "declared string"
      case .whole: "whole"
      case .scaled(let digits): "scaled by 10^\(digits)"
      case .ranked(let constants): "ranked among \(constants.count) constants"
      }
    return "\(name(of: slot))  \(slot.type.name), \(encoding)"
  }

  /// What a slot looks at: the input's or derived value's name, or `expression N`.
  public func name(of slot: Slot) -> String {
    switch slot.source {
    case .input(let index): inputs[index].name
    case .derived(let index): derived[index].name
    case .expression(let index): "expression \(index)"
    }
  }

  /// Depth first over an explicit stack: a deep tree can't exhaust the call stack.
  private func appendTree(_ lines: inout [String]) {
    var pending: [(target: Target, label: String, depth: Int)] = [(root, "", 0)]
    while let (target, label, depth) = pending.popLast() {
      let indent = String(repeating: "  ", count: depth) + (label.isEmpty ? "" : "\(label): ")
      switch target {
      case .leaf(let index):
        lines.append(indent + describe(leaves[index], index))
      case .node(let index):
        let node = nodes[index]
        lines.append(indent + "node \(index) on \(name(of: slots[node.slot]))")
        var branches = node.children.indices.map { place in
          (node.children[place], self.label(of: place, in: node), depth + 1)
        }
        if let missing = node.missing { branches.append((missing, "missing", depth + 1)) }
        pending += branches.reversed()
      }
    }
  }

  private func describe(_ leaf: Leaf, _ index: Int) -> String {
    var text = "leaf \(index) \(leaf.id) -> \(outcomes[leaf.outcome].name)"
    if !leaf.reasons.isEmpty { text += " [\(reasonCodes(ofLeaf: index).joined(separator: " "))]" }
    for set in leaf.sets { text += " \(outputs[set.output].name) = expression \(set.expression)" }
    return text
  }

  private func label(of child: Int, in node: Node) -> String {
    let slot = slots[node.slot]
    let keys =
      slot.encoding.isTable
      ? Int64(child)...Int64(child)
      : (child == 0 ? KeyEncoding.leastKey : node.cuts[child - 1])...(child == node.cuts.count
        ? KeyEncoding.greatestKey : node.cuts[child] - 1)
    return condition(on: slot, keys: keys)
  }
}
