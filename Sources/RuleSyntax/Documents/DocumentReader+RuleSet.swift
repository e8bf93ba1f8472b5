/// Rule sets: everything but the tree.
extension DocumentReader {
  /// Reads `<ruleset>`.
  mutating func ruleSet(_ root: XMLElement) -> RuleSetSyntax {
    let values = attributes(of: root, required: ["id", "version"])
    checkID(values["id"])
    checkVersion(values["version"])
    var result = RuleSetSyntax(
      span: root.startTag, id: values["id"], version: values["version"], title: nil,
      authorities: [], inputs: [], derived: [], outcomes: [], outputs: [], reasons: [], tree: nil)
    let parts: KeyValuePairs<String, Occurrence> = [
      "title": .optional, "authority": .any, "inputs": .once, "outcomes": .once,
      "outputs": .optional, "reasons": .optional, "properties": .optional, "tree": .once,
    ]
    for child in children(of: root, parts) { read(child, into: &result) }
    return result
  }

  private mutating func read(_ child: XMLElement, into result: inout RuleSetSyntax) {
    switch child.name {
    case "title": result.title = title(child)
    case "authority": result.authorities.append(authority(child))
    case "inputs": readInputs(child, into: &result)
    case "outcomes":
      for element in group(child, "outcome") { result.outcomes.append(outcome(element)) }
    case "outputs":
      for element in group(child, "output") { result.outputs.append(output(element)) }
    case "reasons":
      for element in group(child, "reason") { result.reasons.append(reason(element)) }
    case "properties": result.properties = properties(child)
    default: result.tree = tree(child)
    }
  }

  /// `<title>` or another element of mere text.
  mutating func title(_ element: XMLElement) -> Spanned<String> {
    _ = attributes(of: element)
    return prose(of: element)
  }

  /// The elements of a group such as `<outcomes>`, at least one.
  private mutating func group(_ element: XMLElement, _ name: String) -> [XMLElement] {
    _ = attributes(of: element)
    return children(of: element, [name: name == "outcome" ? .oneOrMore : .any])
  }

  private mutating func authority(_ element: XMLElement) -> AuthoritySyntax {
    let values = attributes(of: element, optional: ["href", "clause"])
    return AuthoritySyntax(
      span: element.startTag, text: prose(of: element).value, href: values[optional: "href"],
      clause: values[optional: "clause"])
  }

  private mutating func readInputs(_ element: XMLElement, into result: inout RuleSetSyntax) {
    _ = attributes(of: element)
    for child in children(of: element, ["input": .oneOrMore, "derived": .any]) {
      if child.name == "input" {
        result.inputs.append(input(child))
      } else {
        result.derived.append(derived(child))
      }
    }
  }

  private mutating func input(_ element: XMLElement) -> InputSyntax {
    let values = attributes(
      of: element, required: ["name", "type"],
      optional: ["label", "unit", "min", "max", "origin", "missing", "protected"])
    checkName(values["name"])
    checkType(values["type"])
    let declared = children(of: element, ["value": .any]).map { declaredValue($0) }
    return InputSyntax(
      span: element.startTag, name: values["name"], type: values["type"],
      label: values[optional: "label"], unit: values[optional: "unit"],
      min: values[optional: "min"],
      max: values[optional: "max"], origin: values[optional: "origin"],
      allowsMissing: choice(values[optional: "missing"], "missing", ["allowed", "refused"]),
      isProtected: choice(values[optional: "protected"], "protected", ["true", "false"]),
      values: declared)
  }

  /// A value's text counts to the letter, the white space at its ends aside.
  private mutating func declaredValue(_ element: XMLElement) -> DeclaredValueSyntax {
    let values = attributes(of: element, optional: ["label"])
    let text = content(of: element)
    return DeclaredValueSyntax(
      text: Spanned(text.text, text.span), label: values[optional: "label"])
  }

  private mutating func derived(_ element: XMLElement) -> DerivedSyntax {
    let values = attributes(of: element, required: ["name", "type"], optional: ["label", "unit"])
    checkName(values["name"])
    checkType(values["type"])
    return DerivedSyntax(
      span: element.startTag, name: values["name"], type: values["type"],
      label: values[optional: "label"], unit: values[optional: "unit"],
      expression: content(of: element))
  }

  private mutating func outcome(_ element: XMLElement) -> OutcomeSyntax {
    let values = attributes(of: element, required: ["name"], optional: ["label", "adverse"])
    checkListable(values["name"])
    refuseContent(of: element)
    return OutcomeSyntax(
      span: element.startTag, name: values["name"], label: values[optional: "label"],
      isAdverse: choice(values[optional: "adverse"], "adverse", ["true", "false"]))
  }

  private mutating func output(_ element: XMLElement) -> OutputSyntax {
    let values = attributes(of: element, required: ["name", "type"], optional: ["label", "unit"])
    checkName(values["name"])
    checkType(values["type"])
    refuseContent(of: element)
    return OutputSyntax(
      span: element.startTag, name: values["name"], type: values["type"],
      label: values[optional: "label"], unit: values[optional: "unit"])
  }

  private mutating func reason(_ element: XMLElement) -> ReasonSyntax {
    let values = attributes(of: element, required: ["code"])
    checkListable(values["code"])
    return ReasonSyntax(span: element.startTag, code: values["code"], text: prose(of: element))
  }
}
