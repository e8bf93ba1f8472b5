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
          </split></case>
          <case is="&lt;= -3"><split on="steps">
            <case is="&lt; 21"><leaf id="STEPS-FEW" outcome="yes"/></case>
            <case is="&gt;= 21"><leaf id="STEPS-MANY" outcome="no"/></case>
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

  /// Quotients that are calculated with, beside numbers that they meet exactly.
  static let quotients = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="quotients" version="1.0.0">
      <title>Quotients</title>
      <inputs>
        <input name="a" type="number" min="-1000" max="1000"/>
        <input name="b" type="number" min="-12" max="12"/>
        <input name="c" type="number" min="-100" max="100" missing="allowed"/>
        <input name="d" type="number" min="0" max="50" missing="allowed"/>
        <derived name="sum" type="number">a / b + c</derived>
        <derived name="rest" type="number">c - a / b</derived>
        <derived name="share" type="number">(c + a / b - 0.5) / d</derived>
        <derived name="scaled" type="number">-(a / b / 4) - 1</derived>
      </inputs>
      <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
      <tree>
        <split on="share">
          <case is="&lt;= -0.25"><split on="a / b = c">
            <case is="true"><leaf id="EQUAL" outcome="yes"/></case>
            <case is="false"><split on="rest">
              <case is="&lt; 0"><leaf id="REST-BELOW" outcome="no"/></case>
              <case is="0"><leaf id="REST-NONE" outcome="yes"/></case>
              <case is="> 0"><leaf id="REST-ABOVE" outcome="no"/></case>
              <missing><leaf id="REST-UNKNOWN" outcome="no"/></missing>
            </split></case>
          </split></case>
          <case is="(-0.25..0.5)"><split on="d &lt; a / b">
            <case is="true"><leaf id="MORE" outcome="yes"/></case>
            <case is="false"><leaf id="LESS" outcome="no"/></case>
            <missing><leaf id="MORE-UNKNOWN" outcome="no"/></missing>
          </split></case>
          <case is="0.5"><leaf id="HALF" outcome="yes"/></case>
          <case is="> 0.5"><split on="scaled">
            <case is="[-3..1.5]"><leaf id="SCALED-MID" outcome="yes"/></case>
            <case is="&lt; -3, > 1.5"><leaf id="SCALED-FAR" outcome="no"/></case>
            <missing><leaf id="SCALED-UNKNOWN" outcome="no"/></missing>
          </split></case>
          <missing><split on="sum">
            <case is="2"><leaf id="TWO" outcome="yes"/></case>
            <case is="&lt; 2, > 2"><leaf id="NOT-TWO" outcome="no"/></case>
            <missing><split on="a / b != c and a / b != null">
              <case is="true"><leaf id="OTHER" outcome="yes"/></case>
              <case is="false"><leaf id="SAME" outcome="no"/></case>
            </split></missing>
          </split></missing>
        </split>
      </tree>
    </ruleset>
    """
}
