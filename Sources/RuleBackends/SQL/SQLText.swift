/// A rule set as SQL.
public struct SQLText: Sendable {
  /// An output's name and the expression that gives it.
  public struct Output: Hashable, Sendable {
    public var name: String
    public var sql: String
  }

  /// Whose SQL it is.
  public let dialect: SQLDialect
  /// The inputs: the columns that the expressions read.
  public let inputs: [String]
  /// The expression of the leaf ID over the columns of the inputs; null for a refused row.
  public let leaf: String
  /// The expression of the outcome; `refused` for a refused row.
  public let outcome: String
  /// The expression of each output; null where the leaf doesn't set it.
  public internal(set) var outputs: [Output] = []
  /// Columns that build on each other, for `select`.
  var levels: [[(name: String, sql: String)]] = []
  /// What `select` gives beside the keys.
  var result: [(name: String, sql: String)] = []
  /// The names of the columns that `select` gives beside the keys.
  public var resultNames: [String] { result.map(\.name) }

  /// The name under which subqueries stand.
  private let row: String

  init(dialect: SQLDialect, inputs: [String], leaf: String, outcome: String, prefix: String) {
    row = prefix + "row"
    self.dialect = dialect
    self.inputs = inputs
    self.leaf = leaf
    self.outcome = outcome
  }

  /// A query over `table` that computes each intermediate value once.
  ///
  /// - Parameter keys: columns to give beside leaf, outcome and outputs, and what `text(of:)` was
  ///   told; if empty, the inputs that aren't called like one of these.
  public func select(from table: String, keys: [String] = []) -> String {
    let taken = Set(result.map { $0.name.lowercased() })
    let carried = keys.isEmpty ? inputs.filter { !taken.contains($0.lowercased()) } : keys
    var needed = inputs
    for key in keys where !inputs.contains(key) { needed.append(key) }
    let columns = needed.map { "\(row).\(dialect.quoted($0))" }
    var query = dialect.quoted(table)
    for (index, level) in levels.enumerated() {
      let kept = index == 0 ? columns.joined(separator: ", ") : "\(row).*"
      let added = level.map { "\n  \($0.sql) AS \(dialect.quoted($0.name))" }
      let parts = (kept.isEmpty ? [] : [kept]) + added
      query =
        "(SELECT \(parts.joined(separator: ",")) FROM \(query) AS \(row)\(dialect.fence))"
    }
    let shown =
      carried.map { "\(row).\(dialect.quoted($0))" }
      + result.map { "\n  \($0.sql) AS \(dialect.quoted($0.name))" }
    return "SELECT \(shown.joined(separator: ", "))\nFROM \(query) AS \(row)\(dialect.fence)"
  }
}
