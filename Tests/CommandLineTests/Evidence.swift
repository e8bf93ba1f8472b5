import Foundation
import SeededRandom
import Testing

/// A bundle as `export` wrote it, unpacked, which a test changes and gives to the verifier.
struct Evidence {
  /// One change of one file.
  struct Change: CustomStringConvertible {
    var path: String
    var place: Int
    var byte: UInt8
    /// Whether `SHA256SUMS` was made anew afterwards.
    var isSealed: Bool

    var description: String {
      "\(path), byte \(place) is now \(byte)\(isSealed ? ", SHA256SUMS made anew" : "")"
    }
  }

  static let python = Program.tool("python3")
  /// What nothing but the list of digests binds, or what is compared in part only.
  private static let unbound: Set = [
    "VERIFY.md", "explanation.html", "explanation.json", "SHA256SUMS",
  ]

  /// The name of its folder.
  let name: String
  private let folder: Folder
  private let files: [String: Data]
  private let key: String

  /// Exports a case of the ledger in `folder`, and unpacks it into the folder `name`.
  init(_ folder: Folder, _ caseID: String, _ name: String) throws {
    self.folder = folder
    self.name = name
    try folder.succeed("export", caseID, "-o", "\(name).zip")
    let python = try #require(Self.python)
    let run = try folder.start(python, ["-m", "zipfile", "-e", "\(name).zip", name]).finish()
    #expect(run.status == 0, "\(run.errors)")
    var files: [String: Data] = [:]
    let root = folder.file(name)
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      if let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path) {
        files[path] = data
      }
    }
    self.files = files
    // The key as its owner tells it.
    let told = try folder.succeed("verify").lines.first { $0.hasPrefix("key ") }
    key = try #require(told?.split(separator: " ")[1].description)
  }

  /// Runs the verifier over the unpacked files, Python with these options.
  func verify(python options: [String] = []) throws -> Run { try verify(key: key, options) }

  /// Runs the verifier, with this key or none.
  func verify(key: String?, _ python: [String] = []) throws -> Run {
    let program = TestData.project("examples/verify-independently/verify.py")
    let options = key.map { ["--key", $0] } ?? []
    let command = try #require(Self.python)
    return try folder.start(command, python + [program, name] + options).finish()
  }

  /// Changes one byte of one file: any, or one letter or digit to another.
  func change(_ random: inout SeededGenerator) throws -> Change {
    let path = try #require(files.keys.sorted().randomElement(using: &random))
    var data = try #require(files[path])
    let words = data.indices.filter { Self.isWord(data[$0]) }
    let swapsWord = Bool.random(using: &random) && !words.isEmpty
    let place = try #require(
      (swapsWord ? words : Array(data.indices)).randomElement(using: &random))
    let old = data[place]
    let range: ClosedRange<UInt8> = swapsWord ? 0x30...0x7A : 0...255
    repeat {
      data[place] = .random(in: range, using: &random)
    } while data[place] == old || (swapsWord && !Self.isWord(data[place]))
    try folder.write("\(name)/\(path)", data)
    // White space of bundle.json means nothing, so a seal is put on words only.
    let isSealed = swapsWord && !Self.unbound.contains(path)
    if isSealed { try seal() }
    return Change(path: path, place: place, byte: data[place], isSealed: isSealed)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// Writes the list of digests anew, as whoever changes a bundle on purpose would.
  private func seal() throws {
    let names = files.keys.filter { $0 != "SHA256SUMS" }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    let run = try folder.shell(
      "cd \(name) && sha256sum \(names.joined(separator: " ")) > SHA256SUMS")
    #expect(run.status == 0, "\(run.errors)")
  }

  /// Puts back every file.
  func restore() throws {
    for (path, data) in files { try folder.write("\(name)/\(path)", data) }
  }
}
