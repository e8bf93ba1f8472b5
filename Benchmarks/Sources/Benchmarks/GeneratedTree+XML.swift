extension GeneratedTree {
  /// The tree as a rule set. Leaf number n is called `Ln`.
  var xml: String {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <ruleset xmlns="urn:leafproof:ruleset:1" id="generated" version="1.0.0">
        <title>Generated</title>
        <inputs>

      """
    for (index, input) in Self.inputs.enumerated() {
      switch input {
      case .number: text += "    <input name=\"\(Self.name(index))\" type=\"number\" min=\"0\"/>\n"
      case .text(let count):
        let values = (0..<count).map { "<value>\(Self.text(Int64($0), of: index))</value>" }
        text +=
          "    <input name=\"\(Self.name(index))\" type=\"string\">\(values.joined())</input>\n"
      }
    }
    text += "  </inputs>\n  <outcomes>"
    text += Self.outcomes.map { "<outcome name=\"\($0)\"/>" }.joined()
    text += "</outcomes>\n  <tree>\n"
    Self.write(root, to: &text)
    return text + "  </tree>\n</ruleset>\n"
  }

  private static func write(_ node: Node, to text: inout String) {
    switch node {
    case .leaf(let number):
      text += "<leaf id=\"L\(number)\" outcome=\"\(outcomes[number % outcomes.count])\"/>\n"
    case .numbers(let input, let cuts, let children):
      text += "<split on=\"\(name(input))\">\n"
      for (place, child) in children.enumerated() {
        let low = place == 0 ? nil : Self.text(cuts[place - 1], of: input)
        let high = place == cuts.count ? nil : Self.text(cuts[place], of: input)
        let test =
          low.map { low in high.map { "[\(low)..\($0))" } ?? ">= \(low)" }
          ?? "&lt; \(high ?? "")"
        write(child, in: test, to: &text)
      }
      text += "</split>\n"
    case .texts(let input, let groups, let children):
      text += "<split on=\"\(name(input))\">\n"
      for (group, child) in zip(groups, children.dropLast()) {
        let values = group.map { "&quot;\(Self.text(Int64($0), of: input))&quot;" }
        write(child, in: values.joined(separator: ", "), to: &text)
      }
      if let last = children.last {
        text += "<otherwise>\n"
        write(last, to: &text)
        text += "</otherwise>\n"
      }
      text += "</split>\n"
    }
  }

  private static func write(_ child: Node, in test: String, to text: inout String) {
    text += "<case is=\"\(test)\">\n"
    write(child, to: &text)
    text += "</case>\n"
  }
}
