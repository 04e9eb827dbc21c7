"""The data of a network, from any source: three sequences of numbers, and facts about them."""

from __future__ import annotations

import dataclasses
import itertools
import math
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rnnlab.config import (
    ADDING,
    CONTINUE_TEXT,
    CORPORA,
    LABEL_NUMBERS,
    OWN_FILE,
    RECALL,
    UPLOAD,
    DataSettings,
    Experiment,
    MemoryData,
    SeriesData,
    SineData,
    Task,
    TextData,
)
from rnnlab.data import adding, grammar, own_series, own_text, period_text, python_docs, recall, sine, treebank
from rnnlab.data.batching import Batch, Streams, cut_streams, stream_rows
from rnnlab.data.corpus import Corpus, TextMissing
from rnnlab.data.own_series import AS_IT_IS, Scale
from rnnlab.data.sequences import Sequences
from rnnlab.data.tags import UNKNOWN, number_tags, peak_tags
from rnnlab.data.vocabulary import UNK, build_vocabulary, decode, encode, join, tokenize
from rnnlab.errors import LabError

SPLITS = ("train", "valid", "test")

LEAD_IN = 100
"""Values of a wave that the network reads before the validation loss counts."""

QUICK_EVALUATION_TOKENS = 5_000
"""Time steps of the fixed slice of a part that is evaluated between the ends of the epochs."""

QUICK_SEQUENCES = 200
"""Separate sequences of this slice, at least."""

