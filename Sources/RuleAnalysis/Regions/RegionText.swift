public import RuleProgram

extension Program {
  /// The values whose keys lie in `keys`, as FEEL unary tests: `[500..620), > 700`; a missing value is
  /// `missing`.
  public func condition(on slot: Slot, keys: KeySet) -> String {
    let ranges = keys.ranges.map { condition(on: slot, keys: $0) }
    return (ranges + (keys.includesMissing ? ["missing"] : [])).joined(separator: ", ")
  }

  /// The slots that `region` narrows, with the values that they keep.
  public func conditions(of region: Region) -> [(slot: Int, condition: String)] {
    let whole = RegionAnalysis(self).whole
    return slots.indices.compactMap { index in
      if region.keys[index] == whole.keys[index] { return nil }
      return (index, condition(on: slots[index], keys: region.keys[index]))
    }
  }

  /// Inputs as a JSON object that `leafproof eval` takes; what is missing is left out.
  public func row(_ values: [Value]) -> String {
    let members = zip(inputs, values).compactMap { input, value -> String? in
      let name = Value.string(input.name).feelLiteral
      switch value {
      case .null: return nil
      case .number, .boolean, .string: return "\(name): \(value.feelLiteral)"
      default: return "\(name): \(Value.string(value.description).feelLiteral)"
      }
    }
    return "{\(members.joined(separator: ", "))}"
  }
}
