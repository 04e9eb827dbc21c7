"""Runs TensorFlow 1's own cells, unrollers and loss, and writes down all that went in and came out.

A process of its own, with `TF_USE_LEGACY_KERAS=1` set before it starts: `python -m tests.tf1_oracle.run_tf1 FILE.npz`.
The file's keys are paths, such as `gru/gradients/0/gates/kernel`; weights and states keep TensorFlow 1's names, layout
and order (`translation.py` knows ours).
"""

from __future__ import annotations

import sys
import zlib

import numpy as np
import tensorflow.compat.v1 as tf

from tests.tf1_oracle.cases import (
    BATCH,
    DROPOUTS,
    FEATURES,
    KINDS,
    LANGUAGE_MODEL,
    LENGTHS_AND_LOOPS,
    STEPS,
    STREAMS,
    STREAMS_LATER,
    WINDOWS,
    Case,
    Cell,
    Dropout,
    LanguageModel,
)

WEIGHT_NAMES = (
    *("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias", "projection/kernel"),
    *("w_i_diag", "w_f_diag", "w_o_diag", "kernel", "bias"),
)
"""The names of a cell's variables after the names of the scopes around them; longer names first."""


def rng_of(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def make_session():
    """A session that runs each graph as it stands: none runs so often that it would be worth its optimisation."""
    config = tf.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    return tf.Session(config=config)


def load(weights, session):
    """Give each variable a value, all in one run."""
    values = {variable.initializer.inputs[1]: value for variable, value in weights}
    session.run([variable.initializer for variable, _ in weights], values)


def make_cell(cell: Cell):
    rnn_cell = tf.nn.rnn_cell
    if cell.kind in ("BasicRNNCell", "GRUCell"):
        return getattr(rnn_cell, cell.kind)(cell.units)
    if cell.kind == "BasicLSTMCell":
        return rnn_cell.BasicLSTMCell(cell.units, forget_bias=cell.forget_bias)
    return rnn_cell.LSTMCell(
        cell.units,
        forget_bias=cell.forget_bias,
        use_peepholes=cell.use_peepholes,
        cell_clip=cell.cell_clip or None,
        num_proj=cell.num_proj or None,
        proj_clip=cell.proj_clip or None,
    )


def weight_name(variable):
    return next(name for name in WEIGHT_NAMES if variable.op.name.endswith("/" + name))


def weights_of(cells):
    """{"0/kernel": variable} for the cells in their order."""
    return {f"{place}/{weight_name(v)}": v for place, cell in enumerate(cells) for v in cell.trainable_weights}


def load_random_weights(variables, rng, session, scale=0.8):
    """Give every weight a random value; return the initial values."""
    session.run(tf.global_variables_initializer())
    first = session.run(variables)
    every = variables.values()
    load([(one, rng.uniform(-scale, scale, one.shape.as_list()).astype("float32")) for one in every], session)
    return first


def unroll(case: Case, cells, inputs, states):
    """Outputs (B, T, H) and the final state's parts, flat, for the flat initial states."""
    lengths = None if case.lengths is None else tf.constant(case.lengths)
    packed = [tf.nest.pack_sequence_as(cell.state_size, part) for cell, part in zip(cells, states, strict=True)]
    if case.unrolling == "bidirectional":
        outputs, final = tf.nn.bidirectional_dynamic_rnn(*cells, inputs, lengths, *packed)
        return tf.concat(outputs, -1), tf.nest.flatten(final)
    cell, state = cells[0], packed[0]
    if len(cells) > 1:
        cell, state = tf.nn.rnn_cell.MultiRNNCell(cells), tuple(packed)
    if case.unrolling == "dynamic":
        outputs, final = tf.nn.dynamic_rnn(cell, inputs, lengths, state)
    else:
        outputs, final = tf.nn.static_rnn(cell, tf.unstack(inputs, axis=1), state, sequence_length=lengths)
        outputs = tf.stack(outputs, 1)
    return outputs, tf.nest.flatten(final)


def flat_states(case: Case, make):
    return [[make(size) for size in cell.state_sizes] for cell in case.cells]


def run_case(case: Case):
    """Outputs, final states, and gradients of a sum of both with random weights (the cotangents)."""
    rng = rng_of(case.name)
    record = {"inputs": normal(rng, BATCH, STEPS, FEATURES)}
    values = [part for layer in flat_states(case, lambda size: normal(rng, BATCH, size)) for part in layer]
    with tf.Graph().as_default(), make_session() as session:
        inputs = tf.constant(record["inputs"])
        states = [tf.constant(value) for value in values]
        cells = [make_cell(cell) for cell in case.cells]
        rest = iter(states)
        outputs, final = unroll(case, cells, inputs, flat_states(case, lambda _: next(rest)))
        variables = weights_of(cells)
        first = load_random_weights(variables, rng, session)
        cotangents = [normal(rng, *part.shape.as_list()) for part in [outputs, *final]]
        goal = tf.add_n([tf.reduce_sum(c * part) for c, part in zip(cotangents, [outputs, *final], strict=True)])
        gradients = tf.gradients(goal, [inputs, *states, *variables.values()])
        fetched = session.run([[outputs, *final], gradients, variables])
    (record["outputs"], *after), (record["gradients/inputs"], *slopes), weights = fetched
    record["cotangents/outputs"] = cotangents[0]
    count = len(states)
    record |= {f"state/{k}": value for k, value in enumerate(values)}
    record |= {f"final/{k}": value for k, value in enumerate(after)}
    record |= {f"cotangents/final/{k}": value for k, value in enumerate(cotangents[1:])}
    record |= {f"gradients/state/{k}": value for k, value in enumerate(slopes[:count])}
    record |= {f"first_weights/{name}": value for name, value in first.items()}
    record |= {f"weights/{name}": value for name, value in weights.items()}
    record |= {f"gradients/weights/{name}": value for name, value in zip(variables, slopes[count:], strict=True)}
    return record


class SaverOfOneWindow:
    """A saver for `static_state_saving_rnn`: it gives placeholders as states, and keeps the saved ones."""

    def __init__(self, sizes):
        self.before = {name: tf.placeholder(tf.float32, [BATCH, size]) for name, size in sizes.items()}
        self.after = {}

    def state(self, name):
        return self.before[name]

    def save_state(self, name, value):
        self.after[name] = tf.identity(value)
        return self.after[name]


def run_windows(case: Case):
    """Two windows in a row, from zeros; the streams sit in other rows of the second one."""
    rng = rng_of(case.name)
    (settings,) = case.cells
    names = tuple(f"part_{k}" for k in range(len(settings.state_sizes)))
    record = {}
    with tf.Graph().as_default(), make_session() as session:
        saver = SaverOfOneWindow(dict(zip(names, settings.state_sizes, strict=True)))
        inputs = tf.placeholder(tf.float32, [BATCH, STEPS, FEATURES])
        cotangent = tf.placeholder(tf.float32, [BATCH, STEPS, settings.output_size])
        cell = make_cell(settings)
        state_name = names if len(names) > 1 else names[0]
        lengths = None if case.lengths is None else tf.constant(case.lengths)
        outputs, _ = tf.nn.static_state_saving_rnn(cell, tf.unstack(inputs, axis=1), saver, state_name, lengths)
        outputs = tf.stack(outputs, 1)
        variables = weights_of([cell])
        load_random_weights(variables, rng, session)
        gradients = tf.gradients(outputs * cotangent, [inputs, *variables.values()])
        states = {stream: [np.zeros(size, "float32") for size in settings.state_sizes] for stream in STREAMS}
        for window, streams in enumerate((STREAMS, STREAMS_LATER)):
            fed = {saver.before[name]: [states[s][k] for s in streams] for k, name in enumerate(names)}
            fed |= {inputs: normal(rng, *inputs.shape), cotangent: normal(rng, *cotangent.shape)}
            out, saved, slopes = session.run([outputs, saver.after, gradients], fed)
            for row, stream in enumerate(streams):
                states[stream] = [saved[name][row] for name in names]
            record |= {
                f"{window}/inputs": fed[inputs],
                f"{window}/cotangents/outputs": fed[cotangent],
                f"{window}/outputs": out,
                f"{window}/gradients/inputs": slopes[0],
            }
            record |= {f"{window}/saved/{k}": saved[name] for k, name in enumerate(names)}
            record |= {f"{window}/gradients/weights/{n}": slope for n, slope in zip(variables, slopes[1:], strict=True)}
        record |= {f"weights/{name}": value for name, value in session.run(variables).items()}
    return record


def sequence_loss_by_example(logits, targets, weights, average_across_timesteps=True):
    """contrib.legacy_seq2seq's, which `tf.compat.v1` has no more; written out from its source.

    Lists with one entry a step: logits (B, V), targets (B,), weights (B,).
    """
    log_perp_list = []
    for logit, target, weight in zip(logits, targets, weights, strict=True):
        target = tf.reshape(target, [-1])
        crossent = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logit)
        log_perp_list.append(crossent * weight)
    log_perps = tf.add_n(log_perp_list)
    if average_across_timesteps:
        total_size = tf.add_n(weights)
        total_size += 1e-12  # Just to avoid division by 0 for all-0 weights.
        log_perps /= total_size
    return log_perps


