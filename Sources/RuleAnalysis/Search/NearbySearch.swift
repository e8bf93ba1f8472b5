public import RuleProgram

/// Looks for a point of a region from a row that is known: inputs outside the region move in, then one
/// input at a time is moved to where one more computed slot is as the region wants it.
///
/// It finds rows that differ little from known ones, often where a search from nothing finds none; it
/// proves nothing.
struct NearbySearch {
  private let search: WitnessSearch
  private let region: Region
  private let box: InputBox
  /// Computed slots that the region narrows.
  private let constrained: [Int]
  private static let moveLimit = 16
  private static let valueLimit = 24
  private static let detourLimit = 12

  /// A search for points of `region`; nil when its inputs alone are contradictory.
  init?(_ search: WitnessSearch, _ region: Region) {
    if region.keys.contains(where: \.isEmpty) { return nil }
    self.search = search
    self.region = region
    box = InputBox(search.analysis.enclosures(in: region))
    if box.domains.contains(where: { $0.domain == .none && !$0.mayBeNull }) { return nil }
    constrained = search.constrainedSlots(region)
  }

  /// A point of the region, reached from `seed`.
  func point(from seed: [Value]) -> [Value]? {
    var point = seed
    for input in point.indices where !search.belongs(point[input], to: input, box, region) {
      guard let value = search.firstValue(of: input, box, region) else { return nil }
      point[input] = value
    }
    var missed = missedSlots(point)
    for _ in 0..<Self.moveLimit where !missed.isEmpty {
      guard let better = improved(point, missed) ?? improvedByTwo(point, missed) else { return nil }
      point = better
      missed = missedSlots(point)
    }
    return missed.isEmpty && search.reaches(point, region) ? point : nil
  }

  private func missedSlots(_ point: [Value]) -> [Int] {
    zip(constrained, search.keys(of: point, slots: constrained))
      .filter { !region.keys[$0].contains($1) }.map(\.0)
  }

  /// `point` with one input moved, so that fewer slots are missed.
  private func improved(_ point: [Value], _ missed: [Int]) -> [Value]? {
    for slot in missed {
      for input in search.readers.inputs(ofSlot: slot).sorted() {
        let values = Array(search.values(of: input, box, region).prefix(Self.valueLimit))
        let between = crossing(slot, input, point, values).map { [$0] } ?? []
        for value in between + values where value != point[input] {
          var trial = point
          trial[input] = value
          if missedSlots(trial).count < missed.count { return trial }
        }
      }
    }
    return nil
  }

  /// `point` with two inputs moved: one to where a missed slot is as wanted, another to make up for
  /// what that spoils.
  private func improvedByTwo(_ point: [Value], _ missed: [Int]) -> [Value]? {
    for slot in missed {
      for input in search.readers.inputs(ofSlot: slot).sorted() {
        let values = Array(search.values(of: input, box, region).prefix(Self.valueLimit))
        let between = crossing(slot, input, point, values).map { [$0] } ?? []
        for value in (between + values).prefix(Self.detourLimit) where value != point[input] {
          var trial = point
          trial[input] = value
          let rest = missedSlots(trial)
          guard !rest.contains(slot), rest.count <= missed.count + 1,
            let once = improved(trial, rest)
          else { continue }
          if missedSlots(once).count < missed.count { return once }
          if let twice = improved(once, missedSlots(once)),
            missedSlots(twice).count < missed.count
          {
            return twice
          }
        }
      }
    }
    return nil
  }

  /// A value of `input` between its present one and one of `values` for which `slot` has a key that the
  /// region wants: found by halving, so that it also meets a single key of a function with steps.
  private func crossing(
    _ slot: Int, _ input: Int, _ point: [Value], _ values: [Value]
  ) -> Value? {
    guard let wanted = region.keys[slot].hull, var low = point[input].measure else { return nil }
    let start = key(slot, input, point, point[input])
    guard start != KeyEncoding.missingKey else { return nil }
    let isBelow = start < wanted.lowerBound
    // The far side of the wanted keys: where halving must end.
    let far = values.first { value in
      let key = key(slot, input, point, value)
      if key == KeyEncoding.missingKey { return false }
      return isBelow ? key >= wanted.lowerBound : key <= wanted.upperBound
    }
    guard let far, var high = far.measure else { return nil }
    if wanted.contains(key(slot, input, point, far)) { return far }
    for _ in 0..<200 {
      guard let middle = Self.between(low, high, isWhole: far.isWholeMeasure),
        let value = Value(
          measure: middle, type: search.program.inputs[input].type,
          inUTC: search.program.inputs[input].offset == .required)
      else { return nil }
      let found = key(slot, input, point, value)
      if found == KeyEncoding.missingKey { return nil }
      if wanted.contains(found) { return value }
      if (found < wanted.lowerBound) == isBelow { low = middle } else { high = middle }
    }
    return nil
  }

  private func key(_ slot: Int, _ input: Int, _ point: [Value], _ value: Value) -> Int64 {
    var trial = point
    trial[input] = value
    return search.keys(of: trial, slots: [slot])[0]
  }

  /// A number strictly between two others, with as few digits as halving allows; nil where there is
  /// none with at most 20 digits behind the point.
  private static func between(
    _ a: Decimal128, _ b: Decimal128, isWhole: Bool
  ) -> Decimal128? {
    guard let middle = a.adding(b)?.divided(by: Decimal128(2)) else { return nil }
    let (low, high) = a < b ? (a, b) : (b, a)
    for scale in 0...(isWhole ? 0 : 20) {
      if let rounded = middle.rounded(scale: scale, mode: .floor), low < rounded, rounded < high {
        return rounded
      }
    }
    return nil
  }
}

extension Value {
  /// True for values that are measured in whole days or months.
  fileprivate var isWholeMeasure: Bool { type == .date || type == .yearMonthDuration }
}

extension WitnessSearch {
  /// A point of `region` reached from one of `seeds`.
  public func point(of region: Region, near seeds: [[Value]]) -> [Value]? {
    guard let nearby = NearbySearch(self, region) else { return nil }
    return seeds.lazy.compactMap(nearby.point(from:)).first
  }
}
