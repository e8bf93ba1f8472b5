import RuleProgram

/// Draws a tree: one row for each branch, which says under which condition it is taken and what lies
/// behind it; deeper splits stand further to the right, so that any tree fits on a sheet of paper.
///
/// Nothing is told by colour: the way of a decision has heavy lines, bold words and a tick, what is folded
/// is dashed, a leaf is round.
struct PictureDrawing {
  /// The width of every picture, in pixels.
  static let width = 760
  private static let margin = 10
  private static let lineHeight = 17
  private static let padding = 8
  private static let tick = 18

  private let words: PictureWords
  private let isPath: Bool
  private let indent: Int
  /// What lies off the way and on it; the latter is painted last.
  private var rows: [SVG] = []
  private var litRows: [SVG] = []
  private var y = 0

  private init(_ tree: TreePicture, _ words: PictureWords) {
    self.words = words
    isPath = tree.isPath
    indent = max(4, min(30, 360 / max(1, tree.root.depth)))
  }

  /// A drawing without its frame.
  struct Drawn {
    /// The rows, from the height 0 down.
    var content: [SVG]
    /// How high they are.
    var height: Int
  }

  /// Draws `tree`.
  static func draw(_ tree: TreePicture, _ words: PictureWords) -> Drawn {
    var drawing = PictureDrawing(tree, words)
    if let heading = tree.heading { drawing.write([heading], bold: true) }
    drawing.draw(tree.root, nil, from: nil)
    let legend =
      tree.isPath ? [words.pathLegend] : tree.root.hasFold ? [words.foldLegend] : []
    drawing.y += legend.isEmpty ? 0 : 6
    drawing.write(legend, bold: false)
    let content: [SVG] = [
      .element(
        .g, [.look("fill", "#fff"), .look("stroke", "#595959")], [.lines(drawing.rows)]),
      drawing.litRows.isEmpty
        ? .empty
        : .element(
          .g,
          [
            .look("fill", "#fff7d6"), .look("stroke", "#1a1a1a"), .look("stroke-width", "2.5"),
            .look("font-weight", "bold"),
          ], [.lines(drawing.litRows)]),
    ]
    return Drawn(content: content, height: drawing.y + Self.margin)
  }

  private mutating func write(_ texts: [String], bold isBold: Bool) {
    for text in texts {
      let lines = TextWidth.lines(
        text, width: Self.width - 2 * Self.margin, limit: 4, bold: isBold)
      var attributes: [SVG.Attribute] = [.look("stroke", "none"), .look("fill", "#1a1a1a")]
      if isBold { attributes.append(.look("font-weight", "bold")) }
      rows.append(
        .element(
          .g, attributes,
          lines.enumerated().map { place, line in
            Self.text(line, Self.margin, y + Self.lineHeight * (place + 1))
          }))
      y += Self.lineHeight * lines.count + Self.padding
    }
  }

  // MARK: - Rows

  /// Where a row's branches hang.
  private struct Stem {
    var x: Int
    var y: Int
    var depth: Int
    var split: Wording.Place?
  }

  private mutating func draw(
    _ part: TreePicture.Part, _ branch: TreePicture.Branch?, from stem: Stem?
  ) {
    let depth = stem.map { $0.depth + 1 } ?? 0
    let x = Self.margin + depth * indent
    let isLit = branch?.isTaken ?? isPath
    let box = Box(part, branch, isLit: isLit, width: Self.width - Self.margin - x, words)
    y += 4
    var pieces: [SVG] = []
    if let stem {
      pieces.append(
        .element(
          .path,
          [
            .look("fill", "none"),
            .path([(.move, [stem.x, stem.y]), (.down, [y + box.height / 2]), (.across, [x])]),
          ]))
    }
    pieces += box.drawn(x, y)
    let row = SVG.element(.g, attributes(part, branch, stem), pieces)
    if isLit { litRows.append(row) } else { rows.append(row) }
    y += box.height
    guard case .split(let split) = part else { return }
    let next = Stem(x: x + min(12, indent - 2), y: y, depth: depth, split: split.place)
    for branch in split.branches { draw(branch.target, branch, from: next) }
  }

  /// What a program reads the tree back by.
  private func attributes(
    _ part: TreePicture.Part, _ branch: TreePicture.Branch?, _ stem: Stem?
  ) -> [SVG.Attribute] {
    var attributes: [SVG.Attribute] = []
    func text(_ place: Wording.Place) -> String { "\(place.line):\(place.column)" }
    if let place = stem?.split { attributes.append(.data("of", text(place))) }
    if let number = branch?.number { attributes.append(.data("branch", "\(number)")) }
    if branch?.isTaken == true { attributes.append(.data("taken", "yes")) }
    switch part {
    case .split(let split):
      if let place = split.place { attributes.append(.data("split", text(place))) }
    case .leaf(let leaf): attributes.append(.data("leaf", leaf.id))
    case .folded(let fold): attributes.append(.data("leaves", "\(fold.leaves)"))
    }
    return attributes
  }

