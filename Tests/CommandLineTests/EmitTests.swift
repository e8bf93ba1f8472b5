import Foundation
import Testing

@Suite("emit") struct EmitTests {
  static let hasCompiler = Program.tool("cc") != nil
  static let hasSQLite = Program.tool("sqlite3") != nil

  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write("ruleset.xml", Samples.ruleSet(Samples.tree))
    return folder
  }

  // MARK: - C

  @Test(
    "C decides as eval does", .enabled(if: hasCompiler, "no C compiler `cc`"))
  func c() throws {
    let folder = try folder()
    let run = try folder.succeed("emit", "c", "ruleset.xml", "-o", "build.c")
    #expect(run.output.isEmpty && run.errors.isEmpty)
    try folder.write(
      "main.c",
      """
      #include <stdio.h>
      #include "build.h"
      int main(void) {
        const double incomes[] = {619.99, 620, 1e9};
        for (int i = 0; i < 3; i++) {
          loan_inputs row = {0};
          row.income = incomes[i];
          row.age = 40;
          row.score = 500;
          row.job = loan_text_of("yes");
          printf("%s\\n", loan_leaf_id(loan_leaf_of(&row)));
        }
        return 0;
      }
      """)
    let compiled = try folder.shell(
      "cc -std=c99 -Wall -Wextra -Werror -o run build.c main.c && ./run")
    #expect(compiled.output == "LOW\nHIGH\nHIGH\n", "\(compiled.errors)")
    let csv = "income,age,score,job\n619.99,40,500,yes\n620,40,500,yes\n1000000000,40,500,yes\n"
    let eval = try folder.succeed("eval", "ruleset.xml", "--input", "-", input: csv)
    #expect(
      eval.lines.dropFirst().map { $0.split(separator: ",").last } == ["LOW", "HIGH", "HIGH"])
  }

  @Test("-o names a folder, a file or a stem; without it both come as one text")
  func places() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      at: folder.file("out"), withIntermediateDirectories: true)
    for (output, stem) in [("out", "out/loan"), ("out/", "out/loan"), ("a.h", "a"), ("b", "b")] {
      try folder.succeed("emit", "c", "ruleset.xml", "-o", output)
      #expect(folder.has("\(stem).c") && folder.has("\(stem).h"), "\(output)")
    }
    #expect(try folder.text("b.c").contains("#include \"b.h\""))
    let both = try folder.succeed("emit", "c", "ruleset.xml").output
    #expect(!both.contains("#include \"") && both.contains("loan_leaf_of"))
  }

  @Test("what can't be written leaves the old files, or none, and exits with 5")
  func unwritable() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      at: folder.file("x.c"), withIntermediateDirectories: true)
    try folder.write("x.h", "kept")
    let run = try folder.leafproof("emit", "c", "ruleset.xml", "-o", "x")
    #expect(run.status == 5 && run.errors.contains("x.c: error: can't be written"))
    #expect(try folder.text("x.h") == "kept")
    #expect(try folder.leafproof("emit", "c", "ruleset.xml", "-o", "none/x").status == 5)
    let full = try folder.shell("\"$leafproof\" emit c ruleset.xml > /dev/full")
    #expect(full.status == 5 && full.errors.contains("can't be written"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(!names.contains { $0.hasSuffix(".new") })
  }

  @Test("what C can't say is an error at its place; keys only always work")
  func inexpressibleC() throws {
    let folder = try folder()
    try folder.write(
      "ruleset.xml",
      Samples.ruleSet(Samples.tree).replacingOccurrences(
        of: "on=\"income\"", with: "on=\"income / 3\""))
    try folder.write("kept.c", "kept")
    let run = try folder.leafproof("emit", "c", "ruleset.xml", "-o", "kept.c")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.contains("C can't express a division [inexpressible]"), "\(run.errors)")
    #expect(run.errors.hasPrefix("ruleset.xml:14:"), "\(run.errors)")
    #expect(run.errors.hasSuffix("ruleset.xml: 1 error; nothing was emitted\n"))
    #expect(try folder.text("kept.c") == "kept" && !folder.has("kept.h"))
    let keys = try folder.succeed("emit", "c", "ruleset.xml", "--keys-only")
    #expect(!keys.output.contains("loan_leaf_of"))
  }

  // MARK: - SQL

  @Test(
    "SQL decides as eval does, by query and by bare expression",
    .enabled(if: hasSQLite, "sqlite3 is not installed"))
  func sql() throws {
    let folder = try folder()
    let arguments = ["emit", "sql", "ruleset.xml", "--dialect", "sqlite"]
    let query = try folder.start(arguments + ["--table", "cases", "--key", "id"]).finish()
    #expect(query.status == 0 && query.output.hasSuffix(";\n"))
    let bare = try folder.start(arguments).finish().output
    let parts = bare.components(separatedBy: "-- ").dropFirst().map {
      $0.split(separator: "\n", maxSplits: 1)[1]
    }
    #expect(parts.count == 3)
    try folder.write(
      "run.sql",
      """
      CREATE TABLE cases (id TEXT, income REAL, age REAL, job TEXT, score REAL);
      INSERT INTO cases VALUES ('a', 619.99, 40, 'yes', 500), ('b', 620, 40, NULL, 500),
        ('c', NULL, 40, 'yes', 500), ('d', 620, 40, 'perhaps', 500);
      \(query.output)
      SELECT \(parts.joined(separator: ", ")) FROM cases;
      """)
    let answers = try folder.shell("sqlite3 -batch -bail :memory: < run.sql")
    let expected = ["LOW|decline|", "HIGH|approve|1240.0", "|refused|", "|refused|"]
    let keyed = zip(["a", "b", "c", "d"], expected).map { "\($0)|\($1)" }
    #expect(answers.lines == keyed + expected, "\(answers.errors)")
  }

  /// Names that are keywords, that the query itself uses, or that end a quotation.
  @Test(
    "hostile names neither break the query nor change its answer",
    .enabled(if: hasSQLite, "sqlite3 is not installed"),
    arguments: ["select", "leaf", "Outcome", "lp_in0", "LP_LEAF", "lp_row", "lp2_ok", "a b", "é"])
  func names(_ name: String) throws {
    let folder = try Folder()
    try folder.write(
      "ruleset.xml",
      Samples.ruleSet(
        Samples.tree.replacingOccurrences(of: "on=\"income\"", with: "on=\"\(name)\"")
          .replacingOccurrences(of: "income * 2", with: "1"),
        inputs: "<input name=\"\(name)\" type=\"number\"/><input name=\"lp_\" type=\"boolean\"/>"))
    let table = "odd \" table'; --"
    let run = try folder.leafproof(
      "emit", "sql", "ruleset.xml", "--dialect", "sqlite", "--table", table, "--key", "the 'key")
    try #require(run.status == 0, "\(run.errors)")
    let quoted = "\"odd \"\" table'; --\""
    try folder.write(
      "run.sql",
      """
      CREATE TABLE \(quoted) ("the 'key" TEXT, "\(name)" REAL, "lp_" INTEGER);
      INSERT INTO \(quoted) VALUES ('k1', 619, 1), ('k2', 620, 0), ('k3', NULL, 0);
      CREATE TABLE answers AS \(run.output)
      SELECT * FROM answers;
      """)
    let answers = try folder.shell("sqlite3 -batch -bail :memory: < run.sql")
    #expect(
      answers.lines == ["k1|LOW|decline|", "k2|HIGH|approve|1", "k3||refused|"],
      "\(answers.errors)")
  }

  @Test("names that differ in case only are refused where the database takes them for one")
  func caseOnly() throws {
    let folder = try Folder()
    try folder.write(
      "ruleset.xml",
      Samples.ruleSet(
        Samples.tree,
        inputs: "<input name=\"income\" type=\"number\"/><input name=\"Income\" type=\"number\"/>"))
    for dialect in ["sqlite", "duckdb", "spark", "postgres"] {
      let run = try folder.leafproof("emit", "sql", "ruleset.xml", "--dialect", dialect)
      #expect(run.status == (dialect == "postgres" ? 0 : 1))
      #expect(
        run.errors.contains("differ in case only [inexpressible]") == (dialect != "postgres"))
    }
  }

  @Test("each dialect quotes in its own way")
  func quotes() throws {
    let folder = try folder()
    for (dialect, column, table) in [
      ("sqlite", "\"income\"", "\"a\"\"`b\""), ("postgres", "\"income\"", "\"a\"\"`b\""),
      ("duckdb", "\"income\"", "\"a\"\"`b\""), ("spark", "`income`", "`a\"``b`"),
    ] {
      let run = try folder.succeed(
        "emit", "sql", "ruleset.xml", "--dialect", dialect, "--table", "a\"`b", "--no-outputs")
      #expect(run.output.contains(column) && run.output.contains(" FROM \(table) AS"), "\(dialect)")
      #expect(!run.output.contains("limit"))
    }
  }

  @Test("--number gives the digits of the columns")
  func digits() throws {
    let folder = try folder()
    let run = try folder.succeed(
      "emit", "sql", "ruleset.xml", "--dialect", "duckdb", "--number", "9,3")
    #expect(run.output.contains("DECIMAL(9, 3)") && !run.output.contains("DECIMAL(18, 6)"))
  }

  @Test(
    "wrong options exit with 2, before anything is printed",
    arguments: [
      (["--dialect", "mysql"], "--dialect takes sqlite"), ([], "--dialect"),
      (["--dialect", "sqlite", "--number", "16,2"], "at most 15 digits"),
      (["--dialect", "spark", "--number", "19,2"], "at most 18 digits"),
      (["--dialect", "sqlite", "--number", "2,3"], "--number takes"),
      (["--dialect", "sqlite", "--number", "12,-1"], "--number takes"),
      (["--dialect", "sqlite", "--number", "12"], "--number takes"),
      (["--dialect", "sqlite", "--key", "id"], "--key needs --table"),
      (["--dialect", "sqlite", "--table", ""], "--table takes a name"),
      (["--dialect", "sqlite", "--table", "t", "--key", ""], "--key takes a name"),
      (["--dialect", "sqlite", "--table", "t", "--key", "Leaf"], "--key Leaf: the query gives"),
      (["--dialect", "sqlite", "--double", "job"], "--double job: no input of type number"),
    ])
  func options(_ arguments: [String], _ words: String) throws {
    let run = try folder().start(["emit", "sql", "ruleset.xml"] + arguments).finish()
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test("what SQL can't say is an error at its place, in each dialect by name")
  func inexpressibleSQL() throws {
    let folder = try folder()
    try folder.write(
      "ruleset.xml",
      Samples.ruleSet(Samples.tree).replacingOccurrences(of: "income * 2", with: "income / 7"))
    for (dialect, title) in [
      ("sqlite", "SQLite"), ("postgres", "PostgreSQL"), ("duckdb", "DuckDB"), ("spark", "Spark"),
    ] {
      let run = try folder.leafproof("emit", "sql", "ruleset.xml", "--dialect", dialect)
      #expect(run.status == 1 && run.output.isEmpty)
      #expect(
        run.errors.hasPrefix("ruleset.xml:17:") && run.errors.contains("\(title) can't express"),
        "\(run.errors)")
      try folder.succeed("emit", "sql", "ruleset.xml", "--dialect", dialect, "--no-outputs")
    }
  }

  @Test(
    "other files are refused alike by both", arguments: [["c"], ["sql", "--dialect", "sqlite"]])
  func files(_ language: [String]) throws {
    let folder = try folder()
    try folder.write("pipeline.xml", Samples.pipeline())
    try folder.write("broken.xml", Samples.ruleSet(""))
    for (file, status, words) in [
      ("none.xml", 3, "none.xml: error: can't be read"),
      ("pipeline.xml", 3, "pipeline.xml: error: is a pipeline; only rule sets can be emitted"),
      ("broken.xml", 1, "broken.xml:"), (".", 3, ".: error: is a directory"),
    ] {
      let run = try folder.start(["emit"] + language + [file]).finish()
      #expect(run.status == Int32(status) && run.output.isEmpty)
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }
}
