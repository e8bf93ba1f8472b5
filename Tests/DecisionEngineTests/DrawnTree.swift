import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A drawn tree, read back from its SVG by an XML parser.
struct DrawnTree {
  /// One row of the drawing.
  struct Row {
    /// What programs read: `of`, `branch`, `taken`, `split`, `leaf`, `leaves`.
    var data: [String: String] = [:]
    var texts: [String] = []
    /// `x`, `y`, `width`, `height` of the box.
    var box: [Int] = []
    /// The line that leads to it: `[x, y]`, then down to, then across to.
    var line: [Int] = []
    var isHeavy = false
    var hasTick = false
  }

  var rows: [Row] = []
  /// The whole element's attributes, its title and description.
  var frame: [String: String] = [:]
  var title = ""
  var description = ""

  private struct Malformed: Error { var line: Int }

  /// Reads `svg`.
  init(_ svg: [UInt8]) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(svg))
    parser.delegate = reader
    guard parser.parse() else { throw Malformed(line: parser.lineNumber) }
    self = reader.tree
  }

  private init() {}

  /// The row in which the tree starts.
  var root: Row? { rows.first { $0.data["of"] == nil } }

  /// The lit way: at each split, its place in the source and the branch taken; then the leaf. Follows
  /// the drawn lines from box to box.
  func path() throws -> (splits: [String], branches: [Int], leaf: String) {
    var splits: [String] = []
    var branches: [Int] = []
    var row = try #require(root)
    while let split = row.data["split"] {
      let next = rows.filter { $0.data["of"] == split && $0.data["taken"] == "yes" }
      try #require(next.count == 1, "one way on from \(split)")
      try #require(next[0].isHeavy && next[0].hasTick && row.isHeavy)
      let (line, from, to) = (next[0].line, row.box, next[0].box)
      try #require(line.count == 4)
      // The line leaves the lower edge of one box, and ends at the left edge of the other.
      #expect(from[0] <= line[0] && line[0] <= from[0] + from[2] && line[1] == from[1] + from[3])
      #expect(to[1] < line[2] && line[2] < to[1] + to[3] && line[3] == to[0])
      splits.append(split)
      branches.append(try #require(next[0].data["branch"].flatMap { Int($0) }))
      row = next[0]
    }
    #expect(rows.count { $0.isHeavy } == splits.count + 1)
    return (splits, branches, try #require(row.data["leaf"]))
  }

  /// How many leaves are drawn or folded.
  var leaves: Int {
    rows.reduce(0) { sum, row in
      sum + (row.data["leaves"].flatMap { Int($0) } ?? (row.data["leaf"] == nil ? 0 : 1))
    }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var tree = DrawnTree()
    private var open: [(name: String, attributes: [String: String])] = []
    /// How deep the row that is open stands.
    private var rowDepth: Int?

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      open.append((name, attributes))
      let data = attributes.filter { $0.key.hasPrefix("data-") }
      if name == "svg" { tree.frame = attributes }
      if name == "g", !data.isEmpty {
        rowDepth = open.count
        var row = Row()
        for (key, value) in data { row.data[String(key.dropFirst(5))] = value }
        row.isHeavy = open.contains { $0.attributes["stroke-width"] == "2.5" }
        tree.rows.append(row)
      }
      guard rowDepth != nil else { return }
      let last = tree.rows.count - 1
      if name == "rect" {
        tree.rows[last].box = ["x", "y", "width", "height"].compactMap {
          attributes[$0].flatMap { Int($0) }
        }
      }
      if name == "path", let way = attributes["d"] {
        if way.contains("l") { tree.rows[last].hasTick = true }
        if way.contains("H") {
          tree.rows[last].line = way.split { "MVH ".contains($0) }.compactMap { Int($0) }
        }
      }
      if name == "text" { tree.rows[last].texts.append("") }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      switch open.last?.name {
      case "text" where rowDepth != nil:
        let last = tree.rows.count - 1
        tree.rows[last].texts[tree.rows[last].texts.count - 1] += text
      case "title" where open.count == 2: tree.title += text
      case "desc": tree.description += text
      default: break
      }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      if rowDepth == open.count { rowDepth = nil }
      open.removeLast()
    }
  }
}
