import Foundation

/// Test data that nobody here wrote, beside the project or where `LEAFPROOF_DATA` says.
enum TestData {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["LEAFPROOF_DATA"] {
      return URL(fileURLWithPath: path)
    }
    // .../Tests/LedgerTests/TestData.swift: three steps up is the project.
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  static func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// The paths below `name` of all files that end in `ending`.
  static func files(under name: String, ending: String) -> [String] {
    let base = folder.appendingPathComponent(name)
    let found =
      FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
    return found.filter { $0.hasSuffix(ending) }.sorted().map { "\(name)/\($0)" }
  }
}
