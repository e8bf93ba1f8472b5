import GRDB
import Ledger

/// Runs `body`, its errors made into ledger errors.
func ledgerErrors<T>(_ body: () throws -> T) throws(LedgerError) -> T {
  do {
    return try body()
  } catch let error as LedgerError {
    throw error
  } catch let error as DatabaseError {
    throw LedgerError(error)
  } catch {
    throw .io("\(error)")
  }
}

extension LedgerError {
  /// The ledger error for one of SQLite's. SQLite's messages name tables and columns, never values.
  init(_ error: DatabaseError) {
    let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    self =
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(reason)
      case .SQLITE_FULL: .full(reason)
      case .SQLITE_CORRUPT: .corrupt(place: "the file", reason: reason)
      case .SQLITE_NOTADB: .corrupt(place: "the file", reason: reason)
      case .SQLITE_CONSTRAINT: .corrupt(place: "the tables", reason: reason)
      case .SQLITE_CANTOPEN, .SQLITE_READONLY:
        .io(
          "\(reason); SQLite needs write permission on the file and its folder, also to read while"
            + " others write: mend the permissions, or work on a copy")
      default: .io(reason)
      }
  }
}
