"""What a setting is: a dataclass field with a range, a help text and a source, checked in one place."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from numbers import Number, Real
from typing import Any, get_type_hints

from rnnlab.errors import LabError


class InvalidSetting(LabError):
    """A setting cannot be used. The message says what came, what is allowed and what to do.

    Attributes:
        name: the setting's flat name, such as `units`; empty when the settings contradict each other.
    """

    def __init__(self, name: str, message: str):
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Play:
    """The values that a class plays with: what a slider offers. Others can still be typed.

    Attributes:
        low, high: the ends.
        step: from one position to the next; 0 goes 1, 2, 5, 10 instead, for what is thought of in powers of ten.
    """

    low: float
    high: float
    step: float = 0.0

    @property
    def positions(self) -> tuple[float, ...]:
        """Every position, ascending; whole numbers where low and step are whole."""
        if self.step:
            return tuple(map(self._position, range(round((self.high - self.low) / self.step) + 1)))
        exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        found = [float(f"{digit}e{exponent}") for exponent in exponents for digit in (1, 2, 5)]
        return tuple(value for value in found if self.low <= value <= self.high)

    def nearest(self, value: float) -> float:
        """The position that is closest to a value, measured as the slider is marked."""
        within = min(max(self.low, value), self.high)
        if self.step:
            return self._position(round((within - self.low) / self.step))
        return min(self.positions, key=lambda position: abs(math.log(position / within)))

    def _position(self, number: int) -> float:
        position = self.low + number * self.step
        return position if isinstance(position, int) else round(position, 9)


@dataclass(frozen=True)
class Setting:
    """One row of the table: what a field may hold and what a person should know about it.

    Attributes:
        label, help, source: for people; the source is a paper or a formula.
        tf1: the names in TensorFlow 1, for people who come from there; "" for none.
        low, high: bounds that are allowed themselves; above, below: bounds that are not.
        choices: what a text may be, if not anything.
        pattern, example: a regular expression that a text must match, and how to say so.
        play: the range that a slider offers; None has no slider.
    """

    label: str
    help: str
    source: str = ""
    tf1: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""
    play: Play | None = None

    @property
    def tf1_line(self) -> str:
        """The one sentence that gives TensorFlow 1's names; "" if there are none."""
        return f"In TensorFlow 1: {self.tf1}." if self.tf1 else ""

    def range_text(self, kind: type) -> str:
        """The allowed values in words, such as `a whole number of at least 1`."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if kind is bool:
            return "true or false"
        if kind is str:
            return self.example or "text"
        noun = "a whole number" if kind is int else "a finite number"
        bounds = [
            f"{word} {_plain(value)}"
            for word, value in (
                ("of at least", self.low),
                ("above", self.above),
                ("of at most" if self.low is None and self.above is None else "and at most", self.high),
                ("below" if self.low is None and self.above is None else "and below", self.below),
            )
            if value is not None
        ]
        return " ".join([noun, *bounds])


def setting(default: Any, label: str, help: str, **limits: Any) -> Any:
    """Declare a dataclass field with its row of the table; `limits` are the other fields of `Setting`."""
    return field(default=default, metadata={"setting": Setting(label, help, **limits)})


class Section:
    """A group of settings that checks each of its own fields when it is made."""

    def __post_init__(self) -> None:
        for name, row, kind in settings_of(type(self)):
            object.__setattr__(self, name, check(name, row, kind, getattr(self, name)))


def settings_of(section: Any) -> tuple[tuple[str, Setting, type], ...]:
    """The rows of one section class: (field name, row, type), in the order of declaration."""
    return _rows(section)


@cache  # reading type hints takes longer than all checks together
def _rows(section: type) -> tuple[tuple[str, Setting, type], ...]:
    hints = get_type_hints(section)
    return tuple(
        (f.name, f.metadata["setting"], hints[f.name]) for f in dataclasses.fields(section) if "setting" in f.metadata
    )


def check(name: str, row: Setting, kind: type, value: Any) -> Any:
    """The value in its declared type, if the row allows it.

    Text is accepted for every type, so that a URL, a command line and a typed field meet the same check as a number.

    Raises:
        InvalidSetting: with what came, what is allowed and what to do.
    """
    converted = _convert(kind, value)
    if converted is None or not _within(row, kind, converted):
        raise InvalidSetting(
            name, f"{row.label} ({name}) was {shown(value)}, but must be {row.range_text(kind)}; please change it."
        )
    return converted


WRITTEN = {
    int: re.compile(r"[+-]?\d+(e\+?\d+)?", re.ASCII | re.IGNORECASE),
    float: re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE),
}
"""How a number may be written. `10.000` is no whole number: some write ten thousand so."""

SWITCHES = {"true": True, "false": False, "1": True, "0": False}
"""How a truth value may be written."""

MOST_SHOWN = 40
"""Characters of a value in a sentence."""


def _convert(kind: type, value: Any) -> Any:
    """`value` as `kind`, or None where it is not one."""
    if kind is bool:
        return _truth(value)
    if kind is str:
        return str.__str__(value) if isinstance(value, str) else None
    if not _is_number(kind, value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(number) or (number == 0 and not _is_zero(value)):
        return None
    if kind is float:
        return number + 0.0  # -0.0 is equal to 0.0 and would be written otherwise.
    whole = int(number)
    return whole if whole == (number if isinstance(value, str) else value) else None


def _truth(value: Any) -> bool | None:
    try:
        return SWITCHES.get(str(value).strip().lower())
    except Exception:  # such as a whole number of more digits than Python writes out
        return None


def _is_number(kind: type, value: Any) -> bool:
    """Whether `value` is a number or is written as one. A truth value is none, and neither are bytes."""
    if isinstance(value, str):
        return WRITTEN[kind].fullmatch(value.strip()) is not None
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def _is_zero(value: Any) -> bool:
    """Whether a number that a float holds as 0 is 0, rather than too small for a float, such as `1e-400`."""
    if isinstance(value, str):
        return not re.search("[1-9]", value.lower().partition("e")[0])
    return value == 0


def _within(row: Setting, kind: type, value: Any) -> bool:
    if row.choices:
        return value in row.choices
    if kind is str:
        return not row.pattern or re.fullmatch(row.pattern, value) is not None
    if kind is bool:
        return True
    return (
        (row.low is None or value >= row.low)
        and (row.high is None or value <= row.high)
        and (row.above is None or value > row.above)
        and (row.below is None or value < row.below)
    )


def shown(value: Any) -> str:
    """What came, short enough for a sentence even when somebody pasted a book."""
    if not isinstance(value, str | bytes | Number | list | tuple | dict | None):
        return f"a value of type {type(value).__name__}"
    try:
        text = repr(str.__str__(value)) if isinstance(value, str) else str(value)
    except Exception:  # what is in a list may write itself as it likes, or not at all
        # Python refuses to write out whole numbers of more than 4,300 digits.
        return "a number of thousands of digits" if isinstance(value, int) else f"a long {type(value).__name__}"
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."


def counted(number: int, noun: str) -> str:
    """A number with its noun, such as `1 layer` and `2,000 layers`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _plain(number: float) -> str:
    """A bound as a person writes it: `1,000,000`, `0.5`."""
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"
