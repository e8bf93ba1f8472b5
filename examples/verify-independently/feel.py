"""The part of FEEL (DMN 1.5, chapter 10) that "Expressions" in README.md lists, parsed.

An expression is a tuple: its kind, then its parts."""

import re

import temporal
from checking import Failed, NotChecked

FUNCTIONS = {
    # Each with the names of its parameters, for calls that name them.
    "abs": ["n"],
    "floor": ["n", "scale"],
    "ceiling": ["n", "scale"],
    "round up": ["n", "scale"],
    "round down": ["n", "scale"],
    "round half up": ["n", "scale"],
    "round half down": ["n", "scale"],
    "round half even": ["n", "scale"],
    "decimal": ["n", "scale"],
    "modulo": ["dividend", "divisor"],
    "sqrt": ["number"],
    "min": [],
    "max": [],
    "sum": [],
    "count": [],
    "contains": ["string", "match"],
    "starts with": ["string", "match"],
    "ends with": ["string", "match"],
    "matches": ["input", "pattern", "flags"],
    "string length": ["string"],
    "upper case": ["string"],
    "lower case": ["string"],
    "substring": ["string", "start position", "length"],
    "date": ["from"],
    "time": ["from"],
    "date and time": ["from"],
    "duration": ["from"],
    "years and months duration": ["from", "to"],
}
# The other parameters of functions that are built from parts.
PARTS = {
    "date": ["year", "month", "day"],
    "time": ["hour", "minute", "second", "offset"],
    "date and time": ["date", "time"],
}
AGGREGATES = {"min", "max", "sum", "count"}
PROPERTIES = {
    "year",
    "month",
    "day",
    "weekday",
    "hour",
    "minute",
    "second",
    "time offset",
    "timezone",
    "years",
    "months",
    "days",
    "hours",
    "minutes",
    "seconds",
}
RESERVED = {
    "and",
    "or",
    "not",
    "in",
    "between",
    "if",
    "then",
    "else",
    "true",
    "false",
    "null",
}
COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}

