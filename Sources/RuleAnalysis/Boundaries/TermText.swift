import RuleProgram

extension Term {
  /// The term as FEEL, for people: it names what is computed and isn't parsed again.
  func text(in program: Program) -> String {
    let parts = { operands.map { $0.operandText(in: program) } }
    switch operation {
    case .constant: return constant?.feelLiteral ?? "null"
    case .input: return program.inputs[operand].name
    case .derived: return program.derived[operand].name
    case .negate: return "-" + parts()[0]
    case .matches:
      let pattern = Value.string(program.patterns[operand].pattern).feelLiteral
      return "matches(\(operands[0].text(in: program)), \(pattern))"
    case .property:
      let name = UInt8(exactly: operand).flatMap(TemporalProperty.init).map { "\($0)" } ?? "?"
      return "\(parts()[0]).\(name)"
    case .select: return "if \(parts()[0]) then \(parts()[1]) else \(parts()[2])"
    default:
      if let symbol = operation.symbol { return parts().joined(separator: " \(symbol) ") }
      let arguments = operands.map { $0.text(in: program) }.joined(separator: ", ")
      return "\(operation.name)(\(arguments))"
    }
  }

  /// In brackets where the term has operands of its own beside a sign.
  private func operandText(in program: Program) -> String {
    let text = text(in: program)
    return operation.symbol != nil || operation == .select ? "(\(text))" : text
  }
}

extension Operation {
  /// The sign that stands between two operands.
  fileprivate var symbol: String? {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .power: "**"
    case .equal: "="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .and: "and"
    case .or: "or"
    default: nil
    }
  }
}
