"""A CSV file as a table of texts: its separator, its header, and the decimal mark of a column.

`csv.Sniffer` takes letters for separators where there is one column, and guesses headers from lengths of texts. So the
few decisions that matter are made here, each by one rule, and what was understood is said.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnlab.errors import LabError

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas"}
"""What may stand between columns, in the order in which it is tried: a comma can also be a decimal mark."""

SAMPLE_LINES = 200
"""Lines at the start of a file from which separator and header are decided."""

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "?", "."})
"""How a missing value may be written, in small letters."""

MOST_SHOWN = 40
"""Characters of a cell in a sentence."""

MOST_OF_A_NAME = 100
"""Characters that are kept of a column's name."""

POINT, COMMA = "point", "comma"
MARKS = {POINT: ".", COMMA: ","}
OTHER = {POINT: COMMA, COMMA: POINT}

BLANKS = " '\u00a0\u2009\u202f\u2019"
"""What may group thousands beside the other mark: blanks and apostrophes."""

MINUS = "\u2212"
"""The minus sign of typesetting, in place of a hyphen."""


def _number(mark: str) -> str:
    """The pattern of a number with a decimal mark. It names characters as they are, because Arrow reads it too."""
    decimal, group = re.escape(MARKS[mark]), re.escape(MARKS[OTHER[mark]])
    whole = rf"(?:[0-9]{{1,3}}(?:[{group}{BLANKS}][0-9]{{3}})+|[0-9]+)"
    return rf"[+{MINUS}-]?(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"


NUMBER = {mark: _number(mark) for mark in MARKS}
"""How a number is written with each decimal mark."""


class Column(NamedTuple):
    """One column as numbers.

    Attributes:
        values: float64 (N,), NaN where a value is missing.
        mark: the decimal mark that was taken, `point` or `comma`.
        doubt: a number of the file that could be read in two ways, or "".
    """

    values: np.ndarray
    mark: str
    doubt: str


@dataclass(frozen=True, eq=False)
class Table:
    """A file cut into cells.

    Attributes:
        names: of the columns; `column 1`, ... if there is no header.
        separator: what stands between them; "" if there is one column.
        has_header: whether the first line holds the names.
        cells: texts, a column of the frame for each name.
    """

    names: tuple[str, ...]
    separator: str
    has_header: bool
    cells: pd.DataFrame

    def line(self, row: int) -> int:
        """The line of the file, counted from 1, that holds a row, counted from 0."""
        return int(self.cells.index[row]) + 1

    def texts(self, position: int, rows: int | None = None) -> pd.Series:
        """The cells of one column without blanks around them; "" where one is missing.

        Args:
            position: counted from 0.
            rows: how many of the first ones; None takes all.
        """
        texts = self.cells.iloc[:rows, position].fillna("").str.strip()
        return texts.mask(texts.str.lower().isin(MISSING), "")

    def column(self, position: int, mark: str, rows: int | None = None) -> Column:
        """One column as numbers.

        Args:
            position, rows: see `texts`.
            mark: `point`, `comma`, or `auto` to decide from the numbers.
        Raises:
            ValueError: a cell holds something else than a number; the message names its line.
        """
        texts = self.texts(position, rows)
        doubt = ""
        if mark == "auto":
            mark, doubt = decimal_mark(texts)
        values = numbers(texts, mark)
        wrong = np.flatnonzero(np.isnan(values) & (texts != "").to_numpy())
        if len(wrong):
            raise LabError(self._complaint(position, texts.iloc[wrong[0]], int(wrong[0]), mark))
        return Column(values, mark, doubt)

    def is_numeric(self, position: int, mark: str) -> bool:
        """Whether most of the first cells of a column are numbers."""
        texts = self.texts(position, SAMPLE_LINES)
        texts = texts[texts != ""]
        marks = [mark] if mark in MARKS else list(MARKS)
        found = max((int(np.isfinite(numbers(texts, one)).sum()) for one in marks), default=0)
        return 2 * found > len(texts)

    def _complaint(self, position: int, cell: str, row: int, mark: str) -> str:
        shown = cell if len(cell) <= MOST_SHOWN else cell[: MOST_SHOWN - 3] + "..."
        with_mark = f" with a decimal {mark}" if re.fullmatch(NUMBER[OTHER[mark]], cell) else ""
        return (
            f"Line {self.line(row):,} has {shown!r} in {self.names[position]!r}, which is not a number{with_mark}; "
            "correct it, or leave the cell empty if the value is missing."
        )