HELD_OUT_SEED = 1
"""The validation and test sequences are the same for every seed, so that seeds can be compared."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Data ready for training. The arrays are read-only, because all users of the same data share them.

    Attributes:
        train: float32 (N,) values of a series as the network reads them, or int32 (N,) token ids; of separate sequences
            the inputs (N, L, ...).
        valid: the same kind.
        test: the same kind.
        vocabulary: the token of each id, most frequent first; () for a series. `<unk>` and `<eos>` are there only if
            the text has them.
        label: its name on the screen, such as "Penn Treebank".
        note: a fact that matters for comparing results, such as "the first 100,000 of 929,589 tokens"; or "".
        floor_perplexity: the lowest perplexity any model can reach on average, if it is known exactly.
        tokens: the pieces of a text, `words` or `characters`.
        inputs: `wave`, or `zeros` for the first classic mistake; series only.
        target: `next`, or `previous` for the second classic mistake; series only.
        tags: the labels of a tagging task; () if the target is a value or a token.
        sequences: the three parts by name, if the data are separate sequences; otherwise empty.
        scale: from the units of the data to what the network reads, and back; only a series of one's own is scaled.
        understood: sentences that say how a file was read; or "".
    """

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    vocabulary: tuple[str, ...]
    label: str
    note: str = ""
    floor_perplexity: float | None = None
    tokens: str = "words"
    inputs: str = "wave"
    target: str = "next"
    tags: tuple[str, ...] = ()
    sequences: Mapping[str, Sequences] = field(default_factory=dict)
    scale: Scale = AS_IT_IS
    understood: str = ""

    def __post_init__(self) -> None:
        for name in SPLITS:
            getattr(self, name).setflags(write=False)

    def __repr__(self) -> str:
        parts = [f"{name} {len(self.split(name)):,}" for name in SPLITS]
        words = [f"vocabulary {len(self.vocabulary):,}"] if self.vocabulary else []
        return f"<dataset {self.label!r}: {', '.join(parts + words)}>"

    @property
    def has_tokens(self) -> bool:
        """Whether the arrays hold token ids rather than values."""
        return bool(self.vocabulary)

    def split(self, name: str) -> np.ndarray:
        """The sequence called `train`, `valid` or `test`.

        Raises:
            ValueError: there is no such part.
        """
        if name not in SPLITS:
            raise LabError(f"There is no part called {name!r}; it must be one of {', '.join(SPLITS)}.")
        return getattr(self, name)

    def streams(self, split: str, batch_size: int) -> Streams:
        """The inputs and targets of a part, in `batch_size` parallel streams; see `cut_streams` and `Sequences`.

        Raises:
            ValueError: no such part, or it is too short for that many streams.
        """
        if self.sequences:
            return self.sequences[split].streams(batch_size)
        streams = cut_streams(self.split(split), batch_size)
        if self.tags:
            streams = self._tagged(streams, split)
        if self.target == "previous":
            # np.roll(x, 1) pairs each value with the previous one. Its first target, the last value of the series, is
            # an artefact of the roll and is left out.
            rows = stream_rows(self.split(split), batch_size)
            streams = Streams(rows[:, 1:], rows[:, :-1], streams.weights)
        if self.inputs == "zeros":
            streams = Streams(np.zeros_like(streams.inputs), streams.targets, streams.weights)
        return streams

    def held_out_streams(self, split: str, batch_size: int) -> Streams:
        """The validation or test part, in the streams in which it is measured.

        A text has at most `batch_size` streams. A short text has fewer, because every stream needs an input and a
        target. A wave has one stream. It begins with a lead-in from the training part, which does not count. Without
        the lead-in, the network would start in the middle of a period with an empty memory, and its first errors would
        dominate the loss. Of separate sequences none is left out.
        """
        if self.sequences:
            return self.sequences[split].all_in_streams(batch_size)
        if self.has_tokens:
            return self.streams(split, max(1, min(batch_size, len(self.split(split)) // 2)))
        lead = self.train[-LEAD_IN:]
        joined: dict[str, Any] = {split: np.concatenate([lead, self.split(split)])}
        streams = dataclasses.replace(self, **joined).streams(split, 1)
        weights = streams.weights.copy()
        weights[:, : len(lead) - 1] = 0  # The last step of the lead-in predicts the first value.
        return dataclasses.replace(streams, weights=weights)

    def quick_windows(self, split: str, batch_size: int, num_steps: int) -> Iterator[Batch]:
        """The first windows of a part: what is evaluated between the ends of the epochs.

        Args:
            split: `train`, `valid` or `test`.
            batch_size: streams of the training.
            num_steps: of each window.
        """
        is_train = split == "train"
        streams = self.streams(split, batch_size) if is_train else self.held_out_streams(split, batch_size)
        size = len(streams.weights)
        least = -(-QUICK_SEQUENCES // size) if self.sequences else 1
        return itertools.islice(
            streams.padded_windows(num_steps), max(least, QUICK_EVALUATION_TOKENS // (size * num_steps))
        )

    def _tagged(self, streams: Streams, split: str) -> Streams:
        """The same inputs with their tags as targets. Unknown tags do not count."""
        sequence = self.split(split)
        tags = number_tags(sequence, self.vocabulary) if self.has_tokens else peak_tags(sequence)
        targets = stream_rows(tags, len(streams.weights))[:, :-1]
        return Streams(streams.inputs, np.maximum(targets, 0), np.where(targets == UNKNOWN, 0, streams.weights))

    def encode(self, text: str) -> np.ndarray:
        """The ids of a text in this vocabulary, for instance of a prime: int32 (N,).

        Raises:
            ValueError: a token is unknown and the vocabulary has no `<unk>`.
        """
        return encode(tokenize(text, self.tokens), self.vocabulary)

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """The text of some ids; each `<eos>` is a newline."""
        return join(decode(ids, self.vocabulary), self.tokens)


def load_dataset(
    data: DataSettings,
    seed: int,
    upload_text: str | None = None,
    progress: treebank.Progress | None = None,
) -> Dataset:
    """The dataset that the settings describe. The last few stay in memory.

    Args:
        data: the settings.
        seed: decides the noise of a series, and the training part of separate sequences. Texts do not depend on it, so
            that seeds can be compared.
        upload_text: the text of the user's own file, where `corpus` is `upload`, or of a series of one's own.
        progress: called with the bytes of a download, if there is one.
    Raises:
        DatasetUnavailable: the corpus is not on this machine and cannot be downloaded; `TextMissing`: the data are a
            file of one's own and no text was given.
        ValueError: the user's file cannot be used.
    """
    if isinstance(data, SineData):
        return _wave_dataset(data, seed)
    if isinstance(data, MemoryData):
        return _sequences_dataset(data, seed)
    if data.needs_own_text and upload_text is None:
        raise TextMissing(OWN_FILE[data.kind])
    if isinstance(data, SeriesData):
        return _own_series_dataset(data, str(upload_text))
    if data.corpus == UPLOAD:
        return _own_dataset(data, str(upload_text))
    return _corpus_dataset(data, READERS[data.corpus].read(data, progress))


def known_vocabulary(data: DataSettings, upload_text: str | None = None) -> int | None:
    """Number of tokens of the text that the settings describe, without a download.

    Args:
        data: the settings.
        upload_text: the user's own text, where `corpus` is `upload`.
    Returns:
        None for a series, and for a text that is not on this machine or cannot be used.
    """
    if not isinstance(data, TextData):
        return data.vocabulary_size or None
    reader = READERS.get(data.corpus)
    if reader and reader.words and data.tokens == "words" and not data.train_tokens:
        return min(data.vocabulary_size, reader.words)
    if reader and not reader.is_at_hand():
        return None
    try:
        return len(load_dataset(data, 0, upload_text).vocabulary)
    except ValueError:
        return None


def is_at_hand(data: DataSettings) -> bool:
    """Whether the data can be read without a download; always True for a text of one's own."""
    reader = READERS.get(data.corpus) if isinstance(data, TextData) else None
    return reader is None or reader.is_at_hand()


def floor_perplexity(experiment: Experiment) -> float | None:
    """The lowest perplexity that any model can reach on average with these settings, if it is known exactly."""
    data, training = experiment.data, experiment.training
    reader = READERS.get(data.corpus) if isinstance(data, TextData) else None
    if not isinstance(data, TextData) or not reader or not reader.floor:
        return None
    if reader.is_periodic and not training.carry_state:
        return _floor_without_carrying(data, training.batch_size, training.num_steps)
    return load_dataset(data, 0).floor_perplexity


@lru_cache(maxsize=32)
def _floor_without_carrying(data: TextData, batch_size: int, num_steps: int) -> float | None:
    """None if the text is too short for so many streams."""
    try:
        windows = load_dataset(data, 0).quick_windows("valid", batch_size, num_steps)
        return math.exp(period_text.floor_without_carrying(windows))
    except LabError:
        return None


@lru_cache(maxsize=8)
def _wave_dataset(data: SineData, seed: int) -> Dataset:
    train, valid, test = sine.series(data, seed)
    traps = [
        ("inputs are zeros", data.inputs == "zeros"),
        ("targets are the previous value", data.target == "previous"),
    ]
    note = ", ".join(trap for trap, is_set in traps if is_set)
    return Dataset(
        train, valid, test, (), data.title(), note, inputs=data.inputs, target=data.target, tags=data.asked.tags
    )


@lru_cache(maxsize=2)
def _own_series_dataset(data: SeriesData, text: str) -> Dataset:
    read = own_series.read_series(data, text)
    parts = own_series.split(read.values, data.train_share)
    scale = own_series.scale_of(parts[0])
    train, valid, test = map(scale.apply, parts)
    return Dataset(train, valid, test, (), data.title(), scale=scale, understood=read.understood)


# --- separate sequences ----------------------------------------------------------------------------------------------

HELD_OUT_SEQUENCES = QUICK_SEQUENCES

MAKERS = {RECALL.name: recall.sequences, ADDING.name: adding.sequences}
"""What makes the sequences of each task."""


@lru_cache(maxsize=4)
def _sequences_dataset(data: MemoryData, seed: int) -> Dataset:
    make, held_out = MAKERS[data.problem], np.random.default_rng(HELD_OUT_SEED)
    parts = {
        "train": make(data, data.sequences, np.random.default_rng(seed)),
        "valid": make(data, HELD_OUT_SEQUENCES, held_out),
        "test": make(data, HELD_OUT_SEQUENCES, held_out),
    }
    vocabulary = recall.tokens(data) if data.asked.reads_tokens else ()
    train, valid, test = (parts[name].inputs for name in SPLITS)
    return Dataset(train, valid, test, vocabulary, data.title(), tags=data.asked.tags, sequences=parts)


# --- text ------------------------------------------------------------------------------------------------------------


class _Encoded(NamedTuple):
    """A text as numbers, and a description of the parts that were cut off."""

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    vocabulary: tuple[str, ...]
    cuts: str

    def dataset(self, data: TextData, label: str, note: str, floor_perplexity: float | None = None) -> Dataset:
        return Dataset(*self[:4], label, note, floor_perplexity, data.tokens)


def _only_cuts(data: TextData, cuts: str) -> str:
    return cuts


def _treebank_note(data: TextData, cuts: str) -> str:
    changed = ", ".join(filter(None, ["characters" if data.tokens == "characters" else "", cuts]))
    return f"{changed}: not comparable with published numbers" if changed else ""


def _python_note(data: TextData, cuts: str) -> str:
    version = f"the text that Python {platform.python_version()} carries"
    return ", ".join(filter(None, [version, cuts]))


@dataclass(frozen=True)
class CorpusReader:
    """How one corpus is read.

    Attributes:
        read: gives the text, from the settings. Its second argument is called with the bytes of a download, if there
            is one.
        note: the dataset's note, from the settings and from a description of the parts that were cut off.
        is_at_hand: whether it can be read without a download.
        words: number of different words of the whole text, if it is known before reading.
        floor: the lowest perplexity that any model can reach on it, by the kind of tokens; None if it is unknown.
        tasks: the tasks that this text has.
        is_periodic: whether it repeats itself, so that without the carried state the floor is known too.
    """

    read: Callable[[TextData, treebank.Progress | None], Corpus]
    note: Callable[[TextData, str], str] = _only_cuts
    is_at_hand: Callable[[], bool] = lambda: True
    words: int | None = None
    floor: Callable[[str], float] | None = None
    tasks: tuple[Task, ...] = (CONTINUE_TEXT,)
    is_periodic: bool = False


READERS = {
    "ptb": CorpusReader(
        lambda _, progress: treebank.read(treebank.locate(progress)),
        _treebank_note,
        treebank.is_at_hand,
        treebank.WORDS,
    ),
    "grammar": CorpusReader(
        lambda *_: grammar.corpus(), floor=grammar.floor_perplexity, tasks=(CONTINUE_TEXT, LABEL_NUMBERS)
    ),
    "python_docs": CorpusReader(lambda *_: python_docs.corpus(), _python_note),
    "period": CorpusReader(lambda data, _: period_text.corpus(data.motif), floor=lambda _: 1.0, is_periodic=True),
}
"""The reader of each corpus of `rnnlab.config.CORPORA`, except of a text of one's own, which the caller has."""


@lru_cache(maxsize=8)
def _corpus_dataset(data: TextData, corpus: Corpus) -> Dataset:
    reader, encoded = READERS[data.corpus], _encode_corpus(corpus, data)
    # With words merged into <unk>, the floor would be another one.
    keeps_floor = UNK not in encoded.vocabulary and data.task == "next_token"
    floor = reader.floor(data.tokens) if reader.floor and keeps_floor else None
    dataset = encoded.dataset(data, CORPORA[data.corpus].label, reader.note(data, encoded.cuts), floor)
    return dataclasses.replace(dataset, tags=data.asked.tags if data.asked in reader.tasks else ())


@lru_cache(maxsize=2)
def _own_dataset(data: TextData, text: str) -> Dataset:
    encoded = _encode_splits(own_text.split(text, data.tokens), data)
    return encoded.dataset(data, "Your text", encoded.cuts)


def _encode_corpus(corpus: Corpus, data: TextData) -> _Encoded:
    return _encode_splits([tokenize(part, data.tokens) for part in corpus], data)


def _encode_splits(splits: Sequence[list[str]], data: TextData) -> _Encoded:
    """Shorten the training text, count its vocabulary and number all three parts."""
    whole, valid, test = splits
    train = whole[: data.train_tokens or None]
    held_out = {*valid, *test}
    vocabulary = build_vocabulary(train, held_out, data.vocabulary_size)
    cuts = []
    if len(train) < len(whole):
        cuts.append(f"the first {len(train):,} of {len(whole):,} tokens")
    if not {*train} <= {*vocabulary}:
        cuts.append(f"vocabulary {len(vocabulary):,}")
    train_ids, valid_ids, test_ids = (encode(part, vocabulary) for part in (train, valid, test))
    return _Encoded(train_ids, valid_ids, test_ids, vocabulary, ", ".join(cuts))
