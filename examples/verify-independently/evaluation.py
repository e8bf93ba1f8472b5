"""What expressions and tests give: "Operations", "Properties" and "Arithmetic and texts" in
Sources/RuleProgram/ByteFormat/FORMAT.md. Whatever does not exist or is out of range is null."""

import re
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import reduce
from typing import Callable

import temporal
import values
from checking import Failed, NotChecked
from temporal import SECOND, Date, DateTime, DayTime, Time, YearMonth

ROUNDINGS = {
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
    "round half even": ROUND_HALF_EVEN,
    "decimal": ROUND_HALF_EVEN,
}
COMPARE: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def evaluate(node: tuple, row: Callable[[str], object]):
    """The value of an expression; `row` gives the value of a name."""
    match node:
        case ("number", text):
            return values.parse_number(text)
        case ("string" | "constant", value):
            return value
        case ("name", name):
            return row(name)
        case ("negate", part):
            return values.negated(evaluate(part, row))
        case ("not", part):
            value = evaluate(part, row)
            return None if value is None else not value
        case ("and", a, b):
            return _both(evaluate(a, row), evaluate(b, row))
        case ("or", a, b):
            return _either(evaluate(a, row), evaluate(b, row))
        case ("if", condition, then, otherwise):
            return evaluate(then if evaluate(condition, row) is True else otherwise, row)
        case ("compare", operator, a, b):
            return compare(operator, evaluate(a, row), evaluate(b, row))
        case ("in", part, tests):
            value = evaluate(part, row)
            return reduce(_either, [passes(test, value, row) for test in tests])
        case ("arithmetic", operator, a, b):
            return _arithmetic(operator, evaluate(a, row), evaluate(b, row))
        case ("property", part, name):
            value = evaluate(part, row)
            return None if value is None else _property(value, name)
        case ("call", function, arguments):
            return _call(function, [evaluate(argument, row) for argument in arguments])
    raise Failed(f"no expression: {node[0]}")


def passes(test: tuple, value, row: Callable[[str], object]) -> bool | None:
    """Whether `value` passes a test; None where that can't be said."""
    match test:
        case ("any",):
            return True
        case ("equal", part):
            return values.equal(value, evaluate(part, row))
        case ("comparison", operator, part):
            return compare(operator, value, evaluate(part, row))
        case ("interval", is_low_closed, low, high, is_high_closed):
            above = compare(">=" if is_low_closed else ">", value, evaluate(low, row))
            below = compare("<=" if is_high_closed else "<", value, evaluate(high, row))
            return _both(above, below)
    raise Failed(f"no test: {test[0]}")


def passes_any(tests: tuple, value, row: Callable[[str], object]) -> bool | None:
    """Whether `value` passes the tests of a case."""
    _, is_negated, parts = tests
    found = reduce(_either, [passes(test, value, row) for test in parts])
    return found if found is None or not is_negated else not found


def compare(operator: str, a, b) -> bool | None:
    """A comparison of two values."""
    if operator in ("=", "!="):
        found = values.equal(a, b)
        return found if found is None or operator == "=" else not found
    order = values.order(a, b)
    return None if order is None else COMPARE[operator](order)


