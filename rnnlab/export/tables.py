"""Tables as CSV, and folders as ZIP. No cell of a table is taken for a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rnnlab import __version__
from rnnlab.config import to_flat
from rnnlab.export.exported import ExportedRun

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell may begin with that a spreadsheet reads as a formula."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a ZIP, so that equal contents are equal bytes."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV in UTF-8.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers stay numbers.

    Args:
        header: names of the columns.
        rows: numbers, texts, or None for an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    text = repr(float(value)) if isinstance(value, float | np.floating) else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Files in one ZIP, by their names in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIRST_DAY), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def measures_csv(run: ExportedRun) -> bytes:
    """All that was measured: one row for each step and measure."""
    rows = (
        (step, name, value)
        for name, curve in run.curves.items()
        for step, value in zip(curve.steps.tolist(), curve.values.tolist(), strict=True)
    )
    return csv_bytes(("step", "measure", "value"), rows)


def samples_csv(run: ExportedRun) -> bytes:
    """What the network generated while it trained: one row for each number or word."""
    rows = (
        (sample.step, sample.content.get("kind", ""), part, position, value)
        for sample in run.samples
        for part, position, value in _parts(sample.content)
    )
    return csv_bytes(("step", "kind", "part", "position", "value"), rows)


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[str, int, Any]]:
    """Part, position and value of everything that a sample holds; of a row of numbers, each has a part of its own."""
    for part, values in content.items():
        for position, value in enumerate(values if isinstance(values, list) else []):
            if isinstance(value, list):
                yield from ((f"{part}[{i}]", position, one) for i, one in enumerate(value))
            else:
                yield part, position, value


def settings_json(run: ExportedRun) -> bytes:
    """The settings of a run, and what its network needs: vocabulary, labels, scale, and what it reads first."""
    dataset = run.dataset
    content = {
        "name": run.name,
        "run": run.id,
        "made_by": f"RNN Lab {__version__}",
        "settings": to_flat(run.experiment),
        "vocabulary": list(dataset.vocabulary),
        "labels": list(run.experiment.task.tags),
        "scale": {"mean": dataset.scale.mean, "std": dataset.scale.std},
        "prime": first_inputs(run),
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


PRIME = 50


def first_inputs(run: ExportedRun) -> list[Any]:
    """What a free run reads first, as the network reads it: values of a series, or the token that begins a text."""
    experiment, dataset = run.experiment, run.dataset
    if experiment.task.is_sequences:
        return dataset.split("valid")[0].tolist()
    if experiment.task.reads_tokens:
        return [dataset.vocabulary.index("<eos>") if "<eos>" in dataset.vocabulary else 0]
    if experiment.data.needs_own_text:
        return dataset.train[-PRIME:].tolist()
    return dataset.streams("train", 1).inputs[0, :PRIME, 0].tolist()
