import Foundation
import Ledger
import Testing

@Suite("Key files") struct KeyFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test("made on first use, readable by the owner only, the same afterwards")
  func firstUse() throws {
    try inFolder { folder throws in
      let path = folder + "/ledger.key"
      #expect(throws: LedgerError.self) { try SigningKey.load(path: path) }
      let key = try SigningKey.loadOrCreate(path: path, origin: "example.com/a")
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let again = try SigningKey.loadOrCreate(path: path, origin: "example.com/b")
      #expect(again.verifierKey == key.verifierKey)
      #expect(key.verifierKey.name == "example.com/a")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["ledger.key"])
    }
  }

  @Test("many first users at once get one key")
  func race() throws {
    try inFolder { folder throws in
      for round in 0..<20 {
        let path = folder + "/\(round).key"
        let keys = Keys()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
          keys.add((try? SigningKey.loadOrCreate(path: path, origin: "o"))?.verifierKey.text)
        }
        #expect(keys.all.count == 8)
        #expect(Set(keys.all).count == 1)
        #expect(keys.all.first == .some(.some(try SigningKey.load(path: path).verifierKey.text)))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 20)
    }
  }

  private final class Keys: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var all: [String?] = []

    func add(_ key: String?) { lock.withLock { all.append(key) } }
  }

  @Test("a file that others can read is refused, with the mend", arguments: [0o640, 0o604, 0o620])
  func permissions(mode: Int) throws {
    try inFolder { folder throws in
      let path = folder + "/k"
      _ = try SigningKey.loadOrCreate(path: path, origin: "o")
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      let error = #expect(throws: LedgerError.self) {
        try SigningKey.loadOrCreate(path: path, origin: "o")
      }
      #expect(error?.description.contains("chmod 600 \(path)") == true)
    }
  }

  @Test("what isn't a key is refused and left alone", arguments: ["", "x", "PRIVATE+KEY+a+b+c"])
  func notAKey(text: String) throws {
    try inFolder { folder throws in
      let path = folder + "/k"
      let isMade = FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      #expect(isMade)
      #expect(throws: LedgerError.self) { try SigningKey.loadOrCreate(path: path, origin: "o") }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
      #expect(throws: LedgerError.self) {
        try SigningKey.loadOrCreate(path: folder, origin: "o")
      }
      #expect(throws: LedgerError.self) {
        try SigningKey.loadOrCreate(path: folder + "/none/k", origin: "o")
      }
    }
  }
}
