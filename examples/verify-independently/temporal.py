"""Dates, times and durations, by "Values" in Sources/RuleProgram/ByteFormat/FORMAT.md."""

import re
from dataclasses import dataclass

SECOND = 10**9
DAY = 86_400 * SECOND
MAX_YEAR = 999_999_999
MAX_OFFSET = 18 * 3600


def days_of(year: int, month: int, day: int) -> int | None:
    """The days since 1970-01-01 of a proleptic Gregorian date; None where there is no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return None
    # Years that begin in March put the leap day at their end.
    shifted = year - (month <= 2)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + day_of_year - 719_468


def month_length(year: int, month: int) -> int:
    """The number of days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@dataclass(frozen=True)
class Date:
    days: int

    @property
    def civil(self) -> tuple[int, int, int]:
        """Year, month, day."""
        era, rest = divmod(self.days + 719_468, 146_097)
        year_of_era = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
        day_of_year = rest - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
        month = (5 * day_of_year + 2) // 153
        day = day_of_year - (153 * month + 2) // 5 + 1
        month = month + 3 if month < 10 else month - 9
        return era * 400 + year_of_era + (month <= 2), month, day

    @property
    def measure(self) -> int:
        return self.days

    def __str__(self) -> str:
        year, month, day = self.civil
        return f"{'-' * (year < 0)}{abs(year):04}-{month:02}-{day:02}"


def date_from_days(days: int) -> Date | None:
    """The date; None outside of the years that there are."""
    found = Date(days)
    return found if abs(found.civil[0]) <= MAX_YEAR else None


@dataclass(frozen=True)
class Time:
    nanos: int
    offset: int | None = None

    @property
    def measure(self) -> int:
        return self.nanos - (self.offset or 0) * SECOND

    def __str__(self) -> str:
        seconds, nanos = divmod(self.nanos, SECOND)
        text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        if nanos:
            text += "." + f"{nanos:09}".rstrip("0")
        return text + _offset_text(self.offset)


def _offset_text(offset: int | None) -> str:
    if not offset:
        return "" if offset is None else "Z"
    rest = abs(offset)
    text = f"{'-' if offset < 0 else '+'}{rest // 3600:02}:{rest // 60 % 60:02}"
    return text + (f":{rest % 60:02}" if rest % 60 else "")


@dataclass(frozen=True)
class DateTime:
    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        return self.time.offset

    @property
    def local(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00, whatever the offset."""
        return self.date.days * DAY + self.time.nanos

    @property
    def measure(self) -> int:
        return self.date.days * DAY + self.time.measure

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def date_time(local: int, offset: int | None) -> DateTime | None:
    """The dateTime at a local moment; None outside of the years."""
    days, nanos = divmod(local, DAY)
    date = date_from_days(days)
    return date and DateTime(date, Time(nanos, offset))


@dataclass(frozen=True)
class DayTime:
    """A dayTimeDuration."""

    nanos: int

    @property
    def measure(self) -> int:
        return self.nanos

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), DAY)
        seconds, nanos = divmod(rest, SECOND)
        fraction = "." + f"{nanos:09}".rstrip("0") if nanos else ""
        text = f"{days}D" if days else ""
        if rest:
            hours, minutes, last = seconds // 3600, seconds // 60 % 60, seconds % 60
            text += "T" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
            text += f"{last}{fraction}S" if last or nanos else ""
        return "-" * (self.nanos < 0) + "P" + (text or "T0S")


def day_time(nanos: int) -> DayTime | None:
    """The duration; None where its seconds don't fit into 64 bits."""
    return DayTime(nanos) if -(2**63) <= nanos // SECOND < 2**63 else None


@dataclass(frozen=True)
class YearMonth:
    """A yearMonthDuration."""

    months: int

    @property
    def measure(self) -> int:
        return self.months

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return "-" * (self.months < 0) + "P" + (text or "0M")


def year_month(months: int) -> YearMonth | None:
    """The duration; None where it doesn't fit into 64 bits."""
    return YearMonth(months) if -(2**63) <= months < 2**63 else None


_DATE = r"(?P<year>-?(?:[1-9]\d{4,}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?P<offset>Z|[+-]\d\d:\d\d(?::\d\d)?)?"
)
_DAY_TIME = (
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<days>\d{1,18})D)?(?:T(?=\d)(?:(?P<hours>\d{1,18})H)?"
    r"(?:(?P<minutes>\d{1,18})M)?(?:(?P<seconds>\d{1,18})(?:\.(?P<fraction>\d*))?S)?)?"
)
_YEAR_MONTH = r"(?P<sign>-?)P(?=\d)(?:(?P<years>\d{1,18})Y)?(?:(?P<months>\d{1,18})M)?"
_PATTERNS = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in [
        ("date", _DATE),
        ("time", _TIME),
        ("dateTime", _DATE + "T" + _TIME),
        ("dayTimeDuration", _DAY_TIME),
        ("yearMonthDuration", _YEAR_MONTH),
    ]
}


def parse(text: str, kind: str):
    """The value of the type `kind` that a text says; None where it says none."""
    match = _PATTERNS[kind].fullmatch(text)
    if not match:
        return None
    part = match.groupdict()
    if kind == "date":
        return _date(part)
    if kind == "time":
        return _time(part)
    if kind == "dateTime":
        return _date_time(part)
    sign = -1 if part["sign"] else 1
    if kind == "yearMonthDuration":
        return year_month(sign * (int(part["years"] or 0) * 12 + int(part["months"] or 0)))
    nanos = _nanos(part["fraction"])
    if nanos is None:
        return None
    minutes = (int(part["days"] or 0) * 24 + int(part["hours"] or 0)) * 60
    seconds = (minutes + int(part["minutes"] or 0)) * 60 + int(part["seconds"] or 0)
    return day_time(sign * (seconds * SECOND + nanos))


def _date(part: dict) -> Date | None:
    days = days_of(int(part["year"]), int(part["month"]), int(part["day"]))
    return None if days is None else Date(days)


def _nanos(fraction: str | None) -> int | None:
    digits = (fraction or "").ljust(9, "0")
    return None if digits[9:].strip("0") else int(digits[:9])


def _time(part: dict) -> Time | None:
    hour, minute, second = int(part["hour"]), int(part["minute"]), int(part["second"])
    nanos, offset = _nanos(part["fraction"]), None
    if hour > 23 or minute > 59 or second > 59 or nanos is None:
        return None
    if part["offset"]:
        fields = [int(field) for field in part["offset"].strip("Z+-").split(":") if field]
        hours, minutes, seconds = (fields + [0, 0, 0])[:3]
        offset = (hours * 60 + minutes) * 60 + seconds
        if minutes > 59 or seconds > 59 or offset > MAX_OFFSET:
            return None
        offset = -offset if part["offset"][0] == "-" else offset
    return Time(((hour * 60 + minute) * 60 + second) * SECOND + nanos, offset)


def _date_time(part: dict) -> DateTime | None:
    date = _date(part)
    is_midnight = part["hour"] == "24"
    time = _time({**part, "hour": "00"} if is_midnight else part)
    if not date or not time or (is_midnight and time.nanos):
        return None
    return date_time((date.days + is_midnight) * DAY + time.nanos, time.offset)
