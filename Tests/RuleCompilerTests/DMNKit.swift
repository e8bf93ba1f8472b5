import RuleProgram

@testable import RuleSyntax

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model of the DMN kit, as far as we use it: literal expressions and the types of inputs.
struct DMNModel {
  var name: String
  /// The texts of decisions that are one literal expression, by the decision's name.
  var expressions: [String: String] = [:]
  /// The kit's models.
  static let files = TestData.files(
    in: TestData.shared.appendingPathComponent("dmn-tck"), ending: ".dmn")

  /// The declared types of these decisions.
  private var types: [String: String] = [:]
  /// The inputs with types that we have.
  var inputs: [String: ValueType] = [:]

  init?(_ file: URL) {
    guard let source = try? TestData.source(file), let tree = SAXReader.read(source).0 else {
      return nil
    }
    name = file.deletingPathExtension().lastPathComponent
    for element in tree.elements where element.name == "decision" {
      guard let name = tree.attribute("name", of: element),
        let literal = tree.first("literalExpression", in: element),
        let text = tree.first("text", in: literal)
      else { continue }
      expressions[name] = tree.text(of: text)
      if let variable = tree.first("variable", in: element) {
        types[name] = tree.attribute("typeRef", of: variable)
      }
    }
    for element in tree.elements where element.name == "inputData" {
      guard let name = tree.attribute("name", of: element),
        let variable = tree.first("variable", in: element),
        let type = tree.attribute("typeRef", of: variable).flatMap(Self.type)
      else { continue }
      inputs[name] = type
    }
  }

  /// False when a decision declares another type than that of `value`: FEEL then makes it null,
  /// where our compiler refuses the rule set.
  func declares(_ decision: String, _ value: Value, _ expected: Value) -> Bool {
    guard let name = types[decision], let found = value.type else { return true }
    if let type = Self.type(name) { return type == found }
    return name == "Any" || expected != .null
  }

  private static func type(_ text: String) -> ValueType? {
    let name = text.split(separator: ":").last.map(String.init) ?? text
    return name == "date and time"
      ? .dateTime
      : name == "days and time duration"
        ? .dayTimeDuration
        : name == "years and months duration" ? .yearMonthDuration : ValueType(name: name)
  }
}

/// A case of the DMN kit.
struct DMNCase {
  var id: String
  var inputs: [String: Value]
  var results: [Result]

  struct Result {
    var name: String
    /// nil: a list or a context.
    var expected: Value?
    /// False for a decision service.
    var isDecision: Bool
  }

  /// The cases in the files beside `model`.
  static func all(beside model: URL) throws -> [DMNCase] {
    try TestData.files(in: model.deletingLastPathComponent(), ending: ".xml").flatMap { file in
      let tree = SAXReader.read(try TestData.source(file)).0
      return tree.map(cases) ?? []
    }
  }

  private static func cases(_ tree: XMLTree) -> [DMNCase] {
    tree.elements.filter { $0.name == "testCase" }.map { element in
      var inputs: [String: Value] = [:]
      var results: [Result] = []
      let isService = tree.attribute("type", of: element) == "decisionService"
      for child in tree.children(of: element) {
        guard let name = tree.attribute("name", of: child) else { continue }
        if child.name == "inputNode" { inputs[name] = value(child, tree) }
        if child.name == "resultNode" {
          let expected = tree.first("expected", in: child)
          results.append(
            Result(
              name: name, expected: expected.flatMap { value($0, tree) },
              isDecision: !isService))
        }
      }
      return DMNCase(
        id: tree.attribute("id", of: element) ?? "", inputs: inputs, results: results)
    }
  }

  /// What a `<value>` holds, by its XML Schema type.
  private static func value(_ parent: XMLElement, _ tree: XMLTree) -> Value? {
    guard let element = tree.first("value", in: parent) else { return nil }
    if tree.attribute("xsi:nil", of: element) == "true" { return .null }
    let text = tree.text(of: element)
    let type = tree.attribute("xsi:type", of: element)?.split(separator: ":").last ?? "string"
    switch type {
    case "decimal", "double", "integer": return Value(parsing: text, as: .number)
    case "boolean": return Value(parsing: text, as: .boolean)
    case "date": return Value(parsing: text, as: .date)
    case "time": return Value(parsing: text, as: .time)
    case "dateTime": return Value(parsing: text, as: .dateTime)
    case "duration":
      return Value(parsing: text, as: .dayTimeDuration)
        ?? Value(parsing: text, as: .yearMonthDuration)
    default: return .string(text)
    }
  }
}

extension XMLTree {
  /// The value of the attribute `name`, prefix included.
  func attribute(_ name: String, of element: XMLElement) -> String? {
    attributes(of: element).first { $0.name == name }.map {
      String(decoding: XMLText(source.bytes, [$0.valueSpan], .attribute).bytes, as: UTF8.self)
    }
  }

  /// The first child element called `name`.
  func first(_ name: String, in element: XMLElement) -> XMLElement? {
    children(of: element).first { $0.name == name }
  }

  /// The text directly in `element`.
  func text(of element: XMLElement) -> String {
    String(decoding: XMLText(source.bytes, textSpans(of: element), .content).bytes, as: UTF8.self)
  }
}
