/// Rule sets: everything but the tree.
extension DocumentReader {
  /// Reads `<ruleset>`.
  mutating func ruleSet(_ root: XMLElement) -> RuleSetSyntax {
    let values = attributes(of: root, required: ["id", "version"])
    checkID(values["id"])
    checkVersion(values["version"])
    language = values.language.flatMap { $0.value.isEmpty ? nil : $0.value } ?? Self.usualLanguage
    var result = RuleSetSyntax(
      span: root.startTag, id: values["id"], version: values["version"], language: language,
      title: nil,
      authorities: [], inputs: [], derived: [], outcomes: [], outputs: [], reasons: [], tree: nil)
    let parts: KeyValuePairs<String, Occurrence> = [
      "title": .any, "authority": .any, "inputs": .once, "outcomes": .once,
      "outputs": .optional, "reasons": .optional, "properties": .optional, "tree": .once,
    ]
    for child in children(of: root, parts) { read(child, into: &result) }
    return result
  }

  private mutating func read(_ child: XMLElement, into result: inout RuleSetSyntax) {
    switch child.name {
    case "title": add(worded(child), to: &result.title, &result.titles, child)
    case "authority": result.authorities.append(authority(child))
    case "inputs": readInputs(child, into: &result)
    case "outcomes":
      for element in group(child, "outcome") { result.outcomes.append(outcome(element)) }
    case "outputs":
      for element in group(child, "output") { result.outputs.append(output(element)) }
    case "reasons": result.reasons = reasons(child)
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
      optional: [
        "label", "unit", "min", "max", "origin", "missing", "protected", "mutable", "direction",
        "step", "cost",
      ])
    checkName(values["name"])
    checkType(values["type"])
    let parts = children(of: element, ["value": .any, "label": .any])
    let declared = parts.filter { $0.name == "value" }.map { declaredValue($0) }
    let labels = labels(of: element, parts, values[optional: "label"])
    return InputSyntax(
      span: element.startTag, name: values["name"], type: values["type"],
      label: labels.label, unit: values[optional: "unit"],
      min: values[optional: "min"],
      max: values[optional: "max"], origin: values[optional: "origin"],
      allowsMissing: choice(values[optional: "missing"], "missing", ["allowed", "refused"]),
      isProtected: choice(values[optional: "protected"], "protected", ["true", "false"]),
      values: declared, labels: labels.translations, change: change(values))
  }

  /// A value's text counts to the letter, the white space at its ends aside.
  private mutating func declaredValue(_ element: XMLElement) -> DeclaredValueSyntax {
    let values = attributes(of: element, optional: ["label"])
    let text = content(of: element, besides: ["label"])
    let labels = labels(
      of: element, children(of: element, named: "label"), values[optional: "label"])
    return DeclaredValueSyntax(
      text: Spanned(text.text, text.span), label: labels.label, labels: labels.translations)
  }

  private mutating func derived(_ element: XMLElement) -> DerivedSyntax {
    let values = attributes(of: element, required: ["name", "type"], optional: ["label", "unit"])
    checkName(values["name"])
    checkType(values["type"])
    let labels = labels(
      of: element, children(of: element, named: "label"), values[optional: "label"])
    return DerivedSyntax(
      span: element.startTag, name: values["name"], type: values["type"], label: labels.label,
      unit: values[optional: "unit"], expression: content(of: element, besides: ["label"]),
      labels: labels.translations)
  }

  private mutating func outcome(_ element: XMLElement) -> OutcomeSyntax {
    let values = attributes(of: element, required: ["name"], optional: ["label", "adverse"])
    checkListable(values["name"])
    let labels = labels(
      of: element, children(of: element, ["label": .any]), values[optional: "label"])
    return OutcomeSyntax(
      span: element.startTag, name: values["name"], label: labels.label,
      isAdverse: choice(values[optional: "adverse"], "adverse", ["true", "false"]),
      labels: labels.translations)
  }

  private mutating func output(_ element: XMLElement) -> OutputSyntax {
    let values = attributes(of: element, required: ["name", "type"], optional: ["label", "unit"])
    checkName(values["name"])
    checkType(values["type"])
    let labels = labels(
      of: element, children(of: element, ["label": .any]), values[optional: "label"])
    return OutputSyntax(
      span: element.startTag, name: values["name"], type: values["type"], label: labels.label,
      unit: values[optional: "unit"], labels: labels.translations)
  }

  /// The reasons, each with its translations: `<reason code= xml:lang=>`.
  private mutating func reasons(_ element: XMLElement) -> [ReasonSyntax] {
    var reasons: [ReasonSyntax] = []
    var translations: [(text: WordedText, element: XMLElement)] = []
    for child in group(element, "reason") {
      let text = worded(child, required: ["code"])
      let code = text.code ?? text.text
      checkListable(code)
      if text.language.value == language {
        reasons.append(ReasonSyntax(span: child.startTag, code: code, text: text.text))
      } else if !text.language.value.isEmpty {
        translations.append((text, child))
      }
    }
    for (text, child) in translations {
      let code = text.code?.value ?? ""
      guard let place = reasons.firstIndex(where: { $0.code.value == code }) else {
        if !code.isEmpty {
          report(
            .unknownReason,
            "the reason `\(code)` has no text in `\(language)`, the rule set's"
              + " own language", text.code?.span ?? child.nameSpan,
            help: "add `<reason code=\"\(code)\">`, or set `xml:lang` of `<ruleset>`")
        }
        continue
      }
      add(text, to: &reasons[place].texts, child)
    }
    return reasons
  }

  /// How an input may be proposed to change.
  private mutating func change(_ values: AttributeValues) -> ChangeSyntax? {
    let direction = values[optional: "direction"]
    _ = choice(direction, "direction", ["increase-only", "decrease-only"])
    let mutable = values[optional: "mutable"]
    let isFixed = choice(mutable, "mutable", ["false", "true"])
    for amount in [values[optional: "step"], values[optional: "cost"]] { checkPositive(amount) }
    let others = [direction, values[optional: "step"], values[optional: "cost"]].compactMap { $0 }
    guard mutable != nil || !others.isEmpty else { return nil }
    for amount in [direction, values[optional: "step"]].compactMap({ $0 })
    where ["string", "boolean"].contains(values["type"].value) {
      report(
        .invalidValue, "a `\(values["type"].value)` has no order in which it could change",
        amount.span, help: "remove `direction` and `step`; `mutable` and `cost` may stay")
    }
    if isFixed, let other = others.first {
      report(
        .invalidValue, "this says how the input may change, but `mutable` says that it can't",
        other.span, help: "remove one of the two")
    }
    return ChangeSyntax(
      isMutable: !isFixed, direction: direction, step: values[optional: "step"],
      cost: values[optional: "cost"])
  }
}
