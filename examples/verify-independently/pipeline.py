"""A pipeline, run from its XML by sections 3 and 4 of Sources/DecisionEngine/ENTRIES.md. Scores are
taken as they were received: no model runs."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cmp_to_key

import values
from canonical_json import Number
from checking import expect
from markup import Node
from request import Problem, RawCandidate, Request, is_name, read_request
from ruleset import Result, RuleSet

SCORE_LIMIT, UNIT_LIMIT, FACTOR_LIMIT = 64, 1024, 256
CODE_LIMIT, TEXT_LIMIT = 64, 4000


@dataclass
class Factor:
    code: str
    text: str | None
    contribution: Decimal | None


@dataclass
class Score:
    text: str
    value: Decimal
    model: str | None = None
    factors: list[Factor] = field(default_factory=list)


@dataclass
class ScoreStage:
    into: str
    model: str


@dataclass
class Arm:
    name: str
    share: Fraction
    into: str
    model: str | None


@dataclass
class Experiment:
    name: str
    unit: str
    arms: list[Arm]


@dataclass
class RulesStage:
    rules: RuleSet
    discard: list[str]


@dataclass
class RankStage:
    by: str
    is_descending: bool
    keep: int | None


@dataclass
class Candidate:
    """A candidate on its way; a single nameless one where the pipeline has none."""

    raw: RawCandidate | None
    scores: dict[str, Score] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    status: str = "ranked"

    @property
    def key(self) -> str:
        return self.raw.key if self.raw else ""

    def problem(self, name: str, code: str) -> Problem:
        return Problem(name, code, *((self.raw.key, self.raw.position) if self.raw else ()))


@dataclass
class Run:
    """What a request came to."""

    request: Request
    candidates: list[Candidate]
    problems: list[Problem]
    arm: Arm | None = None
    rules_run: int = 0
    failed: set[str] = field(default_factory=set)
    order: list[Candidate] | None = None

    def value(self, name: str, candidate: Candidate):
        """A field: the candidate's own, also where it is null, else the request's."""
        if candidate.raw and name in candidate.raw.fields:
            return candidate.raw.fields[name]
        return self.request.fields.get(name)


class Pipeline:
    """A pipeline; `rule_sets` gives the rule set of an `ID@VERSION`."""

    def __init__(self, source: bytes, rule_sets) -> None:
        root = Node.root(source, "pipeline")
        self.name, self.version = root.get("id"), root.get("version")
        candidates = root.child("candidates")
        self.array = candidates.get("in") if candidates else None
        self.key = candidates.get("key") if candidates else None
        self.policy = root.child("reasons")
        self.stages = [
            _stage(node, rule_sets)
            for node in root.children("experiment", "score", "rules", "rank")
        ]
        self.slots = {arm.into for arm in self.scorers()}

    def scorers(self) -> list[ScoreStage | Arm]:
        """Whatever fills a score, in order."""
        found: list[ScoreStage | Arm] = []
        for stage in self.stages:
            if isinstance(stage, ScoreStage):
                found.append(stage)
            elif isinstance(stage, Experiment):
                found += stage.arms
        return found

    @property
    def rules(self) -> list[RulesStage]:
        return [stage for stage in self.stages if isinstance(stage, RulesStage)]

    def references(self) -> set[tuple[str, str]]:
        """The kinds and names of the releases that it refers to."""
        models = {("model", scorer.model) for scorer in self.scorers() if scorer.model}
        return models | {
            ("ruleset", f"{stage.rules.name}@{stage.rules.version}") for stage in self.rules
        }

    def source(self, name: str, number: int) -> tuple:
        """Where rules stage `number` finds the input `name`: ("stage", its number, part),
        ("score",) or ("field",)."""
        prefix, dot, rest = name.rpartition(".")
        for earlier, stage in enumerate(self.rules[:number]):
            if dot and stage.rules.name == prefix:
                return ("stage", earlier, rest)
        return ("score",) if name in self.slots else ("field",)

    def fields(self) -> set[str]:
        """The names of the request's fields that the pipeline reads."""
        names = {scorer.into for scorer in self.scorers() if scorer.model}
        names |= {stage.unit for stage in self.stages if isinstance(stage, Experiment)}
        for number, stage in enumerate(self.rules):
            names |= {
                item.name
                for item in stage.rules.inputs
                if self.source(item.name, number) == ("field",)
            }
        return names

    def run(self, data: bytes, case_id: str) -> Run:
        """Runs a request to its end, or to the stage that it has problems in."""
        request = read_request(data, self.array, self.key)
        found = [Candidate(raw) for raw in request.candidates] if self.array else [Candidate(None)]
        run = Run(request, found, list(request.problems))
        if run.problems:
            return run
        for stage in self.stages:
            if isinstance(stage, ScoreStage):
                _score(run, stage.model, stage.into)
            elif isinstance(stage, Experiment):
                _assign(run, stage, case_id)
            elif isinstance(stage, RankStage):
                self.rank(run, stage)
            else:
                self.decide(run, stage)
                if run.problems:
                    return run
            if not self.array and run.candidates[0].status == "discarded":
                break
        return run

    def decide(self, run: Run, stage: RulesStage) -> None:
        number = run.rules_run
        run.rules_run += 1
        for candidate in run.candidates:
            if candidate.status != "ranked":
                continue
            result = stage.rules.run(lambda name: self.given(run, candidate, name, number))
            if result.leaf is None:
                run.problems += [
                    candidate.problem(name, code)
                    for name, code in result.problems
                    if name not in run.failed
                ]
                continue
            candidate.results.append(result)
            if result.leaf.outcome in stage.discard:
                candidate.status = "discarded"

    def given(self, run: Run, candidate: Candidate, name: str, number: int):
        """What rules stage `number` finds under the name of an input."""
        match self.source(name, number):
            case ("stage", earlier, part):
                return self.earlier_value(candidate, earlier, part)
            case ("score",):
                score = candidate.scores.get(name)
                return score.value if score else None
        return run.value(name, candidate)

    def earlier_value(self, candidate: Candidate, number: int, part: str):
        result = candidate.results[number]
        if part == "outcome":
            return result.leaf.outcome
        if part in self.rules[number].rules.outputs:
            return result.outputs.get(part)
        expect(part == "leaf", f"{part} is no output of an earlier stage")
        return result.leaf.leaf_id

    def rank(self, run: Run, stage: RankStage) -> None:
        value = self.rank_value(stage.by)
        left = [candidate for candidate in run.candidates if candidate.status == "ranked"]
        found = [(value(run, candidate), candidate) for candidate in left]

        def precedes(a, b) -> int:
            if (a[0] is None) != (b[0] is None):
                return 1 if a[0] is None else -1
            order = values.order(a[0], b[0]) or 0
            if order:
                return -order if stage.is_descending else order
            return -1 if a[1].key.encode() < b[1].key.encode() else 1

        run.order = [candidate for _, candidate in sorted(found, key=cmp_to_key(precedes))]
        for candidate in run.order[stage.keep :] if stage.keep else []:
            candidate.status = "not_kept"

    def rank_value(self, by: str):
        """What `rank` goes by: a score, an output (of the last rule set that has one of the name),
        or a field that a rule set reads."""
        if by in self.slots:
            return lambda run, candidate: candidate.scores[by].value
        prefix, _, part = by.rpartition(".")
        for number, stage in reversed(list(enumerate(self.rules))):
            name = part if stage.rules.name == prefix else by
            if name in stage.rules.outputs:
                return lambda run, candidate: candidate.results[number].outputs.get(name)
        kinds = [
            item.kind for stage in self.rules for item in stage.rules.inputs if item.name == by
        ]
        expect(bool(kinds), f"rank goes by {by}, which nothing gives")

        def field_value(run: Run, candidate: Candidate):
            given = run.value(by, candidate)
            return values.parse(given, kinds[0]) if isinstance(given, str) else None

        return field_value


