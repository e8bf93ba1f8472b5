public import RuleProgram

/// What changes between two versions of a rule set in what callers see before any row is decided:
/// inputs, outcomes and outputs.
public enum InterfaceDifference: Hashable, Sendable {
  case inputAdded(String, isRequired: Bool)
  case inputRemoved(String)
  case inputType(String, ValueType, ValueType)
  /// Rows that the old version accepts are refused by the new one.
  case inputNarrowed(String)
  /// Rows that the old version refuses are accepted by the new one.
  case inputWidened(String)
  case outcomeAdded(String)
  case outcomeRemoved(String)
  case outcomeAdverse(String, isAdverse: Bool)
  case outputAdded(String)
  case outputRemoved(String)
  case outputType(String, ValueType, ValueType)

  /// All of them, by kind and name.
  public static func all(_ old: Program, _ new: Program) -> [InterfaceDifference] {
    inputs(old, new) + outcomes(old, new) + outputs(old, new)
  }

  private static func inputs(_ old: Program, _ new: Program) -> [InterfaceDifference] {
    var found: [InterfaceDifference] = []
    for input in new.inputs where old.inputIndex(input.name) == nil {
      found.append(.inputAdded(input.name, isRequired: !input.allowsMissing))
    }
    for input in old.inputs {
      guard let index = new.inputIndex(input.name) else {
        found.append(.inputRemoved(input.name))
        continue
      }
      let other = new.inputs[index]
      guard other.type == input.type else {
        found.append(.inputType(input.name, input.type, other.type))
        continue
      }
      if !other.accepts(everythingOf: input) { found.append(.inputNarrowed(input.name)) }
      if !input.accepts(everythingOf: other) { found.append(.inputWidened(input.name)) }
    }
    return found
  }

  private static func outcomes(_ old: Program, _ new: Program) -> [InterfaceDifference] {
    let before = Dictionary(old.outcomes.map { ($0.name, $0.isAdverse) }) { first, _ in first }
    let after = Dictionary(new.outcomes.map { ($0.name, $0.isAdverse) }) { first, _ in first }
    let added = new.outcomes.filter { before[$0.name] == nil }.map { Self.outcomeAdded($0.name) }
    let others = old.outcomes.compactMap { outcome -> InterfaceDifference? in
      guard let isAdverse = after[outcome.name] else { return .outcomeRemoved(outcome.name) }
      return isAdverse == outcome.isAdverse
        ? nil : .outcomeAdverse(outcome.name, isAdverse: isAdverse)
    }
    return added + others
  }

  private static func outputs(_ old: Program, _ new: Program) -> [InterfaceDifference] {
    let before = Dictionary(old.outputs.map { ($0.name, $0.type) }) { first, _ in first }
    let after = Dictionary(new.outputs.map { ($0.name, $0.type) }) { first, _ in first }
    let added = new.outputs.filter { before[$0.name] == nil }.map { Self.outputAdded($0.name) }
    let others = old.outputs.compactMap { output -> InterfaceDifference? in
      guard let type = after[output.name] else { return .outputRemoved(output.name) }
      return type == output.type ? nil : .outputType(output.name, output.type, type)
    }
    return added + others
  }
}

extension Program.Input {
  /// True when every value that `other`, of the same type, accepts is accepted here.
  fileprivate func accepts(everythingOf other: Program.Input) -> Bool {
    if other.allowsMissing, !allowsMissing { return false }
    if let minimum {
      guard let low = other.minimum, (low.order(to: minimum) ?? 0) >= 0 else { return false }
    }
    if let maximum {
      guard let high = other.maximum, (high.order(to: maximum) ?? 0) <= 0 else { return false }
    }
    if !values.isEmpty {
      guard !other.values.isEmpty, other.values.allSatisfy({ values.sortedIndex(of: $0) != nil })
      else { return false }
    }
    return offset == .any || offset == other.offset
  }
}
