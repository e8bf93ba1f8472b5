import DecisionEngine

/// An explanation as parts of a page: what, why, whether it holds, what came later, by which
/// versions.
struct ExplanationParts {
  /// What is explained.
  var explanation: Explanation

  /// All parts.
  var all: [Markup] { answer + record }

  /// What was decided, and why.
  @MarkupBuilder var answer: [Markup] {
    summary
    if explanation.isRefusal { problems } else { results }
  }

  /// What came later, and which versions took part.
  @MarkupBuilder var record: [Markup] {
    history
    versions
  }

  // MARK: What

  private var summary: Markup {
    element(.section, .class("summary panel"), .ariaLabel("Summary")) {
      if let result = single, let last = result.stages.last {
        element(.p, .class("verdict")) {
          Part.outcome(last.outcome, label: last.outcomeLabel, isAdverse: last.isAdverse)
        }
        reasons(last)
      } else if explanation.isRefusal {
        element(.p, .class("verdict")) {
          element(.span, .class("outcome refused")) { "refused: it could not be decided" }
        }
      } else {
        element(.p, .class("verdict")) {
          "Ranked: "
          Part.value(ranked.isEmpty ? "none" : ranked.joined(separator: ", "))
        }
      }
      element(.dl, .class("facts")) {
        Part.fact(explanation.isRefusal ? "Refused" : "Decided") { Part.time(explanation.time) }
        Part.fact("Pipeline") { name(explanation.pipeline) }
        if let last = single?.stages.last {
          Part.fact("Leaf") { element(.code) { last.leaf } }
          for output in last.outputs { Part.fact(label(output)) { value(output) } }
        }
        if let arm = explanation.arm {
          Part.fact("Experiment") { "\(arm.experiment), arm \(arm.arm), by \(arm.unit)" }
        }
      }
      badges
      if !explanation.remarks.isEmpty {
        element(.ul, .class("remarks")) {
          for remark in explanation.remarks { element(.li) { Part.value(remark) } }
        }
      }
    }
  }

  /// The one result of a pipeline without candidates.
  private var single: Explanation.CandidateNote? {
    explanation.results.count == 1 && explanation.results[0].key == nil
      ? explanation.results[0] : nil
  }

  /// The keys of the ranked candidates, in their order.
  private var ranked: [String] {
    explanation.results.filter { $0.status == "ranked" }
      .sorted { ($0.rank ?? .max) < ($1.rank ?? .max) }.compactMap(\.key)
  }

  private var badges: Markup {
    let proof = explanation.proof
    let isSame = explanation.verdict == .identical
    return element(.ul, .class("badges")) {
      element(.li, .class(proof.isVerified ? "good" : "bad")) {
        if proof.isVerified {
          "✓ Verified: entry \(explanation.index) of \(proof.treeSize ?? 0) in the signed ledger"
        } else {
          "✗ Not verified: \(proof.failure ?? "")"
        }
      }
      element(.li, .class(isSame ? "good" : "bad")) {
        (isSame ? "✓ " : "✗ ") + "Decided again from the record: \(explanation.verdict)"
      }
    }
  }

  private func reasons(_ stage: Explanation.StageNote) -> Markup? {
    stage.reasons.isEmpty
      ? nil
      : element(.ul, .class("reasons")) {
        for reason in stage.reasons {
          element(.li) {
            reason.text ?? reason.code
            if reason.text != nil { element(.small) { " \(reason.code)" } }
          }
        }
      }
  }

  // MARK: Why

  private var problems: Markup {
    element(.section, .labelledBy("why-title")) {
      element(.h2, .id("why-title")) { "Why it was refused" }
      element(.ul) {
        for problem in explanation.problems { element(.li) { problem.description } }
      }
    }
  }

  private var results: Markup {
    element(.section, .labelledBy("why-title")) {
      element(.h2, .id("why-title")) { "Why" }
      for result in explanation.results {
        if let key = result.key {
          element(.article, .class("candidate")) {
            element(.h3) {
              "Candidate "
              Part.value(key)
              status(result)
            }
            if let last = result.stages.last {
              element(.p) {
                Part.outcome(last.outcome, label: last.outcomeLabel, isAdverse: last.isAdverse)
                " by leaf "
                element(.code) { last.leaf }
              }
              reasons(last)
            }
            body(result)
          }
        } else {
          body(result)
        }
      }
    }
  }

  private func status(_ result: Explanation.CandidateNote) -> String {
    let status = result.status == "not_kept" ? "not kept" : result.status ?? ""
    return ": \(status)" + (result.rank.map { ", rank \($0)" } ?? "")
  }

  @MarkupBuilder private func body(_ result: Explanation.CandidateNote) -> [Markup] {
    if !result.scores.isEmpty {
      element(.ul, .class("scores")) {
        for score in result.scores {
          element(.li) {
            "Score "
            element(.strong) { score.score }
            if let model = score.model { " by model \(model.title ?? "") " } else { " at random" }
            if let model = score.model { name(model) }
          }
        }
      }
    }
    for stage in result.stages { self.stage(stage) }
  }

