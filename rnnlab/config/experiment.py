"""The whole of an experiment, and what its settings must not say together."""

from __future__ import annotations

from dataclasses import dataclass, field

from rnnlab import sizes
from rnnlab.config.settings import ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.config.table import InvalidSetting, Setting, check

SEED = Setting(
    "Seed", "Decides the first weights, the dropout and the noise: same seed, same curve.", low=0, high=2**31 - 1
)


@dataclass(frozen=True)
class Experiment:
    """Everything that decides a result.

    Raises:
        InvalidSetting: the settings contradict each other or need more memory than is allowed.
    """

    data: SineData | TextData = field(default_factory=SineData)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = field(default=0, metadata={"setting": SEED})

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", check("seed", SEED, int, self.seed))
        if isinstance(self.data, SineData):
            self._check_window(self.data)
        self._check_memory()

    @property
    def is_text(self) -> bool:
        """Whether the network reads words and answers with probabilities, rather than numbers."""
        return isinstance(self.data, TextData)

    def parameters(self, vocabulary: int | None = None) -> int:
        """Number of trainable weights.

        Args:
            vocabulary: tokens of the loaded corpus; without it `vocabulary_size`, the most there can be.
        """
        model = self.model
        if isinstance(self.data, TextData):
            words = vocabulary or self.data.vocabulary_size
            width = model.embedding_dim or model.units
            return sizes.network_parameters(model.cell, model.units, model.num_layers, width, words, words)
        return sizes.network_parameters(model.cell, model.units, model.num_layers, 1, 1)

    def _check_window(self, data: SineData) -> None:
        # samples + 1 points are cut into the streams; each stream's last point is only a target.
        stream = max((data.samples + 1) // self.training.batch_size - 1, 0)
        shorter = f"a window of at most {stream} steps, " if stream else ""
        if self.training.num_steps > stream:
            raise InvalidSetting(
                "num_steps",
                f"A window of {self.training.num_steps} steps does not fit: {data.samples} samples in "
                f"{self.training.batch_size} stream(s) leave {stream} each; take {shorter}more samples or a smaller "
                "batch.",
            )

    def _check_memory(self) -> None:
        model, training = self.model, self.training
        outputs = self.data.vocabulary_size if isinstance(self.data, TextData) else 1
        tokens = training.batch_size * training.num_steps
        needed = sizes.training_bytes(self.parameters(), model.cell, model.units, model.num_layers, outputs, tokens)
        allowed = sizes.memory_limit()
        if needed > allowed:
            raise InvalidSetting(
                "units",
                f"Training {model.num_layers} layer(s) of {model.units} units on {tokens} time steps at once would "
                f"need about {sizes.readable_bytes(needed)} of memory and {sizes.readable_bytes(allowed)} are allowed; "
                "take fewer units, a shorter window or a smaller batch.",
            )
