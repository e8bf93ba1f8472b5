import DecisionEngine
import Ledger
import LedgerSQLite

/// A ledger opened for a command.
struct LedgerSession {
  /// The ledger.
  let store: SQLiteStore
  /// The engine over it.
  let engine: Engine

  private init(_ store: SQLiteStore) {
    self.store = store
    engine = Engine(store: store)
  }

  // MARK: - Writing

  /// Opens the ledger at `path` for writing.
  ///
  /// - Parameter keyPath: the file of the signing key; by default beside the ledger.
  /// - Parameter origin: with it a ledger and a key are made where there are none, the origin
  ///   being their name.
  static func writing(
    _ path: String, keyPath: String?, makingWith origin: String? = nil
  ) throws(Failure) -> LedgerSession {
    let keyFile = keyPath ?? path + ".key"
    let size = SystemCalls.fileSize(path)
    // No key is made for what can't become a ledger, such as a folder.
    if size == nil, SystemCalls.exists(path) { throw Failure(LedgerError.notALedger(path: path)) }
    let isThere = size ?? 0 > 0
    guard isThere || origin != nil else { throw Failure(LedgerError.missing(path: path)) }
    if isThere, !SystemCalls.exists(keyFile) {
      throw .ledger(
        "the ledger \(Console.visible(path)) is there, but its signing key"
          + " \(Console.visible(keyFile)) isn't; put it back, or name it with --key FILE")
    }
    return try ledgerFailures { () throws(LedgerError) in
      let key =
        if let origin {
          try SigningKey.loadOrCreate(path: keyFile, origin: origin)
        } else {
          try SigningKey.load(path: keyFile)
        }
      let store = try SQLiteStore.open(
        path: path, mode: origin == nil ? .readWrite(key) : .create(key),
        views: LedgerViews.statements)
      return LedgerSession(store)
    }
  }

  /// A name for a new ledger that no other has: `leafproof.invalid/` and 16 random digits.
  static func randomOrigin() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    let zeros = String(repeating: "0", count: 16 - digits.utf8.count)
    return "leafproof.invalid/\(zeros)\(digits)"
  }

  // MARK: - Reading

  /// Opens the ledger at `path` for reading.
  static func reading(_ path: String) throws(Failure) -> LedgerSession {
    try ledgerFailures { () throws(LedgerError) in
      LedgerSession(
        try SQLiteStore.open(path: path, mode: .readOnly, views: LedgerViews.statements))
    }
  }
}
