import Foundation
import RuleBackends
import RuleProgram
import Testing

/// Each dialect gives the evaluator's leaf and outcome for every row.
@Suite(.serialized) struct SQLConformanceTests {
  private static let isNightly = ProcessInfo.processInfo.environment["LEAFPROOF_NIGHTLY"] == "1"
  private static let runsSpark =
    isNightly || ProcessInfo.processInfo.environment["LEAFPROOF_SPARK"] == "1"

  private func check(_ dialect: SQLDialect) throws {
    let given = ProcessInfo.processInfo.environment["LEAFPROOF_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("SQL conformance, \(dialect.title): LEAFPROOF_SEED=\(seed)")
    var random = SQLRandom(seed: seed)
    var cases = [
      try SQLCase.shipped("rulesets/consumer-credit/ruleset.xml"),
      try SQLCase.shipped("rulesets/stock-availability/ruleset.xml"),
      try SQLCase.shipped("examples/german-credit/ruleset.xml"),
      try SQLCase.xml("calculating", SQLSource.calculating),
      try SQLCase.random(leaves: 60, &random),
      try SQLCase.random(leaves: 2000, &random),
      try SQLCase.chain(2000),
    ]
    let count = (Self.isNightly ? 1_000_000 : 20_000) / cases.count + 1
    for index in cases.indices { cases[index].fill(count, &random) }
    let answers = try SQLDatabase(dialect: dialect).answers(cases)
    for (item, answer) in zip(cases, answers) {
      try #require(answer.count == item.rows.count)
      let wrong = item.rows.indices.filter {
        answer[$0].steps != item.expected[$0] || answer[$0].inline != item.expected[$0]
      }
      let example = wrong.first.map {
        "\(item.rows[$0]) gives \(item.expected[$0]), not \(answer[$0])"
      }
      #expect(
        wrong.count == 0,
        "\(item.name), seed \(seed): \(wrong.count) rows, such as \(example ?? "")")
      let reached = Set(item.expected.map { $0.prefix { $0 != "|" } }).count
      let leaves = item.program.program.leaves.count
      // A random tree may have leaves that no row reaches.
      let least = item.isRandom ? min(leaves / 6, 100) : leaves > 100 ? 100 : leaves / 2
      #expect(reached > least, "\(item.name): only \(reached) leaves reached")
    }
  }

  @Test func sqlite() throws { try check(.sqlite) }

  @Test(.enabled(if: SQLDatabase.postgresFolder != nil, "install Debian's postgresql"))
  func postgres() throws { try check(.postgres) }

  @Test(
    .enabled(if: SQLDatabase.hasModule("duckdb"), "pip install duckdb in .venv or LEAFPROOF_PYTHON")
  )
  func duckdb() throws { try check(.duckdb) }

  @Test(
    .enabled(
      if: runsSpark && SQLDatabase.hasModule("pyspark"),
      "set LEAFPROOF_SPARK=1, and pip install pyspark in .venv or LEAFPROOF_PYTHON"))
  func spark() throws { try check(.spark) }
}

