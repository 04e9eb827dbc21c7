"""The part of a script that makes the network, with the first weights of the run."""

from __future__ import annotations

from rnnlab.config import CELL_KINDS, Experiment
from rnnlab.export.code import filled, headed, joined
from rnnlab.export.exported import ExportedRun
from rnnlab.seeds import matrix_seed, part_seeds

HEAD = """
# --- 3. The network: (inputs, states) -> (outputs, states) ---
#
# The seeds give the weights that the run began with.
"""

FORGET_BIAS = """
FORGET_BIAS = $forget_bias


def first_bias(shape, dtype=None):
    \"\"\"The first bias: 0, and FORGET_BIAS for the forget gate. The gates i, f, g, o lie side by side.\"\"\"
    return np.repeat(np.array([0, FORGET_BIAS, 0, 0], "float32"), shape[0] // 4)
"""

GRU_BIAS = """
def first_bias(shape, dtype=None):
    \"\"\"The first bias: 1 for update and reset gate, so that the state is mostly kept; 0 for the candidate.\"\"\"
    return np.repeat(np.array([1, 1, 0], "float32"), shape[0] // 3)
"""

EMBEDDING = """
embedding = keras.layers.Embedding(
    $vocabulary,
    $width,
    embeddings_initializer=$start,
)
"""

RECURRENT = """
$name = keras.layers.$layer(
    $units,
$options    kernel_initializer=$kernel,
    recurrent_initializer=$recurrent,
$bias    return_sequences=True,
    return_state=True,
)
"""

LAYERS = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
"""Keras's name of each cell."""

DENSE = """
head = keras.layers.Dense(
    $outputs,
    kernel_initializer=$kernel,
    bias_initializer=$bias,
)
"""

TIED = """
head_bias = keras.Variable(np.zeros($outputs, "float32"), name="bias")


def head(hidden):
    \"\"\"The output layer. Its weights are the word vectors.\"\"\"
    return keras.ops.matmul(hidden, keras.ops.transpose(embedding.embeddings)) + head_bias
"""

DROPOUT = """
$name = keras.layers.Dropout($rate$noise_shape)
"""

NETWORK = """
layers = [$layers]


def zero_states(batch_size):
    \"\"\"The states before the first input, one list for each layer.\"\"\"
    return [[tf.zeros((batch_size, layer.units)) for _ in range($parts)] for layer in layers]


def network(inputs, states, training=False):
    \"\"\"Inputs $shape and the states before them -> outputs (batch, steps, $outputs) and the states after them.\"\"\"
    hidden = $read
$drop_inputs    after = []
    for layer, state in zip(layers, states):
        hidden, *state = layer(hidden, initial_state=state)
$drop_outputs        after.append(state)
    return head(hidden), after
"""

BOTH_WAYS = """
layers, backward_layers = [$layers], [$backward]


def zero_states(batch_size):
    \"\"\"A network that reads both ways starts every window from zeros, so it carries no states.\"\"\"
    return []


def network(inputs, states, training=False):
    \"\"\"Inputs $shape -> outputs (batch, steps, $outputs). One layer of each pair reads them from their end.\"\"\"
    hidden = $read
$drop_inputs    for ahead, back in zip(layers, backward_layers):
        from_start, *_ = ahead(hidden)
        from_end, *_ = back(keras.ops.flip(hidden, 1))
        hidden = keras.ops.concatenate([from_start, keras.ops.flip(from_end, 1)], axis=-1)
$drop_outputs    return head(hidden), states
"""

WEIGHTS = """
network(inputs[:, :2], zero_states(BATCH_SIZE))  # called once, so that every layer makes its weights
weights = {$embedding}
for name, layer in {$named}.items():
    weights |= {f"{name}/{weight.name}": weight for weight in layer.weights}
$head

def load_weights(file):
    \"\"\"Take weights that RNN Lab saved, in the place of the first ones.\"\"\"
    with np.load(file) as saved:
        for name, weight in weights.items():
            weight.assign(saved[name])
"""


