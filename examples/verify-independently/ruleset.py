"""A rule set, executed from its XML by "Files" in README.md, "Binding" and "Evaluation" in
Sources/RuleProgram/ByteFormat/FORMAT.md."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Callable

import feel
import values
from canonical_json import Number
from checking import Failed, expect
from evaluation import evaluate, passes_any
from markup import Node
from temporal import SECOND, Date, DateTime, DayTime, Time, YearMonth

STRING_LIMIT = 1_048_576
LIMITS = {
    Date: 36_524_000,
    DateTime: 3_155_600_000_000 * SECOND,
    Time: 200_000 * SECOND,
    DayTime: 10**15 * SECOND,
    YearMonth: 10**9,
}


@dataclass
class Input:
    name: str
    kind: str
    allows_missing: bool
    minimum: object
    maximum: object
    declared: list[str]
    # Whether a time must have an offset from UTC (True) or must not (False); None for either.
    needs_offset: bool | None = None

    def bind(self, given) -> tuple[object, str | None]:
        """The value that a request's JSON gives, and the code of what is wrong with it."""
        if given is None:
            return None, None if self.allows_missing else "missing"
        value = self.read(given)
        return value, self.problem(value)

    def read(self, given):
        """The value of the input's type; None where the JSON is none."""
        if isinstance(given, Number):
            return values.parse_number(given) if self.kind == "number" else None
        if isinstance(given, bool):
            return given if self.kind == "boolean" else None
        if isinstance(given, str):
            return values.parse(given, self.kind)
        # What an earlier stage gave is a value already.
        if type(given) in values.CLASSES and values.kind_of(given) == self.kind:
            return given
        return None

    def problem(self, value) -> str | None:
        if value is None:
            return "wrong-type"
        if isinstance(value, str):
            if len(value.encode("utf-8")) > STRING_LIMIT:
                return "too-large"
            return "undeclared-value" if self.declared and value not in self.declared else None
        if isinstance(value, bool):
            return None
        if self.needs_offset is not None and (value.offset is not None) != self.needs_offset:
            return "offset-required" if self.needs_offset else "offset-forbidden"
        if _is_too_large(value):
            return "too-large"
        if self.minimum is not None and values.order(value, self.minimum) < 0:
            return "below-minimum"
        if self.maximum is not None and values.order(value, self.maximum) > 0:
            return "above-maximum"
        return None


def _is_too_large(value) -> bool:
    if isinstance(value, Decimal):
        size = abs(Fraction(value))
        return size > 10**1000 or 0 < size < Fraction(1, 10**1000)
    return abs(value.measure) > LIMITS[type(value)]


@dataclass
class Leaf:
    leaf_id: str
    outcome: str
    is_adverse: bool
    reasons: list[str]
    sets: dict[str, tuple]


@dataclass
class Case:
    text: str
    tests: tuple
    child: "Split | Leaf"


@dataclass
class Split:
    split_id: str
    text: str
    on: tuple
    cases: list[Case]
    otherwise: "Split | Leaf | None"
    missing: "Split | Leaf | None"


@dataclass
class Step:
    """One split on the way to a leaf: the value met, and the branch taken with its `is`."""

    split: Split
    value: object
    branch: str
    text: str = ""


@dataclass
class Result:
    """What a row came to: a leaf, or problems as (input, code)."""

    problems: list[tuple[str, str]] = field(default_factory=list)
    leaf: Leaf | None = None
    path: list[Step] = field(default_factory=list)
    outputs: dict[str, object] = field(default_factory=dict)
    # The value of an input or derived input, by its name.
    value: Callable[[str], object] = lambda name: None


