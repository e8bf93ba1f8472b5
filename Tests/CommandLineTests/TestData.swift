import Foundation
import Testing

/// Where the tests find their files.
enum TestData {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// The project's top folder.
  static let root = folder.resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A file of the project.
  static func project(_ path: String) -> String { root.appendingPathComponent(path).path }

  /// The folder of data that others wrote: `LEAFPROOF_DATA`, else `../shared/data` beside the project.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["LEAFPROOF_DATA"] {
      return URL(fileURLWithPath: path)
    }
    return root.deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  /// Whether the folder `name` of the shared data is there.
  static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: shared.appendingPathComponent(name).path)
  }

  /// The files below `folder` whose path satisfies `condition`, sorted.
  static func files(in folder: URL, where condition: (String) -> Bool) -> [String] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return paths.filter(condition).sorted().map { folder.appendingPathComponent($0).path }
  }

  /// Compares `text` with the golden file `name`; `LEAFPROOF_REFRESH=1` writes it anew.
  static func expectGolden(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent("Golden").appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["LEAFPROOF_REFRESH"] == "1" {
      return try Data(text.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(text == expected, sourceLocation: sourceLocation)
  }
}

/// A JSON object, read by Foundation and not by the code under test.
struct JSONObject {
  private let members: [String: Any]

  /// Parses a text.
  init(line: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
    members = try #require(value as? [String: Any], "no JSON object: \(line)")
  }

  private init(_ members: [String: Any]) { self.members = members }

  /// The names of the members.
  var names: Set<String> { Set(members.keys) }

  /// A string member.
  subscript(_ name: String) -> String? { members[name] as? String }

  /// An integer member.
  func integer(_ name: String) -> Int? { members[name] as? Int }

  /// A boolean member.
  func flag(_ name: String) -> Bool? { members[name] as? Bool }

  /// A member that is an object.
  func object(_ name: String) -> JSONObject? {
    (members[name] as? [String: Any]).map(JSONObject.init)
  }

  /// A member that is an array of objects; empty where there is none.
  func objects(_ name: String) -> [JSONObject] {
    (members[name] as? [[String: Any]] ?? []).map(JSONObject.init)
  }

  /// A member that is an array of strings; empty where there is none.
  func strings(_ name: String) -> [String] { members[name] as? [String] ?? [] }
}
