import Foundation
import Testing

/// What holds of every file of the project.
@Suite struct TreeTests {
  /// The files that belong to the project: build folders and what git keeps aside are hidden.
  private static func all() throws -> [String] {
    let top = try Project.names(in: ".").filter { !$0.hasSuffix(".sqlite") }
    return try top.flatMap { name in
      let isFolder = (try? Project.names(in: name)) != nil
      return isFolder ? try Project.files(in: name) : [name]
    } + [".ci/run", ".gitignore", ".swift-format"]
  }

  @Test func noFileHasACatchAllName() throws {
    for path in try Project.files(in: "Sources") + Project.files(in: "Tests") {
      for part in path.split(separator: "/") {
        let words = part.prefix { $0 != "." }.matches(of: #/[A-Z][a-z]+|[a-z]+/#)
          .map { String($0.output).lowercased() }
        let banned: Set = ["util", "utils", "common", "helper", "helpers", "manager", "misc"]
        #expect(banned.isDisjoint(with: words), "\(path): name it after what it does")
      }
    }
  }

  @Test func filesAreNotLong() throws {
    let paths =
      try Project.files(in: "Sources", suffix: ".swift")
      + Project.files(in: "Tests", suffix: ".swift")
    #expect(paths.count > 100)
    for path in paths {
      let count = try Project.text(path).split(separator: "\n", omittingEmptySubsequences: false)
        .count
      #expect(count <= 500, "\(path) has \(count) lines: cut it by idea")
    }
  }

  @Test func nothingNamesThisMachine() throws {
    let marks = ["work", "root", "home", "Users"].map { "/\($0)/" }
    for path in try Self.all() {
      guard let text = try? Project.text(path) else { continue }
      for mark in marks {
        #expect(!text.contains(mark), "\(path) holds a path below \(mark)")
      }
    }
  }

  @Test func noInputCanCrashByIntention() throws {
    let marks = ["try" + "!", "as" + "!", "fatalError(", "preconditionFailure("]
    for path in try Project.files(in: "Sources", suffix: ".swift") {
      let lines = try Project.text(path).split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        guard !line.drop(while: \.isWhitespace).hasPrefix("//") else { continue }
        for mark in marks {
          #expect(!line.contains(mark), "\(path):\(number + 1) has `\(mark)`")
        }
      }
    }
  }
}
