/// Chooses among the forms of a resource by the header field `Accept` (RFC 9110 section 12.5.1).
enum Negotiation {
  /// The best of `offers` (media types, the server's favourite first); nil when none is acceptable.
  static func choose(_ accept: String?, among offers: [String]) -> String? {
    guard let accept, !accept.trimmed.isEmpty else { return offers.first }
    let ranges = accept.split(separator: ",").prefix(100).map(Range.init)
    var best: (offer: String, quality: Double)?
    for offer in offers {
      // The most specific range that matches says how much the form is wanted.
      guard let range = ranges.filter({ $0.matches(offer) }).max(by: { $0.rank < $1.rank }),
        range.quality > 0, range.quality > best?.quality ?? 0
      else { continue }
      best = (offer, range.quality)
    }
    return best?.offer
  }

  private struct Range {
    var type: String
    var quality = 1.0

    init(_ text: Substring) {
      let parts = text.split(separator: ";").map { String($0).trimmed.lowercased() }
      type = parts.first ?? ""
      for part in parts.dropFirst() where part.hasPrefix("q=") {
        quality = min(1, max(0, Double(part.dropFirst(2)) ?? 0))
      }
    }

    var rank: Int { type == "*/*" ? 0 : type.hasSuffix("/*") ? 1 : 2 }

    func matches(_ offer: String) -> Bool {
      type == offer || type == "*/*" || (type.hasSuffix("/*") && offer.hasPrefix(type.dropLast()))
    }
  }
}