/// Rule sets that calculate.
enum SQLSource {
  static let calculating = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="calculating" version="1.0.0">
      <title>Calculating</title>
      <inputs>
        <input name="a" type="number" min="-1000" max="1000000"/>
        <input name="b" type="number" min="-50.5" max="2000" missing="allowed"/>
        <input name="born" type="date"/>
        <input name="today" type="date" min="2000-01-01" max="2100-12-31"/>
        <input name="term" type="yearMonthDuration" min="P0M" max="P45Y" missing="allowed"/>
        <input name="wait" type="dayTimeDuration" min="P0D" max="P400D"/>
        <input name="seen" type="dateTime" missing="allowed"/>
        <input name="now" type="dateTime"/>
        <input name="text" type="string"/>
        <input name="vip" type="boolean" missing="allowed"/>
        <derived name="age" type="yearMonthDuration">years and months duration(born, today)</derived>
        <derived name="end" type="date">today + term</derived>
        <derived name="due" type="date">today + wait</derived>
        <derived name="elapsed" type="dayTimeDuration">now - seen</derived>
        <derived name="ratio" type="number">(a + 1.5) / b</derived>
        <derived name="half" type="number">round half up(a * 0.5 - b, 1)</derived>
        <derived name="even" type="number">decimal(a * 0.25, 2)</derived>
        <derived name="steps" type="number">floor(b / 4) + ceiling(a * 0.1) + min(a, b, 20)</derived>
      </inputs>
      <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
      <outputs>
        <output name="limit" type="number"/><output name="until" type="date"/>
        <output name="queue" type="string"/><output name="months" type="yearMonthDuration"/>
        <output name="pause" type="dayTimeDuration"/><output name="fast" type="boolean"/>
      </outputs>
      <tree>
        <split on="ratio">
          <case is="&gt; 0.4"><split on="age">
            <case is='&lt; duration("P18Y")'><leaf id="YOUNG" outcome="no">
              <set output="limit">round half up(11.9 + (600 - a) * 0.0125, 2)</set>
              <set output="until">today + duration("P30D")</set>
              <set output="queue">"it's \\\\ slow"</set>
            </leaf></case>
            <case is='&gt;= duration("P18Y")'><split on="end.month">
              <case is="&lt; 3"><leaf id="WINTER" outcome="yes">
              <set output="limit">if vip then 5.2 else 5.25</set><set output="until">end</set>
              <set output="months">age - term</set><set output="fast">vip</set>
            </leaf></case>
              <case is="[3..9]"><leaf id="SUMMER" outcome="no"/></case>
              <case is="&gt; 9"><leaf id="AUTUMN" outcome="no"/></case>
              <missing><leaf id="NO-TERM" outcome="yes"/></missing>
            </split></case>
          </split></case>
          <case is="(-3..0.4]"><split on="half">
            <case is="&lt; 10.5"><split on="elapsed">
              <case is='&lt; duration("PT36H")'><leaf id="RECENT" outcome="yes">
              <set output="limit">-a / 8</set><set output="pause">wait + duration("PT1H")</set>
              <set output="until">born - term</set><set output="queue">text + "!"</set>
            </leaf></case>
              <case is='&gt;= duration("PT36H")'><leaf id="LONG-AGO" outcome="no"/></case>
              <missing><leaf id="NEVER" outcome="yes"/></missing>
            </split></case>
            <case is="&gt;= 10.5"><split on="even">
              <case is="&lt; 100.02"><leaf id="EVEN-LOW" outcome="no"/></case>
              <case is="&gt;= 100.02"><leaf id="EVEN-HIGH" outcome="yes"/></case>
            </split></case>
            <missing><leaf id="HALF-UNKNOWN" outcome="no"/></missing>
          </split></case>
          <case is="&lt;= -3"><split on="steps">
            <case is="&lt; 21"><leaf id="STEPS-FEW" outcome="yes"/></case>
            <case is="&gt;= 21"><leaf id="STEPS-MANY" outcome="no"/></case>
            <missing><leaf id="STEPS-UNKNOWN" outcome="no"/></missing>
          </split></case>
          <missing><split on='starts with(text, "b&apos;") or contains(text, "é") or ends with(text, "a")'>
            <case is="true"><split on="due &gt; today + duration(&quot;P20D&quot;) and vip">
              <case is="true"><leaf id="DUE-VIP" outcome="yes">
                <set output="limit">decimal(a * 1.005, 1)</set><set output="until">due</set>
                <set output="fast">text &lt; "b"</set>
              </leaf></case>
              <case is="false"><leaf id="DUE-NOT" outcome="no"/></case>
              <missing><leaf id="DUE-UNKNOWN" outcome="yes">
                <set output="limit">today.weekday + abs(a) + wait.days</set>
              </leaf></missing>
            </split></case>
            <case is="false"><split on="if vip then string length(text) * a else a - 3">
              <case is="&lt; 100"><leaf id="SHORT" outcome="yes"/></case>
              <case is="&gt;= 100"><leaf id="LONG" outcome="no"/></case>
            </split></case>
          </split></missing>
        </split>
      </tree>
    </ruleset>
    """
}
