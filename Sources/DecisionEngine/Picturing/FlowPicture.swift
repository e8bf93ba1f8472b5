/// Draws how many cases go from which old answer to which new one: a band for each way, as high as its
/// share.
///
/// Nothing is told by colour: bands of changed answers have lines around them, those to an adverse one
/// heavy lines, and each has its number.
struct FlowPicture {
  private let ways: [(way: BacktestSummary.Way, count: UInt64)]
  private let left: [Bar]
  private let right: [Bar]
  private let height: Int

  /// An answer, and where its bar stands.
  private struct Bar {
    var label: Backtest.Label
    var count: UInt64
    var top: Int
    var size: Int
  }

  private static let scale = 320.0
  private static let gap = 10
  private static let smallest = 20
  private static let labelWidth = 170
  private static let bars = (left: 190, right: 558, width: 12)
  /// The most answers on a side; more can't be told apart.
  private static let limit = 20

  /// A picture of `ways`; nil where there is nothing to draw, or too much.
  init?(_ ways: [(way: BacktestSummary.Way, count: UInt64)]) {
    let total = ways.reduce(0.0) { $0 + Double($1.count) }
    guard total > 0 else { return nil }
    // The same order on both sides, so that what stays goes straight across.
    var labels: [Backtest.Label] = []
    for label in ways.flatMap({ [$0.way.old, $0.way.new] }) where !labels.contains(label) {
      labels.append(label)
    }
    labels.sort { ($0.isAdverse ? 1 : 0, $0.text) < ($1.isAdverse ? 1 : 0, $1.text) }
    guard labels.count <= Self.limit else { return nil }
    func bars(_ side: (BacktestSummary.Way) -> Backtest.Label) -> [Bar] {
      var top = Self.gap
      return labels.compactMap { label in
        let count = ways.reduce(0) { $0 + (side($1.way) == label ? $1.count : 0) }
        guard count > 0 else { return nil }
        let size = max(Self.smallest, Self.pixels(count, total))
        defer { top += size + Self.gap }
        return Bar(label: label, count: count, top: top, size: size)
      }
    }
    self.ways = ways
    left = bars(\.old)
    right = bars(\.new)
    height = (left + right).map { $0.top + $0.size + Self.gap }.max() ?? 0
  }

  private static func pixels(_ count: UInt64, _ total: Double) -> Int {
    max(2, Int((Double(count) / total * scale).rounded()))
  }

  /// The picture for a page, and its words for whoever doesn't see it.
  ///
  /// - Parameter id: an ID that no other part of the page begins with.
  func figure(id: String) -> HTML {
    let text = ways.map { way, count in
      "\(count) from \(Self.name(way.old)) to \(Self.name(way.new))"
    }.joined(separator: "; ")
    return .element(
      .figure, [],
      [
        .picture(
          PictureFrame.svg(
            title: "Outcomes, from the old ones on the left to the new ones on the right",
            text: text, bands + self.bars, height: height, language: "en", id: id))
      ])
  }

  private static func name(_ label: Backtest.Label) -> String {
    HTML.value(label.text, limit: 60).words + (label.isAdverse ? " (adverse)" : "")
  }

  private var bars: [SVG] {
    [
      (left, Self.bars.left, 10), (right, Self.bars.right, Self.bars.right + Self.bars.width + 8),
    ].flatMap { bars, x, textX in
      bars.flatMap { bar -> [SVG] in
        let lines = TextWidth.lines(
          "\(Self.name(bar.label)): \(bar.count)", width: Self.labelWidth,
          limit: max(1, bar.size / 17))
        let first = bar.top + bar.size / 2 - (lines.count - 1) * 17 / 2 + 5
        let words = lines.enumerated().map { place, line in
          Self.text(line, textX, first + 17 * place)
        }
        let size: [SVG.Attribute] = [
          .number("width", Self.bars.width), .number("height", bar.size), .look("fill", "#1a1a1a"),
        ]
        return [.element(.rect, [.number("x", x), .number("y", bar.top)] + size)] + words
      }
    }
  }

  private static func text(_ text: String, _ x: Int, _ y: Int) -> SVG {
    .element(
      .text, [.number("x", x), .number("y", y), .look("fill", "#1a1a1a")], [.text(text)])
  }

  /// A number upon a band, with a white edge.
  private static func number(_ count: UInt64, _ x: Int, _ y: Int) -> SVG {
    .element(
      .g,
      [.look("stroke", "#fff"), .look("stroke-width", "4"), .look("paint-order", "stroke")],
      [text("\(count)", x, y)])
  }

  /// The bands, the changed ones painted last.
  private var bands: [SVG] {
    let total = ways.reduce(0.0) { $0 + Double($1.count) }
    let (start, end) = (Self.bars.left + Self.bars.width, Self.bars.right)
    var used = (left: [Backtest.Label: Int](), right: [Backtest.Label: Int]())
    var painted: [(rank: Int, band: SVG)] = []
    let ordered = ways.sorted { one, other in
      let place = { (label: Backtest.Label, bars: [Bar]) in
        bars.firstIndex { $0.label == label } ?? 0
      }
      return (place(one.way.old, left), place(one.way.new, right))
        < (place(other.way.old, left), place(other.way.new, right))
    }
    for (way, count) in ordered {
      guard let from = left.first(where: { $0.label == way.old }),
        let to = right.first(where: { $0.label == way.new })
      else { continue }
      let size = Self.pixels(count, total)
      let y = (from.top + used.left[way.old, default: 0], to.top + used.right[way.new, default: 0])
      used.left[way.old, default: 0] += size
      used.right[way.new, default: 0] += size
      let shape: SVG.Attribute = .path([
        (.move, [start, y.0]), (.relativeLine, [end - start, y.1 - y.0]), (.down, [y.1 + size]),
        (.relativeLine, [start - end, y.0 - y.1]), (.down, [y.0]),
      ])
      let band = SVG.element(
        .path,
        [
          shape, .data("old", way.old.text), .data("new", way.new.text),
          .data("count", "\(count)"),
        ] + Self.look(way))
      painted.append((way.isFlip ? 1 : 0, band))
      if way.isFlip {
        painted.append((2, Self.number(count, start + 12, y.0 + size / 2 + 5)))
      }
    }
    return (0...2).flatMap { rank in painted.filter { $0.rank == rank }.map(\.band) }
  }

  private static func look(_ way: BacktestSummary.Way) -> [SVG.Attribute] {
    guard way.isFlip else { return [.look("fill", "#e4e4e4"), .look("stroke", "none")] }
    return way.rank == 0
      ? [.look("fill", "#fff7d6"), .look("stroke", "#1a1a1a"), .look("stroke-width", "2.5")]
      : [.look("fill", "#fff"), .look("stroke", "#1a1a1a"), .look("stroke-width", "1")]
  }
}

extension BacktestSummary {
  /// The groups of the ways, in order; one that is nil without groups.
  package var groupValues: [String?] {
    var groups: [String?] = []
    for (way, _) in sortedWays where groups.last != .some(way.group) { groups.append(way.group) }
    return groups
  }

  /// The ways of one group as a picture for a page; nothing where there is too much to draw.
  ///
  /// - Parameter id: an ID that no other part of the page begins with.
  package func picture(ofGroup group: String?, id: String) -> HTML {
    let ways = sortedWays.filter { $0.way.group == group }.map { ($0.way, $0.traffic.count) }
    return FlowPicture(ways)?.figure(id: id) ?? .empty
  }
}
