import DecisionEngine
import RuleProgram

/// A rule set: its versions, and one of them in full.
struct RuleSetPage {
  /// Its ID.
  var id: String
  /// All its versions, the newest first.
  private var versions: [Release]
  /// Everything published.
  private var all: [Release]
  /// The version shown.
  private var shown: Release
  private var program: Program
  private var wording: Wording
  private var source: String
  private var now: Instant
  private var session: Session?

  /// The page of `id`; without a version, of the one in force, or else the newest.
  init(
    id: String, version: String?, engine: Engine, now: Instant, session: Session?
  ) throws(EngineError) {
    self.id = id
    self.now = now
    self.session = session
    all = try engine.releases()
    versions = all.filter { $0.kind == .ruleset && $0.id == id }.reversed()
    let inForce = try engine.inForce(.ruleset, id: id, at: now)
    let chosen =
      if let version {
        versions.first { $0.version == version }
      } else {
        inForce ?? versions.first
      }
    guard let chosen else {
      throw .unknownRelease(.ruleset, version.map { "\(id)@\($0)" } ?? id)
    }
    shown = chosen
    (program, wording, source) = try engine.ruleSet(chosen.reference)
  }

  /// The page.
  var markup: Markup {
    Layout(title: "Rule set \(id)", session: session, current: "").page {
      element(.h1) { wording.title ?? id }
      summary
      element(.section, .labelledBy("versions-title")) {
        element(.h2, .id("versions-title")) { "Versions" }
        ReleaseTable(name: "Table of versions", releases: versions, all: all, now: now).markup
        comparison
      }
      tree
      inputs
      leaves
      element(.section, .labelledBy("source-title")) {
        element(.h2, .id("source-title")) { "Source" }
        element(.details) {
          element(.summary) { "The exact XML of version \(shown.version)" }
          element(.pre, .tabIndexZero) { element(.code) { source } }
        }
      }
    }
  }

  private var summary: Markup {
    element(.dl, .class("facts panel")) {
      Part.fact("Rule set") { "\(id)@\(shown.version)" }
      for authority in wording.authorities {
        Part.fact("Authority") {
          let text = authority.text + (authority.clause.map { ", clause \($0)" } ?? "")
          if let path = authority.href.flatMap({ Path(web: $0) }) {
            element(.a, .href(path), .rel("noopener noreferrer")) { text }
          } else {
            text
          }
        }
      }
      Part.fact("Program") { Part.digest(shown.contentDigest) }
      Part.fact("Source") { Part.digest(shown.sourceDigest) }
    }
  }

  /// Which two versions to compare.
  private var comparison: Markup? {
    guard versions.count > 1 else { return nil }
    let place = versions.firstIndex { $0.index == shown.index } ?? 0
    let older = place + 1 < versions.count ? versions[place + 1] : versions[versions.count - 1]
    let newer = place + 1 < versions.count ? shown : versions[0]
    let options = versions.map { (value: $0.version, label: $0.version) }
    return element(
      .form, .method("get"), .action(Path(["rulesets", id, "difference"])), .class("panel")
    ) {
      Part.choice("from", "What changed from", options: options, chosen: older.version)
      Part.choice("to", "to", options: options, chosen: newer.version)
      element(.button, .type("submit")) { "Compare" }
    }
  }

  private var tree: Markup {
    let content = RuleSetBook.Content(
      program: program, wording: wording, sourceDigest: shown.sourceDigest)
    return element(.section, .labelledBy("tree-title")) {
      element(.h2, .id("tree-title")) { "The tree" }
      Markup.html(RuleSetBook(content).treePicture)
      element(.p) {
        let path = Path(["rulesets", id, "book"], query: [("version", shown.version)])
        element(.a, .href(path)) { "Version \(shown.version) as a book" }
        ": each leaf in words, properties, changes since the version before; to read, print and file."
      }
    }
  }

  private var inputs: Markup {
    element(.section, .labelledBy("inputs-title")) {
      element(.h2, .id("inputs-title")) { "Inputs" }
      element(.div, .class("wide")) {
        element(.table) {
          element(.thead) {
            element(.tr) {
              for name in ["Name", "Meaning", "Type", "Accepted"] {
                element(.th, .scope("col")) { name }
              }
            }
          }
          element(.tbody) {
            for input in program.inputs { row(input) }
          }
        }
      }
    }
  }

  private func row(_ input: Program.Input) -> Markup {
    let term = wording.inputs.first { $0.name == input.name }
    return element(.tr) {
      element(.th, .scope("row")) { element(.code) { input.name } }
      element(.td) {
        (term?.label ?? "") + (term?.unit.map { ", \($0)" } ?? "")
        if term?.isProtected == true { element(.small) { " protected" } }
      }
      element(.td) { input.type.name }
      element(.td) { accepted(input) }
    }
  }

  private func accepted(_ input: Program.Input) -> String {
    var parts: [String] = []
    if !input.values.isEmpty { parts.append(input.values.joined(separator: ", ")) }
    if let minimum = input.minimum { parts.append("at least \(minimum)") }
    if let maximum = input.maximum { parts.append("at most \(maximum)") }
    if input.allowsMissing { parts.append("may be missing") }
    return parts.joined(separator: "; ")
  }

  private var leaves: Markup {
    element(.section, .labelledBy("leaves-title")) {
      element(.h2, .id("leaves-title")) { "Leaves" }
      element(.div, .class("wide")) {
        element(.table) {
          element(.caption) {
            program.leaves.count == 1 ? "1 leaf" : "\(program.leaves.count) leaves"
          }
          element(.thead) {
            element(.tr) {
              for name in ["Leaf", "Outcome", "Reasons", "Line"] {
                element(.th, .scope("col")) { name }
              }
            }
          }
          element(.tbody) {
            for number in program.leaves.indices { leaf(number) }
          }
        }
      }
    }
  }

  private func leaf(_ number: Int) -> Markup {
    let outcome = program.outcome(ofLeaf: number)
    let texts = program.reasonCodes(ofLeaf: number).map { code in
      wording.reasons.first { $0.name == code }?.label.map { "\(code) \($0)" } ?? code
    }
    return element(.tr) {
      element(.th, .scope("row")) {
        let query: [(String, String?)] = [
          ("leaf", program.leaves[number].id), ("release", "\(id)@\(shown.version)"),
        ]
        element(.a, .href(Path([], query: query))) {
          element(.code) { program.leaves[number].id }
        }
      }
      element(.td) { Part.outcome(outcome.name, isAdverse: outcome.isAdverse) }
      element(.td) { texts.joined(separator: "; ") }
      element(.td) { number < wording.leaves.count ? "\(wording.leaves[number].line)" : "" }
    }
  }
}
