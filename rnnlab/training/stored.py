"""What a trainer stores: every array under a name that says what it is.

| name | what it is |
| --- | --- |
| `embedding`, `layer_0/recurrent_kernel`, `head/bias` | a weight, see `Network.named_weights` |
| `adam/iteration`, `adam/momentum/layer_0/kernel` | a variable of the optimiser, and one that goes with a weight |
| `state/layer_0/h` | the carried state, see `Network.state_names` |
| `saver/...` | the states that are kept by stream, see `StateSaver.state_dict` |
| `step`, `epoch_loss` | how far training is |
| `arithmetic` | how the updates are computed |
| `fingerprints` | a number made of each array, by which two that were exchanged are noticed |

Earlier versions numbered the first three: `weight/0`, `optimizer/0`, `state/0`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import keras
import numpy as np

from rnnlab.arithmetic import RunArithmetic, arithmetic_from_json
from rnnlab.errors import LabError
from rnnlab.models import Network

Arrays = dict[str, np.ndarray]
Shapes = dict[str, tuple[int, ...]]

SLOTS = {"sgd": (), "adam": ("momentum", "velocity")}
"""What each optimiser keeps for every weight, in Keras's order and words."""

OPTIONAL = {"arithmetic", "fingerprints"}
"""What earlier versions did not store."""

SAVER = "saver/"

NOT_WEIGHTS = {*SLOTS, *OPTIONAL, "optimizer", "state", "saver", "step", "epoch_loss"}
"""The first parts of the names of everything but weights."""

FINGERPRINT_NUMBERS = 1024
"""Of how many of an array's numbers a fingerprint is made: enough to tell trained arrays apart, and quickly read."""


def named_slots(kind: str, optimizer: keras.optimizers.Optimizer, weights: Iterable[str]) -> dict[str, keras.Variable]:
    """The optimiser's variables by name, in its own order.

    Args:
        kind: of the optimiser: `sgd` or `adam`. Its own name is another one for each that a process makes.
        optimizer: built for these weights.
        weights: their names, in the order in which it was given them.
    """
    slots = [f"{kind}/{slot}/{weight}" for weight in weights for slot in SLOTS[kind]]
    return dict(zip([f"{kind}/iteration", f"{kind}/learning_rate", *slots], optimizer.variables, strict=True))


def load_weights(network: Network, arrays: Arrays) -> None:
    """Set a network's weights from those that a trainer stored.

    Args:
        arrays: what `Trainer.state_dict` gave, now or in an earlier version.
    Raises:
        ValueError: they belong to a network of other settings, or were exchanged; the network stays as it is.
    """
    weights = network.named_weights
    arrays = renamed(arrays, weight=weights)
    stored = {name: array for name, array in arrays.items() if name.split("/")[0] not in NOT_WEIGHTS}
    check(stored | {name: arrays[name] for name in OPTIONAL & arrays.keys()}, shapes_of(weights))
    for name, variable in weights.items():
        variable.assign(stored[name])


def renamed(arrays: Arrays, **numbered: Iterable[str]) -> Arrays:
    """Arrays by the names of today; what an earlier version numbered gets the name of its number.

    Args:
        numbered: by what stood before the number, the names that the numbers had.
    """
    names = {f"{kind}/{i}": name for kind, known in numbered.items() for i, name in enumerate(known)}
    return {names.get(name, name): array for name, array in arrays.items()}


def check(arrays: Arrays, needed: Shapes) -> None:
    """Ask whether stored arrays are those that are needed.

    Args:
        arrays: by name, with the fingerprints that were stored, if any were.
        needed: the shape of each.
    Raises:
        ValueError: one is missing, is not needed, has another shape, or was exchanged.
    """
    missing, unknown = needed.keys() - arrays.keys(), arrays.keys() - needed.keys() - OPTIONAL
    if missing or unknown:
        raise LabError(
            f"The stored arrays do not fit this network: {_names('missing', missing)}{_names('not needed', unknown)}"
            "load them with the settings that they were stored with."
        )
    fingerprints = fingerprints_in(arrays)
    for name, shape in needed.items():
        if arrays[name].shape != shape:
            raise LabError(
                f"The stored {name} has the shape {arrays[name].shape}, but must have the shape {shape}; load it with "
                "the settings that it was stored with."
            )
        if name in fingerprints and fingerprint(arrays[name]) != fingerprints[name]:
            raise LabError(
                f"The array called {name} is not the one that was stored under this name; load all arrays unchanged."
            )


def shapes_of(values: Mapping[str, Any]) -> Shapes:
    """The shape of each variable, tensor or array."""
    return {name: tuple(one.shape) for name, one in values.items()}


def fingerprint(array: np.ndarray) -> int:
    """A number that two different arrays hardly share; see `FINGERPRINT_NUMBERS`."""
    numbers = array.reshape(-1)
    return zlib.crc32(numbers[:: max(1, numbers.size // FINGERPRINT_NUMBERS)].tobytes())


def with_fingerprints(arrays: Arrays) -> Arrays:
    """The arrays, and the fingerprint of each."""
    return arrays | {"fingerprints": as_array(json.dumps({name: fingerprint(one) for name, one in arrays.items()}))}


def fingerprints_in(arrays: Arrays) -> dict[str, int]:
    """The fingerprints that were stored with arrays; none in what was stored before there were any."""
    return json.loads(arrays["fingerprints"].tobytes()) if "fingerprints" in arrays else {}


def stored_arithmetic(arrays: Arrays) -> RunArithmetic | None:
    """The arithmetic in a `state_dict`; None in one that was made before it was stored."""
    return arithmetic_from_json(arrays["arithmetic"].tobytes()) if "arithmetic" in arrays else None


def as_array(text: str) -> np.ndarray:
    """A text as its bytes in UTF-8, uint8 (N,)."""
    return np.frombuffer(text.encode(), "uint8")


def _names(what: str, names: Collection[str]) -> str:
    return f"{', '.join(sorted(names))} {what}; " if names else ""
