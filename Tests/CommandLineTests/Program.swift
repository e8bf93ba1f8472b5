import Foundation
import Synchronization
import Testing

/// What a run of `leafproof` left behind.
struct Run {
  /// The exit code, or 128 and the signal that ended it, as a shell says it.
  let status: Int32
  /// Standard output.
  let output: String
  /// Standard error.
  let errors: String

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// Standard output as JSON objects, one a line.
  func objects() throws -> [JSONObject] { try lines.map { try JSONObject(line: $0) } }
}

/// The program under test, as a user starts it.
enum Program {
  /// `LEAFPROOF_BINARY`, else the `leafproof` that was built beside the tests.
  static let url: URL? = {
    if let path = ProcessInfo.processInfo.environment["LEAFPROOF_BINARY"] {
      return URL(fileURLWithPath: path)
    }
    var starts = Bundle.allBundles.map(\.bundleURL)
    if let executable = Bundle.main.executableURL { starts.append(executable) }
    for start in starts {
      var folder = start.resolvingSymlinksInPath()
      for _ in 0..<5 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("leafproof")
        if isProgram(candidate) { return candidate }
      }
    }
    return nil
  }()

  private static func isProgram(_ file: URL) -> Bool {
    let type = try? FileManager.default.attributesOfItem(atPath: file.path)[.type]
    return type as? FileAttributeType == .typeRegular
      && FileManager.default.isExecutableFile(atPath: file.path)
  }

  /// Where a tool of the system is; nil when it isn't installed.
  static func tool(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// An environment that doesn't depend on who runs the tests.
  static func environment(_ more: [String: String]) -> [String: String] {
    var result = ProcessInfo.processInfo.environment
    for name in ["LEAFPROOF_LEDGER", "NO_COLOR", "TERM"] { result[name] = nil }
    return result.merging(more) { $1 }
  }
}

/// A temporary folder that a test works in; gone with the value's owner.
final class Folder: Sendable {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("leafproof-test-\(UUID().uuidString)")
  private let runs = Atomic<Int>(0)

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  // MARK: - Files

  /// The place of a file in the folder.
  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file.
  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  /// Writes a file.
  func write(_ name: String, _ data: Data) throws { try data.write(to: file(name)) }

  /// The bytes of a file.
  func data(_ name: String) throws -> Data { try Data(contentsOf: file(name)) }

  /// The text of a file.
  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  /// Whether a file is there.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

  // MARK: - Processes

  /// Starts `executable` in this folder, its output going to files; `finish` waits for it.
  func start(
    _ executable: String, _ arguments: [String], input: Data = Data(),
    environment: [String: String] = [:]
  ) throws -> Running {
    let number = runs.add(1, ordering: .relaxed).newValue
    let names = (input: ".in\(number)", output: ".out\(number)", errors: ".err\(number)")
    try write(names.input, input)
    try write(names.output, "")
    try write(names.errors, "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = url
    process.environment = Program.environment(environment)
    process.standardInput = try FileHandle(forReadingFrom: file(names.input))
    process.standardOutput = try FileHandle(forWritingTo: file(names.output))
    process.standardError = try FileHandle(forWritingTo: file(names.errors))
    try process.run()
    return Running(process: process, folder: self, output: names.output, errors: names.errors)
  }

  /// Starts `leafproof`.
  func start(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Running {
    let program = try #require(Program.url, "`leafproof` wasn't built: run `swift build` first")
    return try start(
      program.path, arguments, input: Data(input.utf8), environment: environment)
  }

  /// Runs `leafproof` to its end.
  @discardableResult
  func leafproof(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Run {
    try start(arguments, input: input, environment: environment).finish()
  }

  /// Runs `leafproof`, which must succeed.
  @discardableResult
  func succeed(
    _ arguments: String..., input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Run {
    let run = try start(arguments, input: input).finish()
    #expect(run.status == 0, "\(arguments): \(run.errors)", sourceLocation: sourceLocation)
    return run
  }

  /// Runs a shell command in which `$leafproof` is the program.
  func shell(_ command: String, environment: [String: String] = [:]) throws -> Run {
    let program = try #require(Program.url, "`leafproof` wasn't built: run `swift build` first")
    return try start(
      "/bin/bash", ["-c", command],
      environment: environment.merging(["leafproof": program.path]) { $1 }
    ).finish()
  }

  /// What the `sqlite3` shell answers to a query, row by row, columns parted by `|`.
  func query(_ sql: String, ledger: String = "leafproof.sqlite") throws -> [String] {
    let tool = try #require(Program.tool("sqlite3"))
    let run = try start(tool, ["-batch", ledger, ".timeout 5000", sql]).finish()
    #expect(run.status == 0, "\(run.errors)")
    return run.lines
  }
}

/// A program that has been started.
struct Running {
  let process: Process
  fileprivate let folder: Folder
  fileprivate let output: String
  fileprivate let errors: String

  /// What it has printed so far.
  func printed() throws -> String { try folder.text(output) }

  /// Waits for its end.
  func finish() throws -> Run {
    process.waitUntilExit()
    let code = process.terminationStatus
    return Run(
      status: process.terminationReason == .uncaughtSignal ? 128 + code : code,
      output: try folder.text(output), errors: try folder.text(errors))
  }
}