def _stage(node: Node, rule_sets):
    if node.name == "score":
        return ScoreStage(node.get("into"), node.get("model"))
    if node.name == "rules":
        return RulesStage(rule_sets(node.get("ruleset")), node.list("discard"))
    if node.name == "rank":
        keep = node.get("keep", "")
        return RankStage(
            node.get("by"), node.get("order") == "descending", int(keep) if keep else None
        )
    arms = []
    for arm in node.children("arm"):
        scorer = arm.needed("score", "random")
        model = scorer.get("model") if scorer.name == "score" else None
        arms.append(Arm(arm.get("id"), Fraction(arm.get("share")), scorer.get("into"), model))
    return Experiment(node.get("id"), node.get("unit"), arms)


# Scores


def _score(run: Run, model: str, into: str) -> None:
    for candidate in run.candidates:
        given = run.value(into, candidate)
        for scores in (run.request.scores, candidate.raw.scores if candidate.raw else {}):
            given = scores.get(model, given) if model in scores else given
        place, score = f"scores.{model}", None
        if isinstance(given, dict):
            factors, code = _factors(given.get("factors"))
            if code:
                place, found = place + ".factors", code
            else:
                score, found = _score_value(given.get("score"))
                if score:
                    score.factors = factors
        else:
            score, found = _score_value(given)
        if score:
            score.model = model
            candidate.scores[into] = score
        else:
            run.failed.add(into)
            run.problems.append(candidate.problem(place, found))


