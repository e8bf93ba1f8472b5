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
      let name = Self.jsonString(input.name)
      switch value {
      case .null: return nil
      case .number, .boolean: return "\(name): \(value.description)"
      default: return "\(name): \(Self.jsonString(value.description))"
      }
    }
    return "{\(members.joined(separator: ", "))}"
  }

  /// A JSON string (RFC 8259 §7) that can be shown as it is: what isn't visible is escaped.
  private static func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: true)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      default:
        if scalar == "\"" || scalar == "\\" { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
