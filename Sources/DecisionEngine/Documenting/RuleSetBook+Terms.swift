import RuleProgram

/// What goes into a rule set, and what may come out.
extension RuleSetBook {
  /// The inputs and the values computed from them.
  var inputs: HTML {
    let rows = wording.inputs.compactMap { term -> [HTML]? in
      guard let index = program.inputIndex(term.name) else { return nil }
      let input = program.inputs[index]
      return [
        named(term.name, term.label(in: language)),
        .join(
          [.text(input.type.name)] + (term.unit.map { [.text(", "), value($0)] } ?? [])),
        accepted(input, term), .text(locale[book: input.allowsMissing ? .yes : .no]), remarks(term),
      ]
    }
    var parts = [
      table([.name, .type, .accepted, .mayBeMissing, .remarks], rows)
    ]
    if !wording.derived.isEmpty {
      parts.append(.element(.h3, [], locale[book: .computed]))
      parts.append(
        table(
          [.name, .type, .expression],
          wording.derived.map { term in
            let type = program.derived.first { $0.name == term.name }?.type.name ?? ""
            return [
              named(term.name, term.label(in: language)),
              .join([.text(type)] + (term.unit.map { [.text(", "), value($0)] } ?? [])),
              code(term.expression ?? ""),
            ]
          }))
    }
    return section("inputs", .inputs, parts)
  }

  private func accepted(_ input: Program.Input, _ term: Wording.Term) -> HTML {
    var parts: [HTML] = []
    if !input.values.isEmpty {
      let shown = input.values.prefix(200).map { text -> HTML in
        let label = term.label(ofValue: text, in: language)
        guard let label, label != text else { return HTML.element(.li, [], [code(text)]) }
        return .element(.li, [], [value(label), .text(" ("), code(text), .text(")")])
      }
      let rest = input.values.count - shown.count
      let more = rest > 0 ? [HTML.element(.li, [], [locale.fill(.more, "\(rest)")])] : []
      parts.append(.element(.ul, [], shown + more))
    }
    func bound(_ value: Value) -> HTML {
      words.words.value(
        Explanation.ValueNote(
          name: "", value: value.description, unit: term.unit, type: value.type))
    }
    var range: [HTML] = []
    if let minimum = input.minimum { range.append(locale.fill(.atLeast, bound(minimum))) }
    if let maximum = input.maximum { range.append(locale.fill(.atMost, bound(maximum))) }
    if !range.isEmpty { parts.append(words.words.joined(range, .and)) }
    return parts.isEmpty ? .text(locale[book: .anyValue]) : .join(parts)
  }

  private func remarks(_ term: Wording.Term) -> HTML {
    var notes: [HTML] = []
    if term.isProtected { notes.append(.element(.strong, [], locale[book: .protected])) }
    if term.origin == "model" { notes.append(.text(locale[book: .fromModel])) }
    if let change = term.change {
      switch change.direction {
      case .either: break
      case .increaseOnly: notes.append(.text(locale[book: .onlyRises]))
      case .decreaseOnly: notes.append(.text(locale[book: .onlyFalls]))
      case .fixed: notes.append(.text(locale[book: .fixed]))
      }
    }
    return .join(notes, separator: "; ")
  }

  /// Outcomes, outputs and reasons.
  var results: HTML {
    var parts = [
      table(
        [.name, .harms, .leaves],
        wording.outcomes.map { term in
          let place = program.outcomes.firstIndex { $0.name == term.name }
          return [
            named(term.name, term.label(in: language)),
            .text(locale[book: place.map { program.outcomes[$0].isAdverse } == true ? .yes : .no]),
            .text("\(program.leaves.count { $0.outcome == place })"),
          ]
        })
    ]
    if !wording.outputs.isEmpty {
      parts.append(.element(.h3, [], locale[book: .outputs]))
      parts.append(
        table(
          [.name, .type],
          wording.outputs.map { term in
            let type = program.outputs.first { $0.name == term.name }?.type.name ?? ""
            return [
              named(term.name, term.label(in: language)),
              .join([.text(type)] + (term.unit.map { [.text(", "), value($0)] } ?? [])),
            ]
          }))
    }
    if !wording.reasons.isEmpty {
      parts.append(.element(.h3, [], locale[book: .reasons]))
      parts.append(
        table(
          [.code, .text, .leaves],
          wording.reasons.map { term in
            let place = program.reasons.firstIndex(of: term.name)
            let count = place.map { place in
              program.leaves.count { $0.reasons.contains(place) }
            }
            return [
              code(term.name), value(term.label(in: language) ?? ""), .text("\(count ?? 0)"),
            ]
          }))
    }
    return section("results", .results, parts)
  }
}
