public import CanonicalJSON

extension Explanation {
  /// The explanation as JSON, its members in reading order; documented in ENTRIES.md.
  public var json: JSON {
    .object(present: [
      ("case_id", .string(caseID)),
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
    ])
  }
}

private func text(_ value: String?) -> JSON? { value.map { .string($0) } }

extension Explanation.ReleaseNote {
  fileprivate var json: JSON {
    .object(present: [
      ("kind", .string(kind.rawValue)), ("id", .string(id)), ("version", .string(version)),
      ("title", text(title)), ("digest", .string(digest)), ("source_digest", text(sourceDigest)),
      ("effective_from", text(effectiveFrom)),
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
            ])
          })
      ),
      ("stages", .array(stages.map(\.json))),
    ])
  }
}

extension Explanation.StageNote {
  fileprivate var json: JSON {
    .object(present: [
      ("ruleset", ruleSet.json), ("leaf", .string(leaf)), ("outcome", .string(outcome)),
      ("label", text(outcomeLabel)), ("adverse", .bool(isAdverse)),
      (
        "reasons",
        .array(
          reasons.map {
            .object(present: [("code", .string($0.code)), ("text", text($0.text))])
          })
      ),
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
  fileprivate var json: JSON {
    .object(present: [
      ("name", .string(name)), ("label", text(label)),
      ("value", value.map { .string($0) } ?? .null), ("value_label", text(valueLabel)),
      ("unit", text(unit)),
    ])
  }
}

extension Explanation.StepNote {
  fileprivate var json: JSON {
    .object(present: [
      ("split", text(id)), ("label", text(label)), ("on", .string(on)), ("met", met?.json),
      ("taken", taken.json), ("margin", text(margin)), ("others", .array(others.map(\.json))),
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
