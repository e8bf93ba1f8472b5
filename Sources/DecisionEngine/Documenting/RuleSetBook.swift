package import RuleAnalysis
package import RuleProgram

/// A rule set as a book to read, print and file: one page that needs nothing else, the same bytes for
/// the same rule set.
///
/// It lives in the engine, beside explanations, since it speaks their words; what only the compiler knows
/// (findings, properties) is handed in as values, so that the engine needs no compiler.
package struct RuleSetBook {
  /// What a book tells.
  package struct Content: Sendable {
    /// The rule set.
    package var program: Program
    /// What words it.
    package var wording: Wording
    /// SHA-256 of the source's Canonical XML form, hexadecimal.
    package var sourceDigest: String
    /// Its release, where it was published.
    package var release: Release?
    /// When the release's effective period ends.
    package var until: Instant?
    /// The properties that it states; nil where nobody looked.
    package var properties: [StatedProperty]?
    /// What `check` finds; nil where nobody looked.
    package var findings: [Finding]?
    /// What its cases reach; nil where there are none.
    package var coverage: Coverage?
    /// What changed since the version before.
    package var change: RuleSetDifference?

    /// The content of a book.
    package init(program: Program, wording: Wording, sourceDigest: String) {
      self.program = program
      self.wording = wording
      self.sourceDigest = sourceDigest
    }
  }

  /// A warning of the compiler.
  package struct Finding: Sendable {
    package var id: String
    package var message: String
    package var help: String?
    package var line: Int

    /// A finding from its parts.
    package init(id: String, message: String, help: String?, line: Int) {
      self.id = id
      self.message = message
      self.help = help
      self.line = line
    }
  }

  /// What the cases beside a rule set reach.
  package struct Coverage: Sendable {
    package var cases: Int
    package var failed: Int
    /// For each leaf, how many cases reach it.
    package var leafVisits: [Int]
    /// How many branches were taken, of how many.
    package var branches: (reached: Int, count: Int)

    /// Coverage from its parts.
    package init(cases: Int, failed: Int, leafVisits: [Int], branches: (reached: Int, count: Int)) {
      self.cases = cases
      self.failed = failed
      self.leafVisits = leafVisits
      self.branches = branches
    }
  }

  let content: Content
  /// The reader's language; nil for the rule set's own.
  let language: String?
  let words: PictureWords
  let picture: RuleSetPicture
  var program: Program { content.program }
  var wording: Wording { content.wording }
  var locale: ReaderLocale { words.words.locale }
  var limits: PageLimits { words.words.limits }

  /// The most leaves of which each gets a row.
  static let leafLimit = 3000
  /// The most leaves of a tree that is also shown as an outline.
  static let outlineLimit = 120
  /// The most changes since the version before that are shown.
  static let changeLimit = 100
  /// The most rows of any other table.
  static let rowLimit = 1000

  /// The book of `content` for readers of `language`, a BCP 47 tag; nil for the rule set's own.
  package init(_ content: Content, language: String? = nil) {
    self.content = content
    self.language = language
    words = PictureWords(language ?? content.wording.language, PageLimits())
    picture = RuleSetPicture(content.program, content.wording, language: language, words)
  }

  /// The book.
  package var page: [UInt8] {
    HTML.document(
      title: "\(title), \(wording.version)", language: locale.language,
      body: [
        .element(
          .main, [],
          [
            header, .element(.nav, [.labelledBy("contents")], [contents]), tree, leaves, inputs,
            results, properties, findings, coverage, changes, digests,
          ])
      ])
  }

  /// The tree alone, as a picture that fits on one page.
  package var treePicture: HTML {
    PictureFrame.figure(picture.tree(rows: RuleSetPicture.pageRows), words, id: "tree-picture")
  }

  var title: String {
    language.flatMap { wording.titles.text(in: $0) } ?? wording.title ?? wording.id
  }

  // MARK: - Pieces

  func section(_ id: StaticString, _ heading: BookPhrase, _ content: [HTML]) -> HTML {
    .element(
      .section, [.labelledBy("\(id)")],
      [.element(.h2, [.id("\(id)")], locale[book: heading])] + content)
  }

  func code(_ text: String) -> HTML {
    .element(.code, [], [.value(text, limit: limits.text)])
  }

  func value(_ text: String) -> HTML { .value(text, limit: limits.text) }

  /// A name and how people read it.
  func named(_ name: String, _ label: String?) -> HTML {
    guard let label, label != name else { return code(name) }
    return .join([value(label), .element(.br), code(name)])
  }

  func paragraph(_ text: String) -> HTML { .element(.p, [], text) }

  /// A table of at most so many rows, and how many more there are.
  func table(_ heads: [BookPhrase], _ rows: [[HTML]], limit: Int = rowLimit) -> HTML {
    let table = HTML.table(heads.map { locale[book: $0] }, Array(rows.prefix(limit)))
    guard rows.count > limit else { return table }
    return .join([table, .element(.p, [], [locale.fill(.more, "\(rows.count - limit)")])])
  }

  // MARK: - Head

  private var header: HTML {
    var facts: [(BookPhrase, HTML)] = [
      (.ruleSet, code("\(wording.id)@\(wording.version)"))
    ]
    for authority in wording.authorities.prefix(limits.list) {
      facts.append((.authority, self.authority(authority)))
    }
    if let release = content.release {
      let from = locale.moment(release.effectiveFrom.description)
      let until = content.until.map { locale.fill(.until, from, locale.moment($0.description)) }
      facts.append((.inForce, until ?? .text(from)))
      facts.append((.published, .text(locale.moment(release.time.description))))
    }
    let counts = picture.tree(rows: 0).text
    facts.append((.size, .text(counts)))
    return .element(
      .header, [],
      [
        .element(.h1, [], [value(title)]),
        .element(
          .dl, [.class("facts")],
          facts.flatMap { [.element(.dt, [], locale[book: $0.0]), .element(.dd, [], [$0.1])] }),
      ])
  }

  private func authority(_ authority: Wording.Authority) -> HTML {
    let clause = authority.clause.map { locale.isGerman ? ", Abschnitt \($0)" : ", clause \($0)" }
    let text = value(authority.text + (clause ?? ""))
    guard let href = authority.href, href.utf8.count <= 2000 else { return text }
    return .element(.a, [.href(href)], [text])
  }

  private var contents: HTML {
    var parts: [(StaticString, BookPhrase)] = [
      ("tree", .tree), ("leaves", .leaves), ("inputs", .inputs), ("results", .results),
    ]
    if content.properties != nil { parts.append(("properties", .properties)) }
    if content.findings != nil { parts.append(("findings", .findings)) }
    parts.append(("coverage", .coverage))
    if content.change != nil { parts.append(("changes", .changes)) }
    parts.append(("digests", .digests))
    return .join([
      .element(.h2, [.id("contents")], locale[book: .contents]),
      .element(
        .ul, [],
        parts.map { id, name in
          .element(.li, [], [.element(.a, [.link(to: id)], locale[book: name])])
        }),
    ])
  }

  private var digests: HTML {
    section(
      "digests", .digests,
      [
        HTML.table(
          ["", "SHA-256"],
          [
            [.text(locale[book: .source]), code(content.sourceDigest)],
            [.text(locale[book: .program]), code("\(program.digest)")],
          ]),
        .element(
          .p, [.class("quiet")],
          [
            .text(locale[book: .checkDigest]), .text(" "),
            .element(.code, [], "xmllint --c14n RULESET.xml | sha256sum"),
          ]),
      ])
  }
}