def run_loss():
    """The loss of 3 examples of 7 steps; one of them padded from its fourth step on, one padding from end to end."""
    rng = rng_of("loss")
    record = {
        "logits": 2 * normal(rng, BATCH, STEPS, LANGUAGE_MODEL.vocabulary),
        "targets": rng.integers(0, LANGUAGE_MODEL.vocabulary, (BATCH, STEPS)).astype("int32"),
        "weights": rng.uniform(0.2, 3, (BATCH, STEPS)).astype("float32"),
        "cotangent": normal(rng, BATCH),
    }
    record["weights"][1, 3:] = 0
    record["weights"][2] = 0
    with tf.Graph().as_default(), make_session() as session:
        logits = tf.constant(record["logits"])
        parts = [tf.unstack(x, axis=1) for x in (logits, record["targets"], record["weights"])]
        for name, average in (("mean", True), ("sum", False)):
            losses = sequence_loss_by_example(*parts, average_across_timesteps=average)
            (slope,) = tf.gradients(losses * record["cotangent"], logits)
            record[f"{name}/losses"], record[f"{name}/gradient"] = session.run([losses, slope])
    return record


def run_language_model(model: LanguageModel):
    """ptb_word_lm's graph and its updates: embedding, stack, softmax, loss, clipping by the global norm, SGD."""
    rng = rng_of("language_model")
    shape = (model.minibatches, BATCH, model.num_steps)
    record = {name: rng.integers(0, model.vocabulary, shape).astype("int32") for name in ("inputs", "targets")}
    with tf.Graph().as_default(), make_session() as session:
        words, targets = (tf.placeholder(tf.int32, shape[1:]) for _ in range(2))
        embedding = tf.get_variable("embedding", [model.vocabulary, model.units])
        inputs = tf.nn.embedding_lookup(embedding, words)
        cells = [tf.nn.rnn_cell.BasicLSTMCell(model.units, model.forget_bias) for _ in range(model.layers)]
        cell = tf.nn.rnn_cell.MultiRNNCell(cells)
        initial_state = state = cell.zero_state(BATCH, tf.float32)
        outputs = []
        for time_step in range(model.num_steps):
            cell_output, state = cell(inputs[:, time_step, :], state)
            outputs.append(cell_output)
        output = tf.reshape(tf.concat(outputs, 1), [-1, model.units])
        softmax_w = tf.get_variable("softmax_w", [model.units, model.vocabulary])
        softmax_b = tf.get_variable("softmax_b", [model.vocabulary])
        logits = tf.matmul(output, softmax_w) + softmax_b
        loss = sequence_loss_by_example(
            [logits], [tf.reshape(targets, [-1])], [tf.ones([BATCH * model.num_steps], tf.float32)]
        )
        cost = tf.reduce_sum(loss) / BATCH
        variables = weights_of(cells) | {"embedding": embedding, "softmax_w": softmax_w, "softmax_b": softmax_b}
        slopes = tf.gradients(cost, list(variables.values()))
        clipped, norm = tf.clip_by_global_norm(slopes, model.max_grad_norm)
        dense = {name: tf.convert_to_tensor(slope) for name, slope in zip(variables, clipped, strict=True)}
        optimizer = tf.train.GradientDescentOptimizer(model.learning_rate)
        update = optimizer.apply_gradients(zip(clipped, variables.values(), strict=True))

        load_random_weights(variables, rng, session, model.init_scale)
        record |= {f"weights/{name}": value for name, value in session.run(variables).items()}
        carried = session.run(initial_state)
        for k in range(model.minibatches):
            fed = {words: record["inputs"][k], targets: record["targets"][k]}
            fed |= dict(zip(tf.nest.flatten(initial_state), tf.nest.flatten(carried), strict=True))
            fetched = session.run([cost, norm, state, dense, logits], fed)
            record[f"{k}/cost"], record[f"{k}/norm"], carried, gradients, record[f"{k}/logits"] = fetched
            session.run(update, fed)
            record |= {f"{k}/clipped/{name}": value for name, value in gradients.items()}
            record |= {f"{k}/state/{n}": part for n, part in enumerate(tf.nest.flatten(carried))}
            record |= {f"{k}/weights/{name}": value for name, value in session.run(variables).items()}
    return record


