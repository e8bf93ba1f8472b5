import Foundation
import GRDB
import Ledger
import LedgerSQLite

/// A temporary folder with a ledger file, gone with the value's owner.
final class LedgerFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  let key: SigningKey

  init() throws {
    key = try SigningKey(generatingFor: "example.com/sqlite")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.appendingPathComponent("ledger.sqlite").path }

  func create(views: [String] = []) throws -> SQLiteStore {
    try SQLiteStore.open(path: path, mode: .create(key), views: views)
  }

  /// Changes the file behind the ledger's back, as the `sqlite3` shell could.
  func edit(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// All bytes of all files.
  func bytes() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .reduce(into: Data()) { $0 += try Data(contentsOf: $1) }
  }
}
