"""Weights and other large things as files: written whole or not at all, and checked when they are read."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import numpy as np

from rnnlab.data import text_identifier
from rnnlab.errors import LabError
from rnnlab.files import write_whole
from rnnlab.store.run import Checkpoint


class DamagedArtifact(LabError):
    """A file is missing, or does not hold what was written."""


class ArtifactsUnavailable(LabError):
    """The location cannot be used. The message names it and says what to do."""


class ArtifactStore:
    """Files below one location.

    Args:
        location: a folder, or an fsspec URL such as `s3://bucket/folder`.

    Every method raises `ArtifactsUnavailable` when a location that is no folder does not answer or lets nobody in.

    Raises:
        ArtifactsUnavailable: nothing here knows such locations.
    """

    def __init__(self, location: str):
        self.location = location
        try:
            # Other processes write there too, so what a listing said a moment ago counts for nothing.
            self._files, self._root = fsspec.core.url_to_fs(location, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise ArtifactsUnavailable(
                f"The weights cannot be kept in {location!r} ({_first_line(error)}); RNNLAB_ARTIFACTS must be a "
                "folder, or a location such as s3://bucket/folder whose package is installed."
            ) from error
        self._is_local = isinstance(self._files, fsspec.implementations.local.LocalFileSystem)

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole: a reader, and a machine that fails in the middle, see all of it or nothing."""
        target = self._full(path)
        with self._answering():
            self._files.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
            if self._is_local:
                write_whole(Path(target), content)
            else:
                self._move_there(target, content)

    def _move_there(self, target: str, content: bytes) -> None:
        temporary = f"{target}.{uuid.uuid4().hex}.part"
        try:
            self._files.pipe_file(temporary, content)
            self._files.mv(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                self._files.rm_file(temporary)
            raise

    def read(self, checkpoint: Checkpoint) -> bytes:
        """The content of a file.

        Raises:
            DamagedArtifact: it is missing, or its size or checksum is not what was recorded.
        """
        try:
            with self._answering():
                content = self._files.cat_file(self._full(checkpoint.path))
        except FileNotFoundError as error:
            raise DamagedArtifact(
                f"The saved weights {checkpoint.path} are missing from {self.location}; please train again."
            ) from error
        if len(content) != checkpoint.size or hashlib.sha256(content).hexdigest() != checkpoint.sha256:
            raise DamagedArtifact(
                f"The saved weights {checkpoint.path} in {self.location} are damaged ({len(content)} bytes, "
                f"{checkpoint.size} were written, or another checksum); please train again."
            )
        return content

    def keep_text(self, text: str) -> str:
        """Keep a text of somebody's own; returns the identifier that `TextData.upload` holds, made from the content."""
        identifier = text_identifier(text)
        self.write(f"texts/{identifier}.txt", text.encode())
        return identifier

    def kept_text(self, identifier: str) -> str | None:
        """The text that was kept under an identifier; None when there is none, or it is not what was kept."""
        if not re.fullmatch("[0-9a-f]{64}", identifier):
            return None
        content = self.content(f"texts/{identifier}.txt")
        return content.decode() if content and hashlib.sha256(content).hexdigest() == identifier else None

    def content(self, path: str) -> bytes | None:
        """The content of a file as it is, without a check; None when there is no such file."""
        try:
            with self._answering():
                return self._files.cat_file(self._full(path))
        except FileNotFoundError:
            return None

    def delete(self, paths: list[str]) -> None:
        """Remove files; those that are gone already are no matter."""
        for path in paths:
            with contextlib.suppress(FileNotFoundError), self._answering():
                self._files.rm_file(self._full(path))

    def delete_folder(self, folder: str) -> None:
        """Remove a folder and all below it, if it is there."""
        with contextlib.suppress(FileNotFoundError), self._answering():
            self._files.rm(self._full(folder), recursive=True)

    def paths(self, folder: str) -> list[str]:
        """The files in a folder, half-written ones included, as paths that `write` and `delete` take."""
        try:
            with self._answering():
                found = self._files.ls(self._full(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return [f"{folder}/{full.rsplit('/', 1)[1]}" for full in found]

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """A part that reaches out to the location. What goes wrong with a folder names a file by itself."""
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:
            if self._is_local:
                raise
            raise ArtifactsUnavailable(
                f"{self.location}, where RNNLAB_ARTIFACTS keeps the weights, cannot be used "
                f"({type(error).__name__}: {_first_line(error)}); check the network and your permissions there."
            ) from error


def checkpoint_of(run_id: str, execution: int, step: int, content: bytes) -> Checkpoint:
    """The row of a checkpoint; the execution's number in its path keeps two executions out of each other's files."""
    path = f"{run_id}/{execution:04d}-{step:010d}.npz"
    return Checkpoint(step, path, len(content), hashlib.sha256(content).hexdigest())


def pack_arrays(arrays: dict[str, np.ndarray]) -> bytes:
    """Named arrays as the bytes of an .npz file, which holds no code."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack_arrays(content: bytes) -> dict[str, np.ndarray]:
    """The arrays that `pack_arrays` packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no details"])[0][:200].rstrip(".")
