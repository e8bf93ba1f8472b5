/// The views that a data team queries, as SQL for the SQLite ledger. VIEWS.md documents them.
public enum LedgerViews {
  /// One statement text for each view; each is safe to repeat. They read the tables `entry` and
  /// `payload`.
  public static let statements: [String] = [
    view("model", model), view("release", release), view("decision", decision),
    view("candidate", candidate), view("choice", choice), view("result", result),
    view("refusal", refusal),
  ]

  /// The names of the views.
  public static let names = [
    "model", "release", "decision", "candidate", "choice", "result", "refusal",
  ]

  private static func view(_ name: String, _ select: String) -> String {
    """
    DROP VIEW IF EXISTS "\(name)";
    CREATE VIEW "\(name)" AS
    \(select);
    """
  }

  /// The entries of a kind, their bodies as text.
  private static func entries(_ kind: String) -> String {
    """
    SELECT entry_index, CAST(body AS TEXT) AS body FROM entry WHERE kind = '\(kind)'
    """
  }

  private static let release = """
    SELECT entry_index AS ledger_index,
      body ->> '$.kind' AS kind,
      body ->> '$.id' AS id,
      body ->> '$.version' AS version,
      body ->> '$.title' AS title,
      body ->> '$.time' AS published_at,
      body ->> '$.effective_from' AS effective_from,
      (SELECT min(CAST(later.body AS TEXT) ->> '$.effective_from') FROM entry AS later
        WHERE later.kind = 'release'
          AND CAST(later.body AS TEXT) ->> '$.kind' = e.body ->> '$.kind'
          AND CAST(later.body AS TEXT) ->> '$.id' = e.body ->> '$.id'
          AND (CAST(later.body AS TEXT) ->> '$.effective_from' > e.body ->> '$.effective_from'
            OR (CAST(later.body AS TEXT) ->> '$.effective_from' = e.body ->> '$.effective_from'
              AND later.entry_index > e.entry_index))) AS effective_until,
      body ->> '$.source_digest' AS source_digest,
      coalesce(body ->> '$.program_digest', body ->> '$.definition_digest') AS content_digest,
      body ->> '$.engine' AS engine
    FROM (\(entries("release"))) AS e
    """

  private static let model = """
    SELECT entry_index AS ledger_index,
      body ->> '$.id' AS id,
      body ->> '$.version' AS version,
      body ->> '$.title' AS title,
      body ->> '$.time' AS published_at,
      body ->> '$.effective_from' AS effective_from,
      body ->> '$.model.owner' AS owner,
      body ->> '$.model.artifact.href' AS artifact,
      body ->> '$.model.artifact.pin' AS artifact_digest,
      body ->> '$.model.code.href' AS code,
      body ->> '$.model.code.pin' AS code_commit,
      body ->> '$.model.data.href' AS data,
      body ->> '$.model.data.pin' AS data_digest,
      body ->> '$.definition_digest' AS content_digest
    FROM (\(entries("release")))
    WHERE body ->> '$.kind' = 'model'
    """

  private static let decision = """
    SELECT entry_index AS ledger_index,
      body ->> '$.case_id' AS case_id,
      body ->> '$.time' AS decided_at,
      body ->> '$.pipeline.id' AS pipeline,
      body ->> '$.pipeline.version' AS pipeline_version,
      body ->> '$.arm' AS arm,
      body ->> '$.outcome' AS outcome,
      body ->> '$.adverse' AS adverse,
      body ->> '$.leaf' AS leaf,
      body -> '$.reasons' AS reasons,
      body -> '$.outputs' AS outputs,
      body -> '$.stages' AS stages,
      (SELECT stage.value ->> '$.score' FROM json_each(body, '$.stages') AS stage
        WHERE stage.value ->> '$.kind' IN ('score', 'random') LIMIT 1) AS score,
      (SELECT stage.value ->> '$.model.id' FROM json_each(body, '$.stages') AS stage
        WHERE stage.value ->> '$.kind' IN ('score', 'random') LIMIT 1) AS model,
      (SELECT stage.value ->> '$.model.version' FROM json_each(body, '$.stages') AS stage
        WHERE stage.value ->> '$.kind' IN ('score', 'random') LIMIT 1) AS model_version,
      body ->> '$.candidates.ranked' AS ranked,
      body ->> '$.candidates.not_kept' AS not_kept,
      body ->> '$.candidates.discarded' AS discarded,
      (SELECT count(*) FROM payload WHERE payload.entry_index = e.entry_index) = 0 AS erased,
      body ->> '$.engine' AS engine,
      body -> '$.principal_reasons' AS principal_reasons
    FROM (\(entries("decision"))) AS e
    """

  private static let candidate = """
    SELECT p.entry_index AS ledger_index,
      p.body ->> '$.case_id' AS case_id,
      list.key AS status,
      item.value ->> '$.key' AS candidate,
      item.value ->> '$.rank' AS rank,
      item.value ->> '$.score' AS score,
      item.value ->> '$.outcome' AS outcome,
      item.value ->> '$.adverse' AS adverse,
      item.value ->> '$.leaf' AS leaf,
      item.value -> '$.leaves' AS leaves,
      item.value -> '$.outputs' AS outputs,
      item.value -> '$.reasons' AS reasons,
      item.value -> '$.principal_reasons' AS principal_reasons
    FROM (SELECT payload.entry_index, CAST(payload.body AS TEXT) AS body
        FROM payload JOIN entry ON entry.entry_index = payload.entry_index
        WHERE entry.kind = 'decision') AS p,
      json_each(p.body, '$.response') AS list,
      json_each(list.value) AS item
    WHERE list.key IN ('ranked', 'not_kept', 'discarded')
    """

  private static let choice = """
    SELECT e.entry_index AS ledger_index,
      e.body ->> '$.case_id' AS case_id,
      e.body ->> '$.decision' AS decision_index,
      e.body ->> '$.time' AS recorded_at,
      e.body ->> '$.candidate' AS candidate,
      CAST(payload.body AS TEXT) -> '$.fields' AS fields
    FROM (\(entries("choice"))) AS e
      LEFT JOIN payload ON payload.entry_index = e.entry_index
    """

  private static let result = """
    SELECT e.entry_index AS ledger_index,
      e.body ->> '$.case_id' AS case_id,
      e.body ->> '$.decision' AS decision_index,
      e.body ->> '$.time' AS recorded_at,
      item.key AS name,
      item.value AS value
    FROM (\(entries("result"))) AS e
      LEFT JOIN payload ON payload.entry_index = e.entry_index
      LEFT JOIN json_each(CAST(payload.body AS TEXT), '$.values') AS item
    """

  private static let refusal = """
    SELECT entry_index AS ledger_index,
      body ->> '$.case_id' AS case_id,
      body ->> '$.time' AS refused_at,
      body ->> '$.pipeline.id' AS pipeline,
      body ->> '$.pipeline.version' AS pipeline_version,
      body ->> '$.problem_count' AS problem_count,
      item.value ->> '$.candidate' AS candidate,
      item.value ->> '$.field' AS field,
      item.value ->> '$.code' AS code,
      item.value ->> '$.message' AS message
    FROM (\(entries("refusal"))),
      json_each(body, '$.problems') AS item
    """
}
