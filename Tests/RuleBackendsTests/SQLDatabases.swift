import Foundation
import RuleBackends
import RuleProgram

/// Runs cases in a database: a folder of CSV files and queries, and a program that works it off.
struct SQLDatabase {
  let dialect: SQLDialect

  /// How many rows of a case the bare expressions run over, which compute everything anew each time.
  static let inlineRows = 5_000

  struct Failed: Error { var output: String }

  /// What each case's query answers, a line for each row: by steps, and by the bare expressions.
  func answers(_ cases: [SQLCase]) throws -> [[(steps: String, inline: String)]] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "leafproof-sql-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, item) in cases.enumerated() { try write(item, index, folder) }
    try runDatabase(cases.count, folder)
    return try cases.indices.map { index in
      let text = try String(contentsOf: folder.appending(path: "\(index).out"), encoding: .utf8)
      return text.split(separator: "\n").map { line in
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        let count = fields.count / 2
        return (
          cases[index].normalized(fields.prefix(count)),
          cases[index].normalized(fields.suffix(count))
        )
      }
    }
  }

  private func quoted(_ name: String) -> String {
    dialect == .spark ? "`\(name)`" : "\"\(name)\""
  }

  private func write(_ item: SQLCase, _ index: Int, _ folder: URL) throws {
    let program = item.program.program
    let digits = dialect == .sqlite ? item.digits : nil
    let text = try SQLBackend(
      dialect, precision: digits?.precision, scale: digits?.scale, doubles: item.doubles
    ).text(of: item.program, outputs: item.hasOutputs)
    var csv = ""
    for (number, row) in item.rows.enumerated() {
      csv += ([String(number)] + row.map(cell)).joined(separator: ",") + "\n"
    }
    let names = ["row"] + program.inputs.map(\.name)
    let types = ["BIGINT"] + program.inputs.map { type($0, item.doubles.contains($0.name)) }
    let columns = zip(names, types).map { "\(quoted($0)) \($1)" }.joined(separator: ", ")
    let steps = text.select(from: "t\(index)", keys: ["row"])
    let expressions =
      [("leaf", text.leaf), ("outcome", text.outcome)] + text.outputs.map { ($0.name, $0.sql) }
    let shown = ["s", "i"].flatMap { table in expressions.map { "\(table).\(quoted($0.0))" } }
    let inline = expressions.map { ", \($0.1) AS \(quoted($0.0))" }.joined()
    let query = """
      SELECT \(shown.joined(separator: ", ")) FROM (\(steps)) s LEFT JOIN
      (SELECT \(quoted("row")) AS n\(inline) FROM t\(index)
      WHERE \(quoted("row")) < \(Self.inlineRows)) i
      ON s.\(quoted("row")) = i.n ORDER BY s.\(quoted("row"))
      """
    try csv.write(to: folder.appending(path: "\(index).csv"), atomically: false, encoding: .utf8)
    try columns.write(
      to: folder.appending(path: "\(index).schema"), atomically: false, encoding: .utf8)
    try query.write(to: folder.appending(path: "\(index).sql"), atomically: false, encoding: .utf8)
    let casts = zip(names, types).map { "CAST(nullif(\(quoted($0)), '\\N') AS \($1))" }
    let raw = names.map { "\(quoted($0)) TEXT" }.joined(separator: ", ")
    let load = """
      CREATE TABLE raw\(index) (\(raw));
      .import --csv \(index).csv raw\(index)
      CREATE TABLE t\(index) (\(columns));
      INSERT INTO t\(index) SELECT \(casts.joined(separator: ", ")) FROM raw\(index);
      """
    try load.write(to: folder.appending(path: "\(index).load"), atomically: false, encoding: .utf8)
  }

  private func type(_ input: Program.Input, _ isDouble: Bool) -> String {
    switch (input.type, dialect) {
    case (.number, .sqlite): "REAL"
    case (.number, .postgres): isDouble ? "DOUBLE PRECISION" : "NUMERIC"
    case (.number, _): isDouble ? "DOUBLE" : "DECIMAL(18, 6)"
    case (.boolean, .sqlite): "INTEGER"
    case (.boolean, _): "BOOLEAN"
    case (.string, .spark): "STRING"
    case (.string, _): "TEXT"
    case (.date, .sqlite), (.time, .sqlite), (.dateTime, .sqlite): "TEXT"
    case (.date, _): "DATE"
    case (.time, .spark): "STRING"
    case (.time, _): "TIME"
    case (.dateTime, .spark): "TIMESTAMP_NTZ"
    case (.dateTime, _): "TIMESTAMP"
    case (.dayTimeDuration, _), (.yearMonthDuration, _): "BIGINT"
    }
  }

  private func cell(_ value: Value) -> String {
    switch value {
    case .null: "\\N"
    case .string(let text): "\"\(text.replacing("\"", with: "\"\""))\""
    case .boolean(let flag): dialect == .sqlite ? (flag ? "1" : "0") : "\(flag)"
    case .dayTimeDuration(let duration): duration.measure.description
    case .yearMonthDuration(let duration): "\(duration.months)"
    default: value.description
    }
  }

  private func runDatabase(_ count: Int, _ folder: URL) throws {
    switch dialect {
    case .sqlite:
      let each = (0..<count).map { index in
        ".read \(index).load\n.output \(index).out\n.read \(index).sql\n;\n.output\n"
      }
      try (".bail on\n" + each.joined()).write(
        to: folder.appending(path: "all"), atomically: false, encoding: .utf8)
      try Self.bash("sqlite3 -batch :memory: < all", in: folder)
    case .postgres:
      try Self.bash(Self.postgresScript(count), in: folder)
    case .duckdb, .spark:
      try Self.python.write(
        to: folder.appending(path: "run.py"), atomically: false, encoding: .utf8)
      try Self.bash(
        "exec '\(Self.pythonPath ?? "python3")' run.py \(dialect.rawValue) \(count)", in: folder)
    }
  }

  static func bash(_ script: String, in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "set -e\nexec > log 2>&1\n" + script]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let log = try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
      throw Failed(output: String((log ?? "").suffix(3000)))
    }
  }
}

