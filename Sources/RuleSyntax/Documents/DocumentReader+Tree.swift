/// The decision tree of a rule set.
///
/// Recursion is as deep as the document, which `SAXReader.depthLimit` bounds.
extension DocumentReader {
  /// Reads `<tree>`: the one split or leaf in it.
  mutating func tree(_ element: XMLElement) -> NodeSyntax? {
    _ = attributes(of: element)
    return child(of: element)
  }

  /// The one split or leaf in `element`.
  private mutating func child(of element: XMLElement) -> NodeSyntax? {
    let found = children(of: element, ["split": .any, "leaf": .any])
    guard let first = found.first else {
      let isReported = tree.children(of: element).contains { $0.namespace == namespace }
      if !isReported {
        report(
          .missingElement, "`<\(element.name)>` needs a `<split>` or a `<leaf>`", element.nameSpan)
      }
      return nil
    }
    for extra in found.dropFirst() {
      report(
        .repeatedElement, "`<\(element.name)>` holds more than one `<split>` or `<leaf>`",
        extra.nameSpan, notes: [Diagnostic.Note("the first is here", first.nameSpan)])
    }
    return first.name == "split" ? .split(split(first)) : .leaf(leaf(first))
  }

  private mutating func split(_ element: XMLElement) -> SplitSyntax {
    let values = attributes(of: element, required: ["on"], optional: ["id", "label"])
    checkID(values[optional: "id"])
    var result = SplitSyntax(
      span: element.startTag, id: values[optional: "id"], label: values[optional: "label"],
      on: values.expression("on"), justification: nil, cases: [], otherwise: nil, missing: nil)
    let parts: KeyValuePairs<String, Occurrence> = [
      "case": .any, "otherwise": .optional, "missing": .optional, "justification": .optional,
      "label": .any,
    ]
    for part in children(of: element, parts) {
      switch part.name {
      case "case": result.cases.append(branch(part))
      case "otherwise": result.otherwise = fallback(part)
      case "missing": result.missing = fallback(part)
      case "label": add(worded(part), to: &result.label, &result.labels, part)
      default: result.justification = title(part)
      }
    }
    if result.cases.isEmpty, !hasCase(element) {
      report(.missingElement, "`<split>` needs a `<case>`", element.nameSpan)
    }
    return result
  }

  private func hasCase(_ element: XMLElement) -> Bool {
    tree.children(of: element).contains { $0.namespace == namespace && $0.name == "case" }
  }

  private mutating func branch(_ element: XMLElement) -> CaseSyntax {
    let values = attributes(of: element, required: ["is"])
    return CaseSyntax(
      span: element.startTag, tests: values.expression("is"), child: child(of: element))
  }

  private mutating func fallback(_ element: XMLElement) -> BranchSyntax {
    _ = attributes(of: element)
    return BranchSyntax(span: element.startTag, child: child(of: element))
  }

  private mutating func leaf(_ element: XMLElement) -> LeafSyntax {
    let values = attributes(of: element, required: ["id", "outcome"], optional: ["reasons"])
    checkID(values["id"])
    let sets = children(of: element, ["set": .any]).map { set($0) }
    return LeafSyntax(
      span: element.startTag, id: values["id"], outcome: values["outcome"],
      reasons: list(values.expression("reasons")), sets: sets)
  }

  private mutating func set(_ element: XMLElement) -> SetSyntax {
    let values = attributes(of: element, required: ["output"])
    return SetSyntax(
      span: element.startTag, output: values["output"], expression: content(of: element))
  }
}
