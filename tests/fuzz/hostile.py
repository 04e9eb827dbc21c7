"""What people, programs and attackers may hand in as a setting: strategies for hypothesis."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from rnnlab import config
from rnnlab.presets import PRESETS
from tests.support.strange import Unwritable, nested_list

ROWS = config.all_settings()
NAMES = sorted(ROWS)
CHOICES = sorted({choice for row, _ in ROWS.values() for choice in row.choices} | {*PRESETS, *config.DATA_KINDS})

NUMBERS_AS_TEXT = [
    *("0", "1", "-1", "2", "7", "10", "64", "300", "1e3", "1E+2", " 7 ", "+5", "007", "0.5", ".5", "5.", "1e-3"),
    *("-0.0", "1e400", "-1e400", "1e-400", "5e-324", "1e-46", "nan", "inf", "-inf", "Infinity", "0x10", "0b1", "0o7"),
    *("1_000", "1,000", "10.000", "1 000", "1'000", "1e", "e5", "--5", "+-3", "1e+", "1e5.0", "٣", "３", "²", "½"),
    *("1\u00a0000", "\u00a05", "5\u2009", "1\u0000", "\x1f7", "7\n", "1e9999999999", "0." + "0" * 400 + "1"),
    *("9" * 5000, "0" * 5000 + "5", "1" + "0" * 400, "0.99999999999999999999", "1.00000000000000000000001"),
    *("9007199254740993", "1j", "Ⅷ", "1٫5"),
]

TEXTS = [
    *("", " ", "\t", "\n", "\r\n", "\u3000", "\u200b", "\u2060", "\ufeff", "\0", "a\0b", "\x1b[2J", "\x07", "\x7f"),
    *("\u202eevil\u202c", "\u2066x", "\u2028", "\u0085", "\ud800", "\udcff", "x\udfff", "\U000e0001", "\U0010ffff"),
    *("true", "True", "FALSE", "yes", "no", "on", "off", "none", "None", "null", "[]", "{}", "[1]", "()", "1,2"),
    *("64, 32", "<script>alert(1)</script>", "<b>", "&amp;", "**bold**", "[a](http://x.example)", "![a](x.png)"),
    *(":red[x]", "$x$", "`code`", "%s %d %(x)s", "{0} {name}", "../../etc/passwd", "'; DROP TABLE runs; --"),
    *("\\", "\\n", "%00", "-", "--", "--units", "-h", "--help", "=", "a=b", "-12345678901", "@file", "units", "sine "),
    *("SINE", "Traceback (most recent call last):", "ValueError", "x" * 41, "é" * 100, "\U000e0001" * 60, "x" * 99_999),
    *(" " * 3000, ",".join(["7"] * 64), "1," * 2000, "0" * 64, "f" * 64, "F" * 64, "999999999999", "1000000000000"),
]


class Spoken:
    """Something that writes itself as a person must not see it."""

    def __str__(self) -> str:
        return "one\x1b[2J\ntwo\u202e"


OBJECTS = [
    *(None, True, False, [], {}, (), set(), [1], {"units": 3}, (2,), b"5", b"sine", bytearray(b"7"), object(), len),
    *(int, 0, 1, -1, 2, 10**12, 10**12 + 1, 2**31 - 1, 2**31, 2**53 + 1, 10**400, -(10**400), 10**5000, complex(1, 1)),
    *(0.0, -0.0, 0.5, 1.0, 4.0, math.inf, -math.inf, math.nan, 5e-324, 1e308, Decimal("0.1"), Decimal("NaN")),
    *(Decimal("5.00000000000000000001"), Decimal("1e400"), Fraction(1, 3), Fraction(4), Fraction(10**25 + 1, 10**24)),
    *(np.float32(0.1), np.float64(0.5), np.float16(2), np.float64("nan"), np.int64(5), np.int8(-1)),
    *(np.uint64(2**64 - 1),),
    *(np.bool_(True), np.bool_(False), np.str_("sine"), np.str_("5"), np.bytes_(b"5"), np.array(5), np.array([5])),
    *(np.array([]), np.datetime64("2020-01-01"), np.timedelta64(5, "s"), np.complex64(1), np.ma.masked),
    *(nested_list(50), nested_list(970), nested_list(100_000), Unwritable(), Spoken(), range(3), ...),
    *("sine".encode, NotImplemented),
]


def near_bounds(name: str) -> st.SearchStrategy:
    """Numbers on and beside the bounds of a setting, as numbers and as texts; its choices; widths."""
    row, kind = ROWS[name]
    if row.choices:
        return st.sampled_from(row.choices)
    if kind is bool:
        return st.sampled_from([True, False, "true", "False", "1", "0", 1, 0, np.bool_(True)])
    if kind is str:
        return st.sampled_from(["", "3", "8, 4", " 64,32 ", "0" * 64, "0123456789abcdef" * 4])
    bounds = [bound for bound in (row.low, row.high, row.above, row.below) if bound is not None]
    if kind is int:
        numbers = [int(bound) + step for bound in bounds for step in (-1, 0, 1, 2, 7)]
        nearly = [f"{number}.0" for number in numbers] + [number + Fraction(1, 10**20) for number in numbers]
    else:
        numbers = [number for bound in bounds for number in (bound, math.nextafter(bound, 9e9), bound / 3, -bound)]
        nearly = [f"{number:.1f}e-400" for number in (1.5, -1.5)] + [Fraction(1, 10**400), "0e9"]
    exact = st.sampled_from([type_(number) for number in numbers for type_ in (kind, str)] + nearly)
    low = row.low if row.low is not None else row.above if row.above is not None else -9
    inside = st.integers(int(low), int(low) + 50) if kind is int else st.floats(low, low + 1)
    return exact | inside | inside.map(repr)


ANY_TEXT = (
    st.sampled_from(NUMBERS_AS_TEXT)
    | st.sampled_from(TEXTS)
    | st.sampled_from(CHOICES)
    | st.text(max_size=30)
    | st.text("0123456789+-.eE_, x٣", max_size=12)
    | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Nd", "No"]), max_size=8)
)
"""Any text, half characters included."""

URL_TEXT = ANY_TEXT.map(lambda text: text.encode(errors="replace").decode())
"""Any text that a browser can send."""

ANY_VALUE = ANY_TEXT | st.sampled_from(OBJECTS) | st.integers() | st.floats() | st.booleans() | st.none()
"""Anything that a program may hand in."""

STRANGE_NAMES = st.sampled_from(
    [
        "unit",
        "Units",
        "unitz",
        "UNITS",
        "data.units",
        "",
        " ",
        "x" * 10_000,
        "\0",
        "\ud800",
        "<b>",
        "ｕｎｉｔｓ",
        "__doc__",
    ]
) | st.text(max_size=12)


def value_of(name: str, anything: st.SearchStrategy) -> st.SearchStrategy:
    """A value for a setting: two thirds of them near what is allowed, one third anything."""
    near = near_bounds(name)
    # Not `near | anything`, of which hypothesis would make one list with a tenth near what is allowed.
    return st.sampled_from([near, near, anything]).flatmap(lambda one: one)


def one_setting(anything: st.SearchStrategy) -> st.SearchStrategy:
    """The name of a setting and a value for it."""
    return st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), value_of(name, anything)))


def several_settings(anything: st.SearchStrategy, most: int = 5) -> st.SearchStrategy:
    """Some settings by their names, most of them near what is allowed."""
    return st.lists(one_setting(anything), max_size=most).map(dict)
