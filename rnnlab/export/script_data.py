"""The part of a script that makes or reads the data, and cuts them into minibatches."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from rnnlab.config import to_flat
from rnnlab.config.corpora import UPLOAD
from rnnlab.data import SPLITS
from rnnlab.data.own_series import read_series
from rnnlab.data.sine import ROUNDING
from rnnlab.data.treebank import MIRRORS, WORDS
from rnnlab.data.vocabulary import EOS, UNK
from rnnlab.export.code import filled, headed, joined
from rnnlab.export.exported import ExportedRun

SHAPES = {
    "sine": "np.sin(phase)",
    "two_sines": "(np.sin(phase) + np.sin((1 + 5**0.5) / 2 * phase)) / 2",
    "triangle": "np.arcsin(np.sin(phase)) * 2 / np.pi",
    "square": "np.where(period_done(phase) < 0.5 - ROUNDING, 1.0, -1.0)",
    "sawtooth": "2 * period_done(phase + np.pi) - 1",
}
"""The values of a wave, from its phase."""

PERIOD_DONE = """
ROUNDING = $rounding  # in periods: a phase just before a jump counts as after it


def period_done(phase):
    \"\"\"The share of the period that is over, from 0 to 1.\"\"\"
    periods = phase / (2 * np.pi)
    return np.maximum(periods - np.floor(periods + ROUNDING), 0.0)
"""

WAVE = """
SAMPLES = $samples  # time steps that the network trains on
FREQUENCY = $frequency  # radians per sample


def wave(length):
    \"\"\"The first values of the wave, one at each time step.\"\"\"
    phase = FREQUENCY * np.arange(length)
    values = $shape
    return values.astype("float32")


series = wave(3 * (SAMPLES + 1))  # the training part, and the two parts that follow it
"""

NOISE = """
NOISE = $noise  # standard deviation
noise = np.random.default_rng($seed).standard_normal(len(series))
series = series + (NOISE * noise).astype("float32")
"""

WAVE_PARTS = """
train, valid, test = series.reshape(3, SAMPLES + 1)  # the last value of each part is only a target
"""

OWN_SERIES = """
series = np.loadtxt(HERE / "series.csv", skiprows=1)
train, valid, test = np.split(series, [$first, $second])  # in the order of time

# The network reads values with mean 0 and standard deviation 1. Only the training part decides the scale.
MEAN, STD = np.mean(train), np.std(train)
train, valid, test = (((part - MEAN) / STD).astype("float32") for part in (train, valid, test))
"""

TEXT_FILES = """
def read(part):
    \"\"\"One part of the text.\"\"\"
    return (HERE / f"{part}.txt").read_bytes().decode("utf-8")
"""

TREEBANK = """
FOLDER = Path(os.environ.get("RNNLAB_PTB", HERE))  # the folder of ptb.train.txt, ptb.valid.txt and ptb.test.txt
MIRROR = "$mirror"


def read(part):
    \"\"\"One part of the Penn Treebank. Its licence forbids to include it, so a missing file is downloaded.\"\"\"
    file = FOLDER / f"ptb.{part}.txt"
    if not file.exists():
        urllib.request.urlretrieve(f"{MIRROR}/{file.name}", file)
    return file.read_text("utf-8")
"""

TOKENS = {
    "words": """
def tokenize(text):
    \"\"\"A text as words. <eos> stands for the end of a line.\"\"\"
    return text.replace("\\n", " <eos> ").split()


def spell(tokens):
    \"\"\"The text that the words spell.\"\"\"
    return " ".join(tokens).replace("<eos>", "\\n")
""",
    "characters": """
def tokenize(text):
    \"\"\"A text as characters. <eos> stands for the end of a line.\"\"\"
    return [$marks.get(character, character) for character in text]


def spell(tokens):
    \"\"\"The text that the characters spell.\"\"\"
    return "".join("\\n" if token == "<eos>" else token for token in tokens)
""",
}

COUNTED = """
train, valid, test = (tokenize(read(part)) for part in ("train", "valid", "test"))
"""

FIRST_TOKENS = """
train = train[:$count]  # a part of the text, so results cannot be compared with published ones
"""

KNOWN_WORDS = """
# Only the most frequent words are kept. All others become <unk>, the unknown word.
counts = Counter(train)
others = sorted((word for word in counts if word != "<unk>"), key=lambda word: (-counts[word], word))
known = {"<unk>", *others[: $size - 1]}
train, valid, test = ([word if word in known else "<unk>" for word in part] for part in (train, valid, test))
"""

VOCABULARY = """
# The vocabulary: the most frequent token has the number 0. Equally frequent ones are in alphabetical order.
counts = Counter(train)
vocabulary = sorted(counts, key=lambda token: (-counts[token], token))
"""

ADDED_UNKNOWN = """
vocabulary.append("<unk>")  # it occurs only in the other two parts
"""

NUMBERED = """
number_of = {token: number for number, token in enumerate(vocabulary)}
train, valid, test = (np.array([number_of[token] for token in part], "int32") for part in (train, valid, test))
"""

NUMBER_TAGS = """
def read_labels(part):
    \"\"\"The label of each word of a part; -1 where it cannot be known.\"\"\"
    return np.array((HERE / f"{part}.labels.txt").read_text("utf-8").split(), "int32")


