"""What a run leaves in the ledger, by sections 4 and 5 of Sources/DecisionEngine/ENTRIES.md: built
anew from the run, to be held against what was recorded."""

import canonical_json
import values
from canonical_json import Number
from pipeline import Candidate, Experiment, Pipeline, RankStage, RulesStage, Run, ScoreStage
from reasons import principal_reasons


class Recorder:
    """Builds records; `releases` gives a release's entry by its kind and `ID@VERSION`."""

    def __init__(self, pipeline: Pipeline, run: Run, releases: dict) -> None:
        self.pipeline = pipeline
        self.run = run
        self.releases = releases

    def named(self, kind: str, name: str) -> dict:
        """A pipeline or model as records name it."""
        identifier, _, version = name.partition("@")
        digest = self.releases[kind, name]["definition_digest"]
        return {"digest": digest, "id": identifier, "version": version}

    def pipeline_name(self) -> dict:
        return self.named("pipeline", f"{self.pipeline.name}@{self.pipeline.version}")

    def response(self) -> dict:
        """The response, without what the time and the engine add."""
        found = {"pipeline": self.pipeline_name(), "stages": self.stages()}
        if self.run.arm:
            found["arm"] = self.run.arm.name
        if self.pipeline.array:
            return {**found, **self.lists()}
        return {**found, **self.outcome(self.run.candidates[0])}

    def outcome(self, candidate: Candidate) -> dict:
        """What a candidate's last rules stage gave."""
        number = len(candidate.results) - 1
        result, rules = candidate.results[number], self.pipeline.rules[number].rules
        found = {
            "adverse": result.leaf.is_adverse,
            "leaf": result.leaf.leaf_id,
            "outcome": result.leaf.outcome,
            "outputs": {name: values.to_json(value) for name, value in result.outputs.items()},
            "reasons": [{"code": code, "text": rules.texts[code]} for code in result.leaf.reasons],
        }
        principal = principal_reasons(self.pipeline, candidate)
        return found if principal is None else {**found, "principal_reasons": principal}

    def stages(self) -> list[dict]:
        """The stages that ran."""
        found, rules = [], 0
        for stage in self.pipeline.stages:
            if isinstance(stage, ScoreStage):
                found.append(self.scored(stage.into, stage.model, {}))
            elif isinstance(stage, Experiment):
                arm = self.run.arm
                assigned = {"arm": arm.name, "experiment": stage.name}
                found.append(self.scored(arm.into, arm.model, assigned))
            elif isinstance(stage, RankStage):
                kept = sum(c.status == "ranked" for c in self.run.candidates)
                found.append({"by": stage.by, "kind": "rank", "ranked": Number(kept)})
            elif rules == self.run.rules_run:
                break
            else:
                found.append(self.ruled(stage, rules))
                rules += 1
        return found

    def scored(self, into: str, model: str | None, assigned: dict) -> dict:
        found = {"into": into, "kind": "score" if model else "random", **assigned}
        if model:
            found["model"] = self.named("model", model)
        score = None if self.pipeline.array else self.run.candidates[0].scores.get(into)
        return {**found, "score": score.text} if score else found

    def ruled(self, stage: RulesStage, number: int) -> dict:
        rules = stage.rules
        release = self.releases["ruleset", f"{rules.name}@{rules.version}"]
        found = {
            "kind": "rules",
            "ruleset": {
                "id": rules.name,
                "program_digest": release["program_digest"],
                "source_digest": release["source_digest"],
                "version": rules.version,
            },
        }
        if self.pipeline.array:
            gone = [
                c
                for c in self.run.candidates
                if c.status == "discarded" and len(c.results) == number + 1
            ]
            return {**found, "discarded": Number(len(gone))}
        leaf = self.run.candidates[0].results[number].leaf
        return {**found, "leaf": leaf.leaf_id, "outcome": leaf.outcome}

    def lists(self) -> dict:
        """The candidates by what became of them."""
        lists = {"discarded": [], "not_kept": [], "ranked": []}
        run = self.run
        order = (
            [c for c in run.candidates if c.status == "ranked"] if run.order is None else run.order
        )
        for rank, candidate in enumerate(order, 1):
            lists[candidate.status].append({**self.candidate(candidate), "rank": Number(rank)})
        for candidate in run.candidates:
            if candidate.status == "discarded":
                lists["discarded"].append(self.candidate(candidate))
        return lists

    def candidate(self, candidate: Candidate) -> dict:
        found = {
            "key": candidate.key,
            "leaves": [r.leaf.leaf_id for r in candidate.results],
            **self.outcome(candidate),
        }
        stages = [s for s in self.pipeline.stages if isinstance(s, (ScoreStage, Experiment))]
        if stages:
            last = stages[-1]
            into = last.into if isinstance(last, ScoreStage) else last.arms[0].into
            found["score"] = candidate.scores[into].text
        return found

    def inputs(self) -> dict:
        """Everything that was read and present."""
        names, run, array = self.pipeline.fields(), self.run, self.pipeline.array
        found = {name: value for name, value in run.request.fields.items() if name in names}
        if not array:
            return {**found, **_score_texts(run.candidates[0])}
        found[array] = [
            {
                self.pipeline.key: c.key,
                **{name: value for name, value in c.raw.fields.items() if name in names},
                **_score_texts(c),
            }
            for c in run.candidates
        ]
        return found


def _score_texts(candidate: Candidate) -> dict:
    return {into: score.text for into, score in candidate.scores.items()}


def without_texts(response: dict) -> dict:
    """The members that a decision's entry has too: reasons without their sentences."""
    found = {**response, "reasons": [reason["code"] for reason in response["reasons"]]}
    principal = found.pop("principal_reasons", None)
    if principal is not None:
        reasons = [{"code": r["code"], "from": r["from"]} for r in principal["reasons"]]
        found["principal_reasons"] = {**principal, "reasons": reasons}
    return found


def same(a, b) -> bool:
    """Whether two JSON values are the same, numbers by value."""
    return canonical_json.canonical_bytes(a) == canonical_json.canonical_bytes(b)
