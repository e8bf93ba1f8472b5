/// Pipelines.
extension DocumentReader {
  /// Reads `<pipeline>`.
  mutating func pipeline(_ root: XMLElement) -> PipelineSyntax {
    let values = attributes(of: root, required: ["id", "version"])
    checkID(values["id"])
    checkVersion(values["version"])
    var result = PipelineSyntax(
      span: root.startTag, id: values["id"], version: values["version"], title: nil,
      candidates: nil, stages: [])
    let parts: KeyValuePairs<String, Occurrence> = [
      "title": .optional, "candidates": .optional, "experiment": .any, "score": .any,
      "rules": .oneOrMore, "rank": .optional, "reasons": .optional,
    ]
    var latest: XMLElement?
    for child in children(of: root, parts) {
      if let latest, Self.order(child) < Self.order(latest) {
        report(
          .misplacedElement, "`<\(child.name)>` must stand before `<\(latest.name)>`",
          child.nameSpan, notes: [Diagnostic.Note("`<\(latest.name)>` is here", latest.nameSpan)])
      } else {
        latest = child
      }
      read(child, into: &result)
    }
    return result
  }

  /// The place of a stage in the chain: candidates, what scores, rules, rank.
  private static func order(_ element: XMLElement) -> Int {
    switch element.name {
    case "title": 0
    case "candidates": 1
    case "experiment", "score": 2
    case "rules": 3
    case "rank": 4
    default: 5
    }
  }

  private mutating func read(_ child: XMLElement, into result: inout PipelineSyntax) {
    switch child.name {
    case "title": result.title = title(child)
    case "candidates": result.candidates = candidates(child)
    case "experiment": result.stages.append(.experiment(experiment(child)))
    case "score": result.stages.append(.score(score(child)))
    case "rules": result.stages.append(.rules(rules(child)))
    case "reasons": result.reasons = reasonPolicy(child)
    default: result.stages.append(.rank(rank(child)))
    }
  }

  private mutating func candidates(_ element: XMLElement) -> CandidatesSyntax {
    let values = attributes(of: element, required: ["in", "key"])
    refuseContent(of: element)
    return CandidatesSyntax(span: element.startTag, array: values["in"], key: values["key"])
  }

  private mutating func score(_ element: XMLElement) -> ScoreSyntax {
    let values = attributes(of: element, required: ["model", "into"])
    checkName(values["into"])
    refuseContent(of: element)
    return ScoreSyntax(span: element.startTag, model: values["model"], into: values["into"])
  }

  private mutating func experiment(_ element: XMLElement) -> ExperimentSyntax {
    let values = attributes(of: element, required: ["id", "unit"])
    checkID(values["id"])
    let arms = children(of: element, ["arm": .oneOrMore]).compactMap { arm($0) }
    return ExperimentSyntax(
      span: element.startTag, id: values["id"], unit: values["unit"], arms: arms)
  }

  private mutating func arm(_ element: XMLElement) -> ArmSyntax? {
    let values = attributes(of: element, required: ["id", "share"])
    checkID(values["id"])
    checkDecimal(values["share"])
    let scorers = children(of: element, ["score": .any, "random": .any])
    guard let first = scorers.first else {
      report(
        .missingElement, "`<arm>` needs a `<score>` or a `<random>`", element.nameSpan)
      return nil
    }
    for extra in scorers.dropFirst() {
      report(
        .repeatedElement, "`<arm>` holds more than one `<score>` or `<random>`", extra.nameSpan,
        notes: [Diagnostic.Note("the first is here", first.nameSpan)])
    }
    return ArmSyntax(
      span: element.startTag, id: values["id"], share: values["share"], scorer: scorer(first))
  }

  private mutating func scorer(_ element: XMLElement) -> ArmSyntax.Scorer {
    if element.name == "score" { return .model(score(element)) }
    let values = attributes(of: element, required: ["into"])
    checkName(values["into"])
    refuseContent(of: element)
    return .random(into: values["into"])
  }

  private mutating func rules(_ element: XMLElement) -> RulesSyntax {
    let values = attributes(of: element, required: ["ruleset"], optional: ["discard"])
    refuseContent(of: element)
    return RulesSyntax(
      span: element.startTag, ruleset: values["ruleset"],
      discard: list(values.expression("discard")))
  }

  private mutating func rank(_ element: XMLElement) -> RankSyntax {
    let values = attributes(of: element, required: ["by", "order"], optional: ["keep"])
    refuseContent(of: element)
    return RankSyntax(
      span: element.startTag, by: values["by"],
      descending: choice(values[optional: "order"], "order", ["descending", "ascending"]),
      keep: values[optional: "keep"].flatMap { keep($0) })
  }

  private mutating func keep(_ text: Spanned<String>) -> Spanned<Int>? {
    guard !text.value.isEmpty else { return nil }
    if let count = Int(text.value), count > 0 { return Spanned(count, text.span) }
    report(
      .invalidValue, "`\(text.value)` isn't a number of candidates", text.span,
      help: "write a whole number from 1")
    return nil
  }
}