/// Where the databases are.
extension SQLDatabase {
  static let postgresFolder: String? = {
    let base = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
    return versions.compactMap { Int($0) }.max().map { "\(base)/\($0)/bin" }
  }()

  /// The Python that has duckdb and pyspark: the one that LEAFPROOF_PYTHON names, or that of
  /// `.venv-backends` in the project's folder, where `Tests/Backends/prepare` puts it.
  static let pythonPath: String? = {
    if let named = ProcessInfo.processInfo.environment["LEAFPROOF_PYTHON"] {
      return named.contains("/") ? named : Tool.path(named)
    }
    let path = TestData.root.appending(path: ".venv-backends/bin/python").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  static func hasModule(_ name: String) -> Bool {
    guard let pythonPath else { return false }
    return
      (try? bash("'\(pythonPath)' -c 'import \(name)'", in: FileManager.default.temporaryDirectory))
      != nil
  }

  /// A server of its own in this folder, without a port. As root it runs as user postgres.
  private static func postgresScript(_ count: Int) -> String {
    let bin = postgresFolder ?? ""
    let each = (0..<count).map { index in
      """
      { echo "create table t\(index) ($(cat \(index).schema));"
        echo "\\\\copy t\(index) from '\(index).csv' with (format csv, null '\\\\N')"
        echo "\\\\o \(index).out"; cat \(index).sql; echo ";"; echo "\\\\o"; } >> all
      """
    }
    return """
      as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
      chmod 755 .
      mkdir server
      if [ "$(id -u)" = 0 ]; then chown postgres server; fi
      as \(bin)/initdb -D server/data -A trust -U postgres --no-sync -E UTF8 --locale=C.UTF-8
      as \(bin)/pg_ctl -D server/data -l server/log -w start -o "-k $PWD/server -h '' -F"
      trap 'as \(bin)/pg_ctl -D server/data -m immediate stop' EXIT
      echo 'set jit = off;' > all
      \(each.joined(separator: "\n"))
      \(bin)/psql -v ON_ERROR_STOP=1 -q -A -t -U postgres -h "$PWD/server" -f all
      """
  }

  private static let python = """
    import os, sys, time
    name, count = sys.argv[1], int(sys.argv[2])
    if name == "duckdb":
        import duckdb
        db = duckdb.connect()
        def run(i, schema, query):
            db.execute(f"CREATE TABLE t{i} ({schema})")
            db.execute(f"COPY t{i} FROM '{i}.csv' (FORMAT csv, HEADER false, NULLSTR '\\\\N')")
            return db.execute(query).fetchall()
    else:
        from pyspark.sql import SparkSession
        spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC").config("spark.driver.memory", "2g")
            .config("spark.sql.shuffle.partitions", "1").getOrCreate())
        spark.sparkContext.setLogLevel("OFF")
        def run(i, schema, query):
            frame = spark.read.csv("file://" + os.path.abspath(f"{i}.csv"), schema=schema,
                nullValue="\\\\N", emptyValue="", escape='"', mode="FAILFAST")
            frame.createOrReplaceTempView(f"t{i}")
            return spark.sql(query).collect()
    for i in range(count):
        query = open(f"{i}.sql").read()
        if name == "spark":
            # Beyond what it can compile, Spark tries for half a minute, then goes on without.
            compiles = len(query) < 50_000 or "LEAFPROOF_NIGHTLY" in os.environ
            spark.conf.set("spark.sql.codegen.wholeStage", str(compiles).lower())
            mode = "FALLBACK" if compiles else "NO_CODEGEN"
            spark.conf.set("spark.sql.codegen.factoryMode", mode)
        start = time.monotonic()
        rows = run(i, open(f"{i}.schema").read(), query)
        print(f"query {i}: {time.monotonic() - start:.1f} s", flush=True)
        with open(f"{i}.out", "w") as out:
            for row in rows:
                out.write("|".join("" if x is None else str(x) for x in row) + "\\n")
    """
}
