/// An explanation for analysts in parts, for a page that holds more than them.
package struct ExplanationParts: Sendable {
  /// The language of its words, a BCP 47 tag.
  package let language: String
  /// What the reader must know first, what was decided, why, what would change it, whom to ask.
  package let answer: HTML
  /// How models and rules came to it.
  package let path: HTML
  /// What was recorded later, which versions decided, and the proof.
  package let record: HTML

  init(_ page: ExplanationPage) {
    language = page.locale.language
    answer = .join([page.notes, page.summary])
    path = .join(page.results)
    record = .join([page.events, page.versions, page.proof])
  }

  fileprivate var size: Int {
    answer.markup.utf8.count + path.markup.utf8.count + record.markup.utf8.count
  }
}

extension Explanation {
  /// The parts of the page for analysts, below 300 KB together; they need ``PageStyle``'s classes.
  package func parts() -> ExplanationParts {
    var limits = PageLimits()
    while true {
      let parts = ExplanationParts(ExplanationPage(self, limits, isForCourt: false))
      if parts.size < PageLimits.size || limits.rows <= 3 { return parts }
      limits = limits.halved
    }
  }

  /// The style sheet that stands in the pages of ``html(for:template:)``, to the byte: a server that
  /// allows no other styles names its digest.
  package static var styleSheet: String { "\(PageStyle.text)" }
}
