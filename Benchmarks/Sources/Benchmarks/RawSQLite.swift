import CSQLite

/// The least that a durable row costs: SQLite through its C interface, in WAL mode with
/// `synchronous=FULL`, one table with an integer key and a blob, no index, a transaction for each
/// batch.
@safe final class RawSQLite {
  private let database: OpaquePointer
  private let insertion: OpaquePointer
  private var row: [UInt8]

  /// A new file at `path`, for rows of `rowSize` bytes.
  init(_ path: String, rowSize: Int, seed: UInt64) throws {
    unsafe database = try Self.open(path)
    for sql in [
      "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
      "CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    ] { try unsafe Self.execute(database, sql) }
    var statement: OpaquePointer?
    unsafe sqlite3_prepare_v2(
      database, "INSERT INTO row (body) VALUES (?)", -1, &statement, nil)
    guard let statement = unsafe statement else { throw BenchmarkError("SQLite: can't prepare") }
    unsafe insertion = unsafe statement
    var random = Random(seed: seed)
    row = (0..<rowSize).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  deinit {
    unsafe sqlite3_finalize(insertion)
    unsafe sqlite3_close(database)
  }

  private static func open(_ path: String) throws -> OpaquePointer {
    var database: OpaquePointer?
    let code = unsafe sqlite3_open(path, &database)
    guard code == SQLITE_OK, let database = unsafe database else {
      throw BenchmarkError("SQLite: can't open \(path)")
    }
    return unsafe database
  }

  private static func execute(_ database: OpaquePointer, _ sql: String) throws {
    guard unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
      throw BenchmarkError("SQLite: \(sql) failed")
    }
  }

  /// Inserts `count` rows in transactions of `batch` rows; the wall time in seconds.
  func insert(_ count: Int, batch: Int) throws -> Double {
    let start = Clock.wall
    for first in stride(from: 0, to: count, by: batch) {
      try unsafe Self.execute(database, "BEGIN IMMEDIATE")
      for _ in first..<min(first + batch, count) { try insertRow() }
      try unsafe Self.execute(database, "COMMIT")
    }
    return Clock.wall - start
  }

  private func insertRow() throws {
    row[0] &+= 1
    // The bytes stay where they are until the statement has been reset.
    let code = unsafe row.withUnsafeBytes { bytes in
      unsafe sqlite3_bind_blob(insertion, 1, bytes.baseAddress, Int32(bytes.count), nil)
      let code = unsafe sqlite3_step(insertion)
      unsafe sqlite3_reset(insertion)
      return code
    }
    guard code == SQLITE_DONE else { throw BenchmarkError("SQLite: an insert failed") }
  }

  /// The number that `sql` gives over the database at `path`.
  static func number(_ sql: String, in path: String) throws -> Int {
    try unsafe rows(of: sql, in: path) { unsafe Int(sqlite3_column_int64($0, 0)) }
  }

  /// The text that `sql` gives over the database at `path`.
  static func text(_ sql: String, in path: String) throws -> String {
    try unsafe rows(of: sql, in: path) { row in
      unsafe sqlite3_column_text(row, 0).map { unsafe String(cString: $0) } ?? ""
    }
  }

  /// The number of bytes of the two columns that `sql` gives; each row's are copied once.
  static func sum(_ sql: String, in path: String) throws -> Int {
    var page: [UInt8] = []
    var total = 0
    _ = try unsafe rows(of: sql, in: path) { row in
      repeat {
        if page.count > 1 << 18 { page.removeAll(keepingCapacity: true) }
        for column: Int32 in 0..<2 {
          let count = unsafe Int(sqlite3_column_bytes(row, column))
          guard let start = unsafe sqlite3_column_blob(row, column) else { continue }
          unsafe page.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
          total += count
        }
      } while unsafe sqlite3_step(row) == SQLITE_ROW
      return total
    }
    return total
  }

  /// What `body` makes of the statement at its first row.
  private static func rows<T>(
    of sql: String, in path: String, _ body: (OpaquePointer) -> T
  ) throws -> T {
    let database = try unsafe open(path)
    defer { unsafe sqlite3_close(database) }
    var statement: OpaquePointer?
    unsafe sqlite3_prepare_v2(database, sql, -1, &statement, nil)
    defer { unsafe sqlite3_finalize(statement) }
    guard let statement = unsafe statement, unsafe sqlite3_step(statement) == SQLITE_ROW else {
      throw BenchmarkError("SQLite: \(sql) gives nothing")
    }
    return unsafe body(statement)
  }
}
