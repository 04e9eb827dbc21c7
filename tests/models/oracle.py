"""The cells in NumPy and float64, written from the papers, to check the network against."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def simple_rnn_step(x, state, kernel, recurrent_kernel, bias):
    (h,) = state
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h, (h,)


def lstm_step(x, state, kernel, recurrent_kernel, bias):
    h, c = state
    units = h.shape[1]
    a = x @ kernel + h @ recurrent_kernel + bias
    i, f, g, o = (a[:, k * units : (k + 1) * units] for k in range(4))
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, (h, c)


def gru_step(x, state, kernel, recurrent_kernel, bias):
    (h,) = state
    units = h.shape[1]
    a = x @ kernel + bias
    z, r = (sigmoid(a[:, part] + h @ recurrent_kernel[:, part]) for part in (slice(units), slice(units, 2 * units)))
    g = np.tanh(a[:, 2 * units :] + (r * h) @ recurrent_kernel[:, 2 * units :])
    h = z * h + (1 - z) * g
    return h, (h,)


def gru_reset_after_step(x, state, kernel, recurrent_kernel, bias):
    (h,) = state
    units = h.shape[1]
    ax = x @ kernel + bias[0]
    ah = h @ recurrent_kernel + bias[1]
    z = sigmoid(ax[:, :units] + ah[:, :units])
    r = sigmoid(ax[:, units : 2 * units] + ah[:, units : 2 * units])
    g = np.tanh(ax[:, 2 * units :] + r * ah[:, 2 * units :])
    h = z * h + (1 - z) * g
    return h, (h,)


STEPS = {"simple_rnn": simple_rnn_step, "lstm": lstm_step, "gru": gru_step, "gru_reset_after": gru_reset_after_step}


def run_network(kind, layers, head, inputs, states, embedding=None):
    """Outputs (B, T, O) and final states of a stack; `layers` holds (kernel, recurrent_kernel, bias) per layer."""
    states = [tuple(part.astype("float64") for part in state) for state in states]
    outputs = []
    for t in range(inputs.shape[1]):
        hidden = embedding[inputs[:, t]] if embedding is not None else inputs[:, t].astype("float64")
        for layer, weights in enumerate(layers):
            hidden, states[layer] = STEPS[kind](hidden, states[layer], *weights)
        outputs.append(hidden @ head[0] + head[1])
    return np.stack(outputs, axis=1), states
