"""A text or a series of one's own, from whatever a notebook has it in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rnnlab.data import read_own_text
from rnnlab.data.own_text import MIN_TOKENS
from rnnlab.errors import LabError

SERIES_ENDINGS = (".csv", ".tsv")
"""Files that hold a series; all others hold a text."""

LONGEST_PATH = 255
"""Characters of a string that may still be a path."""

POINT = {"decimal_mark": "point"}
"""How numbers are written that came as numbers."""


@dataclass(frozen=True)
class OwnData:
    """Data of one's own, as the lab keeps them.

    Attributes:
        kind: `text` or `series`.
        text: the text; for a series the CSV table that holds it.
        settings: what is known of the table, by the flat names of the settings.
    """

    kind: str
    text: str = field(repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        lines = self.text.count("\n") + 1
        return f"<{self.kind} of your own: {len(self.text):,} characters in {lines:,} lines>"


def is_series_file(path: str | Path) -> bool:
    """Whether the name of a file says that it holds a series."""
    return str(path).lower().endswith(SERIES_ENDINGS)


def own_text(source: str | Path | Iterable[str]) -> OwnData:
    """A text of your own, to be given to `fit` or `sweep`.

    Args:
        source: a file, or the text itself; or its lines, such as a list or a column of a DataFrame. A string is the
            text itself if it has several lines, more than 255 characters or at least 30 words. Otherwise it is a path.
    Raises:
        ValueError: there is no such file, or it cannot be read.
    Example:
        rnnlab.fit(rnnlab.own_text("story.txt"), tokens="characters")
    """
    if isinstance(source, pd.DataFrame):
        raise LabError("A text was given as a table; name its column, such as rnnlab.own_text(table['line']).")
    if isinstance(source, Path) or (isinstance(source, str) and not _is_content(source)):
        return OwnData("text", read_own_text(source))
    lines = [source] if isinstance(source, str) else list(source)
    wrong = [line for line in lines if not isinstance(line, str)]
    if wrong:
        raise LabError(f"The text has a line {str(wrong[0])[:40]!r}, but each line must be a string; convert it first.")
    return OwnData("text", "\n".join(lines))


def own_series(source: str | Path | pd.DataFrame | Iterable[float], column: str | int | None = None) -> OwnData:
    """A series of your own, to be given to `fit` or `sweep`.

    Args:
        source: a CSV file, or its text; or numbers: a list, an array (N,), a Series or a DataFrame. NaN is a missing
            value.
        column: name of the column that is learned, or its number, counted from 1. None takes the first one that holds
            numbers.
    Raises:
        ValueError: there is no such file or column, or the numbers have another shape.
    Example:
        rnnlab.fit(rnnlab.own_series(table, column="rain"), season=12)
    """
    chosen = {} if column is None else {"column": str(column)}
    if isinstance(source, Path) or (isinstance(source, str) and not _is_content(source)):
        return OwnData("series", read_own_text(source), chosen)
    if isinstance(source, str):
        return OwnData("series", source, chosen)
    return OwnData("series", _as_csv(_as_table(source)), POINT | chosen)


def _is_content(text: str) -> bool:
    return "\n" in text or len(text) > LONGEST_PATH or len(text.split()) >= MIN_TOKENS


def _as_table(source: Any) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        return source
    if isinstance(source, pd.Series):
        return source.to_frame(source.name if source.name is not None else "value")
    values = np.asarray(source if hasattr(source, "__len__") else list(source))
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        raise LabError(
            f"The series has the shape {values.shape} and the type {values.dtype}, but must be one row of numbers "
            "(N,); choose one column."
        )
    return pd.DataFrame({"value": values})


def _as_csv(table: pd.DataFrame) -> str:
    """A table as CSV. Each number is written so that reading it gives the same number."""
    columns = [str(name).replace('"', "'") for name in table.columns]
    header = ",".join(f'"{name}"' if "," in name or "\n" in name else name for name in columns)
    rows = (",".join(map(_written, row)) for row in table.itertuples(index=False, name=None))
    return "\n".join([header, *rows]) + "\n"


def _written(value: Any) -> str:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return "" if math.isnan(value) else repr(value.item() if isinstance(value, np.number) else value)
    text = "" if value is None or value is pd.NaT else str(value)
    return f'"{text}"' if "," in text else text.replace('"', "'")
