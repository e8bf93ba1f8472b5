public import CanonicalJSON
import RuleProgram

extension Explanation {
  /// The explanation as JSON, its members in reading order; documented in ENTRIES.md.
  public var json: JSON {
    .object(present: [
      ("case_id", .string(caseID)),
      ("language", .string(language)),
      ("type", isRefusal ? "refusal" : "decision"),
      ("index", .integer(index)),
      ("time", .string(time)),
      ("engine", .string(engine)),
      ("pipeline", pipeline.json),
      ("arm", arm?.json),
      ("results", isRefusal ? nil : .array(results.map(\.json))),
      ("problems", isRefusal ? .array(problems.map(\.json)) : nil),
      ("events", .array(events.map(\.json))),
      ("verdict", .string(verdict.code)),
      ("remarks", .array(remarks.map { .string($0) })),
      ("proof", proof.json),
      ("withheld", withheld.isEmpty ? nil : .array(withheld.map { .string($0.rawValue) })),
    ])
  }
}

private func text(_ value: String?) -> JSON? { value.map { .string($0) } }

extension Explanation {
  /// A string; nil for none. For types that have a `text` of their own.
  fileprivate static func json(_ value: String?) -> JSON? { value.map { .string($0) } }
}

extension Explanation.ReleaseNote {
  fileprivate var json: JSON {
    .object(present: [
      ("kind", .string(kind.rawValue)), ("id", .string(id)), ("version", .string(version)),
      ("title", text(title)), ("digest", .string(digest)), ("source_digest", text(sourceDigest)),
      ("published_at", text(publishedAt)), ("effective_from", text(effectiveFrom)),
      ("effective_until", text(effectiveUntil)), ("owner", text(owner)),
      (
        "authorities",
        authorities.isEmpty
          ? nil
          : .array(
            authorities.map {
              .object(present: [
                ("text", .string($0.text)), ("clause", text($0.clause)), ("href", text($0.href)),
              ])
            })
      ),
    ])
  }
}

extension Explanation.ArmNote {
  fileprivate var json: JSON {
    ["experiment": .string(experiment), "arm": .string(arm), "unit": .string(unit)]
  }
}

extension Explanation.CandidateNote {
  fileprivate var json: JSON {
    .object(present: [
      ("candidate", text(key)), ("status", text(status)),
      ("rank", rank.map { .integer($0) }),
      (
        "scores",
        .array(
          scores.map {
            .object(present: [
              ("into", .string($0.into)), ("score", .string($0.score)), ("model", $0.model?.json),
              ("factors", $0.factors.isEmpty ? nil : .array($0.factors.map(\.json))),
            ])
          })
      ),
      ("principal_reasons", principal?.json),
      ("counterfactuals", counterfactuals?.json),
      ("stages", .array(stages.map(\.json))),
    ])
  }
}

extension Explanation.StageNote {
  fileprivate var json: JSON {
    .object(present: [
      ("ruleset", ruleSet.json), ("leaf", .string(leaf)), ("outcome", .string(outcome)),
      ("label", text(outcomeLabel)), ("adverse", .bool(isAdverse)),
      ("reasons", .array(reasons.map(\.json))),
      ("outputs", .array(outputs.map(\.json))),
      (
        "derived",
        .array(
          derived.map { item in
            var members = item.value.json.object ?? []
            if let expression = item.expression {
              members.append(JSON.Member("expression", .string(expression)))
            }
            members.append(JSON.Member("operands", .array(item.operands.map(\.json))))
            return .object(members)
          })
      ),
      ("path", .array(path.map(\.json))),
      ("reexecuted_leaf", text(reexecutedLeaf)),
    ])
  }
}

extension Explanation.ValueNote {
  /// The value as explanations hold it.
  var json: JSON {
    .object(present: [
      ("name", .string(name)), ("label", text(label)),
      ("value", value.map { .string($0) } ?? .null), ("value_label", text(valueLabel)),
      ("unit", text(unit)), ("type", type.map { .string($0.name) }),
      ("withheld", isWithheld ? true : nil),
    ])
  }
}

extension Explanation.StepNote {
  fileprivate var json: JSON {
    .object(present: [
      ("split", text(id)), ("label", text(label)), ("on", .string(on)), ("met", met?.json),
      ("taken", taken.json), ("margin", text(margin)), ("distance", distance?.json),
      ("others", .array(others.map(\.json))),
      ("line", .integer(line)), ("column", .integer(column)),
      ("justification", text(justification)),
    ])
  }
}

extension Explanation.BranchNote {
  fileprivate var json: JSON {
    .object(present: [
      ("kind", .string(kind)), ("is", tests.isEmpty ? nil : .string(tests)),
      ("condition", .string(condition)), ("gap", text(gap)),
      ("values", condition == Explanation.withheldMark ? nil : values.json),
      ("distance", distance?.json),
    ])
  }
}

extension Explanation.Values {
  fileprivate var json: JSON {
    .object(present: [
      (
        isAllBut ? "all_but" : "listed",
        listed.isEmpty && !isAllBut ? nil : .array(listed.map(\.short))
      ),
      ("ranges", ranges.isEmpty ? nil : .array(ranges.map(\.json))),
      ("missing", includesMissing ? true : nil),
    ])
  }
}

extension Explanation.ValueNote {
  /// The value and its label alone.
  fileprivate var short: JSON {
    .object(present: [
      ("value", value.map { .string($0) } ?? .null), ("label", text(valueLabel)),
    ])
  }
}

extension Explanation.Range {
  fileprivate var json: JSON {
    .object(present: [
      ("from", low.flatMap { $0.isIncluded ? .string($0.value) : nil }),
      ("above", low.flatMap { $0.isIncluded ? nil : .string($0.value) }),
      ("to", high.flatMap { $0.isIncluded ? .string($0.value) : nil }),
      ("below", high.flatMap { $0.isIncluded ? nil : .string($0.value) }),
    ])
  }
}

extension Explanation.Distance {
  fileprivate var json: JSON {
    ["amount": .string(amount), "side": .string(side.rawValue), "limit": .string(limit)]
  }
}

extension Explanation.ReasonNote {
  fileprivate var json: JSON {
    .object(present: [
      ("code", .string(code)), ("text", Explanation.json(text)), ("from", Explanation.json(from)),
    ])
  }
}

extension Explanation.FactorNote {
  fileprivate var json: JSON {
    .object(present: [
      ("code", .string(code)), ("text", Explanation.json(text)),
      ("contribution", Explanation.json(contribution)),
    ])
  }
}

extension Explanation.PrincipalNote {
  fileprivate var json: JSON {
    .object(present: [
      ("policy", .string(policy)), ("basis", .string(basis)), ("wanted", text(wanted)),
      ("maximum", .integer(maximum)), ("reasons", .array(reasons.map(\.json))),
    ])
  }
}

extension Explanation.ProofNote {
  fileprivate var json: JSON {
    .object(present: [
      ("verified", .bool(isVerified)), ("origin", .string(origin)),
      ("tree_size", treeSize.map { .integer($0) }), ("failure", text(failure)),
    ])
  }
}

extension CaseEvent {
  fileprivate var json: JSON {
    .object(present: [
      ("type", .string(type)), ("index", .integer(index)), ("time", .string(time)),
      (
        "details",
        .array(details.map { ["name": .string($0.name), "text": .string($0.text)] })
      ),
      ("erased", isErased ? true : nil),
    ])
  }
}
