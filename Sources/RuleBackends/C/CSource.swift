import RuleProgram

/// The text of the `.c` file.
struct CSource {
  let program: Program
  let names: CIdentifiers
  let options: CBackend.Options
  /// Nil for keys only.
  let row: CRow?

  private var p: String { names.prefix }

  /// Whether the tree becomes nested conditions.
  private var isNested: Bool {
    program.nodes.isEmpty || program.leaves.count <= options.nestedLeaves
  }

  /// The whole text.
  func text() -> String {
    var body = [isNested ? nestedKeys() : CTables(program, names).walk()]
    if let row { body += rowParts(row) }
    body.append(batch)
    body.append(lookups())
    let text = body.joined(separator: "\n\n")
    let used = Set(CText.words(text))
    let helpers = CHelper.closure(
      of: Set(CHelper.allCases.filter { used.contains("\(p)_\($0.name)") }))
    let definitions = helpers.map { helper in
      helper.definition.replacing("$", with: p)
    }
    return ([opening] + definitions + [text]).joined(separator: "\n\n") + "\n"
  }

  private var opening: String {
    """
    /* Rule set \(CText.comment(options.id)) \(CText.comment(options.version)), program sha256:\(program.digest).
       Emitted by \(CText.comment(options.generator)); do not edit. See the header. */
    \(options.headerName.map { "#include " + CText.literal($0) } ?? "")
    #ifdef __FAST_MATH__
    #error "-ffast-math forgets that a missing number is not a number"
    #endif
    """
  }

  private func nestedKeys() -> String {
    var tree = CTree(program)
    return "int32_t \(p)_leaf(const int64_t *keys) {\n\(tree.body().joined(separator: "\n"))\n}"
  }

  // MARK: - Rows

  private func rowParts(_ row: CRow) -> [String] {
    var row = row
    var parts = row.tables
    let fields = row.slots.map { "  \($0.cType) \($0.field);" }
    parts.append(
      """
      /* One word for each slot. */
      typedef struct {
      \((fields.isEmpty ? ["  char none;"] : fields).joined(separator: "\n"))
      } \(p)_values;
      """)
    var lines = row.lines
    if row.slots.isEmpty { lines.append("(void)values;") }
    if program.inputs.isEmpty { lines.insert("(void)row;", at: 0) }
    parts.append(
      """
      /* Checks a row and reads it: -1, or the first input for which it is refused. */
      static int32_t \(p)_read(const \(p)_inputs *row, \(p)_values *values) {
      \(lines.map { "  " + $0 }.joined(separator: "\n"))
        return -1;
      }
      """)
    parts += isNested ? nestedRow(row) : tableRow(&row)
    parts.append(
      """
      int32_t \(p)_refused_input(const \(p)_inputs *row) {
        \(p)_values values;
        return \(p)_read(row, &values);
      }
      """)
    return parts
  }

  private func nestedRow(_ row: CRow) -> [String] {
    var tree = CTree(program, row: row)
    return [
      """
      static int32_t \(p)_walk(const \(p)_values *values) {
      \(tree.body().joined(separator: "\n"))
      }
      """,
      """
      int32_t \(p)_leaf_of(const \(p)_inputs *row) {
        \(p)_values values;
        return \(p)_read(row, &values) >= 0 ? -1 : \(p)_walk(&values);
      }
      """,
    ]
  }

  private func tableRow(_ row: inout CRow) -> [String] {
    let (table, lines) = CTables(program, names).words(&row)
    return [
      table,
      """
      int32_t \(p)_leaf_of(const \(p)_inputs *row) {
        \(p)_values values;
        int64_t words[\(max(program.slots.count, 1))];
        if (\(p)_read(row, &values) >= 0) return -1;
      \(lines.map { "  " + $0 }.joined(separator: "\n"))
        return \(p)_find(\(p)_row_cuts, words);
      }
      """,
    ]
  }

  private var batch: String {
    let count = program.slots.count
    let keys = (0..<count).map { "    keys[\($0)] = columns[\($0)][row];" }
    return """
      void \(p)_leaf_batch(const int64_t *const *columns, size_t rows, int32_t *leaves) {
        size_t row;
        int64_t keys[\(max(count, 1))]\(count == 0 ? " = {0}" : "");
      \(count == 0 ? "  (void)columns;\n" : "")  for (row = 0; row < rows; row++) {
      \(keys.isEmpty ? "" : keys.joined(separator: "\n") + "\n")    leaves[row] = \(p)_leaf(keys);
        }
      }
      """
  }

  // MARK: - What a leaf means

  private func lookups() -> String {
    let leaves = program.leaves.count
    var firsts = [0]
    var reasons: [Int] = []
    for leaf in program.leaves {
      reasons += leaf.reasons
      firsts.append(reasons.count)
    }
    return [
      texts("leaf_id", "leaf", program.leaves.map(\.id)),
      texts("outcome_name", "outcome", program.outcomes.map(\.name)),
      texts("reason_code", "reason", program.reasons),
      numbers("outcome_of", program.leaves.map(\.outcome)),
      numbers("adverse", program.outcomes.map { $0.isAdverse ? 1 : 0 }),
      numbers("first_reason", firsts), numbers("reasons", reasons),
      """
      int32_t \(p)_leaf_outcome(int32_t leaf) {
        return leaf >= 0 && leaf < \(leaves) ? \(p)_outcome_of[leaf] : -1;
      }

      int \(p)_leaf_is_adverse(int32_t leaf) {
        return leaf >= 0 && leaf < \(leaves) ? (int)\(p)_adverse[\(p)_outcome_of[leaf]] : 0;
      }

      int32_t \(p)_leaf_reasons(int32_t leaf, const int32_t **reasons) {
        if (leaf < 0 || leaf >= \(leaves)) {
          *reasons = NULL;
          return 0;
        }
        *reasons = \(p)_reasons + \(p)_first_reason[leaf];
        return \(p)_first_reason[leaf + 1] - \(p)_first_reason[leaf];
      }

      const char *\(p)_version(void) { return \(names.macro)_VERSION; }

      const char *\(p)_program_digest(void) { return \(names.macro)_PROGRAM_DIGEST; }
      """,
    ].joined(separator: "\n\n")
  }

  private func texts(_ function: String, _ argument: String, _ items: [String]) -> String {
    guard !items.isEmpty else {
      return """
        const char *\(p)_\(function)(int32_t \(argument)) {
          (void)\(argument);
          return NULL;
        }
        """
    }
    return """
      const char *\(p)_\(function)(int32_t \(argument)) {
        static const char *const texts[] = {
      \(CTables.rows(items.map { "  " + CText.literal($0) }, 4))
        };
        return \(argument) >= 0 && \(argument) < \(items.count) ? texts[\(argument)] : NULL;
      }
      """
  }

  private func numbers(_ name: String, _ items: [Int]) -> String {
    let rows = CTables.rows(items.isEmpty ? ["0"] : items.map(String.init), 20)
    return "static const int32_t \(p)_\(name)[] = {\n\(rows)\n};"
  }
}
