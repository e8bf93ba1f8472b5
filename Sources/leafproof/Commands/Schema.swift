import ArgumentParser
import RuleSyntax

/// `leafproof schema`.
struct Schema: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the XML Schema of a kind of document, for editors.",
    discussion: """
      With it an XML editor completes elements and attributes, shows what they mean and checks the \
      shape. What is beyond the shape, check tells.

        leafproof schema ruleset > ruleset.xsd
        xmllint --noout --schema ruleset.xsd ruleset.xml

      A document names its schema in front of its root element: \
      <?xml-model href="ruleset.xsd"?>
      """)

  @Argument(help: "The kind of document.")
  private var kind: Kind

  /// Prints the schema.
  func run() throws { try Console.write(kind.schema.bytes) }

  private enum Kind: String, ExpressibleByArgument, CaseIterable {
    case ruleset, pipeline, model

    var schema: DocumentSchema {
      switch self {
      case .ruleset: .ruleset
      case .pipeline: .pipeline
      case .model: .model
      }
    }
  }
}
