/// "Did you mean …?": the closest of some known names.
public enum Suggestion {
  /// Names longer than this, in UTF-8 bytes, are not compared, and so bound the work.
  private static let longestName = 64

  /// The candidate that differs least from `misspelt`, or `nil` when none is close.
  ///
  /// Close means at most one edit for every three characters (insertion, deletion, replacement or
  /// exchange of neighbours), upper and lower case being equal.
  public static func closest(
    to misspelt: String, among candidates: some Sequence<String>
  ) -> String? {
    let wanted = Array(misspelt.lowercased().utf8)
    guard !wanted.isEmpty, wanted.count <= longestName else { return nil }
    var limit = max(1, wanted.count / 3)
    var best: String?
    for candidate in candidates where candidate != misspelt {
      let length = candidate.utf8.count
      guard length <= longestName, abs(length - wanted.count) <= limit else { continue }
      let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
      if distance < limit || (distance == limit && best == nil) {
        best = candidate
        limit = distance
      }
    }
    return best
  }

  /// A sentence that offers the closest candidate, or `nil`.
  public static func help(
    for misspelt: String, among candidates: some Sequence<String>
  ) -> String? {
    closest(to: misspelt, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// Optimal string alignment distance.
  private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var older = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var current = [Int](repeating: i + 1, count: b.count + 1)
      for j in 0..<b.count {
        var cost = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
        current[j + 1] = cost
      }
      older = previous
      previous = current
    }
    return previous[b.count]
  }
}
