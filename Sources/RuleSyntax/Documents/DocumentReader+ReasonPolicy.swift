/// `<reasons>` of a pipeline: which component gives the reasons of an adverse outcome.
extension DocumentReader {
  /// The sources of reasons.
  private static let sources = ["rules", "factors", "both"]
  /// The most reasons that can be asked for.
  private static let maximum = 16

  /// Reads `<reasons>`.
  mutating func reasonPolicy(_ element: XMLElement) -> ReasonPolicySyntax {
    let values = attributes(
      of: element, required: ["policy"], optional: ["maximum", "factors"])
    _ = choice(values[optional: "policy"], "policy", Self.sources + ["component"])
    let factors = values[optional: "factors"]
    _ = choice(factors, "factors", ["as-given", "negative", "positive"])
    let bands = children(of: element, ["when": .any]).map { band($0) }
    let isByComponent = values["policy"].value == "component"
    if isByComponent, bands.isEmpty {
      report(
        .missingElement, "the policy `component` needs `<when>`", element.nameSpan,
        help: "say when the model was failed: `<when give=\"factors\" leaves=\"…\"/>`")
    } else if Self.sources.contains(values["policy"].value), let band = bands.first {
      report(
        .unknownElement, "`<when>` belongs to the policy `component`", band.span,
        help: "write `policy=\"component\"`, or remove `<when>`")
    }
    return ReasonPolicySyntax(
      span: element.startTag, policy: values["policy"],
      maximum: values[optional: "maximum"].flatMap { maximum($0) }, factors: factors, bands: bands)
  }

  private mutating func maximum(_ text: Spanned<String>) -> Spanned<Int>? {
    guard !text.value.isEmpty else { return nil }
    if let count = Int(text.value), (1...Self.maximum).contains(count) {
      return Spanned(count, text.span)
    }
    report(
      .invalidValue, "`\(text.value)` isn't a number of reasons", text.span,
      help: "write a whole number from 1 to \(Self.maximum)")
    return nil
  }

  private mutating func band(_ element: XMLElement) -> ReasonBandSyntax {
    let values = attributes(
      of: element, required: ["give"], optional: ["outcomes", "leaves", "score", "from", "below"])
    _ = choice(values[optional: "give"], "give", Self.sources)
    refuseContent(of: element)
    let from = values[optional: "from"]
    let below = values[optional: "below"]
    let score = values[optional: "score"]
    for end in [from, below] { checkBound(end) }
    if score != nil, from == nil, below == nil {
      report(
        .missingAttribute, "`<when>` needs `from` or `below` beside `score`", element.nameSpan)
    } else if score == nil, let end = from ?? below {
      report(
        .missingAttribute, "`<when>` needs the attribute `score`", end.span,
        help: "name what the score goes into: `score=\"…\"`")
    } else if score == nil, values[optional: "outcomes"] == nil, values[optional: "leaves"] == nil {
      report(
        .missingAttribute, "`<when>` needs `outcomes`, `leaves` or `score`", element.nameSpan)
    }
    return ReasonBandSyntax(
      span: element.startTag, give: values["give"], outcomes: list(values.expression("outcomes")),
      leaves: list(values.expression("leaves")), score: score, from: from, below: below)
  }
}