def _both(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _either(a: bool | None, b: bool | None) -> bool | None:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def _arithmetic(operator: str, a, b):
    if a is None or b is None:
        return None
    operations = {
        "+": values.add,
        "-": values.subtract,
        "*": values.multiply,
        "/": values.divide,
        "**": values.power,
    }
    return operations[operator](a, b)


def _property(value, name: str):
    if isinstance(value, (Date, DateTime)) and name in ("year", "month", "day", "weekday"):
        date = value.date if isinstance(value, DateTime) else value
        year, month, day = date.civil
        # 1970-01-01 was a Thursday.
        weekday = (date.days + 3) % 7 + 1
        return Decimal({"year": year, "month": month, "day": day, "weekday": weekday}[name])
    if isinstance(value, (Time, DateTime)):
        time = value.time if isinstance(value, DateTime) else value
        seconds, nanos = divmod(time.nanos, SECOND)
        second = Decimal(seconds % 60) + Decimal(nanos).scaleb(-9)
        offset = None if time.offset is None else DayTime(time.offset * SECOND)
        return {
            "hour": Decimal(seconds // 3600),
            "minute": Decimal(seconds // 60 % 60),
            "second": second,
            "time offset": offset,
            "timezone": None,
        }[name]
    sign = -1 if value.measure < 0 else 1
    if isinstance(value, YearMonth):
        years, months = divmod(abs(value.months), 12)
        return Decimal(sign * {"years": years, "months": months}[name])
    seconds, nanos = divmod(abs(value.nanos), SECOND)
    parts = {
        "days": Decimal(seconds // 86_400),
        "hours": Decimal(seconds // 3600 % 24),
        "minutes": Decimal(seconds // 60 % 60),
        "seconds": Decimal(seconds % 60) + Decimal(nanos).scaleb(-9),
    }
    return sign * parts[name]


def _call(function: str, arguments: list):
    if function == "count":
        return Decimal(len(arguments))
    if function in ("min", "max", "sum"):
        return _aggregate(function, arguments)
    if function == "time" and len(arguments) == 4:
        return _time_from_parts(*arguments)
    if any(argument is None for argument in arguments):
        return None
    if function in ROUNDINGS:
        return values.round_to(*arguments, ROUNDINGS[function])
    return _FUNCTIONS[function](*arguments)


def _aggregate(function: str, arguments: list):
    if not arguments or any(argument is None for argument in arguments):
        return None
    if function == "sum":
        return reduce(lambda a, b: None if a is None else values.add(a, b), arguments)
    best = arguments[0]
    for argument in arguments[1:]:
        order = values.order(argument, best)
        if order is None:
            return None
        if order < 0 if function == "min" else order > 0:
            best = argument
    return best


def _magnitude(a):
    if isinstance(a, Decimal):
        return abs(a)
    return values.negated(a) if a.measure < 0 else a


def _ceiling(a: Decimal, _scale: Decimal = Decimal(0)):
    return values.negated(values.floor(-a))


def _square_root(a: Decimal):
    return None if a < 0 else values.rounded(values.DECIMAL128.sqrt(a))


def _substring(text: str, start: Decimal, length: Decimal | None = None):
    if start != start.to_integral_value() or not 1 <= abs(start) <= len(text):
        return None
    if length is not None and (length != length.to_integral_value() or length < 1):
        return None
    first = int(start) - 1 if start > 0 else len(text) + int(start)
    return text[first:] if length is None else text[first : first + int(min(length, len(text)))]


# What matches the same in Python's `re` as in XPath, and in time that is linear enough.
_PLAIN_PATTERN = re.compile(
    r"\^?(?:(?:[A-Za-z0-9 _:@,#=/%&~<>\"'!;-]|\\[.\\?*+{}()\[\]|^$-]"
    r"|\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _])+\])"
    r"(?:[?*+]|\{\d{1,3}(?:,\d{0,3})?\})?)*\$?"
)


def _matches(text: str, pattern: str, flags: str = ""):
    if flags or not _PLAIN_PATTERN.fullmatch(pattern):
        raise NotChecked(f"the pattern {pattern!r} of `matches` isn't executed here")
    behind = r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else ""
    core = pattern[:-1] if behind else pattern
    return re.search(core + behind, text) is not None


def _whole(*numbers: Decimal) -> bool:
    return all(number == number.to_integral_value() and abs(number) < 10**12 for number in numbers)


def _date(*parts):
    if len(parts) == 3:
        days = temporal.days_of(*map(int, parts)) if _whole(*parts) else None
        return None if days is None else Date(days)
    value = parts[0]
    if isinstance(value, str):
        return temporal.parse(value, "date")
    return value.date if isinstance(value, DateTime) else value


def _time(*parts):
    if len(parts) == 3:
        return _time_from_parts(*parts, None)
    value = parts[0]
    if isinstance(value, str):
        return temporal.parse(value, "time")
    if isinstance(value, Date):
        return Time(0, 0)
    return value.time if isinstance(value, DateTime) else value


def _time_from_parts(hour, minute, second, offset):
    if hour is None or minute is None or second is None or not _whole(hour, minute):
        return None
    nanos = second.scaleb(9)
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and _whole(nanos)):
        return None
    if offset is not None and (offset.nanos % SECOND or abs(offset.nanos) > 18 * 3600 * SECOND):
        return None
    whole = (int(hour) * 60 + int(minute)) * 60 * SECOND + int(nanos)
    return Time(whole, None if offset is None else offset.nanos // SECOND)


def _date_and_time(*parts):
    if len(parts) == 2:
        return DateTime(_date(parts[0]), parts[1])
    date = temporal.parse(parts[0], "date")
    return DateTime(date, Time(0)) if date else temporal.parse(parts[0], "dateTime")


def _duration(text: str):
    found = temporal.parse(text, "dayTimeDuration")
    return temporal.parse(text, "yearMonthDuration") if found is None else found


def _months_between(a, b):
    (first_year, first_month, first_day), (year, month, day) = _date(a).civil, _date(b).civil
    months = 12 * (year - first_year) + month - first_month
    if months > 0 and day < first_day:
        months -= 1
    elif months < 0 and day > first_day:
        months += 1
    return temporal.year_month(months)


_FUNCTIONS: dict[str, Callable] = {
    "abs": _magnitude,
    "floor": lambda a, scale=None: values.floor(a),
    "ceiling": _ceiling,
    "modulo": values.modulo,
    "sqrt": _square_root,
    "contains": lambda text, part: part in text,
    "starts with": lambda text, part: text.startswith(part),
    "ends with": lambda text, part: text.endswith(part),
    "matches": _matches,
    "string length": lambda text: Decimal(len(text)),
    # Letter by letter: no context, such as that of a sigma at the end of a word, counts.
    "upper case": lambda text: "".join(letter.upper() for letter in text),
    "lower case": lambda text: "".join(letter.lower() for letter in text),
    "substring": _substring,
    "date": _date,
    "time": _time,
    "date and time": _date_and_time,
    "duration": _duration,
    "years and months duration": _months_between,
}
