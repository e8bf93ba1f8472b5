/// A Markdown file, cut into what the tests read.
struct Markdown {
  /// A fenced block: its info string is the language and perhaps the name of a file.
  struct Block {
    /// The language, such as `console`.
    var language: String
    /// The file that a reader is told to save the block as, or nothing.
    var file: String
    /// The lines between the fences.
    var lines: [String]
    /// The number of the opening fence's line, from 0.
    var start: Int

    /// The lines as one text.
    var text: String { lines.map { $0 + "\n" }.joined() }
  }

  /// All lines.
  var lines: [String]

  /// Cuts `text` into lines.
  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The fenced blocks, in order.
  var blocks: [Block] {
    var blocks: [Block] = []
    var open: Block?
    for (number, line) in lines.enumerated() where line.hasPrefix("```") || open != nil {
      guard line.hasPrefix("```") else {
        open?.lines.append(line)
        continue
      }
      if let block = open {
        blocks.append(block)
        open = nil
      } else {
        let info = line.dropFirst(3).split(separator: " ").map(String.init)
        open = Block(
          language: info.first ?? "", file: info.dropFirst().first ?? "", lines: [], start: number)
      }
    }
    return blocks
  }

  /// The lines of the section with this heading of the second level; nil when there is none.
  func section(_ heading: String) -> [String]? {
    guard let start = lines.firstIndex(of: "## " + heading) else { return nil }
    let rest = lines[(start + 1)...]
    return Array(rest.prefix { !$0.hasPrefix("## ") })
  }

  /// The targets of links to other files, without their fragments.
  var links: [String] {
    let fenced = Set(blocks.flatMap { $0.start...($0.start + $0.lines.count + 1) })
    return lines.enumerated().filter { !fenced.contains($0.offset) }.flatMap { _, line in
      line.matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.output.1) }
    }
    .filter { !$0.contains("://") && !$0.hasPrefix("#") }
    .map { String($0.prefix { $0 != "#" }) }
  }
}
