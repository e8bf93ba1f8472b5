import RuleProgram

/// Writes one program, either as expressions over the table's columns or in steps of columns that
/// build on each other.
struct SQLGenerator {
  let backend: SQLBackend
  let program: Program
  let isStepwise: Bool
  var dialect: SQLDialect { backend.dialect }
  var columns: SQLColumns { SQLColumns(dialect: backend.dialect) }
  var inputs: [SQLTerm] = []
  var derived: [SQLTerm] = []
  var slots: [SQLTerm] = []
  /// Columns by level: those of a level read only levels below.
  var levels: [[(name: String, sql: String)]] = []
  /// The inputs that expressions read.
  private(set) var read: Set<Int> = []
  private var isAcceptable = ""

  /// What the names of columns in between begin with; no other column's does.
  let prefix: String

  init(_ backend: SQLBackend, _ program: Program, isStepwise: Bool, prefix: String) {
    self.backend = backend
    self.program = program
    self.prefix = prefix
    self.isStepwise = isStepwise
  }

  /// Everything below the tree.
  mutating func prepare() throws(Inexpressible) {
    read = readInputs()
    try verifyNames()
    for index in program.inputs.indices {
      inputs.append(try bind(try input(index, isRead: read.contains(index)), "\(prefix)in\(index)"))
    }
    let checks = program.inputs.indices.map(check)
    isAcceptable = checks.isEmpty ? dialect.boolean(true) : checks.joined(separator: " AND ")
    if isStepwise {
      append(level: 2, prefix + "ok", isAcceptable)
      isAcceptable = dialect.quoted(prefix + "ok")
    }
    for index in program.derived.indices {
      let term = try term(ofExpression: program.derived[index].expression, in: .derived(index))
      derived.append(try bind(typed(term, program.derived[index].type), "\(prefix)d\(index)"))
    }
    for index in program.slots.indices {
      let slot = program.slots[index]
      var term: SQLTerm
      switch slot.source {
      case .input(let input): term = inputs[input]
      case .derived(let item): term = derived[item]
      case .expression(let expression):
        let raw = try self.term(ofExpression: expression, in: .expression(expression))
        term = try bind(typed(raw, slot.type), "\(prefix)s\(index)")
      }
      if slot.offset != .any, term.isInteger, term.hasOffset != (slot.offset == .required) {
        throw Inexpressible(
          "comparing local times with times that carry an offset", in: part(ofSlot: index))
      }
      slots.append(term)
    }
    for (index, node) in program.nodes.enumerated() { try verify(node, index) }
  }

  /// The always-null expression takes the type of its place.
  private func typed(_ term: SQLTerm, _ type: ValueType) -> SQLTerm {
    guard term.type == nil else { return term }
    var term = term
    term.type = type
    term.sql = nullLiteral(type)
    return term
  }

  /// Most databases take names that differ in case only for one, quoted or not.
  private func verifyNames() throws(Inexpressible) {
    guard dialect != .postgres else { return }
    var known: Set<String> = []
    for (index, input) in program.inputs.enumerated()
    where !known.insert(input.name.lowercased()).inserted {
      throw Inexpressible("two inputs whose names differ in case only", in: .input(index))
    }
  }

  private func nullLiteral(_ type: ValueType) -> String {
    switch (type, dialect) {
    case (_, .sqlite): "NULL"
    case (.boolean, _): "CAST(NULL AS BOOLEAN)"
    case (.string, .spark): "CAST(NULL AS STRING)"
    case (.string, _): "CAST(NULL AS VARCHAR)"
    default: "CAST(NULL AS BIGINT)"
    }
  }

  private func readInputs() -> Set<Int> {
    var read: Set<Int> = []
    for code in program.expressions {
      for instruction in code.instructions where instruction.operation == .input {
        read.insert(instruction.operand)
      }
    }
    return read
  }

  func part(ofSlot index: Int) -> Inexpressible.Part {
    switch program.slots[index].source {
    case .input(let input): .input(input)
    case .derived(let item): .derived(item)
    case .expression(let expression): .expression(expression)
    }
  }
}

/// Columns that build on each other.
extension SQLGenerator {
  private mutating func append(level: Int, _ name: String, _ sql: String) {
    while levels.count < level { levels.append([]) }
    levels[level - 1].append((name, sql))
  }

  /// The term as a column of its own, where the program is written in steps.
  private mutating func bind(_ term: SQLTerm, _ name: String) throws(Inexpressible) -> SQLTerm {
    var term = term
    if !isStepwise {
      term.sql = "(\(term.sql))"
      if let divisor = term.divisor { term.divisor?.sql = "(\(divisor.sql))" }
      return term
    }
    // Level 2 holds the check of the row, which reads level 1 only.
    let level = term.level + 1
    append(level: level, name, term.sql)
    term.sql = dialect.quoted(name)
    if let divisor = term.divisor {
      append(level: level, name + "_by", divisor.sql)
      term.divisor?.sql = dialect.quoted(name + "_by")
    }
    term.level = level
    term.isConstant = false
    return term
  }

  /// The levels with the leaf's number as the last one.
  func levelsWithLeaf() -> [[(name: String, sql: String)]] {
    let sql = tree().sql(first: refusal("NULL")) { leaf in
      leaf.map { "\($0)" } ?? "NULL"
    } condition: {
      condition($0)
    }
    return levels + [[(prefix + "leaf", sql)]]
  }

