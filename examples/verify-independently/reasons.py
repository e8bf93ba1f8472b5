"""The principal reasons of an adverse outcome, by the pipeline's policy: section 4 of
Sources/DecisionEngine/ENTRIES.md."""

import values
from canonical_json import Number
from markup import Node
from pipeline import Candidate, Pipeline


def principal_reasons(pipeline: Pipeline, candidate: Candidate) -> dict | None:
    """What records say; None where the outcome isn't adverse."""
    result = candidate.results[-1]
    if not result.leaf.is_adverse:
        return None
    policy = pipeline.policy
    name = policy.get("policy") if policy else "rules"
    maximum = policy.get("maximum", "4") if policy else "4"
    basis = "rules" if name == "component" else name
    for band in policy.children("when") if policy else []:
        if _holds(band, candidate):
            basis = band.get("give")
            break
    rules = pipeline.rules[len(candidate.results) - 1].rules
    from_rules = [
        {"code": code, "from": f"{rules.name}@{rules.version}", "text": rules.texts[code]}
        for code in result.leaf.reasons
    ]
    choice = policy.get("factors", "as-given") if policy else "as-given"
    from_factors = [] if basis == "rules" else _factors(pipeline, candidate, choice)
    found = {"maximum": Number(int(maximum)), "policy": name}
    if basis != "rules" and not from_factors:
        found["wanted"] = basis
        basis = "rules"
    lists = {"rules": [from_rules], "factors": [from_factors], "both": [from_rules, from_factors]}
    return {**found, "basis": basis, "reasons": _chosen(lists[basis], int(maximum))}


def _holds(band: Node, candidate: Candidate) -> bool:
    leaf = candidate.results[-1].leaf
    outcomes, leaves = band.list("outcomes"), band.list("leaves")
    if outcomes and leaf.outcome not in outcomes or leaves and leaf.leaf_id not in leaves:
        return False
    into = band.get("score", "")
    if not into:
        return True
    score = candidate.scores.get(into)
    if score is None:
        return False
    low, high = band.get("from", ""), band.get("below", "")
    return (not low or score.value >= values.parse_number(low)) and (
        not high or score.value < values.parse_number(high)
    )


def _factors(pipeline: Pipeline, candidate: Candidate, choice: str) -> list[dict]:
    found = []
    # The scores in the order of the bytes of their names in UTF-16.
    for into in sorted(candidate.scores, key=lambda name: name.encode("utf-16-be")):
        score = candidate.scores[into]
        factors = score.factors
        if choice != "as-given":
            sign = -1 if choice == "negative" else 1
            factors = [
                f for f in factors if f.contribution is not None and f.contribution * sign > 0
            ]
            factors.sort(key=lambda factor: -abs(factor.contribution))
        for factor in factors:
            reason = {"code": factor.code, "from": score.model}
            found.append(reason if factor.text is None else {**reason, "text": factor.text})
    return found


def _chosen(lists: list[list[dict]], maximum: int) -> list[dict]:
    """From each list in turn, without repeats of a code or a sentence."""
    chosen: list[dict] = []
    for place in range(max(map(len, lists))):
        for reasons in lists:
            if place >= len(reasons) or len(chosen) >= maximum:
                continue
            reason = reasons[place]
            text = reason.get("text")
            if any(r["code"] == reason["code"] or text and r.get("text") == text for r in chosen):
                continue
            chosen.append(reason)
    return chosen
