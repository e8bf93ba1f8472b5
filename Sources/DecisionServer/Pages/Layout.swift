import DecisionEngine

/// What all pages share: head, navigation, main part, foot.
struct Layout {
  /// The page's title.
  var title: String
  /// The signed-in browser; nil leaves the navigation out.
  var session: Session?
  /// The path of the navigation's entry that this page belongs to.
  var current: String = ""

  /// The page with this content.
  func page(@MarkupBuilder content: () -> [Markup]) -> Markup {
    element(.html, .lang("en")) {
      element(.head) {
        element(.meta, .charset("utf-8"))
        element(
          .meta, .name("viewport"), .content("width=device-width, initial-scale=1"))
        element(.meta, .name("color-scheme"), .content("light dark"))
        element(.title) { "\(title) · Leafproof" }
        element(.link, .rel("stylesheet"), .href("/style.css"))
      }
      element(.body) {
        element(.a, .class("skip"), .href(Path(anchor: "main"))) { "Skip to the content" }
        header
        element(.main, .id("main")) { content() }
        element(.footer) {
          element(.p) { "Leafproof \(Engine.version). Times are UTC." }
        }
      }
    }
  }

  private var header: Markup {
    element(.header) {
      element(.a, .class("brand"), .href("/")) { "Leafproof" }
      if let session {
        element(.nav, .ariaLabel("Pages")) {
          element(.ul) {
            entry("Cases", "/")
            entry("Releases", "/releases")
          }
        }
        element(.form, .method("post"), .action("/logout"), .class("sign-out")) {
          session.field
          element(.button, .type("submit"), .class("quiet")) { "Sign out" }
        }
      }
    }
  }

  private func entry(_ text: String, _ path: Path) -> Markup {
    element(.li) {
      if path.text == current {
        element(.a, .href(path), .ariaCurrent("page")) { text }
      } else {
        element(.a, .href(path)) { text }
      }
    }
  }
}

extension Session {
  /// The hidden field that proves that a form is this server's own.
  var field: Markup {
    element(.input, .type("hidden"), .name("form_token"), .value(formToken))
  }
}

/// Small parts of pages.
enum Part {
  /// The most characters of a value that a page shows.
  static let valueLimit = 400

  /// A value from outside: apart from its surroundings, so that a right-to-left text doesn't
  /// reorder them, and not too long.
  static func value(_ text: String) -> Markup {
    let scalars = text.unicodeScalars
    let end = scalars.index(scalars.startIndex, offsetBy: valueLimit, limitedBy: scalars.endIndex)
    guard let end, end < scalars.endIndex else { return element(.bdi) { text } }
    return .parts([
      element(.bdi) { String(scalars[..<end]) },
      element(.small) { " … (\(scalars.count) characters)" },
    ])
  }

  /// An RFC 3339 time, readable.
  static func time(_ text: String) -> Markup {
    element(.time, .dateTime(text)) {
      text.prefix(19).replacing("T", with: " ")
    }
  }

  /// An outcome.
  static func outcome(_ name: String, label: String? = nil, isAdverse: Bool) -> Markup {
    element(.span, .class(isAdverse ? "outcome adverse" : "outcome")) {
      element(.bdi) { label ?? name }
      if isAdverse { element(.small) { " adverse" } }
    }
  }

  /// A digest, in full and able to break.
  static func digest(_ text: String) -> Markup { element(.code, .class("digest")) { text } }

  /// A name and what it says, in a description list.
  static func fact(_ name: String, @MarkupBuilder content: () -> [Markup]) -> Markup {
    element(.div) {
      element(.dt) { name }
      element(.dd) { content() }
    }
  }

  /// A labelled text field.
  static func field(
    _ id: String, _ label: String, value: String?, hint: String? = nil,
    type: String = "text"
  ) -> Markup {
    var attributes: [Attribute] = [
      .id(id), .name(id), .type(type), .value(value ?? ""), .autocomplete("off"),
    ]
    if hint != nil { attributes.append(.describedBy("\(id)-hint")) }
    return element(.div, .class("field")) {
      element(.label, .label(for: id)) { label }
      element(.input, all: attributes)
      if let hint { element(.small, .id("\(id)-hint")) { hint } }
    }
  }

  /// A labelled choice; the first option is what stands for none.
  static func choice(
    _ id: String, _ label: String, options: [(value: String, label: String)], chosen: String?
  ) -> Markup {
    element(.div, .class("field")) {
      element(.label, .label(for: id)) { label }
      element(.select, .id(id), .name(id)) {
        for option in options {
          let isChosen = option.value == chosen ?? ""
          element(.option, all: [.value(option.value)] + (isChosen ? [.selected] : [])) {
            option.label
          }
        }
      }
    }
  }
}

extension MarkupBuilder {
  static func buildExpression(_ text: Substring) -> [Markup] { [.text(String(text))] }
}
