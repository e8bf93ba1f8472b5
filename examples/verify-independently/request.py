"""Requests, by section 3 of Sources/DecisionEngine/ENTRIES.md."""

from dataclasses import dataclass, field

import canonical_json
from canonical_json import Number
from checking import Failed

SIZE_LIMIT = 8 << 20
NAME_LIMIT = 200


@dataclass(frozen=True)
class Problem:
    """One reason for a refusal; `candidate` and `position` where it is about one."""

    field: str
    code: str
    candidate: str | None = None
    position: int | None = None


@dataclass
class RawCandidate:
    """One element of the array of candidates."""

    key: str
    position: int
    fields: dict
    scores: dict


@dataclass
class Request:
    """A request taken apart; with problems it can't be decided."""

    fields: dict = field(default_factory=dict)
    scores: dict = field(default_factory=dict)
    candidates: list[RawCandidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, *parts) -> None:
        self.problems.append(Problem(*parts))


def is_name(text: object) -> bool:
    """Whether it is a text of 1 to 200 characters without control characters."""
    return (
        isinstance(text, str)
        and 1 <= len(text) <= NAME_LIMIT
        and not any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" for c in text)
    )


def read_request(data: bytes, array: str | None, key: str | None) -> Request:
    """Reads a request for a pipeline whose candidates, if any, are in `array`, named by `key`."""
    request = Request()
    if len(data) > SIZE_LIMIT:
        request.refuse("", "too-large")
        return request
    try:
        members = canonical_json.parse(data)
    except (ValueError, Failed):
        request.refuse("", "malformed")
        return request
    if not isinstance(members, dict):
        request.refuse("", "not-an-object")
        return request
    inputs = members
    for name, value in members.items():
        if name == "case_id" and value is not None:
            if isinstance(value, Number) or not is_name(value):
                request.refuse("case_id", "bad-case-id")
        elif name == "scores":
            request.scores = _scores(request, value, None)
        elif name == "inputs":
            if not isinstance(value, dict):
                request.refuse("inputs", "not-an-object")
                return request
            inputs = value
    request.fields = inputs
    if array is not None and key is not None:
        _read_candidates(request, inputs.get(array), array, key)
    return request


def _scores(request: Request, value, position: int | None) -> dict:
    if value is None or isinstance(value, dict):
        return value or {}
    request.refuse("scores", "not-an-object", None, position)
    return {}


def _read_candidates(request: Request, elements, array: str, key: str) -> None:
    if elements is None:
        return request.refuse(array, "missing")
    if not isinstance(elements, list):
        return request.refuse(array, "wrong-type")
    seen = set()
    for position, element in enumerate(elements, 1):
        if not isinstance(element, dict):
            request.refuse("", "not-an-object", None, position)
            continue
        scores = _scores(request, element["scores"], position) if "scores" in element else {}
        name = element.get(key)
        if name is None:
            request.refuse(key, "missing", None, position)
            continue
        if not is_name(name):
            request.refuse(key, "bad-key", None, position)
            continue
        name = str(name)
        if name in seen:
            request.refuse(key, "duplicate-key", name, position)
        seen.add(name)
        request.candidates.append(RawCandidate(name, position, element, scores))
    return None