  private func tree() -> SQLTree {
    SQLTree(
      program,
      canBeMissing: program.slots.map { slot in
        if case .input(let input) = slot.source { return program.inputs[input].allowsMissing }
        return true
      })
  }

  private func refusal(_ value: String) -> String { " WHEN NOT (\(isAcceptable)) THEN \(value)" }
}

/// The results.
extension SQLGenerator {
  /// What a leaf gives.
  enum Label {
    case text(String)
    case sql(String)
    case null
  }

  private func sql(_ label: Label) -> String {
    switch label {
    case .text(let text): dialect.literal(text)
    case .sql(let sql): sql
    case .null: "NULL"
    }
  }

  /// The expression of what leaves give, over the table's columns; `none` for a refused row.
  func expression(none: String, _ label: (Program.Leaf) -> Label) -> String {
    tree().sql(first: refusal(none)) { leaf in
      leaf.map { sql(label(program.leaves[$0])) } ?? none
    } condition: {
      condition($0)
    }
  }

  /// What leaves give, by the number of the leaf.
  func lookup(_ label: (Program.Leaf) -> Label) -> String {
    lookup(program.leaves.map { sql(label($0)) }, none: "NULL")
  }

  /// The outcome, by the number of the leaf.
  func lookupOutcome() -> String {
    lookup(
      program.leaves.map { dialect.literal(program.outcomes[$0.outcome].name) },
      none: dialect.literal("refused"))
  }

  /// Neighbours that give the same are one; a list where the dialect indexes lists fast, otherwise
  /// a search by halves.
  private func lookup(_ values: [String], none: String) -> String {
    let number = dialect.quoted(prefix + "leaf")
    let isLiteral = values.allSatisfy { $0.hasPrefix("'") }
    if isLiteral, values.count > 16, dialect == .duckdb || dialect == .spark {
      let list = values.joined(separator: ",")
      let found =
        dialect == .duckdb
        ? "([\(list)])[\(number) + 1]" : "element_at(array(\(list)), \(number) + 1)"
      // Spark takes a list of texts for never null, whatever the index is.
      return "CASE WHEN \(number) IS NULL THEN \(none) ELSE \(found) END"
    }
    var starts: [Int] = []
    for index in values.indices where index == 0 || values[index] != values[index - 1] {
      starts.append(index)
    }
    func search(_ range: ArraySlice<Int>) -> String {
      guard range.count > 1 else { return values[range[range.startIndex]] }
      let middle = (range.startIndex + range.endIndex) / 2
      return "CASE WHEN \(number) < \(range[middle]) THEN \(search(range[..<middle])) ELSE"
        + " \(search(range[middle...])) END"
    }
    return "CASE WHEN \(number) IS NULL THEN \(none) ELSE \(search(starts[...])) END"
  }

  /// The expression of output number `index`; null where the leaf doesn't set it.
  mutating func output(_ index: Int) throws(Inexpressible) -> String {
    let type = program.outputs[index].type
    var terms = [SQLTerm?](repeating: nil, count: program.leaves.count)
    for (number, leaf) in program.leaves.enumerated() {
      guard let set = leaf.sets.first(where: { $0.output == index }) else { continue }
      let term = try term(ofExpression: set.expression, in: .leaf(number))
      guard term.divisor == nil else {
        throw Inexpressible("a division of numbers as an output", in: .leaf(number))
      }
      if term.type != nil { terms[number] = term }
    }
    let scale = terms.compactMap { $0?.scale }.max() ?? 0
    var range: ClosedRange<Int128> = 0...0
    for (number, term) in terms.enumerated() where term?.isInteger == true {
      guard let term else { continue }
      let scaled = try rescaled(term, to: scale, in: .leaf(number))
      terms[number] = scaled
      range =
        min(
          range.lowerBound, scaled.range.lowerBound)...max(
          range.upperBound, scaled.range.upperBound)
    }
    let values = terms.map { $0?.sql ?? "NULL" }
    let none = nullLiteral(type)
    let found =
      isStepwise
      ? lookup(values, none: none)
      : tree().sql(first: refusal(none)) { leaf in
        leaf.map { values[$0] } ?? "NULL"
      } condition: {
        condition($0)
      }
    return try shown(found, type, scale, range, index)
  }

  private func shown(
    _ sql: String, _ type: ValueType, _ scale: Int, _ range: ClosedRange<Int128>, _ output: Int
  ) throws(Inexpressible) -> String {
    let leaf = program.leaves.firstIndex { $0.sets.contains { $0.output == output } } ?? 0
    switch type {
    case .string, .boolean, .yearMonthDuration: return sql
    case .date: return columns.date(from: "(\(sql))")
    case .number, .dayTimeDuration:
      let digits = type == .number ? scale : 6
      if let number = columns.number(from: sql, scale: digits, range: range) { return number }
      throw Inexpressible(
        "an output with as many digits as `\(program.outputs[output].name)`", in: .leaf(leaf))
    case .time, .dateTime:
      throw Inexpressible("an output of type \(type.name)", in: .leaf(leaf))
    }
  }
}