def network_part(run: ExportedRun) -> str:
    """The code that makes `network`, `zero_states` and `load_weights`."""
    experiment = run.experiment
    model, task = experiment.model, experiment.task
    rows = len(run.dataset.vocabulary)
    outputs = experiment.outputs(rows or None)
    directions = 2 if model.is_bidirectional else 1
    embedding_seed, head_seed, *cell_seeds = part_seeds(experiment.seed, 2 + directions * model.num_layers)
    names = [f"{kind}_{layer}" for kind in ("layer", "backward")[:directions] for layer in range(model.num_layers)]
    width = model.embedding_dim or model.widths[0]
    start = _uniform(experiment, embedding_seed) or f"keras.initializers.RandomUniform(seed={embedding_seed})"
    cells = [
        _layer(experiment, name, units, seed)
        for name, units, seed in zip(names, model.widths * directions, cell_seeds, strict=True)
    ]
    embedding = filled(EMBEDDING, vocabulary=rows, width=width, start=start) if task.reads_tokens else ""
    return joined(
        [
            headed(filled(HEAD), _first_bias(experiment)),
            joined([embedding, *cells, _head(experiment, outputs, head_seed), _dropouts(experiment)], gap="\n"),
            _network(experiment, names, outputs),
            _weights(experiment, names),
        ]
    )


def _first_bias(experiment: Experiment) -> str:
    model = experiment.model
    if model.cell == "lstm":
        return filled(FORGET_BIAS, forget_bias=model.forget_bias)
    return filled(GRU_BIAS) if model.cell == "gru" and not model.reset_after else ""


def _uniform(experiment: Experiment, seed: int) -> str:
    """The initialiser of a weight with an initial scale; "" without one."""
    scale = experiment.model.init_scale
    return f"keras.initializers.RandomUniform({-scale!r}, {scale!r}, seed={seed})" if scale else ""


def _layer(experiment: Experiment, name: str, units: int, cell_seed: int) -> str:
    model = experiment.model
    kernel, recurrent = (matrix_seed(cell_seed, matrix) for matrix in ("kernel", "recurrent_kernel"))
    options = {
        "unit_forget_bias": False if model.cell == "lstm" else None,
        "reset_after": model.reset_after if model.cell == "gru" else None,
        "unroll": True if model.unrolling == "static" else None,
    }
    return filled(
        RECURRENT,
        name=name,
        layer=LAYERS[model.cell],
        units=units,
        options="".join(f"    {option}={value!r},\n" for option, value in options.items() if value is not None),
        kernel=_uniform(experiment, kernel) or f"keras.initializers.GlorotUniform(seed={kernel})",
        recurrent=_uniform(experiment, recurrent) or f"keras.initializers.Orthogonal(seed={recurrent})",
        bias="    bias_initializer=first_bias,\n" if _first_bias(experiment) else "",
    )


def _head(experiment: Experiment, outputs: int, seed: int) -> str:
    if experiment.is_tied:
        return filled(TIED, outputs=outputs)
    kernel = _uniform(experiment, seed) or f"keras.initializers.GlorotUniform(seed={seed})"
    return filled(DENSE, outputs=outputs, kernel=kernel, bias=_uniform(experiment, seed + 1) or '"zeros"')


def _dropouts(experiment: Experiment) -> str:
    model = experiment.model
    same = ", noise_shape=(None, 1, None)" if model.dropout_masks == "variational" else ""
    rates = {"drop_inputs": model.input_dropout, "drop_outputs": model.output_dropout}
    return "\n".join(filled(DROPOUT, name=name, rate=rate, noise_shape=same) for name, rate in rates.items() if rate)


def _network(experiment: Experiment, names: list[str], outputs: int) -> str:
    model, task = experiment.model, experiment.task
    cell = CELL_KINDS[model.cell]
    layers = [name for name in names if name.startswith("layer")]
    dropped = "hidden = {name}(hidden, training=training)\n"
    return filled(
        BOTH_WAYS if model.is_bidirectional else NETWORK,
        layers=", ".join(layers),
        backward=", ".join(name for name in names if name not in layers),
        parts=str(len(cell.parts) - cell.gates),
        shape="(batch, steps)" if task.reads_tokens else f"(batch, steps, {task.features})",
        outputs=outputs,
        read="embedding(inputs)" if task.reads_tokens else "inputs",
        drop_inputs=f"    {dropped.format(name='drop_inputs')}" if model.input_dropout else "",
        drop_outputs=f"        {dropped.format(name='drop_outputs')}" if model.output_dropout else "",
    )


def _weights(experiment: Experiment, names: list[str]) -> str:
    named = names if experiment.is_tied else [*names, "head"]
    return filled(
        WEIGHTS,
        embedding='"embedding": embedding.embeddings' if experiment.task.reads_tokens else "",
        named=", ".join(f'"{name}": {name}' for name in named),
        head='weights["head/bias"] = head_bias\n' if experiment.is_tied else "",
    )
