import Foundation
import Testing

@Suite("replay --against") struct BacktestTests {
  /// Six decisions of loan 1.0.0, which approves from 620 on, and `new.xml`, which does from 650 on.
  private static func folder() throws -> Folder {
    let folder = try Samples.ledger()
    let requests = [500, 611, 620, 630, 649, 700].map { income in
      Samples.request("I-\(income)", income: "\(income)")
    }
    try folder.succeed("decide", "loans", "--input", "-", input: requests.joined())
    let new = Samples.ruleSet(version: "1.1.0", Samples.tree)
    try folder.write("new.xml", new.replacingOccurrences(of: "620", with: "650"))
    return folder
  }

  @Test("the page draws each way with its number, as text and JSON tell it")
  func page() throws {
    let folder = try Self.folder()
    let text = try folder.leafproof("replay", "--against", "new.xml")
    #expect(text.status == 1 && text.output.contains("3 outcomes change, 3 of them from another"))
    let json = try folder.leafproof("replay", "--against", "new.xml", "--json")
    let flows = try JSONObject(line: json.output).objects("flows").count
    let page = try folder.leafproof("replay", "--against", "new.xml", "--format", "html")
    #expect(page.status == 1 && page.output.hasPrefix("<!DOCTYPE html>\n"))
    let ways = page.output.matches(
      of: #/data-old="([^"]*)" data-new="([^"]*)" data-count="(\d+)"/#)
    #expect(ways.count == flows)
    #expect(
      Set(ways.map { "\($0.output.1) \($0.output.2) \($0.output.3)" }) == [
        "approve approve 1", "approve decline 3", "decline decline 2",
      ])
    #expect(page.output.contains("I-620, I-630, I-649"))
  }

  @Test("a picture for each group")
  func groups() throws {
    let folder = try Self.folder()
    let page = try folder.leafproof(
      "replay", "--against", "new.xml", "--by", "income", "--format", "html")
    #expect(page.output.matches(of: #/<svg /#).count == 6)
    #expect(page.output.contains("<h3><bdi>income</bdi> = <bdi>620</bdi></h3>"))
  }

  @Test("a page is for --against alone, and one form at a time")
  func usage() throws {
    let folder = try Self.folder()
    #expect(try folder.leafproof("replay", "--all", "--format", "html").status == 2)
    let both = try folder.leafproof("replay", "--all", "--json", "--format", "text")
    #expect(both.status == 2 && both.errors.contains("two forms"))
    #expect(try folder.succeed("replay", "--all", "--format", "json").output.hasPrefix("{"))
  }
}
