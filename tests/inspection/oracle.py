"""Gates and states over time in NumPy and float64, written from the papers, to check traces against.

Nothing of ours is called: the weights come by name, and the variants are arguments.
"""

from dataclasses import dataclass

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def clip(x, bound):
    return np.minimum(np.maximum(x, -bound), bound) if bound else x


@dataclass
class Variant:
    """A cell and its variants; 0 is none."""

    cell: str
    reset_after: bool = False
    use_peepholes: bool = False
    cell_clip: float = 0.0
    num_proj: int = 0
    proj_clip: float = 0.0


def simple_rnn(variant, weights, x, state):
    """Elman 1990."""
    g = np.tanh(x @ weights["kernel"] + state["h"] @ weights["recurrent_kernel"] + weights["bias"])
    return {"g": g}, {"h": g}


def lstm(variant, weights, x, state):
    """Gers 2000; peepholes Gers 2002; projection Sak 2014."""
    h, c = state["h"], state["c"]
    sums = np.split(x @ weights["kernel"] + h @ weights["recurrent_kernel"] + weights["bias"], 4, axis=1)
    peep = weights["peepholes"] if variant.use_peepholes else np.zeros((3, c.shape[1]))
    i = sigmoid(sums[0] + peep[0] * c)
    f = sigmoid(sums[1] + peep[1] * c)
    g = np.tanh(sums[2])
    new_c = clip(f * c + i * g, variant.cell_clip)
    o = sigmoid(sums[3] + peep[2] * new_c)
    new_h = o * np.tanh(new_c)
    if variant.num_proj:
        new_h = clip(new_h @ weights["projection"], variant.proj_clip)
    return {"i": i, "f": f, "g": g, "o": o}, {"h": new_h, "c": new_c}


def gru(variant, weights, x, state):
    """Cho 2014; cuDNN's form resets the product of the state, which has a bias of its own."""
    h = state["h"]
    w_z, w_r, w_g = np.split(weights["kernel"], 3, axis=1)
    u_z, u_r, u_g = np.split(weights["recurrent_kernel"], 3, axis=1)
    biases = weights["bias"] if variant.reset_after else np.stack([weights["bias"], np.zeros_like(weights["bias"])])
    (b_z, b_r, b_g), (d_z, d_r, d_g) = np.split(biases[0], 3), np.split(biases[1], 3)
    z = sigmoid(x @ w_z + b_z + h @ u_z + d_z)
    r = sigmoid(x @ w_r + b_r + h @ u_r + d_r)
    from_state = r * (h @ u_g + d_g) if variant.reset_after else (r * h) @ u_g
    g = np.tanh(x @ w_g + b_g + from_state)
    return {"z": z, "r": r, "g": g}, {"h": z * h + (1 - z) * g}


CELLS = {"simple_rnn": simple_rnn, "lstm": lstm, "gru": gru}


def run(variant, weights, inputs, state, horizon=0):
    """Read the inputs, then `horizon` own outputs: of a text the most likely word.

    Args:
        variant: of every layer.
        weights: float64 by name, such as `layer_0/kernel`.
        inputs: (B, P) whole numbers for text, (B, P, 1) for a series.
        state: (B, width) by name, such as `layer_0/c`, before the first step.
    Returns:
        What was read, (B, P + horizon, ...); gates and states by name, (B, P + horizon, width).
    """
    is_text = "embedding" in weights
    layers = len({name.split("/")[0] for name in state})
    state = dict(state)
    read, gates, states, own = [], {}, {}, None
    for t in range(inputs.shape[1] + horizon):
        value = inputs[:, t] if t < inputs.shape[1] else own
        read.append(value)
        x = weights["embedding"][value] if is_text else value.astype("float64")
        for layer in range(layers):
            place = f"layer_{layer}/"
            of_layer = {name.removeprefix(place): one for name, one in weights.items() if name.startswith(place)}
            before = {name.removeprefix(place): one for name, one in state.items() if name.startswith(place)}
            opened, after = CELLS[variant.cell](variant, of_layer, x, before)
            x = after["h"]
            for name, values in opened.items():
                gates.setdefault(place + name, []).append(values)
            for name, values in after.items():
                states.setdefault(place + name, []).append(values)
                state[place + name] = values
        output = x @ weights["head/kernel"] + weights["head/bias"]
        own = output.argmax(axis=1) if is_text else output
    return (
        np.stack(read, axis=1),
        {name: np.stack(values, axis=1) for name, values in gates.items()},
        {name: np.stack(values, axis=1) for name, values in states.items()},
    )
