"""TensorFlow 1's weights and states in our cells' layout: the one place that knows both.

| | TensorFlow 1 | ours |
| --- | --- | --- |
| products | one `kernel` ((F + H), gates * H) on [x; h] | `kernel`: its first F rows; `recurrent_kernel`: the others |
| LSTM gates | i, j, f, o | i, f, g, o (j is g) |
| GRU gates | r, u in `gates/*`; c in `candidate/*` | z, r, g in one kernel (z is u, g is c) |
| forget bias | added at run time, not in the variable | a part of `bias`, at f |
| peepholes | `w_i_diag`, `w_f_diag`, `w_o_diag`, (H,) each | rows i, f, o of `peepholes` (3, H) |
| projection | `projection/kernel` (H, P), no bias | `projection` |
| LSTM state | (c, h) | (h, c) |
| other states | the tensor h | (h,) |

Every row but the forget bias's moves numbers without changing them, so gradients are translated like weights.
"""

import numpy as np

from rnnlab.config import ModelConfig
from tests.tf1_oracle.cases import Cell

OUR_CELL = {"BasicRNNCell": "simple_rnn", "GRUCell": "gru", "BasicLSTMCell": "lstm", "LSTMCell": "lstm"}


def settings_as_ours(cell: Cell, **more) -> ModelConfig:
    """The settings that make our cell the same function."""
    kind = OUR_CELL[cell.kind]
    if kind != "lstm":
        return ModelConfig(cell=kind, units=cell.units, **more)
    return ModelConfig(
        cell=kind,
        units=cell.units,
        forget_bias=cell.forget_bias,
        use_peepholes=cell.use_peepholes,
        cell_clip=cell.cell_clip,
        num_proj=cell.num_proj,
        proj_clip=cell.proj_clip,
        **more,
    )


def arrays_as_ours(cell: Cell, arrays: dict[str, np.ndarray], features: int) -> dict[str, np.ndarray]:
    """The table above for what has the shape of weights: the weights without the forget bias, or their gradients.

    Args:
        cell: whose they are.
        arrays: by TensorFlow 1's names.
        features: width F of what the cell reads.
    Returns:
        By our names.
    """
    kernel, bias = _gates_as_ours(cell, arrays)
    ours = {"kernel": kernel[:features], "recurrent_kernel": kernel[features:], "bias": bias}
    if cell.use_peepholes:
        ours["peepholes"] = np.stack([arrays[f"w_{gate}_diag"] for gate in "ifo"])
    if cell.num_proj:
        ours["projection"] = arrays["projection/kernel"]
    return ours


def _gates_as_ours(cell: Cell, arrays: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Kernel and bias with the gates in our order."""
    if cell.kind == "BasicRNNCell":
        return arrays["kernel"], arrays["bias"]
    if cell.kind == "GRUCell":
        return tuple(_gru_gates(arrays[f"gates/{part}"], arrays[f"candidate/{part}"]) for part in ("kernel", "bias"))
    return tuple(_lstm_gates(arrays[part]) for part in ("kernel", "bias"))


def _lstm_gates(values: np.ndarray) -> np.ndarray:
    i, j, f, o = np.split(values, 4, axis=-1)
    return np.concatenate([i, f, j, o], axis=-1)


def _gru_gates(gates: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    r, u = np.split(gates, 2, axis=-1)
    return np.concatenate([u, r, candidate], axis=-1)


def weights_as_ours(cell: Cell, weights: dict[str, np.ndarray], features: int) -> dict[str, np.ndarray]:
    """The weights that make our cell the same function: the whole table."""
    ours = arrays_as_ours(cell, weights, features)
    if "LSTM" in cell.kind:
        ours["bias"] = ours["bias"].copy()
        ours["bias"][cell.units : 2 * cell.units] += cell.forget_bias
    return ours


def state_as_ours(cell: Cell, parts: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """One layer's state, or its gradient."""
    return tuple(reversed(parts)) if "LSTM" in cell.kind else tuple(parts)


def states_as_ours(cells: tuple[Cell, ...], parts: tuple[np.ndarray, ...]) -> tuple[tuple[np.ndarray, ...], ...]:
    """All layers' states from TensorFlow 1's flat list."""
    rest = iter(parts)
    return tuple(state_as_ours(cell, tuple(next(rest) for _ in cell.state_sizes)) for cell in cells)