  private static func text(_ text: String, _ x: Int, _ y: Int) -> SVG {
    .element(.text, [.number("x", x), .number("y", y)], [.text(text)])
  }

  /// One row's box: on the left the condition, on the right what lies behind it.
  private struct Box {
    let condition: [String]
    let target: [String]
    let conditionWidth: Int
    let width: Int
    let height: Int
    let hasTick: Bool
    let isBold: Bool
    let isFolded: Bool
    let isLeaf: Bool
    /// All of the words, where some of them are cut.
    let whole: String?

    init(
      _ part: TreePicture.Part, _ branch: TreePicture.Branch?, isLit: Bool, width: Int,
      _ words: PictureWords
    ) {
      hasTick = branch?.isTaken ?? false
      let isOpen = if case .split = part { true } else { false }
      isBold = isLit || isOpen
      isFolded = if case .folded = part { true } else { false }
      isLeaf = if case .leaf = part { true } else { false }
      let text = branch?.condition ?? ""
      let what = part.text(words)
      let mark = hasTick ? PictureDrawing.tick : 0
      let space = width - 4 * PictureDrawing.padding - mark
      // Both are measured bold where one is: a guess on the safe side.
      let wanted = (
        TextWidth.of(text, bold: isLit), TextWidth.of(what, bold: isBold)
      )
      let left =
        wanted.0 + wanted.1 <= space
        ? wanted.0 : min(wanted.0, max(space / 2, space - wanted.1))
      let right = min(wanted.1, space - left)
      condition =
        text.isEmpty ? [] : TextWidth.lines(text, width: left, limit: 4, bold: isLit)
      target = TextWidth.lines(what, width: right, limit: 4, bold: isBold)
      func isCut(_ lines: [String], _ whole: String) -> Bool {
        lines.last?.hasSuffix("…") == true && !whole.hasSuffix("…")
      }
      whole =
        isCut(condition, text) || isCut(target, what)
        ? (text.isEmpty ? what : "\(text): \(what)") : nil
      conditionWidth = text.isEmpty ? mark : left + 2 * PictureDrawing.padding + mark
      self.width = conditionWidth + right + 2 * PictureDrawing.padding
      height =
        max(condition.count, target.count) * PictureDrawing.lineHeight + PictureDrawing.padding
    }

    func drawn(_ x: Int, _ y: Int) -> [SVG] {
      var frame: [SVG.Attribute] = [
        .number("x", x), .number("y", y), .number("width", width), .number("height", height),
      ]
      if isLeaf { frame.append(.number("rx", 12)) }
      if isFolded { frame.append(.look("stroke-dasharray", "4 3")) }
      var pieces: [SVG] = whole.map { [.element(.title, [], [.text($0)])] } ?? []
      pieces.append(.element(.rect, frame))
      if !condition.isEmpty {
        pieces.append(
          .element(
            .path,
            [
              .look("stroke-width", "1"),
              .path([(.move, [x + conditionWidth, y]), (.down, [y + height])]),
            ]))
      }
      if hasTick {
        let place = [x + 8, y + PictureDrawing.lineHeight / 2 + 5]
        pieces.append(
          .element(
            .path,
            [
              .look("fill", "none"),
              .path([(.move, place), (.relativeLine, [4, 5]), (.relativeLine, [7, -10])]),
            ]))
      }
      let mark = hasTick ? PictureDrawing.tick : 0
      pieces.append(texts(condition, x + PictureDrawing.padding + mark, y, bold: false))
      pieces.append(texts(target, x + conditionWidth + PictureDrawing.padding, y, bold: isBold))
      return pieces
    }

    private func texts(_ lines: [String], _ x: Int, _ y: Int, bold isBold: Bool) -> SVG {
      guard !lines.isEmpty else { return .empty }
      var attributes: [SVG.Attribute] = [.look("stroke", "none"), .look("fill", "#1a1a1a")]
      if isBold { attributes.append(.look("font-weight", "bold")) }
      return .element(
        .g, attributes,
        lines.enumerated().map { place, line in
          PictureDrawing.text(line, x, y + PictureDrawing.lineHeight * (place + 1))
        })
    }
  }
}

extension TreePicture.Part {
  /// Whether something is folded in it.
  var hasFold: Bool {
    switch self {
    case .leaf: false
    case .folded: true
    case .split(let split): split.branches.contains { $0.target.hasFold }
    }
  }

  /// What its box says.
  func text(_ words: PictureWords) -> String {
    switch self {
    case .split(let split):
      let value = split.value.map { "\(split.subject): \($0)" } ?? split.subject
      return split.note.map { "\(value) (\($0))" } ?? value
    case .leaf(let leaf):
      return words.outcome(leaf.outcome, isAdverse: leaf.isAdverse) + ", " + words.leaf(leaf.id)
    case .folded(let fold):
      return "\(words.leaves(fold.leaves)): \(fold.outcomes)"
    }
  }
}