def read_table(text: str, mark: str = "auto") -> Table:
    """Cut a text into cells.

    Args:
        text: of a file, with any kind of newline.
        mark: the decimal mark, if it is known; with a decimal comma, commas separate nothing.
    Raises:
        ValueError: there is nothing in it, or a line has more cells than those before it.
    """
    text = text.rstrip().replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        raise LabError("The file is empty, but must have a column of numbers; choose another.")
    lines = [line for line in text[: 1000 * SAMPLE_LINES].split("\n")[:SAMPLE_LINES] if line.strip()]
    separator = find_separator(lines, mark)
    rows = _rows(lines, separator)
    cells = _cells(text, separator, max(map(len, rows)))
    cells = cells.loc[cells.first_valid_index() :]
    if separator:
        cells = cells[cells.notna().any(axis=1)]  # A blank line is no row. In a file of one column it is a gap.
    has_header = _is_header(rows[0])
    names = _names(cells.iloc[0] if has_header else [""] * cells.shape[1])
    return Table(names, separator, has_header, cells.iloc[1:] if has_header else cells)


def find_separator(lines: list[str], mark: str = "auto") -> str:
    """What separates the columns of these lines, "" where there is one column.

    A separator stands in each line equally often. A comma can also be a decimal mark. It is one if `mark` says so; and
    if each line that has one consists of a single number with a decimal comma, unless that number could only be two
    columns. In `1,5` it is a decimal mark. In `7,12.5`, `7, 5` and `2024-01-31,5` it separates.

    Args:
        lines: the first ones of the file, without blank ones; at least one.
        mark: the decimal mark, if it is known.
    """
    for separator in SEPARATORS:
        counts = Counter(map(len, _rows(lines, separator)))
        (width, often), *_ = counts.most_common(1)
        if width < 2 or 2 * often <= len(lines):
            continue
        if separator == "," and (mark == COMMA or (mark == "auto" and _are_decimals(lines))):
            continue
        return separator
    return ""


def _are_decimals(lines: list[str]) -> bool:
    """Whether the commas of these lines are decimal marks of single numbers."""
    first, *others = (line.strip().strip('"') for line in lines)
    cells = [cell for cell in others if cell.lower() not in MISSING]
    if re.fullmatch(NUMBER[COMMA], first):
        cells.insert(0, first)
    elif "," in first:
        return False  # The names of several columns.
    if not cells or not all(re.fullmatch(NUMBER[COMMA], cell) and " " not in cell for cell in cells):
        return False
    return not _count_up([cell.split(",")[0] for cell in cells])


def _count_up(texts: list[str]) -> bool:
    """Whether whole numbers are counted, such as rows or years: each is one more than the one before."""
    if len(texts) < 3 or not all(text.isdecimal() for text in texts):
        return False
    return all(int(after) - int(before) == 1 for before, after in pairwise(texts))


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    """The cells of some lines; each line is a cell where nothing separates."""
    try:
        return list(csv.reader(lines, delimiter=separator)) if separator else [[line] for line in lines]
    except csv.Error as error:
        raise LabError(f"The file is no table ({error}); save it as CSV and choose it again.") from error


def _is_header(row: list[str]) -> bool:
    """Whether a row holds names: none of its cells is a number, and it is not a row of missing values."""
    cells = [cell.strip() for cell in row]
    has_number = any(re.fullmatch(pattern, cell) for cell in cells for pattern in NUMBER.values())
    return not has_number and any(cell.lower() not in MISSING for cell in cells)


def _names(cells: Iterable[object]) -> tuple[str, ...]:
    """The names of the columns, each on one line; `column 2` for one that has none."""
    texts = (cell if isinstance(cell, str) else "" for cell in cells)
    shown = ("".join(sign if sign.isprintable() else " " for sign in text) for text in texts)
    return tuple(" ".join(name.split())[:MOST_OF_A_NAME] or f"column {i}" for i, name in enumerate(shown, 1))


