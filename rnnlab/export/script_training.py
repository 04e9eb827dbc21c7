"""The parts of a script that train the network and let it run free."""

from __future__ import annotations

from rnnlab.config import Experiment
from rnnlab.config.live_changes import read_changes
from rnnlab.export.code import filled, joined
from rnnlab.export.exported import ExportedRun

XLA_WORK = 50_000_000
"""Multiplications of one forward pass up to which XLA makes an update faster, as in `rnnlab.training.update`."""

HEAD = """
# --- 4. Training ---
"""

RATE = {
    "constant": """
LEARNING_RATE = $learning_rate
""",
    "epochs": """
LEARNING_RATE, DECAY, FULL_RATE_EPOCHS = $learning_rate, $lr_decay, $full_rate_epochs


def learning_rate(step):
    \"\"\"The learning rate of one update: full for some epochs, then multiplied by DECAY at each epoch.\"\"\"
    epoch = step // steps_per_epoch
    return LEARNING_RATE * DECAY ** max(epoch + 1 - FULL_RATE_EPOCHS, 0)
""",
    "linear": """
LEARNING_RATE, FULL_RATE_EPOCHS = $learning_rate, $full_rate_epochs


def learning_rate(step):
    \"\"\"The learning rate of one update: full for some epochs, then falling linearly to 0 at the end.\"\"\"
    left = (EPOCHS - step / steps_per_epoch) / (EPOCHS - FULL_RATE_EPOCHS)
    return LEARNING_RATE * min(1.0, max(0.0, left))
""",
}

CHANGED_RATE = """
CHANGES = $changes  # the learning rate was moved by hand: from these updates on, it has these values


def rate_at(step):
    \"\"\"The learning rate of one update: the last value that it was moved to, or the planned one.\"\"\"
    moved = [rate for start, rate in CHANGES.items() if start <= step]
    return moved[-1] if moved else $planned
"""

LOSSES = {
    "value": "tf.reduce_mean(tf.square(outputs - targets))",
    "token": "tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs))",
    "label": """
    known = tf.cast(targets >= 0, "float32")  # an unknown label does not count
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(targets, 0), outputs)
    return tf.reduce_sum(each * known) / tf.reduce_sum(known)
""",
    "last label": "tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs[:, -1]))",
    "last value": "tf.reduce_mean(tf.square(outputs[:, -1, 0] - targets))",
}
"""The loss of a minibatch, by what the network answers."""

LOSS = """
def loss_of(outputs, targets):
    \"\"\"$about\"\"\"
    $loss
"""

LOSS_WORDS = {
    "value": "The mean squared error.",
    "token": "The mean cross-entropy in nats per token. Outputs are logits.",
    "label": "The mean cross-entropy in nats per label. Outputs are logits.",
    "last label": "The cross-entropy of the answer at the last step, in nats. Outputs are logits.",
    "last value": "The mean squared error of the answer at the last step.",
}

OPTIMIZERS = {"adam": "Adam", "sgd": "SGD"}

UPDATE = """
optimizer = keras.optimizers.$optimizer(LEARNING_RATE)


@tf.function$compiled
def update(inputs, targets, states$rate_argument$probability_argument):
    \"\"\"One step of the optimiser: the loss before it, and the states after the window.\"\"\"
    variables = list(weights.values())
$feedback    with tf.GradientTape() as tape:
        outputs, states = network($read, states, training=True)
        loss = loss_of(outputs, targets)
$scale    gradients = tape.gradient($goal, variables)
$clip$dense$assign    optimizer.apply(gradients, variables)
    return loss, states
"""

SCALE = """
        goal = loss * $factor  # $why
"""

CLIP = """
    gradients, _ = tf.clip_by_global_norm(gradients, CLIP_NORM)
"""

DENSE = """
    # A word vector has a gradient for each time that its word was read. Adam needs their sum.
    gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
"""

TRAIN = """
def train_network():
    \"\"\"All updates, from the first weights on; the loss of each minibatch before its update.\"\"\"
    losses = []
    for step in range(EPOCHS * steps_per_epoch):
        window = step % steps_per_epoch
$states
        steps = slice(window * NUM_STEPS, (window + 1) * NUM_STEPS)
        loss, states = update(inputs[:, steps], $targets, states$rate$probability)
        losses.append(float(loss))
        if step < 3 or (step + 1) % REPORT_EVERY == 0:
            print(f"update {step + 1:,} of {EPOCHS * steps_per_epoch:,}: loss {losses[-1]:.6g}", flush=True)
    return losses
"""

CARRIED = """
        if window == 0:
            states = zero_states(BATCH_SIZE)  # later windows go on from the states of the one before
"""

FRESH = """
        states = zero_states(BATCH_SIZE)  # every window starts from an empty memory
"""

START = """
if sys.argv[1:]:
    load_weights(sys.argv[1])
else:
    losses = train_network()
    rows = "".join(f"{step},{loss!r}\\n" for step, loss in enumerate(losses))
    (HERE / "losses.csv").write_text(f"step,loss\\n{rows}")
"""

