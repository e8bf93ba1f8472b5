"""explanation.json, held against what the re-execution found: section 8 of
Sources/DecisionEngine/ENTRIES.md."""

import values
from bundle import Entry
from checking import expect
from pipeline import Candidate
from record import Recorder
from ruleset import Result, RuleSet, Step


def check_head(explanation: dict, decision: Entry, events: list[Entry]) -> None:
    """It is about this case, and tells what came later."""
    body = decision.json
    for name in ("case_id", "type", "time", "engine"):
        expect(explanation[name] == body[name], f"it states another {name}")
    expect(int(explanation["index"]) == decision.index, "it states another index")
    for name in ("id", "version", "digest"):
        expect(explanation["pipeline"][name] == body["pipeline"][name], "it names another pipeline")
    told = {(int(event["index"]), event["type"]) for event in explanation["events"]}
    expect(told == {(e.index, e.kind) for e in events}, "it tells of other events")
    proof = explanation["proof"]
    expect(proof["verified"] is True, "it says that the entry doesn't verify")


def check_results(explanation: dict, recorder: Recorder) -> None:
    """Each candidate's stages, values, leaves, outputs and paths are those that were found."""
    run = recorder.run
    expect(explanation["verdict"] == "identical", "it states another verdict")
    results = explanation["results"]
    expect(len(results) == len(run.candidates), "it has another number of results")
    candidates = {candidate.key: candidate for candidate in run.candidates}
    for result in results:
        check_result(result, recorder, candidates.pop(result.get("candidate", "")))


def check_result(result: dict, recorder: Recorder, candidate: Candidate) -> None:
    place = f"candidate {candidate.key}: " if candidate.raw else ""
    if candidate.raw:
        expect(result["status"] == candidate.status, f"{place}another status")
    told = {
        score["into"]: (score["score"], _name(score.get("model"))) for score in result["scores"]
    }
    right = {into: (score.text, score.model) for into, score in candidate.scores.items()}
    expect(told == right, f"{place}other scores")
    outcome = recorder.outcome(candidate)
    for member, value in outcome.get("principal_reasons", {}).items():
        expect(result["principal_reasons"][member] == value, f"{place}other principal reasons")
    expect(len(result["stages"]) == len(candidate.results), f"{place}other stages")
    for number, stage in enumerate(result["stages"]):
        found, rules = candidate.results[number], recorder.pipeline.rules[number].rules
        check_stage(stage, found, rules, recorder.releases, f"{place}rule set {rules.name}: ")


def check_stage(stage: dict, found: Result, rules: RuleSet, releases: dict, place: str) -> None:
    leaf, named = found.leaf, stage["ruleset"]
    expect(_name(named) == f"{rules.name}@{rules.version}", f"{place}another rule set")
    release = releases["ruleset", f"{rules.name}@{rules.version}"]
    for told, member in [("digest", "program_digest"), ("source_digest", "source_digest")]:
        expect(named[told] == release[member], f"{place}another digest")
    expect(stage["leaf"] == leaf.leaf_id, f"{place}another leaf")
    expect(stage["outcome"] == leaf.outcome, f"{place}another outcome")
    expect(stage["adverse"] is leaf.is_adverse, f"{place}another adverse flag")
    codes = [reason["code"] for reason in stage["reasons"]]
    expect(codes == leaf.reasons, f"{place}other reasons")
    outputs = {output["name"]: output.get("value") for output in stage["outputs"]}
    right = {name: _text(value) for name, value in found.outputs.items()}
    expect(outputs == right, f"{place}other outputs")
    for item in stage["derived"]:
        value = _text(found.value(item["name"]))
        expect(item["value"] == value, f"{place}another value of {item['name']}")
    expect(len(stage["path"]) == len(found.path), f"{place}a path of another length")
    for told, step in zip(stage["path"], found.path):
        check_step(told, step, place)


def check_step(told: dict, step: Step, place: str) -> None:
    split = step.split
    expect(told["on"] == split.text, f"{place}a split on something else than {split.text}")
    expect(told.get("split", "") == split.split_id, f"{place}another split ID")
    value = told["met"]["value"]
    expect(value == _text(step.value), f"{place}another value of {split.text}")
    expect(told["taken"]["kind"] == step.branch, f"{place}another branch of {split.text}")
    if step.branch == "case":
        expect(told["taken"]["is"] == step.text, f"{place}another case of {split.text}")


def _text(value) -> str | None:
    return None if value is None else values.text(value)


def _name(release: dict | None) -> str | None:
    return release and f"{release['id']}@{release['version']}"