_SPACE = r"[\s\u180e\u200b\ufeff]"
_BLANK = re.compile(rf"(?:{_SPACE}|//[^\n\r]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\\n\r\v\f]|\\.)*)"')
_SYMBOL = re.compile(r"\*\*|\.\.|!=|<=|>=|[-+*/=<>()\[\],.:]")
_WORD = re.compile(r"\w+")
_ESCAPE = re.compile(r"\\(u[dD][89abAB]\w\w\\u\w{4}|u\w{4}|U\w{6}|.)")


def _name_pattern(name: str) -> re.Pattern:
    text = rf"{_SPACE}+".join(re.escape(word) for word in name.split())
    return re.compile(text + (r"(?!\w)" if re.match(r"\w", name[-1]) else ""))


_BUILTIN_PATTERNS = {name: _name_pattern(name) for name in FUNCTIONS}


class Scope:
    """The names that expressions of a rule set may use; the longest that fits counts."""

    def __init__(self, names: list[str]) -> None:
        self.patterns = {name: _name_pattern(name) for name in names if name not in RESERVED}

    def longest(self, text: str, at: int, patterns: dict | None = None) -> tuple[int, str]:
        """The end and the name of the longest name at a place; (0, "") for none."""
        table = self.patterns if patterns is None else patterns
        found = [(m.end(), name) for name, p in table.items() if (m := p.match(text, at))]
        return max(found, default=(0, ""))


def _unescape(match: re.Match) -> str:
    code = match[1]
    plain = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
    if code in plain:
        return plain[code]
    if "\\" in code:
        high, low = int(code[1:5], 16), int(code[7:], 16)
        return chr(0x10000 + (high - 0xD800 << 10) + low - 0xDC00)
    if code[0] in "uU" and len(code) > 1:
        return chr(int(code[1:], 16))
    raise Failed(f"unknown escape in a FEEL string: {match[0]}")


def _tokens(text: str, scope: Scope) -> list[tuple[str, object]]:
    tokens, at = [], 0
    while True:
        at = _BLANK.match(text, at).end()
        if at == len(text):
            return tokens + [("end", "")]
        kind, value, at = _token(text, at, scope)
        tokens.append((kind, value))


def _token(text: str, at: int, scope: Scope) -> tuple[str, object, int]:
    if match := _NUMBER.match(text, at):
        return "number", match[0], match.end()
    if match := _STRING.match(text, at):
        return "string", _ESCAPE.sub(_unescape, match[1]), match.end()
    if text[at] == "@":
        kind, value, end = _token(text, _BLANK.match(text, at + 1).end(), scope)
        if kind != "string":
            raise Failed("expected a string behind @")
        return "temporal", value, end
    end, name = scope.longest(text, at)
    call_end, function = scope.longest(text, at, _BUILTIN_PATTERNS)
    if function and call_end >= end and text[_BLANK.match(text, call_end).end() :][:1] == "(":
        return "function", function, call_end
    if name:
        return "name", name, end
    if match := _SYMBOL.match(text, at):
        return "symbol", match[0], match.end()
    if match := _WORD.match(text, at):
        return "word", match[0], match.end()
    raise Failed(f"no FEEL: {text[at : at + 20]}")


def parse_expression(text: str, scope: Scope):
    """An expression of `on`, `derived` or `set`."""
    parser = _Parser(_tokens(text, scope))
    result = parser.expression()
    parser.expect_end()
    return result


def parse_tests(text: str, scope: Scope):
    """The unary tests of `is`: ("tests", negated, [test])."""
    tokens = _tokens(text, scope)
    if tokens[0] == ("symbol", "-") and tokens[1][0] == "end":
        return ("tests", False, [("any",)])
    if tokens[:2] == [("word", "not"), ("symbol", "(")] and tokens[-2] == ("symbol", ")"):
        parser = _Parser(tokens[2:-2] + tokens[-1:])
        tests = parser.tests()
        parser.expect_end()
        return ("tests", True, tests)
    parser = _Parser(tokens)
    tests = parser.tests()
    parser.expect_end()
    return ("tests", False, tests)


class _Parser:
    """By precedence: or, and, comparison, sum, product, power, sign. All but signs group to the
    left; comparisons don't chain."""

    def __init__(self, tokens: list) -> None:
        self.rest = tokens
        self.at = 0

    @property
    def token(self):
        return self.rest[self.at]

    def accept(self, *tokens) -> bool:
        if self.token in tokens:
            self.at += 1
            return True
        return False

    def symbol(self, text: str) -> None:
        if not self.accept(("symbol", text)):
            raise Failed(f"expected {text} in an expression, found {self.token[1]}")

    def word(self, text: str) -> None:
        if not self.accept(("word", text)):
            raise Failed(f"expected {text} in an expression, found {self.token[1]}")

    def expect_end(self) -> None:
        if self.token[0] != "end":
            raise NotChecked(f"an expression has a part that isn't known here: {self.token[1]}")

    def expression(self):
        left = self.conjunction()
        while self.accept(("word", "or")):
            left = ("or", left, self.conjunction())
        return left

    def conjunction(self):
        left = self.comparison()
        while self.accept(("word", "and")):
            left = ("and", left, self.comparison())
        return left

    def comparison(self):
        left = self.sum()
        if self.token[0] == "symbol" and self.token[1] in COMPARISONS:
            operator = self.token[1]
            self.at += 1
            return ("compare", operator, left, self.sum())
        if self.accept(("word", "between")):
            low = self.sum()
            self.word("and")
            return ("in", left, [("interval", True, low, self.sum(), True)])
        if self.accept(("word", "in")):
            return ("in", left, self.tests_behind_in())
        return left

    def sum(self):
        return self.left_grouped(self.product, "+", "-")

    def product(self):
        return self.left_grouped(self.power, "*", "/")

    def power(self):
        return self.left_grouped(self.sign, "**")

    def left_grouped(self, operand, *operators):
        left = operand()
        while self.token[0] == "symbol" and self.token[1] in operators:
            operator = self.token[1]
            self.at += 1
            left = ("arithmetic", operator, left, operand())
        return left

    def sign(self):
        if self.accept(("symbol", "-")):
            return ("negate", self.sign())
        value = self.operand()
        while self.accept(("symbol", ".")):
            value = ("property", value, self.property_name())
        return value

    def property_name(self) -> str:
        kind, name = self.token
        self.at += 1
        if name == "time" and self.accept(("word", "offset")):
            name = "time offset"
        if kind == "symbol" or name not in PROPERTIES:
            raise Failed(f"unknown property {name}")
        return name

    def operand(self):
        kind, value = self.token
        self.at += 1
        if kind in ("number", "string", "name"):
            return (kind, value)
        if kind == "temporal":
            return ("constant", temporal_literal(value))
        if kind == "function":
            return self.call(value)
        if (kind, value) == ("symbol", "("):
            inner = self.expression()
            self.symbol(")")
            return inner
        if kind == "word" and value in ("true", "false", "null"):
            return ("constant", {"true": True, "false": False, "null": None}[value])
        if (kind, value) == ("word", "not"):
            self.symbol("(")
            inner = self.expression()
            self.symbol(")")
            return ("not", inner)
        if (kind, value) == ("word", "if"):
            condition = self.expression()
            self.word("then")
            then = self.expression()
            self.word("else")
            return ("if", condition, then, self.expression())
        raise NotChecked(f"an expression has a part that isn't known here: {value}")

    def call(self, function: str):
        self.symbol("(")
        arguments, names = [], []
        while not self.accept(("symbol", ")")):
            names.append(self.argument_name())
            if function in AGGREGATES and self.accept(("symbol", "[")):
                while not self.accept(("symbol", "]")):
                    arguments.append(self.expression())
                    self.accept(("symbol", ","))
            else:
                arguments.append(self.expression())
            self.accept(("symbol", ","))
        if not any(names):
            return ("call", function, arguments)
        parameters = FUNCTIONS[function]
        if names[0] not in parameters:
            parameters = PARTS.get(function, parameters)
        ordered = sorted(zip(names, arguments), key=lambda item: parameters.index(item[0]))
        return ("call", function, [argument for _, argument in ordered])

    def argument_name(self) -> str | None:
        end = self.at
        while self.rest[end][0] in ("word", "name", "function"):
            end += 1
        if end == self.at or self.rest[end] != ("symbol", ":"):
            return None
        name = " ".join(str(value) for _, value in self.rest[self.at : end])
        self.at = end + 1
        return name

    def tests(self) -> list:
        found = self.test()
        while self.accept(("symbol", ",")):
            found += self.test()
        return found

    def test(self) -> list:
        kind, value = self.token
        if kind == "symbol" and value in COMPARISONS:
            self.at += 1
            return [("comparison", value, self.sum())]
        if kind == "symbol" and value in ("[", "]"):
            self.at += 1
            first = self.expression()
            if self.token == ("symbol", ".."):
                return [self.interval(value == "[", first)]
            found = [("equal", first)]
            while self.accept(("symbol", ",")):
                found.append(("equal", self.expression()))
            self.symbol("]")
            return found
        start = self.at
        if self.accept(("symbol", "(")):
            low = self.expression()
            if self.token == ("symbol", ".."):
                return [self.interval(False, low)]
            self.at = start
        return [("equal", self.expression())]

    def interval(self, is_low_closed: bool, low):
        self.symbol("..")
        high = self.sum()
        is_high_closed = self.token == ("symbol", "]")
        if not self.accept(("symbol", "]"), ("symbol", ")"), ("symbol", "[")):
            raise Failed("an interval isn't closed")
        return ("interval", is_low_closed, low, high, is_high_closed)

    def tests_behind_in(self) -> list:
        start = self.at
        if self.accept(("symbol", "(")):
            tests = self.tests()
            if self.accept(("symbol", ")")):
                return tests
            self.at = start
        kind, value = self.token
        if kind == "symbol" and (value in COMPARISONS or value in ("[", "]", "(")):
            return self.test()
        return [("equal", self.sum())]


def temporal_literal(text: str):
    """The value of @"…": a date, dateTime, time or duration."""
    for kind in ("date", "dateTime", "time", "dayTimeDuration", "yearMonthDuration"):
        value = temporal.parse(text, kind)
        if value is not None:
            return value
    raise Failed(f"{text} is no date, time or duration")