FREE_HEAD = """
# --- 5. Free-running: each output is the next input ---

read_on = tf.function(network)
"""

FREE_SERIES = """
PRIME, HORIZON = $prime, $horizon  # true values that are read first, and steps that it runs alone


def run_free(prime, horizon):
    \"\"\"Read the true values of a prime, and go on alone: float32 (horizon,).\"\"\"
    outputs, states = read_on(prime[None, :, None], zero_states(1))
    generated = [outputs[:, -1:]]
    while len(generated) < horizon:
        outputs, states = read_on(generated[-1], states)  # the states are carried
        generated.append(outputs)
    return np.concatenate(generated, axis=1)[0, :, 0]
"""

TRUTH_WAVE = """
truth = wave(PRIME + HORIZON)
generated = run_free($read, HORIZON)
"""

TRUTH_SERIES = """
truth = np.concatenate([train[-PRIME:], valid, test])[: PRIME + HORIZON]
generated = run_free(train[-PRIME:], len(truth) - len(train[-PRIME:]))
truth, generated = truth * STD + MEAN, generated * STD + MEAN  # in the units of the file
"""

ERROR = """
error = np.sqrt(np.mean((generated.astype("float64") - truth[-len(generated) :]) ** 2))
print(f"free-running RMSE {error:.4g} over {len(generated)} steps after a prime of {PRIME}")
pairs = zip(truth[-len(generated) :].tolist(), generated.tolist())
rows = "".join(f"{target!r},{value!r}\\n" for target, value in pairs)
(HERE / "generated.csv").write_text(f"target,generated\\n{rows}")
"""

FREE_TEXT = """
HORIZON = 100  # tokens


def generate(prime, horizon, temperature=1.0, seed=0):
    \"\"\"Read the tokens of a prime, and draw one token after another; temperature 0 takes the most probable one.\"\"\"
    random = np.random.default_rng(seed)
    logits, states = read_on(np.array([prime], "int32"), zero_states(1))
    tokens = []
    while len(tokens) < horizon:
        scores = logits[0, -1].numpy().astype("float64")
        if temperature:
            scores = scores / temperature + random.gumbel(size=len(scores))
        tokens.append(int(np.argmax(scores)))
        logits, states = read_on(np.array([tokens[-1:]], "int32"), states)  # the states are carried
    return tokens


start = [number_of.get("<eos>", 0)]
generated = generate(start, HORIZON, temperature=0)
print("The most probable continuation:", spell(vocabulary[number] for number in generated), sep="\\n")
rows = "".join(f"{number}\\n" for number in generated)
(HERE / "generated.csv").write_text(f"generated\\n{rows}")
drawn = generate(start, HORIZON, temperature=1.0)
print("A drawn one:", spell(vocabulary[number] for number in drawn), sep="\\n")

"""

PERPLEXITY = """
def perplexity(sequence):
    \"\"\"exp of the mean loss of a whole part, read in windows with the states $carried.\"\"\"
    rows = in_streams(sequence, max(1, min(BATCH_SIZE, len(sequence) // 2)))
    total, states = 0.0, zero_states(len(rows))
    for start in range(0, rows.shape[1] - 1, NUM_STEPS):
        window = rows[:, start : start + NUM_STEPS + 1]
        outputs, states = read_on(window[:, :-1], $states)
        total += float(loss_of(outputs, window[:, 1:])) * (window.shape[1] - 1)
    return float(np.exp(total / (rows.shape[1] - 1)))


print(f"validation perplexity {perplexity(valid):.2f}")
"""

ANSWER_HEAD = """
# --- 5. What it answers for data that it has not learned ---

read_on = tf.function(network)
"""

ACCURACY = """
count = len(valid) // NUM_STEPS  # whole windows, each read from an empty memory
windows, truth = (part[: count * NUM_STEPS].reshape(count, NUM_STEPS) for part in (valid, labels["valid"]))
answers = np.argmax(read_on(windows$slice, zero_states(count))[0], axis=-1)
accuracy = np.mean((answers == truth)[truth >= 0])
print(f"validation accuracy {accuracy:.4f}")
"""

LAST_ACCURACY = """
outputs = read_on(valid, zero_states(len(valid)))[0][:, -1]
print(f"validation accuracy {np.mean(np.argmax(outputs, axis=-1) == valid_answers):.4f}")
"""

LAST_ERROR = """
outputs = read_on(valid, zero_states(len(valid)))[0][:, -1, 0]
print(f"validation mean squared error {np.mean((outputs - valid_answers) ** 2):.6f}")
"""

FEEDBACK = """
FEEDBACK = $feedback  # probability that an input is the network's own previous output
"""

PRIME, HORIZON = 50, 500


