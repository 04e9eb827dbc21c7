"""Every setting of the data, declared once: a section for each kind of data."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, ClassVar

from rnnlab.config.corpora import CORPORA, UPLOAD
from rnnlab.config.feeding import MISTAKES, Mistake
from rnnlab.config.table import Play, Section, setting
from rnnlab.config.tasks import (
    ADDING,
    CONTINUE_SERIES,
    CONTINUE_TEXT,
    LABEL_NUMBERS,
    LABEL_PEAKS,
    RECALL,
    SYMBOLS,
    Task,
)

WAVES = {"two_sines": "Sum of two sines"}
PROBLEMS = {"recall": "Delayed recall", "adding": "Adding problem"}
"""By the values of the setting `problem`."""

MOST_START = 10_000
MOST_LETTERS = 80
"""Letters of a file's name in the name of a run, so that the settings fit behind it."""


def minibatches_of(length: int, batch_size: int, num_steps: int) -> int:
    """Windows of `batch_size` streams that a sequence of values or tokens is cut into, at least one."""
    return max(1, (length // batch_size - 1) // num_steps)


@dataclass(frozen=True)
class SineData(Section):
    """A wave of one number a step, and the two classic mistakes as settings."""

    kind: ClassVar[str] = "sine"

    shape: str = setting(
        "sine", "Shape", "The wave to learn.", choices=("sine", "two_sines", "triangle", "square", "sawtooth")
    )
    samples: int = setting(300, "Samples", "Time steps of the wave that the network trains on.", low=2, high=1_000_000)
    frequency: float = setting(
        0.1,
        "Frequency",
        "Radians per sample; 0.1 is one period in 63 samples. The wave sin(linspace(0, 10, 100)) has 10/99.",
        above=0.0,
        high=math.pi,
        play=Play(0.02, 1.0, 0.02),
    )
    noise: float = setting(
        0.0,
        "Noise",
        "Standard deviation of the Gaussian noise added to every sample.",
        low=0.0,
        high=10.0,
        play=Play(0.0, 1.0, 0.05),
    )
    inputs: str = setting(
        "wave",
        "Inputs",
        "What the network reads: the wave; or zeros, a common mistake: the network never sees the wave.",
        choices=("wave", "zeros"),
    )
    target: str = setting(
        "next",
        "Target",
        "What the network should answer at each step: the next value; the previous value, which is the mistake that "
        "np.roll(x, 1) makes; or whether this value is a peak. This label depends on the next step.",
        choices=("next", "previous", "peaks"),
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at each step."""
        return LABEL_PEAKS if self.target == "peaks" else CONTINUE_SERIES

    @property
    def vocabulary_size(self) -> int:
        """A wave has no tokens."""
        return 0

    @property
    def needs_own_text(self) -> bool:
        """A wave needs no text."""
        return False

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch, as far as the settings say it; None where that takes the data."""
        return minibatches_of(self.samples + 1, batch_size, num_steps)

    @property
    def own_text(self) -> str:
        """The identifier of no text."""
        return ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes in these settings."""
        return tuple(mistake for mistake in MISTAKES if getattr(self, mistake.setting) == mistake.wrong)

    @property
    def most_start(self) -> int:
        """The last position in the validation part that a screen offers to start from."""
        return self.samples - 1

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        return (self.shape,)

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return (self.shape, self.frequency)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words."""
        return WAVES.get(self.shape, f"{self.shape.capitalize()} wave")


@dataclass(frozen=True)
class TextData(Section):
    """A corpus, cut into words or characters."""

    kind: ClassVar[str] = "text"

    corpus: str = setting(
        "ptb",
        "Corpus",
        f"The text to learn from: {'; '.join(corpus.label for corpus in CORPORA.values())}.",
        source="Mikolov 2010 prepared the treebank",
        choices=tuple(CORPORA),
    )
    task: str = setting(
        "next_token",
        "Task",
        "What the network should answer at each word: the next word; or, in the built-in grammar, a label: whether the "
        "word is singular or plural. The label can depend on later words.",
        choices=("next_token", "number_tags"),
    )
    tokens: str = setting(
        "words",
        "Tokens",
        "The pieces that the text is cut into. The network reads and predicts one piece at each step.",
        choices=("words", "characters"),
    )
    vocabulary_size: int = setting(
        10_000,
        "Vocabulary",
        "Number of tokens that are kept, the most frequent first. All others become <unk>, the unknown word. The "
        "treebank has 10,000.",
        low=2,
        high=1_000_000,
    )
    train_tokens: int = setting(
        0,
        "Training tokens",
        "Train on this many tokens from the start of the corpus; 0 takes all. Results on a part cannot be compared "
        "with published numbers.",
        low=0,
        high=10**12,
    )
    motif: str = setting(
        "a a b",
        "Motif",
        "The words that the period text repeats from its start to its end. Period text only.",
        pattern=r"[^\s<>]{1,12}( [^\s<>]{1,12}){1,19}",
        example="2 to 20 words with a blank between them, such as a a b",
    )
    upload: str = setting(
        "",
        "Your text",
        "Identifier of a text of your own. The Data screen and --file fill it in.",
        pattern="([0-9a-f]{64})?",
        example="empty, or the 64 hexadecimal digits of a text that was kept",
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at each step."""
        return LABEL_NUMBERS if self.task == "number_tags" else CONTINUE_TEXT

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch, as far as the settings say it; None where that takes the data."""
        return minibatches_of(self.train_tokens, batch_size, num_steps) if self.train_tokens else None

    @property
    def own_text(self) -> str:
        """The identifier of a text of one's own; "" for a corpus that is built in."""
        return self.upload if self.corpus == UPLOAD else ""

    @property
    def needs_own_text(self) -> bool:
        """Whether the text to learn is one of one's own, uploaded already or not."""
        return self.corpus == UPLOAD

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """The last position in the validation part that a screen offers to start from."""
        return MOST_START

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        motif = (self.motif,) if self.corpus == "period" else ()
        return (self.corpus, self.upload, self.tokens, *motif)

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return dataclasses.astuple(self)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words; a text of one's own by its name."""
        own_name = text_name[:MOST_LETTERS] if self.needs_own_text else ""
        title = own_name or CORPORA[self.corpus].label
        return f"{title} in characters" if self.tokens == "characters" else title


def sequence_length(problem: str, time_lag: int) -> int:
    """Time steps of a sequence of a memory task: the numbers to add; or a symbol, the blanks and the cue."""
    return time_lag + 2 if problem == "recall" else time_lag


@dataclass(frozen=True)
class MemoryData(Section):
    """Separate sequences whose answer comes at the last step and depends on earlier ones: memory, and nothing else."""

    kind: ClassVar[str] = "memory"

    problem: str = setting(
        "recall",
        "Problem",
        "What must be remembered. Delayed recall: the symbol at the start of a sequence. Adding: two marked numbers.",
        source="Hochreiter 1997; Arjovsky 2016",
        choices=("recall", "adding"),
    )
    time_lag: int = setting(
        50,
        "Time lag",
        "T, the number of steps that the memory must last: the blanks between the symbol and the cue, or the numbers "
        "of an adding sequence.",
        source="Hochreiter 1997",
        low=2,
        high=200,
        play=Play(2, 200, 2),
    )
    symbols: int = setting(
        8,
        "Symbols",
        "Number of different symbols. A network that has forgotten the symbol is right once in as many times. Delayed "
        "recall only.",
        low=2,
        high=len(SYMBOLS),
        play=Play(2, len(SYMBOLS), 1),
    )
    sequences: int = setting(
        1_000,
        "Sequences",
        "Sequences that the network trains on. An epoch reads each of them once.",
        low=1,
        high=50_000,
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at the last step of each sequence."""
        return dataclasses.replace(RECALL, tags=SYMBOLS[: self.symbols]) if self.problem == "recall" else ADDING

    @property
    def length(self) -> int:
        """Time steps of one sequence: for recall, the blanks between the symbol and the cue."""
        return sequence_length(self.problem, self.time_lag)

    @property
    def vocabulary_size(self) -> int:
        """Number of tokens: the symbols, the blank and the cue; 0 where the network reads numbers."""
        return self.symbols + 2 if self.problem == "recall" else 0

    @property
    def needs_own_text(self) -> bool:
        """These sequences need no text."""
        return False

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch, as far as the settings say it; None where that takes the data."""
        return self.sequences // batch_size

    @property
    def own_text(self) -> str:
        """The identifier of no text."""
        return ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """Every sequence is shown from its start."""
        return 0

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        return (self.problem, str(self.time_lag), str(self.symbols))

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return self.subject

    def title(self, text_name: str = "") -> str:
        """What is learned, in words."""
        return PROBLEMS[self.problem]


@dataclass(frozen=True)
class SeriesData(Section):
    """A column of numbers from a file of one's own."""

    kind: ClassVar[str] = "series"

    series: str = setting(
        "",
        "Your series",
        "Identifier of a file of your own. The Data screen and --file fill it in.",
        pattern="([0-9a-f]{64})?",
        example="empty, or the 64 hexadecimal digits of a file that was kept",
    )
    column: str = setting(
        "",
        "Column",
        "Name of the column to learn, or its number, counted from 1. If empty, the first column of numbers that does "
        "not merely count the rows.",
        pattern=r"[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]{0,100}",
        example="empty, or a name of at most 100 characters on one line",
    )
    decimal_mark: str = setting(
        "auto",
        "Decimal mark",
        "How the file writes decimals: 1.5 or 1,5. Auto decides from the numbers themselves. Data says what it took.",
        choices=("auto", "point", "comma"),
    )
    missing: str = setting(
        "interpolate",
        "Missing values",
        "What stands in for a missing value: a straight line between its neighbours; or nothing, so that its row is "
        "cut out and the series gets shorter. At both ends they are always cut.",
        choices=("interpolate", "cut"),
    )
    season: int = setting(
        0,
        "Season",
        "Rows after which the series roughly repeats, such as 12 for monthly values; 0 for none. Compare then also "
        "shows the forecast that repeats the last season. Training does not use it.",
        source="Hyndman and Athanasopoulos 2021",
        low=0,
        high=1_000_000,
    )
    train_share: float = setting(
        0.8,
        "Training share",
        "Share of the series, from its start, that the network trains on. The first half of the rest is the validation "
        "part, the second half is the test part.",
        low=0.1,
        high=0.95,
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at each step."""
        return CONTINUE_SERIES

    @property
    def vocabulary_size(self) -> int:
        """A series has no tokens."""
        return 0

    @property
    def own_text(self) -> str:
        """The identifier of the file; "" before there is one."""
        return self.series

    @property
    def needs_own_text(self) -> bool:
        """Whether the data are a file of one's own: always."""
        return True

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch; None, because that takes the data."""
        return None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """Compare always starts at the end of the training part."""
        return 0

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        return (self.series, self.column)

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return (*self.subject, self.decimal_mark, self.missing, self.train_share)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words: the name of the file."""
        return text_name[:MOST_LETTERS] or "Series of your own"


DataSettings = SineData | TextData | MemoryData | SeriesData

DATA_KINDS: dict[str, type[DataSettings]] = {
    section.kind: section for section in (SineData, SeriesData, TextData, MemoryData)
}
