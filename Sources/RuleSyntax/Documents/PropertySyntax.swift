/// A promise of a rule set about itself, as written under `<properties>`.
public struct PropertySyntax: Sendable {
  /// The start tag.
  public var span: SourceSpan
  public var kind: Kind

  /// The element and its attributes.
  public enum Kind: Sendable {
    /// `<monotone input= direction= outcome=>`: as the input rises (`increasing`) or falls
    /// (`decreasing`), the outcome never gets worse; `outcome` lists outcomes from the worst to the best.
    case monotone(input: Spanned<String>, isIncreasing: Bool, outcomes: [Spanned<String>])
    /// `<independent of= input=>`: neither the outcome (`of="outcome"`), nor whether it is a certain one
    /// (`of="decline"`), depends on the input.
    case independent(input: Spanned<String>, of: Spanned<String>)
    /// `<never when= outcome=>`: no row for which the condition is true gets the outcome.
    case never(when: ExpressionText, outcome: Spanned<String>)
    /// `<always when= outcome=>`: every row for which the condition is true gets the outcome.
    case always(when: ExpressionText, outcome: Spanned<String>)
  }
}

/// `<properties>`.
extension DocumentReader {
  /// Reads the properties in `element`.
  mutating func properties(_ element: XMLElement) -> [PropertySyntax] {
    _ = attributes(of: element)
    let names: KeyValuePairs<String, Occurrence> = [
      "monotone": .any, "independent": .any, "never": .any, "always": .any,
    ]
    return children(of: element, names).map { property($0) }
  }

  private mutating func property(_ element: XMLElement) -> PropertySyntax {
    refuseContent(of: element)
    let kind: PropertySyntax.Kind
    switch element.name {
    case "monotone":
      let values = attributes(of: element, required: ["input", "direction", "outcome"])
      kind = .monotone(
        input: values["input"],
        isIncreasing: choice(values["direction"], "direction", ["increasing", "decreasing"]),
        outcomes: list(values.expression("outcome")))
    case "independent":
      let values = attributes(of: element, required: ["input", "of"])
      kind = .independent(input: values["input"], of: values["of"])
    default:
      let values = attributes(of: element, required: ["when", "outcome"])
      let when = values.expression("when")
      kind =
        element.name == "never"
        ? .never(when: when, outcome: values["outcome"])
        : .always(when: when, outcome: values["outcome"])
    }
    return PropertySyntax(span: element.startTag, kind: kind)
  }
}
