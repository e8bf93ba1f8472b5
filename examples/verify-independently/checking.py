"""The checks and what came of them: one line each, and an exit code that hides nothing."""

from typing import Callable, TypeVar

T = TypeVar("T")


class Failed(Exception):
    """The bundle contradicts itself, its signature or the rules."""


class NotChecked(Exception):
    """Nothing is known to be wrong, but this verifier could not look."""


class Report:
    """Runs checks and prints a line for each."""

    def __init__(self) -> None:
        self.failed = 0
        self.not_checked = 0

    def check(self, what: str, look: Callable[[], T]) -> T | None:
        """Runs `look`, which raises Failed or NotChecked; gives what it gives, or None."""
        try:
            found = look()
        except NotChecked as reason:
            self.not_checked += 1
            print(f"NOT CHECKED  {what}: {visible(reason)}")
            return None
        except Exception as error:  # A bundle is untrusted: whatever it breaks is a failed check.
            self.failed += 1
            reason = error if isinstance(error, Failed) else f"it can't be read: {error!r}"
            print(f"FAILED       {what}: {visible(reason)}")
            return None
        print(f"ok           {what}")
        return found

    def exit_code(self) -> int:
        """0: all checked and right; 1: something is wrong; 3: something was not checked."""
        return 1 if self.failed else 3 if self.not_checked else 0


def visible(text: object) -> str:
    """`text` on one line, with what a terminal would obey or hide escaped."""
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):X}}}" for c in str(text))


def expect(condition: bool, reason: str) -> None:
    """Raises Failed unless `condition` holds."""
    if not condition:
        raise Failed(reason)
