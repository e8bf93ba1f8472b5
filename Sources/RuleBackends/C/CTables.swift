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

      /* The walk over one word for each slot; cuts holds the nodes' cuts in terms of these words. */
      static int32_t \(p)_find(const int64_t *cuts, const int64_t *words) {
        int32_t target = 0;
        while (target >= 0) {
          const \(p)_node *node = &\(p)_nodes[target];
          const int64_t word = words[node->slot];
          if (word == INT64_MIN) {
            target = node->missing;
            if (target == -INT32_MAX) return -1;
          } else if (node->count < 0) {
            if (word < 0 || word >= -node->count) return -1;
            target = \(p)_targets[node->children + word];
          } else {
            const int64_t *cut = cuts + node->first;
            int32_t low = 0, high = node->count;
            while (high - low > 4) {
              const int32_t middle = low + (high - low) / 2;
              if (cut[middle] <= word) low = middle + 1; else high = middle;
            }
            while (low < high && cut[low] <= word) low++;
            target = \(p)_targets[node->children + low];
          }
        }
        return ~target;
      }

      int32_t \(p)_leaf(const int64_t *keys) { return \(p)_find(\(p)_cuts, keys); }
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

  /// The cuts in terms of a row's words, and the statements that give one word for each slot.
  ///
  /// A `double` counts by its place in the order of all, so that one walk serves every type.
  func words(_ row: inout CRow) -> (table: String, lines: [String]) {
    var cuts: [String] = []
    for node in program.nodes {
      cuts += node.cuts.map { Self.literal(row.threshold(node.slot, $0)) }
    }
    if cuts.isEmpty { cuts = ["0"] }
    let lines = row.slots.enumerated().map { index, slot in
      let field = "values.s\(index)"
      switch slot.form {
      case .index: return "words[\(index)] = \(field) < 0 ? INT64_MIN : \(field);"
      case .key, .integer: return "words[\(index)] = \(field);"
      case .double:
        let place = "\(names.prefix)_\(CHelper.placeOfDouble.name)(\(field))"
        return "words[\(index)] = \(field) != \(field) ? INT64_MIN : \(place);"
      }
    }
    let table =
      "static const int64_t \(names.prefix)_row_cuts[] = {\n\(Self.rows(cuts, 8))\n};"
    return (table, lines)
  }

  /// The first word at or above a cut. No word is the greatest integer (see `CInteger.all`), so it
  /// stands for a cut that none reaches.
  private static func literal(_ threshold: CThreshold) -> String {
    switch threshold {
    case .always: "-INT64_MAX"
    case .never: "INT64_MAX"
    case .from(.integer(let number)): CText.literal(number)
    case .from(.double(let double)): CText.literal(CDomain.place(of: double))
    }
  }
}
