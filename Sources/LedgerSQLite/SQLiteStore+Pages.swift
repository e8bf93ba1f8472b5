import GRDB
import GRDBSQLite
public import Ledger

extension SQLiteStore {
  public func page(in range: Range<UInt64>, byteLimit: Int) throws(LedgerError) -> EntryPage {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT entry.entry_index, kind, entry.body, payload.body
          FROM entry LEFT JOIN payload ON payload.entry_index = entry.entry_index
          WHERE entry.entry_index >= ? AND entry.entry_index < ? ORDER BY entry.entry_index
          """)
      let rows = try Row.fetchCursor(
        statement,
        arguments: [Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound)])
      var page = EntryPage(expecting: range.count)
      while page.bytes.count < byteLimit || page.items.isEmpty, try rows.next() != nil {
        // Right behind the step, while the columns are those of this row.
        unsafe Self.append(statement.sqliteStatement, to: &page)
      }
      return page
    }
  }

  /// Appends the row that a statement stands at, its bytes copied once.
  @unsafe private static func append(_ row: SQLiteStatement, to page: inout EntryPage) {
    let index = unsafe UInt64(clamping: sqlite3_column_int64(row, 0))
    let kind = unsafe sqlite3_column_text(row, 1).map { unsafe String(cString: $0) } ?? ""
    page.append(index, kind: kind) { bytes in
      unsafe append(row, 2, to: &bytes)
    } payload: { bytes in
      unsafe append(row, 3, to: &bytes)
      return unsafe sqlite3_column_type(row, 3) != SQLITE_NULL
    }
  }

  /// Appends a column's bytes.
  @unsafe private static func append(
    _ row: SQLiteStatement, _ column: Int32, to bytes: inout [UInt8]
  ) {
    guard let start = unsafe sqlite3_column_blob(row, column) else { return }
    let count = unsafe Int(sqlite3_column_bytes(row, column))
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
  }
}
