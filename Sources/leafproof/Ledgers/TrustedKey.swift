import Ledger
import LedgerSQLite

/// The key that signatures are checked with, and where it is known from.
struct TrustedKey {
  /// The key.
  let key: VerifierKey
  /// Where it is known from, in words.
  let origin: String
  /// Whether it is known from elsewhere than the ledger itself.
  let isPinned: Bool

  /// The key that `option` names.
  init(option: String) throws(Failure) {
    if let key = try? VerifierKey(option) {
      self.init(key: key, origin: "given", isPinned: true)
      return
    }
    guard SystemCalls.exists(option) else {
      throw .usage(
        "--key: \(Console.visible(option)) is neither a verifier key NAME+ID+KEY nor a file")
    }
    self.init(
      key: try Self.read(option), origin: "from \(Console.visible(option))", isPinned: true)
  }

  /// The key for the ledger `store`: what `option` names, else the key file beside the ledger, else
  /// what the ledger says of itself.
  init(_ option: String?, for store: SQLiteStore) throws(Failure) {
    if let option {
      try self.init(option: option)
      return
    }
    let file = store.path + ".key"
    if SystemCalls.exists(file) {
      do {
        let key = try SigningKey.load(path: file).verifierKey
        self.init(key: key, origin: "from \(Console.visible(file))", isPinned: true)
        return
      } catch {
        Console.warn(Console.visible(file), Console.visible(error.description))
      }
    }
    self.init(key: store.verifierKey, origin: "from the ledger itself", isPinned: false)
  }

  private init(key: VerifierKey, origin: String, isPinned: Bool) {
    self.key = key
    self.origin = origin
    self.isPinned = isPinned
  }

  /// A file with a verifier key in its first line, or with a signing key.
  private static func read(_ path: String) throws(Failure) -> VerifierKey {
    let bytes = try WholeInput.read(path, limit: 1 << 16)
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    if let key = try? VerifierKey(line) { return key }
    if let key = try? SigningKey(line) { return key.verifierKey }
    throw .input("\(Console.visible(path)): error: holds neither a verifier key nor a signing key")
  }
}
