"""States by the name of their stream, for sequences that are read one window at a time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.files import write_whole

Parts = tuple[np.ndarray, ...]


class StateSaver:
    """The last state of each stream in each layer. TF1: the `state_saver` of `static_state_saving_rnn`.

    A stream's state is found by its key, so every window may have other streams, in any rows of the batch.
    """

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], Parts] = {}

    def state(self, key: str, name: str) -> Parts | None:
        """The state of a stream in a layer: a tuple of float32 (width,); None if nothing was saved."""
        return self._states.get((key, name))

    def states(self, keys: Sequence[str], name: str, widths: Sequence[int]) -> tuple[tf.Tensor, ...]:
        """The states of several streams in a layer, one row each; zeros for a stream without a saved state.

        Args:
            keys: B streams.
            name: of the layer.
            widths: of the parts of its state.
        Returns:
            A tuple of float32 (B, width).
        """
        zeros = tuple(np.zeros(width, "float32") for width in widths)
        rows = [self._states.get((key, name), zeros) for key in keys]
        return tuple(tf.constant(np.stack(parts)) for parts in zip(*rows, strict=True))

    def save_state(self, keys: Sequence[str], name: str, state: tuple[tf.Tensor, ...]) -> None:
        """Keep the states of a layer.

        Args:
            keys: the B streams of the rows.
            name: of the layer.
            state: a tuple of float32 (B, width).
        """
        arrays = [np.array(part) for part in state]
        for row, key in enumerate(keys):
            self._states[key, name] = tuple(array[row] for array in arrays)

    def forget(self) -> None:
        """Let every stream start from zeros again."""
        self._states.clear()

    def state_dict(self) -> dict[str, np.ndarray]:
        """All states as arrays: `places` lists stream and layer in JSON, then the parts float32 (width,) by number."""
        places = [[key, name, len(parts)] for (key, name), parts in self._states.items()]
        flat = [values for parts in self._states.values() for values in parts]
        return {"places": np.array(json.dumps(places))} | {str(i): values for i, values in enumerate(flat)}

    def load_state_dict(self, arrays: dict[str, np.ndarray]) -> None:
        """Replace all states by those of a `state_dict`."""
        flat = iter(range(len(arrays)))
        places = json.loads(str(arrays["places"]))
        self._states = {
            (key, name): tuple(arrays[str(next(flat))] for _ in range(count)) for key, name, count in places
        }

    def save(self, path: str | Path) -> None:
        """Write all states to a file, whole or not at all, so that another process can continue from it."""
        content = io.BytesIO()
        np.savez(content, **self.state_dict())  # type: ignore[arg-type]  # NumPy's stubs take no arrays by name.
        write_whole(Path(path), content.getvalue())

    @classmethod
    def load(cls, path: str | Path) -> StateSaver:
        """Read a file that `save` wrote.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not such a file.
        """
        saver = cls()
        try:
            # Opened here, because NumPy leaves a file open if it is not an archive.
            with Path(path).open("rb") as file, np.load(file) as arrays:
                saver.load_state_dict(dict(arrays))
        except (EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise LabError(
                f"{Path(path).name} holds no saved states; give a file that StateSaver.save wrote."
            ) from error
        return saver
