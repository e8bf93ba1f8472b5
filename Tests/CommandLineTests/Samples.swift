import Foundation
import Testing

/// Small rule sets, pipelines and requests.
enum Samples {
  /// A rule set with the given tree.
  static func ruleSet(
    version: String = "1.0.0", _ tree: String,
    inputs: String = """
    <input name="score" type="number" origin="model" min="0" max="1000"/>
        <input name="income" type="number"/>
        <input name="job" type="string" missing="allowed"><value>yes</value><value>no</value></input>
        <input name="age" type="number" protected="true"/>
    """
  ) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <ruleset xmlns="urn:leafproof:ruleset:1" id="loan" version="\(version)">
      <title>Loan</title>
      <inputs>
        \(inputs)
      </inputs>
      <outcomes><outcome name="approve"/><outcome name="decline" adverse="true"/></outcomes>
      <outputs><output name="limit" type="number"/></outputs>
      <reasons><reason code="R1">The income is too low</reason></reasons>
      <tree>
    \(tree)
      </tree>
    </ruleset>

    """
  }

  /// Approves from an income of 620 on.
  static let tree = """
        <split id="income" on="income">
          <case is="&lt; 620"><leaf id="LOW" outcome="decline" reasons="R1"/></case>
          <case is=">= 620">
            <leaf id="HIGH" outcome="approve"><set output="limit">income * 2</set></leaf>
          </case>
        </split>
    """

  /// A pipeline that takes a score and asks `loan`.
  static func pipeline(version: String = "1.0.0", rules: String = "loan@1.0.0") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <pipeline xmlns="urn:leafproof:pipeline:1" id="loans" version="\(version)">
      <title>Loans</title>
      <score model="scorer@1.0.0" into="score"/>
      <rules ruleset="\(rules)"/>
    </pipeline>

    """
  }

  /// The model that the pipeline names.
  static let model = """
    <?xml version="1.0" encoding="UTF-8"?>
    <model xmlns="urn:leafproof:model:1" id="scorer" version="1.0.0">
      <title>Scorer</title>
      <owner>models@bank.example</owner>
    </model>

    """

  /// A request as one line of JSON.
  static func request(_ caseID: String?, income: String, score: String = "500") -> String {
    let name = caseID.map { "\"case_id\": \"\($0)\", " } ?? ""
    return "{\(name)\"inputs\": {\"income\": \(income), \"age\": 40, \"job\": \"yes\"}, "
      + "\"scores\": {\"scorer@1.0.0\": \(score)}}\n"
  }

  /// A folder with a ledger in which rule set, model and pipeline are published; `note` is a comment
  /// in the rule set.
  static func ledger(note: String = "") throws -> Folder {
    let folder = try Folder()
    try folder.write("ruleset.xml", ruleSet(note.isEmpty ? tree : "<!-- \(note) -->\n\(tree)"))
    try folder.write("pipeline.xml", pipeline())
    try folder.write("model.xml", model)
    try folder.succeed(
      "publish", "--origin", "bank.example/loans", "ruleset.xml", "pipeline.xml", "model.xml")
    return folder
  }

  /// A folder with a ledger of decisions: `CASE-1` declined for an income of 611, `CASE-2` approved.
  static func decided() throws -> Folder {
    let folder = try ledger()
    try folder.succeed(
      "decide", "loans", "--input", "-",
      input: request("CASE-1", income: "611") + request("CASE-2", income: "620.5"))
    return folder
  }

  /// A shop's ledger: candidates, two rules stages, rank and keep.
  static func shop() throws -> Folder {
    let folder = try Folder()
    try folder.write("stock.xml", stock)
    try folder.write("price.xml", price)
    try folder.write("model.xml", model)
    try folder.write("page.xml", page)
    try folder.succeed("publish", "stock.xml", "price.xml", "model.xml", "page.xml")
    return folder
  }

  private static let stock = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="stock" version="1.0.0">
      <title>Stock</title>
      <inputs><input name="stock" type="number" min="0"/></inputs>
      <outcomes><outcome name="show"/><outcome name="discard"/></outcomes>
      <tree>
        <split on="stock">
          <case is="0"><leaf id="OUT" outcome="discard"/></case>
          <case is="> 0"><leaf id="IN" outcome="show"/></case>
        </split>
      </tree>
    </ruleset>

    """

  private static let price = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="price" version="1.0.0">
      <title>Price, after the stock</title>
      <inputs>
        <input name="price" type="number"/>
        <input name="stock.outcome" type="string"><value>show</value><value>discard</value></input>
      </inputs>
      <outcomes><outcome name="show"/><outcome name="discard"/></outcomes>
      <outputs><output name="gross" type="number"/></outputs>
      <tree>
        <split on="price > 100 and stock.outcome = &quot;show&quot;">
          <case is="true"><leaf id="DEAR" outcome="discard"/></case>
          <case is="false"><leaf id="FAIR" outcome="show"><set output="gross">price * 1.19</set></leaf></case>
        </split>
      </tree>
    </ruleset>

    """

  private static let page = """
    <pipeline xmlns="urn:leafproof:pipeline:1" id="page" version="1.0.0">
      <title>Page</title>
      <candidates in="products" key="sku"/>
      <score model="scorer@1.0.0" into="score"/>
      <rules ruleset="stock@1.0.0" discard="discard"/>
      <rules ruleset="price@1.0.0" discard="discard"/>
      <rank by="score" order="descending" keep="2"/>
    </pipeline>

    """

  /// A page with five products: three that may be shown, one without stock, one too dear.
  static let products =
    "{\"case_id\": \"PAGE-1\", \"inputs\": {\"products\": ["
    + [
      ("A", 3, 10, "0.5"), ("B", 0, 10, "0.9"), ("C", 1, 20, "0.7"), ("D", 5, 30, "0.1"),
      ("E", 5, 300, "0.8"),
    ].map { sku, stock, price, score in
      "{\"sku\": \"\(sku)\", \"stock\": \(stock), \"price\": \(price), "
        + "\"scores\": {\"scorer@1.0.0\": \(score)}}"
    }.joined(separator: ", ") + "]}}\n"
}
