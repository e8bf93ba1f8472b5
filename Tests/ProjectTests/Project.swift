import Foundation

/// Where the tests find the project and the program.
enum Project {
  /// The project's top folder.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// True when the outputs shown in README.md are to be written instead of compared:
  /// `LEAFPROOF_REFRESH=1`.
  static let refreshes = ProcessInfo.processInfo.environment["LEAFPROOF_REFRESH"] == "1"

  /// The folder of the built programs: where the test bundle lies.
  static let products: URL = {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
      return (bundle ?? Bundle.main).bundleURL.deletingLastPathComponent()
    #else
      return (Bundle.main.executableURL ?? Bundle.main.bundleURL).deletingLastPathComponent()
    #endif
  }()

  /// Whether `leafproof` has been built.
  static var hasProgram: Bool {
    FileManager.default.isExecutableFile(atPath: products.appendingPathComponent("leafproof").path)
  }

  /// The text of the file at `path` below the top folder.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Whether there is a file or folder at `path` below the top folder.
  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// The names in the folder at `path`, hidden ones left out, sorted.
  static func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(path).path)
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The paths of the files below the folder `path`, sorted, relative to the top folder.
  static func files(in path: String, suffix: String = "") throws -> [String] {
    let folder = root.appendingPathComponent(path)
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(suffix) && !$0.contains("/.") && !$0.hasPrefix(".") }
      .map { "\(path)/\($0)" }.sorted()
  }
}
