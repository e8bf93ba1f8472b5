"""Values of the rules' types: read, written, ordered, added, multiplied. By "Values",
"Operations" and "Arithmetic and texts" in Sources/RuleProgram/ByteFormat/FORMAT.md.

A number is a Decimal, a string a str, a boolean a bool; None is null."""

import re
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    setcontext,
)
from fractions import Fraction

import canonical_json
import temporal
from temporal import SECOND, Date, DateTime, DayTime, Time, YearMonth

# IEEE 754 decimal128, and arithmetic that is exact for whatever comes from it.
DECIMAL128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1, traps=[])
EXACT = Context(prec=30_000, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
# For what operators such as `-a` do; Python's own default has 28 digits.
setcontext(DECIMAL128)

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
CLASSES = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    Time: "time",
    DateTime: "dateTime",
    DayTime: "dayTimeDuration",
    YearMonth: "yearMonthDuration",
}


def rounded(number: Decimal) -> Decimal | None:
    """The exact `number` as decimal128 holds it; None beyond the largest."""
    result = DECIMAL128.plus(number)
    return result + 0 if result.is_finite() else None


def parse_number(text: str) -> Decimal | None:
    """The number that a text says."""
    return rounded(DECIMAL128.create_decimal(text)) if _NUMBER.fullmatch(text) else None


def parse(text: str, kind: str):
    """The value of the type `kind` that a text says; None where it says none."""
    if kind == "number":
        return parse_number(text)
    if kind == "string":
        return text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    return temporal.parse(text, kind)


def kind_of(value) -> str:
    """The name of a value's type."""
    return CLASSES[type(value)]


def number_text(number: Decimal) -> str:
    """A number as explanations and, where a double can't hold it, records write it."""
    sign, digits, exponent = number.normalize(EXACT).as_tuple()
    if not number:
        return "0"
    digits, minus = "".join(map(str, digits)), "-" * sign
    point = len(digits) + exponent
    if exponent >= 0 and point <= 40:
        return minus + digits + "0" * exponent
    if exponent < 0 < point:
        return f"{minus}{digits[:point]}.{digits[point:]}"
    if -38 <= exponent < 0:
        return f"{minus}0.{'0' * -point}{digits}"
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{tail}E{'+' if point > 0 else ''}{point - 1}"


def text(value) -> str:
    """A value's text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, Decimal) else str(value)


def to_json(value):
    """A value as entries and responses hold it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return canonical_json.exact_number(value, number_text(value))
    return str(value)


def order(a, b) -> int | None:
    """Below 0, 0 or above 0 as `a` is less, equal or greater; None where the two have no order."""
    if a is None or b is None or isinstance(a, bool) or type(a) is not type(b):
        return None
    if isinstance(a, str):
        a, b = a.encode("utf-8"), b.encode("utf-8")
    elif isinstance(a, (Time, DateTime)):
        if (a.offset is None) != (b.offset is None):
            return None
        a, b = a.measure, b.measure
    elif not isinstance(a, Decimal):
        a, b = a.measure, b.measure
    return (a > b) - (a < b)


def equal(a, b) -> bool | None:
    """Whether two values are equal; None where that can't be said."""
    if a is None or b is None:
        return a is b
    if isinstance(a, bool) and isinstance(b, bool):
        return a == b
    found = order(a, b)
    return None if found is None else found == 0


# Arithmetic


def negated(a):
    """-a, of a number or duration."""
    if isinstance(a, Decimal):
        return rounded(-a)
    if isinstance(a, DayTime):
        return temporal.day_time(-a.nanos)
    return temporal.year_month(-a.months) if isinstance(a, YearMonth) else None


