import RuleProgram

/// Derived values in an order in which each comes behind those that it reads: by name where there is
/// a choice, so that the order of the source does not matter.
struct DerivedOrder {
  var sorted: [String] = []
  /// Those that refer to each other, or one to itself, in circles. What merely reads one of them is
  /// in neither list.
  var circles: [[String]] = []

  init(_ reads: [String: Set<String>]) {
    var waiting: [String: Int] = [:]
    var readers: [String: [String]] = [:]
    for (name, names) in reads {
      let others = names.filter { reads[$0] != nil }
      waiting[name] = others.count
      for other in others { readers[other, default: []].append(name) }
    }
    var ready = waiting.filter { $0.value == 0 }.map(\.key)
    while !ready.isEmpty {
      // Level by level: the order depends on nothing but names and references.
      ready.sort { $0.precedesInUTF8($1) }
      sorted += ready
      var next: [String] = []
      for name in ready {
        for reader in readers[name] ?? [] {
          waiting[reader, default: 0] -= 1
          if waiting[reader] == 0 { next.append(reader) }
        }
      }
      ready = next
    }
    if sorted.count < reads.count { findCircles(reads, readers) }
  }

  /// Two values are in one circle when each can be reached from the other.
  private mutating func findCircles(_ reads: [String: Set<String>], _ readers: [String: [String]]) {
    var left = Set(reads.keys).subtracting(sorted)
    for name in left.sorted(by: { $0.precedesInUTF8($1) }) where left.contains(name) {
      let behind = Self.reached(from: name, within: left) { reads[$0] ?? [] }
      let before = Self.reached(from: name, within: left) { Set(readers[$0] ?? []) }
      let circle = behind.intersection(before)
      if circle.contains(name) {
        circles.append(circle.sorted { $0.precedesInUTF8($1) })
        left.subtract(circle)
      } else {
        left.remove(name)
      }
    }
  }

  private static func reached(
    from start: String, within names: Set<String>, _ next: (String) -> Set<String>
  ) -> Set<String> {
    var found: Set<String> = []
    var pending = [start]
    while let name = pending.popLast() {
      for other in next(name) where names.contains(other) && found.insert(other).inserted {
        pending.append(other)
      }
    }
    return found
  }
}
