import RuleProgram
import RuleSyntax

/// Which column of a CSV file feeds which input.
struct CSVColumns {
  /// A column that feeds an input.
  struct Column {
    /// The field's place in a record, from 0.
    var field: Int
    /// The input's number.
    var input: Int
  }

  /// The columns that feed an input.
  private(set) var columns: [Column] = []
  /// Columns that are no input.
  private(set) var unknown: [String] = []
  /// Required inputs that have no column: with one of these every row is refused.
  private(set) var absent: [String] = []

  /// Matches the names in `header` with the inputs of `program`, to the letter.
  init(_ header: [String], _ program: Program) {
    var fed: Set<Int> = []
    for (field, name) in header.enumerated() {
      if let input = program.inputIndex(name) {
        columns.append(Column(field: field, input: input))
        fed.insert(input)
      } else {
        unknown.append(name)
      }
    }
    for (index, input) in program.inputs.enumerated()
    where !input.allowsMissing && !fed.contains(index) {
      absent.append(input.name)
    }
  }
}

/// What is said about names that are no input.
enum UnknownNames {
  /// `a, b (did you mean c?)`: at most ten of `names`.
  static func list(_ names: [String], _ program: Program) -> String {
    var texts = names.prefix(10).map { name in
      let close = Suggestion.closest(to: name, among: program.inputs.map(\.name))
      let help = close.map { " (did you mean \($0)?)" } ?? ""
      return (name.isEmpty ? "\"\"" : Console.visible(name)) + help
    }
    if names.count > 10 { texts.append("and \(names.count - 10) more") }
    return texts.joined(separator: ", ")
  }
}