def add(a, b):
    """a + b."""
    match a, b:
        case Decimal(), Decimal():
            return rounded(EXACT.add(a, b)) if _is_near(a, b) else rounded(DECIMAL128.add(a, b))
        case str(), str():
            return a + b
        case DayTime(), DayTime():
            return temporal.day_time(a.nanos + b.nanos)
        case YearMonth(), YearMonth():
            return temporal.year_month(a.months + b.months)
        case ((DayTime() | YearMonth()), (Date() | Time() | DateTime())):
            return add(b, a)
        case Date(), DayTime():
            return temporal.date_from_days((a.days * temporal.DAY + b.nanos) // temporal.DAY)
        case DateTime(), DayTime():
            return temporal.date_time(a.local + b.nanos, a.offset)
        case Time(), DayTime():
            return Time((a.nanos + b.nanos) % temporal.DAY, a.offset)
        case Date(), YearMonth():
            return _months_later(a, b.months)
        case DateTime(), YearMonth():
            date = _months_later(a.date, b.months)
            return date and DateTime(date, a.time)
    return None


def _is_near(a: Decimal, b: Decimal) -> bool:
    return abs(a.adjusted() - b.adjusted()) < 10_000


def _months_later(date: Date, months: int) -> Date | None:
    year, month, day = date.civil
    year, month = divmod(year * 12 + month - 1 + months, 12)
    last = temporal.month_length(year, month + 1)
    days = temporal.days_of(year, month + 1, min(day, last))
    return None if days is None else Date(days)


def subtract(a, b):
    """a - b."""
    match a, b:
        case (Date(), Date()):
            return temporal.day_time((a.days - b.days) * temporal.DAY)
        case (DateTime(), DateTime()) | (Time(), Time()):
            if (a.offset is None) != (b.offset is None):
                return None
            return temporal.day_time(a.measure - b.measure)
        case (Date(), DateTime()):
            if b.offset is None:
                return None
            return temporal.day_time(a.days * temporal.DAY - b.measure)
        case (DateTime(), Date()):
            if a.offset is None:
                return None
            return temporal.day_time(a.measure - b.days * temporal.DAY)
        case (Decimal(), Decimal()):
            return add(a, -b)
        case _, DayTime():
            return add(a, DayTime(-b.nanos))
        case _, YearMonth():
            return add(a, YearMonth(-b.months))
    return None


def multiply(a, b):
    """a * b."""
    match a, b:
        case Decimal(), Decimal():
            return rounded(DECIMAL128.multiply(a, b))
        case Decimal(), (DayTime() | YearMonth()):
            return multiply(b, a)
        case ((DayTime() | YearMonth()), Decimal()):
            return _scaled(a, DECIMAL128.multiply(_amount(a), b))
    return None


def divide(a, b):
    """a / b; None where b is zero."""
    match a, b:
        case Decimal(), Decimal():
            return rounded(DECIMAL128.divide(a, b)) if b else None
        case ((DayTime() | YearMonth()), Decimal()):
            return _scaled(a, DECIMAL128.divide(_amount(a), b)) if b else None
        case (DayTime(), DayTime()) | (YearMonth(), YearMonth()):
            return rounded(DECIMAL128.divide(_amount(a), _amount(b))) if b.measure else None
    return None


def _amount(duration: DayTime | YearMonth) -> Decimal:
    """Seconds or months, exactly."""
    if isinstance(duration, YearMonth):
        return Decimal(duration.months)
    return EXACT.divide(Decimal(duration.nanos), Decimal(SECOND))


def _scaled(like: DayTime | YearMonth, amount: Decimal):
    if not amount.is_finite():
        return None
    if isinstance(like, YearMonth):
        return temporal.year_month(int(amount.to_integral_value(ROUND_DOWN)))
    nanos = EXACT.multiply(amount, Decimal(SECOND)).to_integral_value(ROUND_HALF_EVEN)
    return temporal.day_time(int(nanos))


def power(a: Decimal, b: Decimal) -> Decimal | None:
    """a to the whole b, rounded once."""
    if b != b.to_integral_value() or abs(b) > 999_999_999:
        return None
    if not b:
        return Decimal(1)
    if not a:
        return Decimal(0) if b > 0 else None
    wide = Context(prec=200, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
    return rounded(wide.power(a, b))


def modulo(a: Decimal, b: Decimal) -> Decimal | None:
    """a - b * floor(a / b), exact, then rounded once."""
    if not b:
        return None
    left, right = Fraction(a), Fraction(b)
    rest = left - right * (left // right)
    return rounded(DECIMAL128.divide(Decimal(rest.numerator), Decimal(rest.denominator)))


def round_to(number: Decimal, digits: Decimal, rounding: str) -> Decimal | None:
    """`number` with so many digits after the point."""
    if digits != digits.to_integral_value() or not -6111 <= digits <= 6176:
        return None
    places = int(digits)
    if -number.as_tuple().exponent <= places:
        return number
    return rounded(number.quantize(Decimal((0, (1,), -places)), rounding, EXACT))


def floor(number: Decimal) -> Decimal | None:
    """The greatest whole number not above it."""
    return rounded(number.to_integral_value(ROUND_FLOOR))
