"""Answers that took long: each is kept as an artifact, one file an answer, and read again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import fields
from typing import Any, TypeVar, cast

import numpy as np

from rnnlab import __version__
from rnnlab.analyses.trained import LongQuestion, Question
from rnnlab.store.artifacts import ArtifactStore
from rnnlab.store.store import RunStore

A = TypeVar("A")

FOLDER = "answers"
OTHERS = "not arrays"
"""In an answer's file: the fields that are no arrays, as JSON."""


def kept_answer(question: Question[A], run_id: str, store: RunStore, files: ArtifactStore) -> A | None:
    """The answer to the same question about the run's newest weights, if one is kept and can be read."""
    if not isinstance(question, LongQuestion) or question.kept_as is None:
        return None
    newest = store.checkpoints(run_id)
    content = files.content(_path(question, run_id, newest[0].sha256)) if newest else None
    return cast(A, unpack_answer(content, question.kept_as)) if content is not None else None


def keep_answer(question: LongQuestion[A], answer: A, run_id: str, sha256: str, files: ArtifactStore) -> None:
    """Keep an answer, unless the question says that its answers are not kept.

    Args:
        sha256: of the checkpoint that the network's weights came from.
    """
    if question.kept_as is not None:
        files.write(_path(question, run_id, sha256), pack_answer(answer))


def forget_answers(run_id: str, files: ArtifactStore) -> None:
    """Remove all answers about a run."""
    files.delete_folder(f"{FOLDER}/{run_id}")


def pack_answer(answer: Any) -> bytes:
    """A dataclass of arrays, numbers, texts, None, and tuples of these, as the bytes of a file that holds no code."""
    values = {field.name: getattr(answer, field.name) for field in fields(answer)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    others = json.dumps({name: value for name, value in values.items() if name not in arrays})
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays, **{OTHERS: np.frombuffer(others.encode(), "uint8")})
    return buffer.getvalue()


def unpack_answer(content: bytes, kind: type[Any]) -> Any | None:
    """The answer that `pack_answer` packed. None if the content is damaged, or of another class."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            values = {name: found[name] for name in found.files}
        others = json.loads(values.pop(OTHERS).tobytes())
        return kind(**values, **{name: _with_tuples(value) for name, value in others.items()})
    except (ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _with_tuples(value: Any) -> Any:
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value


def _path(question: Question[Any], run_id: str, sha256: str) -> str:
    """The file of an answer. Another version of the lab may answer differently, so it has files of its own."""
    asked = f"{question!r} of {sha256} in {__version__}"
    return f"{FOLDER}/{run_id}/{hashlib.sha256(asked.encode()).hexdigest()}.npz"
