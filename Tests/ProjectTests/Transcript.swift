/// The terminal transcripts of a Markdown file: the blocks with the language `console`.
///
/// A line that begins with `$ ` is a command, lines with `> ` behind it go on with it, and what
/// follows is what it prints, to either stream.
struct Transcript {
  /// A command and what the file says that it prints.
  struct Step {
    /// The command, as typed.
    var command: String
    /// The lines that it is said to print.
    var shown: [String]
    /// Where they stand: the number of the first, from 0.
    var place: Int
  }

  /// The commands of all blocks, in order.
  var steps: [Step] = []

  /// Reads the transcripts of `document`.
  init(_ document: Markdown) {
    for block in document.blocks where block.language == "console" {
      var isCommand = false
      for (offset, line) in block.lines.enumerated() {
        let next = block.start + offset + 2
        if line.hasPrefix("$ ") {
          steps.append(Step(command: String(line.dropFirst(2)), shown: [], place: next))
          isCommand = true
        } else if isCommand, line.hasPrefix("> "), let last = steps.indices.last {
          steps[last].command += "\n" + line.dropFirst(2)
          steps[last].place = next
        } else if let last = steps.indices.last {
          steps[last].shown.append(line.trimmingEnd())
          isCommand = false
        }
      }
    }
  }

  /// `line` with what differs from run to run made the same: times, digests, keys, UUIDs,
  /// durations.
  static func steady(_ line: String) -> String {
    line
      .replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/#, with: "TIME")
      .replacing(#/leafproof\.invalid\/[0-9a-f]{16}/#, with: "ORIGIN")
      .replacing(#/\+[0-9a-f]{8}\+[A-Za-z0-9+\/=]{44}/#, with: "+KEY")
      .replacing(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#, with: "UUID")
      .replacing(#/\b[0-9a-f]{64}\b/#, with: "DIGEST")
      .replacing(#/\b\d+(\.\d\d)? s\b/#, with: "DURATION")
  }
}
