import DecisionEngine
import Ledger
import LedgerSQLite

/// Decides one request by the pipeline `refunds`, records it, and gives the answer as JSON.
func decide(_ request: String, ledger path: String) throws -> String {
  let key = try SigningKey.load(path: path + ".key")
  let store = try SQLiteStore.open(
    path: path, mode: .readWrite(key), views: LedgerViews.statements)
  let answers = try Engine(store: store).decide([Array(request.utf8)], pipeline: "refunds")
  return try answers.map { String(decoding: try $0.get().json, as: UTF8.self) }.joined()
}