def training_part(run: ExportedRun) -> str:
    """The code that trains."""
    experiment = run.experiment
    training, kind = experiment.training, _kind(experiment)
    constants = [f"EPOCHS = {training.epochs}", f"CLIP_NORM = {training.clip_norm!r}" if training.clip_norm else ""]
    constants.append("REPORT_EVERY = max(1, EPOCHS * steps_per_epoch // 10)")
    constants.append(_schedule(experiment))
    return joined(
        [
            joined([filled(HEAD), joined(constants, gap="\n")], gap="\n\n"),
            _loss(kind),
            _update(run),
            _loop(experiment),
            filled(START),
        ]
    )


def free_part(run: ExportedRun) -> str:
    """The code that lets the network run free, or answer what it was not shown."""
    experiment = run.experiment
    task = experiment.task
    if not task.can_generate:
        answers = {"label": ACCURACY, "last label": LAST_ACCURACY, "last value": LAST_ERROR}[_kind(experiment)]
        return joined(
            [filled(ANSWER_HEAD), filled(answers, slice="" if task.reads_tokens else "[..., None]")], gap="\n\n"
        )
    if task.reads_tokens:
        carries = experiment.training.carry_state
        measured = filled(
            PERPLEXITY,
            carried="carried" if carries else "reset",
            states="states" if carries else "zero_states(len(rows))",
        )
        return joined([joined([filled(FREE_HEAD), measured]), filled(FREE_TEXT)])
    truth = TRUTH_SERIES if experiment.data.needs_own_text else TRUTH_WAVE
    zeros = getattr(experiment.data, "inputs", "wave") == "zeros"
    read = 'np.zeros(PRIME, "float32")' if zeros else "truth[:PRIME]"
    shown = joined([filled(truth, read=read), filled(ERROR)], gap="\n")
    return joined([joined([filled(FREE_HEAD), filled(FREE_SERIES, prime=PRIME, horizon=HORIZON)], gap="\n"), shown])


def _kind(experiment: Experiment) -> str:
    """What the network answers: a key of `LOSSES`."""
    task = experiment.task
    answer = "label" if task.tags else "token" if task.reads_tokens else "value"
    return f"last {answer}" if task.is_sequences else answer


def _schedule(experiment: Experiment) -> str:
    """The code of the learning rate."""
    training = experiment.training
    kind = training.lr_schedule
    falls = training.epochs > training.full_rate_epochs and (kind == "linear" or training.lr_decay != 1)
    planned = filled(RATE[kind if falls else "constant"], **vars(training))
    moved = {change.step: change.value for change in read_changes(training.changes) if change.name == "learning_rate"}
    if not moved:
        return planned
    return joined(
        [planned, filled(CHANGED_RATE, changes=moved, planned="learning_rate(step)" if falls else "LEARNING_RATE")]
    )


def _rate(experiment: Experiment) -> str:
    """The name of the function that gives the rate of a step; "" for a rate that never changes."""
    scheduled = _schedule(experiment)
    return "rate_at" if "def rate_at" in scheduled else "learning_rate" if "def learning_rate" in scheduled else ""


def _loss(kind: str) -> str:
    body = LOSSES[kind].strip()
    return filled(LOSS, about=LOSS_WORDS[kind], loss=body if "\n" in body else f"return {body}")


def _update(run: ExportedRun) -> str:
    experiment = run.experiment
    training = experiment.training
    factor = "NUM_STEPS" if training.loss_scale == "sum_over_time" else ""
    adds_rows = experiment.task.reads_tokens and training.optimizer == "adam"
    return filled(
        UPDATE,
        optimizer=OPTIMIZERS[training.optimizer],
        compiled="(jit_compile=True)" if _is_small(run) else "",
        rate_argument=", rate" if _rate(experiment) else "",
        probability_argument="",
        feedback="",
        read="inputs",
        scale=f"{filled(SCALE, factor=factor, why='summed over time, averaged over the streams')}\n" if factor else "",
        goal="goal" if factor else "loss",
        clip=f"{filled(CLIP)}\n" if training.clip_norm else "",
        dense=f"{filled(DENSE)}\n" if adds_rows else "",
        assign="    optimizer.learning_rate.assign(rate)\n" if _rate(experiment) else "",
    )


def _is_small(run: ExportedRun) -> bool:
    """Whether an update is so little work that XLA makes it faster."""
    experiment = run.experiment
    rows = len(run.dataset.vocabulary)
    looked_up = 0 if experiment.is_tied else rows * (experiment.model.embedding_dim or experiment.model.widths[0])
    multiplied = experiment.parameters(rows or None) - (looked_up if experiment.task.reads_tokens else 0)
    return multiplied * experiment.training.batch_size * experiment.training.num_steps <= XLA_WORK


def _loop(experiment: Experiment) -> str:
    carries = experiment.training.carry_state and not experiment.model.is_bidirectional
    rate = _rate(experiment)
    return filled(
        TRAIN,
        states=filled(CARRIED if carries else FRESH),
        targets="answers[:, window]" if experiment.task.is_sequences else "targets[:, steps]",
        rate=f', tf.constant({rate}(step), "float32")' if rate else "",
        probability="",
    )
