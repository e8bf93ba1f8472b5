import RuleProgram

/// How the conditions of a walk are written: over keys, or over the words of a row.
enum CView {
  case keys
  case row
}

/// The tree as nested conditions, for trees that compilers still take in their stride.
struct CTree {
  private let program: Program
  private let view: CView
  private var row: CRow?
  private var lines: [String] = []
  /// Nodes that are written behind a label: those that are reached twice or lie deep.
  private var labelled: Set<Int> = []
  /// Those of them that something jumps to, and those still to be written.
  private var reached: Set<Int> = []
  private var pending: [Int] = []

  /// Blocks nest no deeper than this; C99 promises 127 levels.
  private static let deepest = 24

  /// The walk over `program`'s keys, or over the words of `row`.
  init(_ program: Program, row: CRow? = nil) {
    self.program = program
    self.row = row
    view = row == nil ? .keys : .row
  }

  /// The statements of the function's body, each path of which returns a leaf or -1.
  mutating func body() -> [String] {
    lines = []
    if program.nodes.isEmpty { put("(void)\(view == .keys ? "keys" : "values");", 1) }
    write(program.root, 1)
    while let next = pending.popLast() {
      lines.append("n\(next):")
      writeNode(next, 1)
    }
    return lines
  }

  private mutating func write(_ target: Program.Target, _ depth: Int) {
    switch target {
    case .leaf(let index): put("return \(index);", depth)
    case .node(let index):
      if labelled.contains(index) || depth > Self.deepest {
        if reached.insert(index).inserted { pending.append(index) }
        put("goto n\(index);", depth)
      } else {
        writeNode(index, depth)
      }
    }
  }

  private mutating func put(_ line: String, _ depth: Int) {
    lines.append(String(repeating: "  ", count: depth) + line)
  }

  /// A child that more than one range of keys leads to is written once, behind a label.
  private mutating func writeNode(_ index: Int, _ depth: Int) {
    let node = program.nodes[index]
    labelled.formUnion(repeated(node))
    writeMissing(node, depth)
    if program.slots[node.slot].encoding.isTable {
      writeTable(node, depth)
    } else {
      writeCuts(node, branches(of: node), depth)
    }
  }

  private func repeated(_ node: Program.Node) -> [Int] {
    var seen: Set<Int> = []
    var last: Program.Target?
    var result: [Int] = []
    let isTable = program.slots[node.slot].encoding.isTable
    for target in node.children {
      if case .node(let child) = target, isTable || target != last, !seen.insert(child).inserted,
        !isTable, !result.contains(child)
      {
        result.append(child)
      }
      last = target
    }
    if let missing = node.missing, case .node(let child) = missing, seen.contains(child),
      !result.contains(child)
    {
      result.append(child)
    }
    return result
  }

  private mutating func writeMissing(_ node: Program.Node, _ depth: Int) {
    let test: String
    switch view {
    case .keys: test = "keys[\(node.slot)] == INT64_MIN"
    case .row:
      guard let slot = row?.slots[node.slot], slot.canBeMissing else { return }
      let field = "values->\(slot.field)"
      switch slot.form {
      case .double: test = "\(field) != \(field)"
      case .integer, .key: test = "\(field) == INT64_MIN"
      case .index: test = "\(field) < 0"
      }
    }
    guard let missing = node.missing else { return put("if (\(test)) return -1;", depth) }
    put("if (\(test)) {", depth)
    write(missing, depth + 1)
    put("}", depth)
  }

  private mutating func writeTable(_ node: Program.Node, _ depth: Int) {
    let operand =
      view == .keys ? "keys[\(node.slot)]" : "values->\(row?.slots[node.slot].field ?? "")"
    var groups: [(target: Program.Target, keys: [Int])] = []
    var places: [Program.Target: Int] = [:]
    for (key, target) in node.children.enumerated() {
      if let place = places[target] {
        groups[place].keys.append(key)
      } else {
        places[target] = groups.count
        groups.append((target, [key]))
      }
    }
    put("switch (\(operand)) {", depth)
    for (target, keys) in groups {
      put(keys.map { "case \($0):" }.joined(separator: " "), depth)
      write(target, depth + 1)
    }
    put("default: return -1;", depth)
    put("}", depth)
  }

  /// A branch: the cut that it starts at (none for the first), and where it leads.
  private struct Branch {
    var cut: Int64?
    var target: Program.Target
  }

  private func branches(of node: Program.Node) -> [Branch] {
    var result: [Branch] = []
    for (index, target) in node.children.enumerated() where result.last?.target != target {
      result.append(Branch(cut: index == 0 ? nil : node.cuts[index - 1], target: target))
    }
    return result
  }

  private mutating func writeCuts(_ node: Program.Node, _ branches: [Branch], _ depth: Int) {
    guard branches.count > 1 else {
      if let only = branches.first { write(only.target, depth) }
      return
    }
    // A chain for few branches, halves for many.
    let place = branches.count > 4 ? branches.count / 2 : 1
    let (low, high) = (Array(branches[..<place]), Array(branches[place...]))
    switch below(node.slot, high[0].cut ?? .min) {
    case .never: writeCuts(node, low, depth)
    case .always: writeCuts(node, high, depth)
    case .condition(let text):
      put("if (\(text)) {", depth)
      writeCuts(node, low, depth + 1)
      put("}", depth)
      writeCuts(node, high, depth)
    }
  }

  private enum Below {
    /// No value is below the cut: every value is at or above it.
    case always
    case never
    case condition(String)
  }

  /// The condition that a slot is below `cut`.
  private mutating func below(_ slot: Int, _ cut: Int64) -> Below {
    if view == .keys { return .condition("keys[\(slot)] < \(CText.literal(cut))") }
    switch row?.threshold(slot, cut) {
    case .from(let word): return .condition("values->s\(slot) < \(word.literal)")
    case .always: return .always
    default: return .never
    }
  }
}
