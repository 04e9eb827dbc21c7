"""A series of one's own: one column of a CSV file, without gaps, and scaled."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnnlab.config import SeriesData, counted
from rnnlab.data.csv_table import POINT, SAMPLE_LINES, SEPARATORS, Column, Table, read_table
from rnnlab.data.own_text import MAX_CHARACTERS
from rnnlab.errors import LabError

MIN_VALUES = 30
"""Leaves three values each for validation and test: an input, a target and one to spare."""

MAX_VALUES = 1_000_000

LARGEST = 1e100
"""Size that a value may have, so that its square is still a number."""

SAME = 1e-12
"""Standard deviation, relative to the values, below which they are called constant: rounding errors are that large."""

MOST_NAMES = 12
"""Columns that a sentence lists."""


class Scale(NamedTuple):
    """How values of the data become what a network reads: their distance from the mean in standard deviations.

    Attributes:
        mean, std: of the training part, in the units of the data.
    """

    mean: float = 0.0
    std: float = 1.0

    def apply(self, values: np.ndarray) -> np.ndarray:
        """What the network reads for values of the data: float32, of the same shape."""
        return ((np.asarray(values, "float64") - self.mean) / self.std).astype("float32")

    def undo(self, scaled: np.ndarray) -> np.ndarray:
        """The values of the data for what the network read or answered: float64, of the same shape."""
        return np.asarray(scaled, "float64") * self.std + self.mean

    @property
    def amplitude(self) -> float:
        """Half the distance from crest to trough of a sine wave with this standard deviation."""
        return self.std * 2**0.5


AS_IT_IS = Scale()
"""How waves are read."""


class OwnSeries(NamedTuple):
    """One column of a file.

    Attributes:
        values: float64 (N,), in the units of the file, without gaps.
        column: its name.
        understood: sentences that say how the file was read.
    """

    values: np.ndarray
    column: str
    understood: str


def column_names(text: str, mark: str = "auto") -> list[str]:
    """The columns of a file that hold numbers, in their order. Raises `ValueError` if it is no table."""
    table = _table(text, mark)
    return [name for i, name in enumerate(table.names) if table.is_numeric(i, mark)]


def read_series(data: SeriesData, text: str) -> OwnSeries:
    """The column that the settings name.

    Args:
        data: which column, its decimal mark, and what stands in for missing values.
        text: of the file.
    Raises:
        ValueError: the file is no table, has no such column, or the column holds text or too few numbers.
    """
    table = _table(text, data.decimal_mark)
    position = _position(table, data)
    column = table.column(position, data.decimal_mark)
    values, missing, cut_ends = _without_gaps(column.values, data.missing)
    name = table.names[position]
    _check(values, name)
    understood = [_layout(table, position, column, data), _gaps(len(column.values), missing, cut_ends, data.missing)]
    return OwnSeries(values, name, " ".join(filter(None, understood)))


def split(values: np.ndarray, train_share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Training, validation and test part in the order of time. Each has at least three values."""
    first = min(max(round(train_share * len(values)), 3), len(values) - 6)
    second = first + (len(values) - first) // 2
    return values[:first], values[first:second], values[second:]


def scale_of(train: np.ndarray) -> Scale:
    """Mean and standard deviation of the training part. The other parts are the future, which nobody knows yet.

    Args:
        train: float64 (N,).
    Raises:
        ValueError: all values are equal.
    """
    mean, std = float(np.mean(train)), float(np.std(train))
    if std <= SAME * float(np.max(np.abs(train))):
        raise LabError(
            f"All {len(train):,} values of the training part are {train[0]:.6g}, so there is nothing to learn; choose "
            "another column, or a larger training share."
        )
    return Scale(mean, std)


@lru_cache(maxsize=1)
def _table(text: str, mark: str) -> Table:
    if len(text) > MAX_CHARACTERS:
        raise LabError(
            f"The file has {len(text):,} characters, and at most {MAX_CHARACTERS:,} are allowed; keep only the column "
            "that you need, or choose a part of it."
        )
    return read_table(text, mark)


def _position(table: Table, data: SeriesData) -> int:
    """Which column to learn, counted from 0."""
    wanted = data.column.strip()
    if not wanted:
        return _first_of_interest(table, data.decimal_mark)
    for names in (table.names, tuple(name.lower() for name in table.names)):
        key = wanted if names is table.names else wanted.lower()
        if key in names:
            return names.index(key)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(table.names):
        return int(wanted) - 1
    raise LabError(
        f"There is no column {wanted!r}; the file has {_listed(table.names)}. Take one of these names, or a number "
        f"from 1 to {len(table.names)}."
    )


