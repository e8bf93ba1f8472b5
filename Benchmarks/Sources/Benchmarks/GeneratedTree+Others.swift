/// The tree as other engines take it.
extension GeneratedTree {
  // MARK: - PMML

  /// The tree as a PMML tree model whose scores are the leaves' numbers.
  var pmml: String {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
      <Header/>
      <DataDictionary>

      """
    for (index, input) in Self.inputs.enumerated() {
      let type =
        if case .text = input { "categorical\" dataType=\"string" } else {
          "continuous\" dataType=\"double"
        }
      text += "<DataField name=\"\(Self.name(index))\" optype=\"\(type)\"/>\n"
    }
    text += """
      <DataField name="leaf" optype="categorical" dataType="string"/>
      </DataDictionary>
      <TreeModel functionName="classification" splitCharacteristic="multiSplit">
      <MiningSchema>

      """
    for index in Self.inputs.indices { text += "<MiningField name=\"\(Self.name(index))\"/>\n" }
    text += "<MiningField name=\"leaf\" usageType=\"target\"/>\n</MiningSchema>\n"
    Self.write(root, "<True/>", toPMML: &text)
    return text + "</TreeModel>\n</PMML>\n"
  }

  private static func write(_ node: Node, _ predicate: String, toPMML text: inout String) {
    switch node {
    case .leaf(let number):
      text += "<Node score=\"\(number)\">\(predicate)</Node>\n"
    case .numbers(let input, let cuts, let children):
      text += "<Node>\(predicate)\n"
      // The first child that fits is taken.
      for (place, child) in children.enumerated() {
        let test =
          place < cuts.count
          ? "<SimplePredicate field=\"\(name(input))\" operator=\"lessThan\""
            + " value=\"\(Self.text(cuts[place], of: input))\"/>" : "<True/>"
        write(child, test, toPMML: &text)
      }
      text += "</Node>\n"
    case .texts(let input, let groups, let children):
      text += "<Node>\(predicate)\n"
      for (group, child) in zip(groups, children) {
        let values = group.map { Self.text(Int64($0), of: input) }.joined(separator: " ")
        let test =
          "<SimpleSetPredicate field=\"\(name(input))\" booleanOperator=\"isIn\">"
          + "<Array type=\"string\" n=\"\(group.count)\">\(values)</Array></SimpleSetPredicate>"
        write(child, test, toPMML: &text)
      }
      text += "</Node>\n"
    }
  }

  // MARK: - GoRules

  /// The tree as a decision table of GoRules' JSON, a row for each leaf.
  var decisionTable: String {
    let inputs = Self.inputs.indices.map {
      "{\"id\": \"i\($0)\", \"name\": \"\(Self.name($0))\", \"field\": \"\(Self.name($0))\"}"
    }
    var rules: [String] = []
    Self.write(root, Array(repeating: "", count: inputs.count), to: &rules)
    return """
      {"nodes": [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": {
          "hitPolicy": "first", "inputs": [\(inputs.joined(separator: ", "))],
          "outputs": [{"id": "o", "name": "leaf", "field": "leaf"}],
          "rules": [
      \(rules.joined(separator: ",\n"))
          ]}},
        {"id": "out", "type": "outputNode", "name": "out"}
      ], "edges": [
        {"id": "a", "sourceId": "in", "targetId": "table"},
        {"id": "b", "sourceId": "table", "targetId": "out"}
      ]}

      """
  }

  /// Appends the table's rows for the leaves below `node`, where the inputs have these tests.
  private static func write(_ node: Node, _ tests: [String], to rules: inout [String]) {
    switch node {
    case .leaf(let number):
      let cells = tests.enumerated().map { "\"i\($0)\": \"\($1)\"" }
      rules.append(
        "{\"_id\": \"r\(number)\", \(cells.joined(separator: ", ")), \"o\": \"\(number)\"}")
    case .numbers(let input, let cuts, let children):
      for (place, child) in children.enumerated() {
        var inner = tests
        var parts = tests[input].isEmpty ? [] : [tests[input]]
        if place > 0 { parts.append(">= \(Self.text(cuts[place - 1], of: input))") }
        if place < cuts.count { parts.append("< \(Self.text(cuts[place], of: input))") }
        inner[input] = parts.joined(separator: " and ")
        write(child, inner, to: &rules)
      }
    case .texts(let input, let groups, let children):
      for (group, child) in zip(groups, children) {
        var inner = tests
        inner[input] = group.map { "'\(Self.text(Int64($0), of: input))'" }.joined(separator: ", ")
        write(child, inner, to: &rules)
      }
    }
  }
}
