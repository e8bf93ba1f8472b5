/// The frame around drawings: their size, name, description and font.
enum PictureFrame {
  /// One picture in a page.
  ///
  /// - Parameter id: an ID that no other part of the page begins with.
  static func figure(_ tree: TreePicture, _ words: PictureWords, id: String) -> HTML {
    let drawn = PictureDrawing.draw(tree, words)
    let picture = svg(
      title: tree.title, text: tree.text, drawn.content, height: drawn.height,
      language: words.words.locale.language, id: id)
    return .element(.figure, [], [.picture(picture)])
  }

  /// The picture of one stage's path in a page.
  static func figure(
    _ stage: Explanation.StageNote, _ language: String, _ limits: PageLimits, id: String
  ) -> HTML {
    let words = PictureWords(language, limits)
    return figure(TreePicture(stage, words), words, id: id)
  }

  /// Pictures one below the other, as a file of its own.
  static func document(
    _ trees: [TreePicture], title: String, _ words: PictureWords
  ) -> [UInt8] {
    var content: [SVG] = []
    var y = 0
    for tree in trees {
      let drawn = PictureDrawing.draw(tree, words)
      content.append(.element(.g, [.moved(down: y)], drawn.content))
      y += drawn.height + 8
    }
    let text = trees.map { "\($0.heading ?? $0.title): \($0.text)" }.joined(separator: " ")
    return svg(
      title: title, text: text, content, height: y, language: words.words.locale.language,
      id: "picture", isDocument: true
    ).document
  }

  /// The frame around `content`, which is `height` pixels high; `text` says what is to be seen.
  static func svg(
    title: String, text: String, _ content: [SVG], height: Int, language: String, id: String,
    isDocument: Bool = false
  ) -> SVG {
    let width = PictureDrawing.width
    let frame: [SVG.Attribute] = [
      .number("width", width), .number("height", height), .viewBox(width, height), .image,
      .labelledBy("\(id)-title", "\(id)-text"), .lang(language),
      .look("font-family", "system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"),
      .number("font-size", TextWidth.size),
    ]
    return .element(
      .svg, (isDocument ? [.namespace] : []) + frame,
      [
        .element(.title, [.id("\(id)-title")], [.text(title)]),
        .element(.desc, [.id("\(id)-text")], [.text(text)]),
        .element(
          .rect,
          [.number("width", width), .number("height", height), .look("fill", "#fff")]),
      ] + content)
  }
}

extension Explanation {
  /// The most bytes of a picture.
  public static let pictureLimit = 200_000

  /// The ways through the rules as one picture (SVG), below 200 KB: one tree for each rules stage of
  /// each candidate, its path lit. Nil where there is no path: a refusal, a damaged release.
  public var picture: [UInt8]? {
    var limits = PageLimits()
    while true {
      let words = PictureWords(language, limits)
      let trees = pathPictures(words)
      guard !trees.isEmpty else { return nil }
      let title = HTML.value("\(words.theCase) \(caseID)", limit: limits.text).words
      let bytes = PictureFrame.document(trees, title: title, words)
      if bytes.count < Self.pictureLimit || limits.rows <= 3 { return bytes }
      limits = limits.halved
    }
  }

  /// The picture of one stage's path, for a page.
  ///
  /// - Parameter id: an ID that no other part of the page begins with.
  package func picture(of stage: StageNote, id: String) -> HTML {
    PictureFrame.figure(stage, language, PageLimits(), id: id)
  }

  private func pathPictures(_ words: PictureWords) -> [TreePicture] {
    let limits = words.words.limits
    return results.prefix(limits.candidates).flatMap { result in
      result.stages.prefix(limits.rows).compactMap { stage -> TreePicture? in
        var tree = TreePicture(stage, words)
        tree.heading = words.heading(self, result, stage)
        return tree
      }
    }
  }
}

extension PictureWords {
  /// The word for a case.
  var theCase: String { words.locale[.theCase] }

  /// What stands above the picture of one stage.
  func heading(
    _ explanation: Explanation, _ result: Explanation.CandidateNote,
    _ stage: Explanation.StageNote
  ) -> String {
    func value(_ text: String) -> String { HTML.value(text, limit: words.limits.text).words }
    var parts = ["\(theCase) \(value(explanation.caseID))"]
    if let key = result.key {
      parts.append(words.locale.fill(.candidate, .value(key, limit: words.limits.text)).words)
    }
    let reference = "\(stage.ruleSet.id)@\(stage.ruleSet.version)"
    parts.append(
      stage.ruleSet.title.map { "\(value($0)) (\(value(reference)))" } ?? value(reference))
    return parts.joined(separator: ", ")
  }
}