def _score_value(given) -> tuple[Score | None, str]:
    """A score, or what is wrong with it."""
    if given is None:
        return None, "missing"
    if not isinstance(given, str):
        return None, "wrong-type"
    if len(given.encode()) > SCORE_LIMIT:
        return None, "too-large"
    value = values.parse_number(given)
    return (None, "wrong-type") if value is None else (Score(str(given), value), "")


def _factors(given) -> tuple[list[Factor], str]:
    """A model's key factors, and the code of what is wrong with them."""
    if given is None:
        return [], ""
    if not isinstance(given, list):
        return [], "wrong-type"
    if len(given) > FACTOR_LIMIT:
        return [], "too-large"
    found = []
    for item in given:
        if not isinstance(item, dict):
            return [], "not-an-object"
        code, text, amount = item.get("code"), item.get("text"), item.get("contribution")
        if isinstance(code, Number) or not is_name(code) or len(code) > CODE_LIMIT:
            return [], "malformed"
        if text is not None and (
            isinstance(text, Number) or not isinstance(text, str) or len(text.encode()) > TEXT_LIMIT
        ):
            return [], "malformed"
        value = None
        if amount is not None:
            is_text = isinstance(amount, str) and len(amount.encode()) <= SCORE_LIMIT
            value = values.parse_number(amount) if is_text else None
            if value is None:
                return [], "wrong-type"
        found.append(Factor(code, text, value))
    return found, ""


def hash64(first: str, second: str) -> int:
    """The first 8 bytes, big-endian, of SHA-256(first, 0x00, second)."""
    digest = hashlib.sha256(first.encode() + b"\x00" + second.encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _assign(run: Run, experiment: Experiment, case_id: str) -> None:
    unit, problem = run.request.fields.get(experiment.unit), None
    if unit is None:
        problem = "missing"
    elif not isinstance(unit, str) or unit == "":
        problem = "wrong-type"
    elif len(unit.encode()) > UNIT_LIMIT:
        problem = "too-large"
    if problem:
        run.failed.add(experiment.arms[0].into)
        run.problems.append(Problem(experiment.unit, problem))
        return
    place = Fraction(hash64(experiment.name, unit) * 100, 2**64)
    end = Fraction(0)
    for arm in experiment.arms:
        end += arm.share
        if place < end:
            run.arm = arm
            break
    arm = run.arm
    if arm.model:
        _score(run, arm.model, arm.into)
        return
    for candidate in run.candidates:
        billionths = hash64(case_id, candidate.key) * 10**9 // 2**64
        value = Decimal(billionths).scaleb(-9)
        candidate.scores[arm.into] = Score(values.number_text(value), value)