labels = {part: read_labels(part) for part in ("train", "valid")}
"""

PEAK_TAGS = """
def peaks(values):
    \"\"\"1 for a value that the wave rises to and does not rise after, 0 for the others; -1 at both ends.\"\"\"
    rises = np.diff(values) > np.finfo("float32").eps
    return np.concatenate([[-1], rises[:-1] & ~rises[1:], [-1]]).astype("int32")


labels = {"train": peaks(train), "valid": peaks(valid)}
"""

RECALL = """
SYMBOLS, LENGTH = $symbols, $length  # a symbol, blanks, and a cue at the last step
BLANK, CUE = SYMBOLS, SYMBOLS + 1  # the tokens that are no symbols


def sequences(count, random):
    \"\"\"Sequences int32 (count, LENGTH), and the symbol that each asks for: all symbols once in each deck.\"\"\"
    decks = [random.permutation(SYMBOLS) for _ in range(-(-count // SYMBOLS))]
    symbols = np.concatenate(decks)[:count].astype("int32")
    made = np.full((count, LENGTH), BLANK, "int32")
    made[:, 0], made[:, -1] = symbols, CUE
    return made, symbols
"""

ADDING = """
LENGTH = $length  # numbers in a sequence, two of which are marked


def sequences(count, random):
    \"\"\"Sequences float32 (count, LENGTH, 2) of numbers and marks, and the sum of the marked numbers.\"\"\"
    numbers = random.random((count, LENGTH), np.float32)
    marks = np.zeros_like(numbers)
    rows, half = np.arange(count), LENGTH // 2
    marks[rows, random.integers(0, half, count)] = 1
    marks[rows, random.integers(half, LENGTH, count)] = 1
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=1)
"""

SEQUENCES = """
train, train_answers = sequences($count, np.random.default_rng($seed))
valid, valid_answers = sequences($held_out, np.random.default_rng(1))  # the same for every seed
"""

WINDOWS = """
# --- 2. One long sequence becomes minibatches ---
#
# It is cut into BATCH_SIZE streams side by side. A minibatch is a window of NUM_STEPS steps of all streams, so each
# stream goes on where it ended in the window before.

BATCH_SIZE, NUM_STEPS = $batch_size, $num_steps


def in_streams(sequence, batch_size):
    \"\"\"The sequence as rows (batch_size, length) of neighbours. What fills no column at the end is left out.\"\"\"
    length = len(sequence) // batch_size
    return sequence[: batch_size * length].reshape(batch_size, length)
"""

NEXT = """
rows = in_streams(train, BATCH_SIZE)
inputs, targets = rows[:, :-1], rows[:, 1:]  # the target of each step is the next value
"""

PREVIOUS = """
rows = in_streams(train, BATCH_SIZE)
inputs, targets = rows[:, 1:], rows[:, :-1]  # a common mistake: the target is the previous value
"""

LABELLED = """
inputs = in_streams(train, BATCH_SIZE)[:, :-1]
targets = in_streams(labels["train"], BATCH_SIZE)[:, :-1]  # the label of the same step
"""

ZEROS = """
inputs = np.zeros_like(inputs)  # a common mistake: the network never sees the wave
"""

WITH_FEATURE = """
inputs$both = inputs[..., None]$others  # (batch, steps, 1): one number at each step
"""

STEPS = """
steps_per_epoch = inputs.shape[1] // NUM_STEPS
"""

WHOLE_SEQUENCES = """
# --- 2. Sequences become minibatches ---
#
# Each minibatch has BATCH_SIZE whole sequences. Only the answer at the last step counts.

BATCH_SIZE, NUM_STEPS = $batch_size, LENGTH

steps_per_epoch = len(train) // BATCH_SIZE
used = BATCH_SIZE * steps_per_epoch
inputs = train[:used].reshape(BATCH_SIZE, steps_per_epoch * LENGTH$feature)
answers = train_answers[:used].reshape(BATCH_SIZE, steps_per_epoch)
"""

HELD_OUT = 200


def data_part(run: ExportedRun) -> str:
    """The code that makes `train`, `valid` and `test`."""
    experiment = run.experiment
    head = f"# --- 1. The data: {_about(run)} ---"
    kind = experiment.data.kind
    body = {"sine": _wave, "series": _series, "text": _text, "memory": _memory}[kind](run, to_flat(experiment))
    return headed(head, body)


def windows_part(run: ExportedRun) -> str:
    """The code that makes `inputs`, `targets` and `steps_per_epoch`."""
    experiment, flat = run.experiment, to_flat(run.experiment)
    if experiment.task.is_sequences:
        feature = "" if experiment.task.reads_tokens else ", 2"
        return filled(WHOLE_SEQUENCES, **flat, feature=feature)
    is_value = not (experiment.task.reads_tokens or experiment.task.tags)
    both, others = (", targets", ", targets[..., None]") if is_value else ("", "")
    pairs = LABELLED if experiment.task.tags else {"next": NEXT, "previous": PREVIOUS}[flat.get("target", "next")]
    cut = [
        filled(pairs),
        filled(ZEROS) if flat.get("inputs") == "zeros" else "",
        "" if experiment.task.reads_tokens else filled(WITH_FEATURE, both=both, others=others),
        filled(STEPS),
    ]
    return joined([filled(WINDOWS, **flat), joined(cut, gap="\n")])


def data_files(run: ExportedRun) -> dict[str, bytes]:
    """The files that the code reads, by their names beside the script."""
    data = run.experiment.data
    if data.kind == "series":
        values = read_series(data, str(run.own_text)).values  # type: ignore[arg-type]
        return {"series.csv": "\n".join(["value", *map(repr, values.tolist()), ""]).encode()}
    if data.kind != "text":
        return {}
    dataset = run.dataset
    files = {} if _is_treebank(run) else {f"{part}.txt": _spelled(run, part).encode() for part in SPLITS}
    if dataset.tags:
        files |= {f"{part}.labels.txt": " ".join(map(str, _labels(run, part))).encode() for part in ("train", "valid")}
    return files


def data_imports(run: ExportedRun) -> list[str]:
    """What the code imports beside NumPy, TensorFlow and Keras."""
    if run.experiment.data.kind != "text":
        return []
    return ["from collections import Counter", *(["import urllib.request"] if _is_treebank(run) else [])]


def _about(run: ExportedRun) -> str:
    return run.experiment.data.title(run.name) if not run.experiment.data.needs_own_text else "a file of one's own"


def _wave(run: ExportedRun, flat: dict[str, Any]) -> str:
    shape = SHAPES[flat["shape"]]
    body = filled(WAVE, **flat | {"shape": shape})
    parts = [
        filled(NOISE, **flat) if flat["noise"] else "",
        filled(WAVE_PARTS),
    ]
    tags = filled(PEAK_TAGS) if run.experiment.task.tags else ""
    period = filled(PERIOD_DONE, rounding=ROUNDING) if "period_done" in shape else ""
    return joined([period, joined([body, *parts], gap="\n"), tags])


def _series(run: ExportedRun, flat: dict[str, Any]) -> str:
    first = len(run.dataset.train)
    return filled(OWN_SERIES, first=first, second=first + len(run.dataset.valid))


def _text(run: ExportedRun, flat: dict[str, Any]) -> str:
    dataset = run.dataset
    reader = filled(TREEBANK, mirror=MIRRORS[0]) if _is_treebank(run) else filled(TEXT_FILES)
    marks = {"\n": EOS} | ({_unknown_mark(run): UNK} if UNK in dataset.vocabulary else {})
    is_cut = _is_treebank(run)
    has_limit = UNK in dataset.vocabulary and (len(dataset.vocabulary) < WORDS or dataset.tokens == "characters")
    has_added = UNK in dataset.vocabulary and dataset.vocabulary.index(UNK) not in dataset.train
    steps = [
        filled(COUNTED),
        filled(FIRST_TOKENS, count=flat["train_tokens"]) if is_cut and flat["train_tokens"] else "",
        filled(KNOWN_WORDS, size=len(dataset.vocabulary)) if is_cut and has_limit else "",
        filled(VOCABULARY),
        filled(ADDED_UNKNOWN) if has_added else "",
        filled(NUMBERED),
    ]
    tags = filled(NUMBER_TAGS) if dataset.tags else ""
    return joined([reader, filled(TOKENS[flat["tokens"]], marks=json.dumps(marks)), joined(steps, gap="\n"), tags])


def _memory(run: ExportedRun, flat: dict[str, Any]) -> str:
    length = run.experiment.data.length  # type: ignore[union-attr]
    maker = {"recall": RECALL, "adding": ADDING}[flat["problem"]]
    made = filled(SEQUENCES, count=flat["sequences"], seed=flat["seed"], held_out=HELD_OUT)
    return joined([filled(maker, **flat, length=length), made])


def _is_treebank(run: ExportedRun) -> bool:
    """Whether the words are those of the treebank, whose licence does not allow us to put it beside the script."""
    return getattr(run.experiment.data, "corpus", UPLOAD) == "ptb"


def _spelled(run: ExportedRun, part: str) -> str:
    """A part of a text as it is written to a file. What the vocabulary lacks is `<unk>` already."""
    dataset = run.dataset
    if dataset.tokens == "words":
        return dataset.decode(dataset.split(part))
    written = {EOS: "\n", UNK: _unknown_mark(run)}
    tokens = (dataset.vocabulary[number] for number in dataset.split(part))
    return "".join(written.get(token, token) for token in tokens)


def _unknown_mark(run: ExportedRun) -> str:
    """A character that stands for `<unk>` in a file of characters: a private one that the text does not have."""
    return next(mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in run.dataset.vocabulary)


def _labels(run: ExportedRun, part: str) -> list[int]:
    """The label of each word of a part; -1 for an unknown one."""
    from rnnlab.data.tags import number_tags

    return np.asarray(number_tags(run.dataset.split(part), run.dataset.vocabulary)).tolist()
