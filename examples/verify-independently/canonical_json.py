"""JSON as ENTRIES.md, section 1, wants it: RFC 8785, with numbers kept as they were written."""

import json
from decimal import Decimal, InvalidOperation

from checking import expect


class Number(str):
    """A JSON number: its text as received."""


def _unique(pairs: list) -> dict:
    members = dict(pairs)
    expect(len(members) == len(pairs), "a JSON object has the same member twice")
    return members


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def parse(data: bytes | str):
    """The value of a JSON text; raises ValueError or Failed where it isn't one."""
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    value = json.loads(
        text,
        parse_int=Number,
        parse_float=Number,
        parse_constant=_refuse,
        object_pairs_hook=_unique,
    )
    dump(value).encode("utf-8")  # A lone surrogate has no UTF-8.
    return value


def dump(value) -> str:
    """The value as JSON: members sorted, no white space, numbers as they are."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{dump(key)}:{dump(value[key])}" for key in keys) + "}"


def canonical(value):
    """`value`, each number in its canonical form, or a string where a double can't hold it."""
    if isinstance(value, Number):
        return exact_number(Decimal(value), str(value))
    if isinstance(value, list):
        return [canonical(element) for element in value]
    if isinstance(value, dict):
        return {key: canonical(member) for key, member in value.items()}
    return value


def canonical_bytes(value) -> bytes:
    """The canonical JSON of a value."""
    return dump(canonical(value)).encode("utf-8")


def parse_canonical(data: bytes):
    """Parses bytes that must be canonical JSON."""
    value = parse(data)
    expect(canonical_bytes(value) == data, "it isn't canonical JSON")
    return value


def exact_number(number: Decimal, text: str) -> "Number | str":
    """A number where a double holds it exactly, in ECMAScript's form; else `text` as a string."""
    if not number:
        return Number("0")
    try:
        shortest = Decimal(repr(float(number)))
    except (OverflowError, InvalidOperation):
        return text
    if not shortest.is_finite() or shortest != number:
        return text
    sign, digits, exponent = shortest.normalize().as_tuple()
    digits = "".join(map(str, digits))
    point = len(digits) + exponent
    if len(digits) <= point <= 21:
        body = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        body = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        body = "0." + "0" * -point + digits
    else:
        tail = "." + digits[1:] if len(digits) > 1 else ""
        body = f"{digits[0]}{tail}e{point - 1:+d}"
    return Number("-" * sign + body)