  private func stage(_ stage: Explanation.StageNote) -> Markup {
    element(.div, .class("stage")) {
      element(.h3) { stage.ruleSet.title ?? stage.ruleSet.id }
      if let leaf = stage.reexecutedLeaf, !leaf.utf8.elementsEqual(stage.leaf.utf8) {
        element(.p, .class("error")) {
          "Not as recorded: decided again, it reaches the leaf \(leaf)."
        }
      }
      element(.ol, .class("path")) {
        for step in stage.path { self.step(step) }
        element(.li, .class("end")) {
          "Leaf "
          element(.code) { stage.leaf }
          ": "
          Part.outcome(stage.outcome, label: stage.outcomeLabel, isAdverse: stage.isAdverse)
        }
      }
      if !stage.derived.isEmpty { derived(stage.derived) }
    }
  }

  private func step(_ step: Explanation.StepNote) -> Markup {
    element(.li) {
      element(.p) {
        if let met = step.met {
          label(met)
          ": "
          element(.strong) { value(met) }
        } else {
          element(.code) { step.on }
        }
      }
      element(.p, .class("taken")) {
        "meets "
        branch(step.taken)
        if let margin = step.margin { element(.small) { ", \(margin)" } }
      }
      if !step.others.isEmpty {
        element(.details) {
          element(.summary) {
            step.others.count == 1 ? "1 other branch" : "\(step.others.count) other branches"
          }
          element(.ul) {
            for other in step.others {
              element(.li) {
                branch(other)
                if let gap = other.gap {
                  ": "
                  Part.value(gap)
                }
              }
            }
          }
        }
      }
      if let justification = step.justification {
        element(.p) { "Looked at because: \(justification)" }
      }
    }
  }

  private func branch(_ branch: Explanation.BranchNote) -> Markup {
    switch branch.kind {
    case "otherwise": .text("otherwise (\(branch.condition))")
    case "missing": .text("missing")
    default: element(.code) { branch.tests.isEmpty ? branch.condition : branch.tests }
    }
  }

  private func derived(_ notes: [Explanation.DerivedNote]) -> Markup {
    element(.details) {
      element(.summary) {
        notes.count == 1 ? "1 computed value" : "\(notes.count) computed values"
      }
      element(.ul) {
        for note in notes {
          element(.li) {
            label(note.value)
            " = "
            element(.strong) { value(note.value) }
            if let expression = note.expression {
              " from "
              element(.code) { expression }
            }
          }
        }
      }
    }
  }

  private func label(_ note: Explanation.ValueNote) -> String { note.label ?? note.name }

  private func value(_ note: Explanation.ValueNote) -> Markup {
    guard let text = note.value else { return element(.span, .class("missing")) { "missing" } }
    let unit = note.unit.map { " \($0)" } ?? ""
    guard let label = note.valueLabel else { return .parts([Part.value(text), .text(unit)]) }
    return .parts([.text(label), element(.small) { " \(text)" }, .text(unit)])
  }

  // MARK: Later, and by what

  private var history: Markup {
    element(.section, .labelledBy("history-title")) {
      element(.h2, .id("history-title")) { "History" }
      element(.ol, .class("history")) {
        element(.li) {
          Part.time(explanation.time)
          explanation.isRefusal ? " refusal" : " decision"
          element(.small) { " entry \(explanation.index)" }
        }
        for event in explanation.events {
          element(.li) {
            Part.time(event.time)
            " \(event.type)"
            element(.small) { " entry \(event.index)" }
            for detail in event.details {
              element(.span, .class("detail")) {
                " \(detail.name): "
                Part.value(detail.text)
              }
            }
            if event.isErased { " (its data were erased)" }
          }
        }
      }
    }
  }

  private var versions: Markup {
    element(.section, .labelledBy("versions-title")) {
      element(.h2, .id("versions-title")) { "Versions" }
      element(.ul, .class("versions")) {
        for release in releases { element(.li) { version(release) } }
      }
    }
  }

  /// The releases that took part, each once.
  private var releases: [Explanation.ReleaseNote] {
    var found = [explanation.pipeline]
    for result in explanation.results {
      let all = result.scores.compactMap(\.model) + result.stages.map(\.ruleSet)
      for release in all where !found.contains(release) { found.append(release) }
    }
    return found
  }

  @MarkupBuilder private func version(_ release: Explanation.ReleaseNote) -> [Markup] {
    element(.p) {
      element(.strong) { release.title ?? release.id }
      " \(release.kind.words) "
      name(release)
    }
    element(.dl, .class("facts")) {
      if let from = release.effectiveFrom { Part.fact("In force from") { Part.time(from) } }
      for authority in release.authorities {
        Part.fact("Authority") { self.authority(authority) }
      }
      Part.fact(release.kind == .ruleset ? "Program" : "Definition") {
        Part.digest(release.digest)
      }
      if let digest = release.sourceDigest { Part.fact("Source") { Part.digest(digest) } }
    }
  }

  private func authority(_ authority: Explanation.Authority) -> Markup {
    let text = authority.text + (authority.clause.map { ", clause \($0)" } ?? "")
    guard let path = authority.href.flatMap({ Path(web: $0) }) else { return .text(text) }
    return element(.a, .href(path), .rel("noopener noreferrer")) { text }
  }

  private func name(_ release: Explanation.ReleaseNote) -> Markup {
    let text = "\(release.id)@\(release.version)"
    guard release.kind == .ruleset else { return element(.bdi) { text } }
    let path = Path(["rulesets", release.id], query: [("version", release.version)])
    return element(.a, .href(path)) { text }
  }
}
