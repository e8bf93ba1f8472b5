import CanonicalJSON
import RuleProgram

/// How JSON values become inputs, the same in `eval`, `test` and in requests: a number may stand in
/// a string, other types but booleans do; null is missing.
extension Binding {
  /// Binds input number `input`, of type `type`, to a JSON value.
  mutating func bind(_ input: Int, json value: JSON, type: ValueType) {
    switch value {
    case .null: bindMissing(input)
    case .bool(let flag): bind(input, value: .boolean(flag))
    case .number(let text):
      guard type == .number else { return refuse(input, .wrongType(type)) }
      bind(input, text: text.utf8Span.span)
    case .string(let text):
      if type == .string { return bind(input, value: .string(text)) }
      guard !text.isEmpty else { return refuse(input, .wrongType(type)) }
      bind(input, text: text.utf8Span.span)
    case .array, .object: refuse(input, .wrongType(type))
    }
  }

  /// Binds the members that are inputs of `program`.
  ///
  /// - Returns: the names of the others.
  mutating func bind(_ members: [JSON.Member], of program: Program) -> [String] {
    var unknown: [String] = []
    for member in members {
      if let input = program.inputIndex(member.key) {
        bind(input, json: member.value, type: program.inputs[input].type)
      } else {
        unknown.append(member.key)
      }
    }
    return unknown
  }
}

extension JSON {
  /// A rule's value: numbers as numbers where a double holds them exactly, else as strings.
  init(_ value: RuleProgram.Value) {
    switch value {
    case .null: self = .null
    case .boolean(let flag): self = .bool(flag)
    case .number(let number): self = .exactNumber(number.description)
    default: self = .string(value.description)
    }
  }
}
