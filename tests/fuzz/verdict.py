"""What is right: a value that is taken means what was handed in, and a refusal is one sentence that names the setting.

Written without the code that it judges: numbers are read as exact fractions.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from rnnlab import config

ROWS = config.all_settings()

LONGEST_SENTENCE = 320
NOT_FOR_PEOPLE = re.compile(
    r"Traceback|\b\w+(Error|Exception|Warning)\b|object at 0x|InvalidSetting|0x[0-9a-f]{6}|codec|set_int_max_str"
)
QUOTED = re.compile(r"'.*'|\".*\"")
"""The given value may have any words."""

WRITTEN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

SMALLEST = Fraction(5e-324)


def check_sentence(sentence: str, name: str | None = None) -> None:
    """One sentence for a person: a capital, an end, one line, nothing of Python, the setting's name.

    Args:
        sentence: what is shown.
        name: the flat name of the setting that it is about; None where it is about something else.
    """
    assert sentence, "there is no sentence"
    ours = QUOTED.sub("it", sentence)
    assert sentence[0].isupper(), sentence
    assert sentence.endswith((".", "?")), sentence
    assert sentence.isprintable(), ascii(sentence)
    assert "  " not in ours, sentence
    assert len(sentence) <= LONGEST_SENTENCE, (len(sentence), sentence)
    assert not NOT_FOR_PEOPLE.search(ours), sentence
    if name is not None:
        assert names(sentence, name), f"{sentence!r} does not name {name}"


def names(sentence: str, name: str) -> bool:
    """Whether a sentence names a setting: by its flat name, its option or its label."""
    words = {name, name.replace("_", "-")} | ({ROWS[name][0].label} if name in ROWS else set())
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence, re.IGNORECASE) for word in words)


def check_meaning(name: str, came: Any, taken: Any) -> None:
    """An accepted setting has the right type and the meaning of the given value."""
    row, kind = ROWS[name]
    assert type(taken) is kind, (name, came, taken)
    if row.choices:
        assert taken in row.choices
    if kind is str:
        assert isinstance(came, str)
        assert taken == came
    elif kind is bool:
        assert str(came).strip().lower() in (("true", "1") if taken else ("false", "0")), (name, came, taken)
    else:
        check_number(came, taken)


def check_number(came: Any, taken: float) -> None:
    """A number that was taken is the one that came, or the nearest that a float can hold."""
    assert math.isfinite(taken)
    assert math.copysign(1, taken) > 0 or taken != 0, "minus zero is zero"
    assert not isinstance(came, bool | np.bool_ | bytes | bytearray), (came, taken)
    if isinstance(came, str):
        assert WRITTEN_NUMBER.fullmatch(came.strip()), f"{came!r} may mean another number"
    exact = _exact(came)
    if isinstance(taken, int):
        assert exact == taken, (came, taken)
    else:
        assert abs(exact - Fraction(taken)) <= max(abs(exact) / 2**52, SMALLEST), (came, taken)
        assert (exact == 0) == (taken == 0), (came, taken)


def _exact(came: Any) -> Fraction:
    if not isinstance(came, str):
        return Fraction(came) if not isinstance(came, np.generic) else Fraction(came.item())
    mantissa, _, exponent = came.strip().lower().partition("e")
    digits = Fraction(Decimal(mantissa))
    if not digits:
        return digits
    assert abs(int(exponent or 0)) < 10_000, f"{came!r} cannot be a finite number that is not 0"
    return digits * Fraction(10) ** int(exponent or 0)
