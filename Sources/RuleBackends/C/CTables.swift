import RuleProgram

/// The tree as constant tables and a loop, for trees that are too large for nested conditions.
struct CTables {
  private let program: Program
  private let names: CIdentifiers

  /// The tables of `program`.
  init(_ program: Program, _ names: CIdentifiers) {
    self.program = program
    self.names = names
  }

  /// The tables, and the walk over keys.
  func walk() -> String {
    let p = names.prefix
    var nodes: [String] = []
    var cuts: [String] = []
    var targets: [String] = []
    for node in program.nodes {
      let isTable = program.slots[node.slot].encoding.isTable
      let count = isTable ? -node.children.count : node.cuts.count
      let missing = node.missing.map(Self.flat) ?? Int(Int32.min) + 1
      nodes.append("{\(node.slot), \(cuts.count), \(count), \(targets.count), \(missing)}")
      cuts += node.cuts.map { CText.literal($0) }
      targets += node.children.map { String(Self.flat($0)) }
    }
    if cuts.isEmpty { cuts = ["0"] }
    return """
      typedef struct { int32_t slot, first, count, children, missing; } \(p)_node;
      static const \(p)_node \(p)_nodes[] = {
      \(Self.rows(nodes, 4))
      };
      static const int64_t \(p)_cuts[] = {
      \(Self.rows(cuts, 8))
      };
      /* A node's index, or the complement of a leaf's. */
      static const int32_t \(p)_targets[] = {
      \(Self.rows(targets, 12))
      };

      int32_t \(p)_leaf(const int64_t *keys) {
        int32_t target = 0;
        while (target >= 0) {
          const \(p)_node *node = &\(p)_nodes[target];
          const int64_t key = keys[node->slot];
          if (key == INT64_MIN) {
            target = node->missing;
            if (target == -INT32_MAX) return -1;
          } else if (node->count < 0) {
            if (key < 0 || key >= -node->count) return -1;
            target = \(p)_targets[node->children + key];
          } else {
            const int64_t *cut = \(p)_cuts + node->first;
            int32_t low = 0, high = node->count;
            while (high - low > 4) {
              const int32_t middle = low + (high - low) / 2;
              if (cut[middle] <= key) low = middle + 1; else high = middle;
            }
            while (low < high && cut[low] <= key) low++;
            target = \(p)_targets[node->children + low];
          }
        }
        return ~target;
      }
      """
  }

  private static func flat(_ target: Program.Target) -> Int {
    switch target {
    case .node(let index): index
    case .leaf(let index): -1 - index
    }
  }

  /// Items, a few on each line.
  static func rows(_ items: [String], _ perLine: Int) -> String {
    var lines: [String] = []
    var start = 0
    while start < items.count {
      let end = min(start + perLine, items.count)
      lines.append("  " + items[start..<end].joined(separator: ", "))
      start = end
    }
    return lines.joined(separator: ",\n")
  }

  /// What turns the words of a row into keys that lead to the same leaf: each word's rank among the
  /// cuts of its slot, and the cut of that rank.
  func keys(_ row: inout CRow) -> (tables: String, lines: [String]) {
    var cuts = [Set<Int64>](repeating: [], count: program.slots.count)
    for node in program.nodes { cuts[node.slot].formUnion(node.cuts) }
    var tables: [String] = []
    var lines: [String] = []
    for (index, slot) in row.slots.enumerated() {
      let field = "values.s\(index)"
      switch slot.form {
      case .index: lines.append("keys[\(index)] = \(field) < 0 ? INT64_MIN : \(field);")
      case .key: lines.append("keys[\(index)] = \(field);")
      case .double, .integer:
        let sorted = cuts[index].sorted()
        let words = sorted.compactMap { word(row.threshold(index, $0), slot) }
        let (isDouble, missing) = Self.missing(slot, field)
        let helper: CHelper = isDouble ? .rankDouble : .rankInteger
        let p = names.prefix
        guard !words.isEmpty else {
          lines.append("keys[\(index)] = \(missing) ? INT64_MIN : -INT64_MAX;")
          continue
        }
        tables.append(
          "static const \(slot.cType) \(p)_from_\(index)[] = {\n\(Self.rows(words, 6))\n};")
        let ranks = ["-INT64_MAX"] + sorted.map { CText.literal($0) }
        tables.append("static const int64_t \(p)_key_\(index)[] = {\n\(Self.rows(ranks, 8))\n};")
        lines.append(
          "keys[\(index)] = \(missing) ? INT64_MIN : \(p)_key_\(index)[\(p)_\(helper.name)"
            + "(\(p)_from_\(index), \(words.count), \(field))];")
      }
    }
    return (tables.joined(separator: "\n"), lines)
  }

  private static func missing(_ slot: CRow.Slot, _ field: String) -> (Bool, String) {
    if case .double = slot.form { return (true, "\(field) != \(field)") }
    return (false, "\(field) == INT64_MIN")
  }

  /// The first word at or above a cut; nil when no word is.
  private func word(_ threshold: CThreshold, _ slot: CRow.Slot) -> String? {
    switch threshold {
    case .from(let word): return word.literal
    case .never: return nil
    case .always:
      if case .double = slot.form { return CText.literal(-Double.greatestFiniteMagnitude) }
      return "-INT64_MAX"
    }
  }
}
