import GRDB
import Ledger

/// What makes a SQLite file a ledger; SCHEMA.md beside this file describes it for its readers.
enum Schema {
  /// `PRAGMA application_id`: the ASCII letters `LPLG`.
  static let applicationID = 0x4C50_4C47
  /// `PRAGMA user_version`: the newest format that this program knows.
  static let version = 1

  /// A table or an index, with the statement that creates it, word for word as SQLite keeps it.
  struct Object {
    /// Its name.
    var name: String
    /// The statement.
    var sql: String
  }

  /// Everything that a ledger file consists of, but for the views.
  static let objects: [Object] = [
    Object(
      name: "entry",
      sql: """
        CREATE TABLE entry (
          entry_index INTEGER PRIMARY KEY,
          leaf_hash BLOB NOT NULL,
          kind TEXT NOT NULL,
          key TEXT,
          subject TEXT,
          payload_address BLOB,
          erases INTEGER,
          body BLOB NOT NULL
        ) STRICT
        """),
    Object(
      name: "entry_by_key",
      sql: "CREATE UNIQUE INDEX entry_by_key ON entry (key) WHERE key IS NOT NULL"),
    Object(name: "entry_by_kind", sql: "CREATE INDEX entry_by_kind ON entry (kind)"),
    Object(
      name: "entry_by_subject",
      sql: "CREATE INDEX entry_by_subject ON entry (subject) WHERE subject IS NOT NULL"),
    Object(
      name: "entry_by_erases",
      sql: "CREATE UNIQUE INDEX entry_by_erases ON entry (erases) WHERE erases IS NOT NULL"),
    Object(
      name: "payload",
      sql: """
        CREATE TABLE payload (
          entry_index INTEGER PRIMARY KEY,
          address BLOB NOT NULL,
          body BLOB NOT NULL
        ) STRICT
        """),
    Object(
      name: "checkpoint",
      sql: """
        CREATE TABLE checkpoint (
          tree_size INTEGER PRIMARY KEY,
          previous_size INTEGER,
          note TEXT NOT NULL
        ) STRICT
        """),
    Object(
      name: "tile",
      sql: """
        CREATE TABLE tile (
          level INTEGER NOT NULL,
          tile_index INTEGER NOT NULL,
          root BLOB NOT NULL,
          PRIMARY KEY (level, tile_index)
        ) STRICT, WITHOUT ROWID
        """),
    Object(
      name: "meta",
      sql: """
        CREATE TABLE meta (
          name TEXT NOT NULL PRIMARY KEY,
          value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """),
  ]

  /// The names of the rows of `meta`.
  enum Meta {
    /// The log's origin.
    static let origin = "origin"
    /// The log's verifier key.
    static let verifierKey = "verifier_key"
    /// The digest of the statements that made the views, a space, and that of the views as made.
    static let views = "views"
  }

  /// The digest of the statements that make the views: they are made anew only when it changes.
  static func digest(ofStatements statements: [String]) -> String {
    Hash.sha256(Array(statements.joined(separator: "\n").utf8)).hex
  }

  /// The digest of the views that `db` has, by which another version's views show that they are as
  /// they were made.
  static func digestOfViews(in db: Database) throws -> String {
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name")
    let texts = rows.flatMap { row -> [String] in [row[0], row[1]] }
    return Hash.sha256(Array(texts.joined(separator: "\u{0}").utf8)).hex
  }
}
