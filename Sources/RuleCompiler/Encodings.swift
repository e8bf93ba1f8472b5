import RuleProgram

extension Draft {
  /// Chooses how each slot's values become keys, now that all constants are known.
  mutating func chooseEncodings() {
    for index in slots.indices {
      slots[index].offset = offset(of: slots[index])
      slots[index].encoding = encoding(of: slots[index])
    }
  }

  /// An input's rule is its declaration's; otherwise it follows from the constants.
  private func offset(of slot: DraftSlot) -> Program.OffsetRule {
    if case .input(let index) = slot.source, declarations.inputs[index].offset != .any {
      return declarations.inputs[index].offset
    }
    guard let hasOffset = slot.constants.lazy.compactMap(\.hasOffset).first else { return .any }
    return hasOffset ? .required : .forbidden
  }

  /// The inputs as the program declares them: a time that is compared with constants must carry an
  /// offset exactly when they do.
  var inputs: [Program.Input] {
    var inputs = declarations.inputs
    for slot in slots {
      if case .input(let index) = slot.source, inputs[index].offset == .any {
        inputs[index].offset = slot.offset
      }
    }
    return inputs
  }

  private func encoding(of slot: DraftSlot) -> KeyEncoding {
    var isDeclared = false
    if case .input(let index) = slot.source {
      isDeclared = !declarations.inputs[index].values.isEmpty
    }
    return KeyEncoding(slot.type, constants: slot.constants, isDeclared: isDeclared)
  }
}
