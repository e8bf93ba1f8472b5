import RuleProgram

/// From a slot's keys to the values that they stand for.
extension Explanation.Values {
  /// The strings of `ranges`, where they are told by single ones: those listed, or all but those. Nil for
  /// other types, and where strings are compared by their order.
  static func texts(
    _ ranges: [ClosedRange<Int64>], _ slot: Program.Slot
  ) -> (listed: [String], isAllBut: Bool)? {
    guard slot.type == .string, case .ranked(let constants) = slot.encoding else { return nil }
    guard !ranges.isEmpty else { return nil }
    // Even keys stand for the constants, odd ones for the texts between them.
    func holds(_ key: Int) -> Bool { ranges.contains { $0.contains(Int64(key)) } }
    let between = (0...constants.count).map { holds(2 * $0 - 1) }
    guard let isAllBut = between.first, between.allSatisfy({ $0 == isAllBut }) else { return nil }
    var listed: [String] = []
    for (place, constant) in constants.enumerated() where holds(2 * place) != isAllBut {
      if case .string(let text) = constant { listed.append(text) }
    }
    return (listed, isAllBut)
  }

  /// The values of `slot` whose keys lie in `ranges`.
  init(
    _ program: Program, _ slot: Program.Slot, _ ranges: [ClosedRange<Int64>],
    includesMissing: Bool
  ) {
    self.init()
    type = slot.type
    self.includesMissing = includesMissing
    func note(_ text: String) -> Explanation.ValueNote {
      Explanation.ValueNote(name: "", value: text, type: slot.type)
    }
    if let texts = Self.texts(ranges, slot) {
      listed = texts.listed.map(note)
      isAllBut = texts.isAllBut
      return
    }
    for range in ranges {
      switch slot.encoding {
      case .boolean:
        listed += range.map { note($0 == 1 ? "true" : "false") }
      case .declared:
        guard case .input(let input) = slot.source else { continue }
        let declared = program.inputs[input].values
        listed += range.compactMap { key in
          declared.indices.contains(Int(key)) ? note(declared[Int(key)]) : nil
        }
      case .whole, .scaled, .ranked:
        self.ranges.append(
          Explanation.Range(
            low: program.lowerBound(range.lowerBound, slot).map(Self.end),
            high: program.upperBound(range.upperBound, slot).map(Self.end)))
      }
    }
  }

  private static func end(_ bound: Program.Bound) -> Explanation.Range.End {
    Explanation.Range.End(value: bound.value.description, isIncluded: bound.isClosed)
  }
}
