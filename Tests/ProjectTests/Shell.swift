import Foundation

/// A folder of its own for the commands of one document, with what a reader has at hand.
struct Shell {
  /// What a command answered.
  struct Answer {
    /// Its exit code.
    var code: Int32
    /// What it printed, to either stream, in lines without white space at their ends.
    var lines: [String]
  }

  /// Why commands gave no answers.
  enum Problem: Error {
    case unfinished(String)
  }

  /// The folder.
  let folder: URL

  /// Makes a folder with copies of `examples` and `rulesets`.
  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("leafproof-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["examples", "rulesets"] {
      try FileManager.default.copyItem(
        at: Project.root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
    }
  }

  /// Removes the folder.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file into the folder.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  /// Runs `commands` one after the other in one bash, as they would be typed.
  func run(_ commands: [String]) throws -> [Answer] {
    let mark = "@@\(UUID().uuidString)"
    let script = commands.map { "\($0)\nprintf '\\n%s %d\\n' '\(mark)' $?\n" }.joined()
    let output = try run(script: "exec 2>&1\n" + script)
    var answers: [Answer] = []
    var lines: [String] = []
    for line in output.components(separatedBy: "\n") {
      guard line.hasPrefix(mark) else {
        lines.append(line.trimmingEnd())
        continue
      }
      // The mark starts a line of its own: one empty line before it is ours, or ends the last line.
      if lines.last == "" { lines.removeLast() }
      answers.append(Answer(code: Int32(line.split(separator: " ").last ?? "") ?? -1, lines: lines))
      lines = []
    }
    guard answers.count == commands.count else { throw Problem.unfinished(output) }
    return answers
  }

  /// Runs a script in bash, for at most three minutes, and gives what it printed.
  private func run(script: String) throws -> String {
    let output = folder.appendingPathComponent(".output")
    guard FileManager.default.createFile(atPath: output.path, contents: nil) else {
      throw CocoaError(.fileWriteUnknown)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", "-c", script]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(Project.products.path):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["LC_ALL"] = "C"
    environment["LEAFPROOF_LEDGER"] = nil
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    DispatchQueue.global().asyncAfter(deadline: .now() + 180) {
      if process.isRunning { process.terminate() }
    }
    process.waitUntilExit()
    try handle.close()
    return try String(contentsOf: output, encoding: .utf8)
  }
}

extension String {
  /// The text without white space at its end.
  func trimmingEnd() -> String {
    String(self[..<(lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex)])
  }
}