def _cells(text: str, separator: str, width: int) -> pd.DataFrame:
    """All cells as texts, a row for each line. A line with fewer cells is filled up with missing ones."""
    import pandas as pd  # Late: only who has a file needs it.

    if not separator:
        lines = pd.Series(text.split("\n"), dtype="str").str.strip()
        cells = lines.str.removeprefix('"').str.removesuffix('"')
        return cells.mask(cells == "").to_frame()
    try:
        cells = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            names=list(range(width)),
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise LabError(_no_table(str(error), separator)) from error
    if not isinstance(cells.index, pd.RangeIndex):  # pandas takes cells that are too many for names of rows.
        raise LabError(_no_table("its first lines have more cells than their quotes suggest", separator))
    return cells


def _no_table(reason: str, separator: str) -> str:
    """What pandas says of a file that it cannot read, as a sentence."""
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    if not found:
        return f"The file is no table ({' '.join(reason.split())[:100]}); save it as CSV and choose it again."
    expected, line, saw = found.groups()
    return (
        f"Line {line} has {saw} cells, but the lines before it have at most {expected}, separated by "
        f"{SEPARATORS[separator]}; correct it and choose the file again."
    )


def decimal_mark(texts: pd.Series) -> tuple[str, str]:
    """Which mark a column writes decimals with, decided from all of its numbers.

    The mark that stands last in a number with both is the decimal one, and a mark that stands twice in a number groups
    thousands. Otherwise a comma alone is a decimal comma, and a point alone is a decimal point. If some numbers have a
    comma and others a point, the one that always has three digits behind it groups thousands; if neither has, the more
    frequent one is the decimal mark, and the others are wrong.

    Args:
        texts: the cells, "" where one is missing.
    Returns:
        `point` or `comma`; and a number that would also make sense with the other mark, where nothing decides.
    """
    commas, points = texts.str.count(","), texts.str.count(r"\.")
    has_comma, has_point = commas > 0, points > 0
    both = texts[has_comma & has_point]
    if len(both):
        first = both.iloc[0]
        return (COMMA if first.rfind(",") > first.rfind(".") else POINT), ""
    if not has_comma.any():
        return (COMMA, "") if (points > 1).any() else (POINT, _grouped(texts[has_point], POINT))
    if not has_point.any():
        return (POINT, "") if (commas > 1).any() else (COMMA, _grouped(texts[has_comma], COMMA))
    for mark, others in ((POINT, texts[has_comma]), (COMMA, texts[has_point])):
        if _grouped(others, OTHER[mark]):
            return mark, ""
    return (POINT if has_point.sum() >= has_comma.sum() else COMMA), ""


def _grouped(texts: pd.Series, mark: str) -> str:
    """The first of these numbers if the mark could group thousands in all: `1,234`, but not `0,123`; otherwise ""."""
    pattern = rf"[+{MINUS}-]?[1-9][0-9]{{0,2}}(?:{re.escape(MARKS[mark])}[0-9]{{3}})+"
    return str(texts.iloc[0]) if len(texts) and texts.str.fullmatch(pattern).all() else ""


def numbers(texts: pd.Series, mark: str) -> np.ndarray:
    """The numbers that some cells write: float64 (N,), NaN where a cell is empty or no number."""
    import pandas as pd

    if mark == POINT:
        plain = pd.to_numeric(texts, errors="coerce").to_numpy("float64")
        # Most files need no more than this. pandas also reads inf as a number.
        if np.isfinite(plain[(texts != "").to_numpy()]).all():
            return plain
    is_number = texts.str.fullmatch(NUMBER[mark]).to_numpy("bool")
    grouped = f"[{re.escape(MARKS[OTHER[mark]])}{BLANKS}]"
    written = texts.where(is_number, "").str.replace(grouped, "", regex=True)
    written = written.str.replace(",", ".", regex=False).str.replace(MINUS, "-", regex=False)
    values = pd.to_numeric(written, errors="coerce").to_numpy("float64")
    return np.where(np.isfinite(values), values, np.nan)