def let_through(kind, units, remembers):
    """Weights with which h' is x for small x, plus all earlier x where the layer remembers, by variable name."""
    one, nothing = np.eye(units), np.zeros((units, units))
    if kind == "BasicRNNCell":
        return {"kernel": np.vstack([one, one if remembers else nothing]), "bias": np.zeros(units)}
    kernel = np.vstack([np.hstack([nothing, one, nothing, nothing]), np.zeros((units, 4 * units))])
    # Gates i, j, f, o: 100 is as good as open, -100 as good as shut.
    return {"kernel": kernel, "bias": np.repeat([100, 0, 100 if remembers else -100, 100], units)}


def run_dropout(case: Dropout):
    """What of each input, at zeros, comes out at the last step: the gradient of the sum of the last output."""
    keep = {"output_keep_prob": 0.5, "state_keep_prob": 0.5 if case.state else 1.0, "dtype": tf.float32}
    with tf.Graph().as_default(), make_session() as session:
        tf.set_random_seed(zlib.crc32(case.name.encode()) % 2**31)
        inputs = tf.zeros((BATCH, case.steps, case.units))
        make = {"BasicLSTMCell": lambda: tf.nn.rnn_cell.BasicLSTMCell(case.units, forget_bias=0.0)}
        make["BasicRNNCell"] = lambda: tf.nn.rnn_cell.BasicRNNCell(case.units)
        cells = [make[case.kind]() for _ in range(case.layers)]
        wrapped = [
            tf.nn.rnn_cell.DropoutWrapper(
                cell,
                input_keep_prob=1.0 if layer else 0.5,
                variational_recurrent=case.variational,
                input_size=tf.TensorShape(case.units),
                **keep,
            )
            for layer, cell in enumerate(cells)
        ]
        outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(wrapped), inputs, dtype=tf.float32)
        (slope,) = tf.gradients(outputs[:, -1], inputs)
        session.run(tf.global_variables_initializer())
        record, values = {}, []
        for layer, cell in enumerate(cells):
            weights = let_through(case.kind, case.units, layer == case.memory)
            for variable in cell.trainable_weights:
                value = weights[weight_name(variable)].astype("float32")
                values.append((variable, value))
                record[f"weights/{layer}/{weight_name(variable)}"] = value
        load(values, session)
        record["gradient"] = session.run(slope)
    return record


def main(file):
    tf.disable_v2_behavior()
    records = {case.name: run_case(case) for case in (*KINDS, *LENGTHS_AND_LOOPS)}
    records |= {case.name: run_windows(case) for case in WINDOWS}
    records |= {f"dropout/{case.name}": run_dropout(case) for case in DROPOUTS}
    records |= {"loss": run_loss(), "language_model": run_language_model(LANGUAGE_MODEL)}
    np.savez(file, **{f"{name}/{key}": value for name, record in records.items() for key, value in record.items()})


if __name__ == "__main__":
    main(sys.argv[1])
