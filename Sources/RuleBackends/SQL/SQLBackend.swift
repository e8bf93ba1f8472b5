public import RuleProgram

/// Writes a program as SQL that gives the same leaf and outcome, or names what it can't.
///
/// Every value becomes a whole number, so that all comparing and calculating is integer arithmetic,
/// exact in each dialect: a number is scaled by `10^scale`, a date is its day number, times count
/// microseconds, durations microseconds or months. The range of each number is known from its
/// column and the input's `min` and `max`; a calculation that might leave what the dialect computes
/// exactly is refused. `COLUMNS.md` beside this file says what each column must hold; a row that
/// holds anything else is refused like one that is below `min`.
///
/// The tree becomes one `CASE` whose branches follow the longest way down, so that it nests no
/// deeper than the logarithm of its leaves: SQLite parses 20 levels, and a tree of 2,000 leaves
/// needs 11 at most.
public struct SQLBackend: Hashable, Sendable {
  /// Whose SQL is written.
  public var dialect: SQLDialect
  /// How many digits the number columns hold, 18 at most (SQLite: 15).
  public var precision: Int
  /// How many of them stand behind the point.
  public var scale: Int
  /// Inputs whose columns hold doubles: a double counts as the shortest decimal that reads back as
  /// it, and can be compared but not calculated with. In SQLite, which has no decimals, so are all
  /// numbers that no expression reads.
  public var doubles: Set<String>

  /// A backend for `dialect`; without `precision` and `scale` numbers are DECIMAL(18, 6), and
  /// (15, 4) in SQLite.
  public init(
    _ dialect: SQLDialect, precision: Int? = nil, scale: Int? = nil, doubles: Set<String> = []
  ) {
    let limit = Self.greatestPrecision(dialect)
    self.dialect = dialect
    self.precision = min(max(precision ?? limit, 1), limit)
    self.scale = min(max(scale ?? (dialect == .sqlite ? 4 : 6), 0), self.precision)
    self.doubles = doubles
  }

  /// The most digits that number columns may hold: a double keeps 15, 64 bits keep 18.
  public static func greatestPrecision(_ dialect: SQLDialect) -> Int {
    dialect == .sqlite ? 15 : 18
  }

  /// The SQL of `program`; with `outputs` false, of leaf and outcome only.
  ///
  /// - Parameter keys: the columns that `select` will be told to give.
  public func text(
    of program: VerifiedProgram, outputs: Bool = true, keys: [String] = []
  ) throws(Inexpressible) -> SQLText {
    let prefix = Self.prefix(beside: program.program.inputs.map(\.name) + keys)
    var inline = SQLGenerator(self, program.program, isStepwise: false, prefix: prefix)
    try inline.prepare()
    var steps = SQLGenerator(self, program.program, isStepwise: true, prefix: prefix)
    try steps.prepare()
    var text = SQLText(
      dialect: dialect, inputs: program.program.inputs.map(\.name),
      leaf: inline.expression(none: "NULL") { .text($0.id) },
      outcome: inline.expression(none: dialect.literal("refused")) {
        .text(program.program.outcomes[$0.outcome].name)
      }, prefix: prefix)
    text.levels = steps.levelsWithLeaf()
    text.result.append(("leaf", steps.lookup { .text($0.id) }))
    text.result.append(("outcome", steps.lookupOutcome()))
    guard outputs else { return text }
    for index in program.program.outputs.indices {
      let name = program.program.outputs[index].name
      text.outputs.append(SQLText.Output(name: name, sql: try inline.output(index)))
      text.result.append((name, try steps.output(index)))
    }
    return text
  }

  /// What names of our own begin with: nothing among `names` does, in any case.
  private static func prefix(beside names: [String]) -> String {
    var prefix = "lp_"
    var number = 1
    while names.contains(where: { $0.lowercased().hasPrefix(prefix) }) {
      number += 1
      prefix = "lp\(number)_"
    }
    return prefix
  }
}
