/// The text of a letter to the subject, with places to fill in. A company edits it: plain text, in which
/// `# ` and `## ` begin headings, `- ` an item of a list, an empty line ends a paragraph, `%` begins a
/// note to whoever edits it, a `\` at the end of a line breaks it there, and `{{name}}` stands for what the case gives.
public struct LetterTemplate: Sendable, Equatable {
  private let blocks: [Block]

  /// A letter of these blocks.
  init(blocks: [Block]) { self.blocks = blocks }

  /// What is wrong with a template's text.
  public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong there.
    public var message: String

    /// Line and message.
    public var description: String { "\(line): \(message)" }
  }

  /// The most bytes of a template.
  public static let sizeLimit = 64 << 10

  /// A block of the letter.
  enum Block: Sendable, Equatable {
    case heading([Piece], isMain: Bool)
    case paragraph([[Piece]])
    case list([[Piece]])
    case part(Place)
  }

  /// A piece of a line.
  enum Piece: Sendable, Equatable {
    case text(String)
    case place(Place)
  }

  /// What can be filled in.
  enum Place: String, CaseIterable, Sendable {
    case `case`, date, decision, title, pipeline, reasons, changes, contacts

    /// Whether it stands alone on its line, as a part of its own.
    var isPart: Bool { self == .reasons || self == .changes || self == .contacts }
  }

  /// Reads a template.
  public init(_ text: String) throws(Problem) {
    guard text.utf8.count <= Self.sizeLimit else {
      throw Problem(line: 1, message: "a template has at most \(Self.sizeLimit) bytes")
    }
    var blocks: [Block] = []
    var places: Set<Place> = []
    var isOpen = false
    for (index, whole) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = whole.drop { $0 == " " }
      if line.hasPrefix("%") { continue }
      guard !line.isEmpty else {
        isOpen = false
        continue
      }
      let (marker, rest) = Self.marker(line)
      let pieces = try Self.pieces(rest, index + 1)
      for case .place(let place) in pieces {
        places.insert(place)
        guard place.isPart else { continue }
        guard pieces.count == 1, marker == nil else {
          throw Problem(
            line: index + 1, message: "{{\(place.rawValue)}} must stand alone on its line")
        }
      }
      isOpen = Self.add(pieces, marker, to: &blocks, isOpen: isOpen)
    }
    for place in [Place.decision, .reasons] where !places.contains(place) {
      throw Problem(
        line: 1, message: "the letter must say {{\(place.rawValue)}}, which is nowhere in it")
    }
    self.blocks = blocks
  }

  private static func marker(_ line: Substring) -> (String?, Substring) {
    for marker in ["## ", "# ", "- "] where line.hasPrefix(marker) {
      return (marker, line.dropFirst(marker.count))
    }
    return (nil, line)
  }

  private static func pieces(_ line: Substring, _ number: Int) throws(Problem) -> [Piece] {
    var pieces: [Piece] = []
    var rest = line
    while let start = rest.firstRange(of: "{{") {
      guard let end = rest[start.upperBound...].firstRange(of: "}}") else {
        throw Problem(line: number, message: "`{{` without `}}`")
      }
      let name = rest[start.upperBound..<end.lowerBound].filter { $0 != " " }
      guard let place = Place(rawValue: name) else {
        let known = Place.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(
          line: number,
          message:
            "nothing is called {{\(VisibleText.of(String(name.prefix(40))))}}; there are \(known)")
      }
      if start.lowerBound > rest.startIndex {
        pieces.append(.text(String(rest[..<start.lowerBound])))
      }
      pieces.append(.place(place))
      rest = rest[end.upperBound...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    return pieces
  }

  /// Adds a line; true while a paragraph or list can go on.
  private static func add(
    _ pieces: [Piece], _ marker: String?, to blocks: inout [Block], isOpen: Bool
  ) -> Bool {
    if case .place(let place)? = pieces.first, place.isPart {
      blocks.append(.part(place))
      return false
    }
    switch (marker, blocks.last) {
    case ("# "?, _), ("## "?, _):
      blocks.append(.heading(pieces, isMain: marker == "# "))
      return false
    case ("- "?, .list(let items)?) where isOpen:
      blocks[blocks.count - 1] = .list(items + [pieces])
    case ("- "?, _): blocks.append(.list([pieces]))
    case (_, .paragraph(let lines)?) where isOpen:
      blocks[blocks.count - 1] = .paragraph(lines + [pieces])
    default: blocks.append(.paragraph([pieces]))
    }
    return true
  }

  // MARK: Filling in

  /// The letter about a case, as a page.
  func page(_ explanation: Explanation, _ limits: PageLimits) -> [UInt8] {
    let sections = ExplanationSections(explanation, limits)
    let locale = sections.words.locale
    let content = blocks.map { Self.html($0, explanation, sections) }
    return HTML.document(
      language: locale.language,
      head: ExplanationPage.head("\(locale[.theCase]) \(explanation.caseID)"),
      body: [.element(.div, [.class("letter")], [.element(.main, [], content)])])
  }

  private static func html(
    _ block: Block, _ explanation: Explanation, _ sections: ExplanationSections
  ) -> HTML {
    func inline(_ pieces: [Piece]) -> HTML {
      .join(
        pieces.map { piece in
          switch piece {
          case .text(let text): .text(text)
          case .place(let place): value(place, explanation, sections)
          }
        })
    }
    switch block {
    case .heading(let pieces, let isMain):
      return .element(isMain ? .h1 : .h2, [], [inline(pieces)])
    case .paragraph(let lines):
      var parts: [HTML] = []
      for (index, line) in lines.enumerated() {
        if index > 0 { parts.append(.text(" ")) }
        guard case .text(let end)? = line.last, end.hasSuffix("\\") else {
          parts.append(inline(line))
          continue
        }
        parts.append(inline(line.dropLast() + [.text(String(end.dropLast()))]))
        if index < lines.count - 1 { parts.append(.element(.br)) }
      }
      return .element(.p, [], parts)
    case .list(let items):
      return .element(.ul, [], items.map { .element(.li, [], [inline($0)]) })
    case .part(let place): return value(place, explanation, sections)
    }
  }

  private static func value(
    _ place: Place, _ explanation: Explanation, _ sections: ExplanationSections
  ) -> HTML {
    let limit = sections.words.limits.text
    let locale = sections.words.locale
    switch place {
    case .case: return .value(explanation.caseID, limit: limit)
    case .date:
      return .element(.time, [.dateTime(explanation.time)], locale.day(explanation.time))
    case .decision: return sections.outcome
    case .title:
      return .value(
        explanation.results.first?.stages.last?.ruleSet.title ?? explanation.pipeline.title ?? "",
        limit: limit)
    case .pipeline:
      return .value("\(explanation.pipeline.id)@\(explanation.pipeline.version)", limit: limit)
    case .reasons: return sections.reasons
    case .changes: return sections.changes(isForSubject: true)
    case .contacts: return sections.contacts
    }
  }
}