class RuleSet:
    """A rule set."""

    def __init__(self, source: bytes) -> None:
        root = Node.root(source, "ruleset")
        self.name, self.version = root.get("id"), root.get("version")
        self.language = root.language("en")
        declared = root.needed("inputs")
        self.inputs = sorted(
            map(_input, declared.children("input")), key=lambda item: item.name.encode("utf-8")
        )
        derived = declared.children("derived")
        names = [item.name for item in self.inputs] + [node.get("name") for node in derived]
        self.scope = feel.Scope(names)
        self.derived = {node.get("name"): self.expression(node.text) for node in derived}
        self.outcomes = {
            node.get("name"): node.get("adverse", "false") == "true"
            for node in root.needed("outcomes").children("outcome")
        }
        outputs = root.child("outputs")
        self.outputs = {
            node.get("name"): node.get("type")
            for node in (outputs.children("output") if outputs else [])
        }
        self.texts = self.reason_texts(root.child("reasons"))
        self.leaf_ids: list[str] = []
        self.tree = self.subtree(root.needed("tree"))
        for item in self.inputs:
            item.needs_offset = self.offset_rule(item)

    def reason_texts(self, node: Node | None) -> dict[str, str]:
        """Each reason's sentence in the rule set's own language."""
        reasons = node.children("reason") if node else []
        return {
            reason.get("code"): reason.prose
            for reason in reasons
            if reason.language(self.language) == self.language
        }

    def expression(self, text: str) -> tuple:
        return feel.parse_expression(text, self.scope)

    def subtree(self, node: Node) -> Split | Leaf:
        child = node.needed("split", "leaf")
        return self.split(child) if child.name == "split" else self.leaf(child)

    def split(self, node: Node) -> Split:
        otherwise, missing = node.child("otherwise"), node.child("missing")
        cases = [
            Case(case.get("is"), feel.parse_tests(case.get("is"), self.scope), self.subtree(case))
            for case in node.children("case")
        ]
        return Split(
            node.get("id", ""),
            node.get("on"),
            self.expression(node.get("on")),
            cases,
            self.subtree(otherwise) if otherwise else None,
            self.subtree(missing) if missing else None,
        )

    def leaf(self, node: Node) -> Leaf:
        sets = {item.get("output"): self.expression(item.text) for item in node.children("set")}
        outcome = node.get("outcome")
        leaf = Leaf(node.get("id"), outcome, self.outcomes[outcome], node.list("reasons"), sets)
        expect(leaf.leaf_id not in self.leaf_ids, f"two leaves have the ID {leaf.leaf_id}")
        self.leaf_ids.append(leaf.leaf_id)
        return leaf

    def offset_rule(self, item: Input) -> bool | None:
        """The bounds of an input of times, else the constants of the splits on it, say whether its
        values have offsets: those with and those without have no order."""
        if item.kind not in ("time", "dateTime"):
            return None
        constants = [item.minimum, item.maximum]
        splits = [self.tree]
        for split in splits:
            if isinstance(split, Leaf) or split is None:
                continue
            splits += [case.child for case in split.cases] + [split.otherwise, split.missing]
            if split.on == ("name", item.name):
                constants += [value for case in split.cases for value in _constants(case.tests)]
        found = [value.offset is not None for value in constants if value is not None]
        return found[0] if found else None

    def run(self, given) -> Result:
        """Decides one row; `given` gives what the request has for an input's name."""
        result, row = Result(), {}
        for item in self.inputs:
            row[item.name], problem = item.bind(given(item.name))
            if problem:
                result.problems.append((item.name, problem))
        if result.problems:
            return result

        def value(name: str):
            if name not in row:
                row[name] = evaluate(self.derived[name], value)
            return row[name]

        result.value, node = value, self.tree
        while isinstance(node, Split):
            node = self.follow(node, value, result.path)
        result.leaf = node
        for name, expression in node.sets.items():
            result.outputs[name] = evaluate(expression, value)
        return result

    def follow(self, split: Split, value, path: list[Step]) -> Split | Leaf:
        """The branch that a row takes. Order never matters: no two cases may match."""
        met = evaluate(split.on, value)
        verdicts = [
            None if met is None else passes_any(case.tests, met, value) for case in split.cases
        ]
        matching = [case for case, verdict in zip(split.cases, verdicts) if verdict]
        if len(matching) > 1:
            raise Failed(f"two cases of the split on {split.text} match")
        # A time with an offset has no order beside one without: it counts as missing.
        is_missing = met is None or None in verdicts
        if is_missing:
            branch, text, node = "missing", "", split.missing
        elif matching:
            branch, text, node = "case", matching[0].text, matching[0].child
        else:
            branch, text, node = "otherwise", "", split.otherwise
        path.append(Step(split, met, branch, text))
        if node is None:
            raise Failed(f"the split on {split.text} has no branch for a value that was met")
        return node


def _constants(tests: tuple) -> list:
    parts = [part for test in tests[2] for part in test if isinstance(part, tuple)]
    return [evaluate(part, lambda name: None) for part in parts]


def _input(node: Node) -> Input:
    kind = node.get("type")

    def bound(name: str):
        text = node.get(name, "")
        return values.parse(text, kind) if text else None

    return Input(
        node.get("name"),
        kind,
        node.get("missing", "refused") == "allowed",
        bound("min"),
        bound("max"),
        [value.text for value in node.children("value")],
    )
