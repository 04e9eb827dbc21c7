"""An experiment: all settings together, and the combinations that are refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rnnlab.config.data_settings import DATA_KINDS, DataSettings, MemoryData, SineData, TextData
from rnnlab.config.model_settings import ModelConfig
from rnnlab.config.table import InvalidSetting, Setting, check, counted, shown
from rnnlab.config.tasks import Task
from rnnlab.config.training_settings import TrainingConfig
from rnnlab.formulas import sizes

SEED = Setting(
    "Seed",
    "Decides the initial weights, the dropout and the noise: the same seed gives the same curve.",
    low=0,
    high=2**31 - 1,
)


GRAMMAR_WORDS = ("grammar", "words")
MOST_STATIC_STEPS = 200
"""The longest window of static unrolling: a copy of the cell for each of more steps would take minutes to compile."""


SECTIONS = {"data": tuple(DATA_KINDS.values()), "model": (ModelConfig,), "training": (TrainingConfig,)}
"""The classes that each part of an experiment may have."""


def _check_section(name: str, section: object, allowed: tuple[type, ...]) -> None:
    if not isinstance(section, allowed):
        kinds = " or a ".join(one.__name__ for one in allowed)
        raise InvalidSetting(
            name, f"{name.capitalize()} was {shown(section)}, but must be a {kinds}; please change it."
        )


@dataclass(frozen=True)
class Experiment:
    """Everything that decides a result.

    Separate sequences decide two settings of the training themselves: a window is one whole sequence, and its state
    starts from zeros.

    Raises:
        InvalidSetting: the settings contradict each other. `check_limits` checks the memory that they need.
    """

    data: DataSettings = field(default_factory=SineData)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = field(default=0, metadata={"setting": SEED})

    def __post_init__(self) -> None:
        for name, sections in SECTIONS.items():
            _check_section(name, getattr(self, name), sections)
        object.__setattr__(self, "seed", check("seed", SEED, int, self.seed))
        if isinstance(self.data, SineData):
            self._check_window(self.data)
        if isinstance(self.data, MemoryData):
            self._take_whole_sequences(self.data)
        self._check_task()
        self._check_tied()
        self._check_unrolling()

    @property
    def task(self) -> Task:
        """What the network should answer at each step."""
        return self.data.asked

    def parameters(self, vocabulary: int | None = None) -> int:
        """Number of trainable weights.

        Args:
            vocabulary: tokens of the loaded corpus; the default is `vocabulary_size`, the most that there can be.
        """
        model = self.model
        rows = (vocabulary or self.data.vocabulary_size) if self.task.reads_tokens else 0
        features = (model.embedding_dim or model.widths[0]) if rows else self.task.features
        return sizes.network_parameters(model.layers, features, self.outputs(vocabulary), rows, self.is_tied)

    @property
    def is_tied(self) -> bool:
        """Whether the output layer uses the word vectors as its weights."""
        return self.model.tie_embeddings and self.task.reads_tokens

    def outputs(self, vocabulary: int | None = None) -> int:
        """Width of the head: the tags of a tagging task, the tokens of a text, or 1 for a series."""
        if self.task.tags:
            return len(self.task.tags)
        return (vocabulary or self.data.vocabulary_size) if self.task.reads_tokens else 1

    def _check_window(self, data: SineData) -> None:
        # samples + 1 points are cut into the streams; each stream's last point is only a target.
        stream = max((data.samples + 1) // self.training.batch_size - 1, 0)
        shorter = f"a window of at most {counted(stream, 'step')}, " if stream else ""
        if self.training.num_steps > stream:
            raise InvalidSetting(
                "num_steps",
                f"A window of {counted(self.training.num_steps, 'step')} does not fit: "
                f"{counted(data.samples, 'sample')} in {counted(self.training.batch_size, 'stream')} leave {stream} "
                f"each; take {shorter}more samples or a smaller batch.",
            )

    def _take_whole_sequences(self, data: MemoryData) -> None:
        if self.training.batch_size > data.sequences:
            raise InvalidSetting(
                "batch_size",
                f"The batch size was {self.training.batch_size}, but there are only {data.sequences} training "
                "sequences; take a smaller batch or more sequences.",
            )
        object.__setattr__(self, "training", replace(self.training, num_steps=data.length, carry_state=False))

    def _check_task(self) -> None:
        model, data = self.model, self.data
        if isinstance(data, TextData) and data.task == "number_tags" and (data.corpus, data.tokens) != GRAMMAR_WORDS:
            raise InvalidSetting(
                "task",
                f"The task was number_tags on the {data.tokens} of {data.corpus}, but only the built-in grammar has "
                "labels for its words; take corpus grammar in words, or task next_token.",
            )
        if model.is_bidirectional and self.task.can_generate:
            raise InvalidSetting(
                "unrolling",
                "Unrolling was bidirectional, but a network that reads backwards has already seen the answer when it "
                "is asked for the next value; take dynamic, or a tagging task (target peaks, or task number_tags).",
            )
        if self.training.feedback and not self.task.can_generate:
            answer = "a label" if self.task.tags else "a sum"
            raise InvalidSetting(
                "feedback",
                f"Feedback was {self.training.feedback:g}, but {answer} cannot be fed back as the next input; take 0.",
            )

    def _check_tied(self) -> None:
        if not self.is_tied:
            return
        if self.task.tags:
            raise InvalidSetting(
                "tie_embeddings",
                "Tied embeddings were on, but a label has no word vector; please switch them off.",
            )
        embedding, top = self.model.embedding_dim or self.model.widths[0], self.model.layers[-1].output
        if embedding != top:
            raise InvalidSetting(
                "tie_embeddings",
                f"Tied embeddings were on, but word vectors are {embedding} wide and the last layer's output is {top} "
                "wide; make them equal, or switch tied embeddings off.",
            )

    def _check_unrolling(self) -> None:
        steps = self.training.num_steps
        if self.model.unrolling == "static" and steps > MOST_STATIC_STEPS:
            raise InvalidSetting(
                "unrolling",
                f"Unrolling was static with a window of {steps} steps, but a copy of the network for each of more than "
                f"{MOST_STATIC_STEPS} takes minutes to compile; take dynamic, or a shorter window.",
            )
