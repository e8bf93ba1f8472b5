import DecisionEngine

/// Everything published.
struct ReleasesPage {
  /// In the order of publication.
  var releases: [Release]
  /// What time it is.
  var now: Instant
  /// Who asks.
  var session: Session?

  /// The page.
  var markup: Markup {
    Layout(title: "Releases", session: session, current: "/releases").page {
      element(.h1) { "Releases" }
      if releases.isEmpty { element(.p) { "Nothing has been published yet." } }
      for kind in ReleaseKind.allCases.reversed() {
        let found = releases.filter { $0.kind == kind }.reversed()
        if !found.isEmpty {
          element(.h2) { Self.heading(kind) }
          ReleaseTable(
            name: Self.heading(kind), releases: Array(found), all: releases, now: now
          ).markup
        }
      }
    }
  }

  private static func heading(_ kind: ReleaseKind) -> String {
    switch kind {
    case .model: "Models"
    case .ruleset: "Rule sets"
    case .pipeline: "Pipelines"
    }
  }
}

/// A table of versions, the newest first.
struct ReleaseTable {
  /// What it is called, to tell it from others on its page.
  var name = "Versions"
  /// Its rows.
  var releases: [Release]
  /// Everything published, which says when a period ends.
  var all: [Release]
  /// What time it is.
  var now: Instant

  /// The table.
  var markup: Markup {
    element(.div, .class("wide"), .role("region"), .ariaLabel(name), .tabIndexZero) {
      element(.table) {
        element(.thead) {
          element(.tr) {
            for name in ["Version", "Title", "In force", "Published", "Entry"] {
              element(.th, .scope("col")) { name }
            }
          }
        }
        element(.tbody) { for release in releases { row(release) } }
      }
    }
  }

  private func row(_ release: Release) -> Markup {
    let until = release.effectiveUntil(among: all)
    let isInForce = release.effectiveFrom <= now && until.map { now < $0 } ?? true
    return element(.tr) {
      element(.th, .scope("row")) {
        if release.kind == .ruleset {
          let path = Path(["rulesets", release.id], query: [("version", release.version)])
          element(.a, .href(path)) { "\(release.id)@\(release.version)" }
        } else {
          "\(release.id)@\(release.version)"
        }
      }
      element(.td) { release.title ?? "" }
      element(.td) {
        if isInForce { element(.strong) { "now, " } }
        "from "
        Part.time(release.effectiveFrom.description)
        if let until {
          " until "
          Part.time(until.description)
        }
      }
      element(.td) { Part.time(release.time.description) }
      element(.td) { "\(release.index)" }
    }
  }
}