def _first_of_interest(table: Table, mark: str) -> int:
    """The first column of numbers that does not merely count the rows; if all of them do, the first of these."""
    numeric = [i for i in range(len(table.names)) if table.is_numeric(i, mark)]
    if not numeric:
        raise LabError(
            f"The file has no column of numbers, only {_listed(table.names)}; choose a file with a number in each row."
        )
    return next((i for i in numeric if not _counts_rows(table, i, mark)), numeric[0])


def _counts_rows(table: Table, position: int, mark: str) -> bool:
    """Whether a column rises by the same step from row to row, as years and row numbers do."""
    try:
        steps = np.diff(table.column(position, mark, SAMPLE_LINES).values)
    except LabError:
        return False
    return len(steps) > 1 and bool(steps[0] > 0) and bool(np.allclose(steps, steps[0], rtol=1e-6, atol=0))


def _without_gaps(values: np.ndarray, missing: str) -> tuple[np.ndarray, int, int]:
    """The values with their gaps closed, and how many there were between the ends and at the ends."""
    is_known = ~np.isnan(values)
    if is_known.all() or not is_known.any():
        return values[is_known], 0, 0
    first, last = np.flatnonzero(is_known)[[0, -1]]
    values, is_known, all_values = values[first : last + 1], is_known[first : last + 1], len(values)
    count, at_ends = int((~is_known).sum()), all_values - len(values)
    if missing == "cut":
        return values[is_known], count, at_ends
    times = np.arange(len(values))
    return np.interp(times, times[is_known], values[is_known]), count, at_ends


def _check(values: np.ndarray, name: str) -> None:
    if len(values) < MIN_VALUES:
        raise LabError(
            f"The column {name!r} has only {counted(len(values), 'number')}, but needs at least {MIN_VALUES}; choose a "
            "longer series."
        )
    if len(values) > MAX_VALUES:
        raise LabError(
            f"The column {name!r} has {len(values):,} numbers, and at most {MAX_VALUES:,} are allowed; choose a part "
            "of it."
        )
    largest = float(np.max(np.abs(values)))
    if largest > LARGEST:
        raise LabError(
            f"The column {name!r} has values of size {largest:.3g}, and at most {LARGEST:g} is allowed; write it in a "
            "larger unit."
        )
    if np.ptp(values) <= SAME * largest:
        raise LabError(
            f"The column {name!r} is constant: all {len(values):,} values are {values[0]:.6g}, so there is nothing to "
            "learn; choose another column."
        )


def _layout(table: Table, position: int, column: Column, data: SeriesData) -> str:
    """How the file was cut into cells, and its numbers read."""
    count, name = len(table.names), table.names[position]
    head = "a header" if table.has_header else "no header"
    if count == 1:
        parts = f"The file was read as one column with {head}."
    else:
        between = SEPARATORS[table.separator]
        parts = f"The file was read as {count} columns, separated by {between}, with {head}. The series is {name!r}."
    written = f" Decimals are written with a {column.mark}."
    if data.decimal_mark != "auto" or not column.doubt:
        return parts + (written if column.mark != POINT or data.decimal_mark != "auto" else "")
    number = column.doubt.replace(",", ".")
    return (
        f"{parts}{written} So {column.doubt} was taken for {float(number.replace(chr(0x2212), '-')):g}; if its "
        f"{column.mark} groups thousands, set the decimal mark to {'comma' if column.mark == POINT else 'point'}."
    )


def _gaps(rows: int, missing: int, at_ends: int, choice: str) -> str:
    """What became of missing values; "" if there were none."""
    sentences = []
    if missing:
        sentences.append(f"{counted(missing, 'value')} of {rows:,} {_was(missing)} missing. {FILLED[choice]}")
    if at_ends:
        sentences.append(f"{counted(at_ends, 'row')} without a value at the ends {_was(at_ends)} cut.")
    return " ".join(sentences)


FILLED = {
    "interpolate": "Straight lines between the neighbours fill the gaps.",
    "cut": "Rows without a value were cut out.",
}
"""What became of missing values, by the value of the setting `missing`."""


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(map(repr, names[:MOST_NAMES])) + (f" and {more} more" if more > 0 else "")
