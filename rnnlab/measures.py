"""Every measured number, declared once: its name in the store and its label wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measured number.

    Attributes:
        name: its name in the store, in files, and in the library.
        label: its name on screens and in tables.
        unit: its unit; empty for a pure number.
        when: the moments at which it is measured.
        of: the data or the object that it is measured on.
        role: the colour of its curve, a name in `rnnlab.plots.palette`.
        lowest_is_best: whether the best value is the lowest one. Otherwise it has no best value.
    """

    name: str
    label: str
    unit: str
    when: str
    of: str
    role: str
    lowest_is_best: bool = False

    @property
    def is_perplexity(self) -> bool:
        """Whether it is the exponential of a loss."""
        return self.name.endswith("perplexity")

    def titled(self, as_perplexity: bool) -> str:
        """Its label in a chart, where the exponential of a loss may be drawn."""
        return self.label.replace("loss", "perplexity") if as_perplexity else self.label


LOSS_UNIT = "nats per token, or mean squared error of a series"
UPDATE, EVALUATION, EPOCH, END = "each update", "each evaluation", "the end of each epoch", "the end of the run"
START = "the start of the run"

BATCH_LOSS = Measure("batch_loss", "Minibatch loss", LOSS_UNIT, UPDATE, "the minibatch, before it", "TRAIN", True)
GRAD_NORM = Measure("grad_norm", "Gradient norm", "", UPDATE, "the minibatch, before clipping", "TRAIN")
LEARNING_RATE = Measure("learning_rate", "Learning rate", "", UPDATE, "the update", "TRAIN")
TRAIN_LOSS = Measure(
    "train_loss", "Training loss", LOSS_UNIT, EVALUATION, "a slice of the training part, without dropout", "TRAIN", True
)
VALID_LOSS = Measure(
    "valid_loss", "Validation loss", LOSS_UNIT, EVALUATION, "a slice of the validation part", "VALIDATION", True
)
TRAIN_ACCURACY = Measure(
    "train_accuracy",
    "Training accuracy",
    "",
    EVALUATION,
    "a slice of the training part, without dropout; tasks with labels only",
    "TRAIN",
)
VALID_ACCURACY = Measure(
    "valid_accuracy", "Validation accuracy", "", EVALUATION, "a slice of the validation part; labels only", "VALIDATION"
)
UNIGRAM_TRAIN_LOSS = Measure(
    "unigram_train_loss",
    "Training loss of word frequencies alone",
    "nats per token",
    START,
    "the slice of the training part, predicted by the training part's frequencies",
    "TRAIN",
)
UNIGRAM_VALID_LOSS = Measure(
    "unigram_valid_loss",
    "Validation loss of word frequencies alone",
    "nats per token",
    START,
    "the slice of the validation part, predicted by the training part's frequencies",
    "VALIDATION",
)
SETTLED_TRAIN_LOSS = Measure(
    "settled_train_loss",
    "Training loss after the first window",
    "mean squared error of a series",
    EVALUATION,
    "the slice of the training part without its first window, before which the state is empty",
    "TRAIN",
)
NOISE_TRAIN_LOSS = Measure(
    "noise_train_loss",
    "Training loss of the noise alone",
    "mean squared error of a series",
    START,
    "the slice of the training part, predicted by the wave without its noise",
    "TRAIN",
)
NOISE_VALID_LOSS = Measure(
    "noise_valid_loss",
    "Validation loss of the noise alone",
    "mean squared error of a series",
    START,
    "the slice of the validation part, predicted by the wave without its noise",
    "VALIDATION",
)
EPOCH_TRAIN_PERPLEXITY = Measure(
    "epoch_train_perplexity",
    "Training perplexity",
    "",
    EPOCH,
    "the epoch's minibatches",
    "TRAIN",
    True,
)
EPOCH_VALID_PERPLEXITY = Measure(
    "epoch_valid_perplexity", "Validation perplexity", "", EPOCH, "the whole validation part", "VALIDATION", True
)
TEST_PERPLEXITY = Measure("test_perplexity", "Test perplexity", "", END, "the whole test part", "LIMIT", True)

MEASURES = {
    measure.name: measure
    for measure in (
        *(BATCH_LOSS, GRAD_NORM, LEARNING_RATE, TRAIN_LOSS, VALID_LOSS, TRAIN_ACCURACY, VALID_ACCURACY),
        *(UNIGRAM_TRAIN_LOSS, UNIGRAM_VALID_LOSS),
        *(SETTLED_TRAIN_LOSS, NOISE_TRAIN_LOSS, NOISE_VALID_LOSS),
        *(EPOCH_TRAIN_PERPLEXITY, EPOCH_VALID_PERPLEXITY, TEST_PERPLEXITY),
    )
}

LOSSES = {"train": TRAIN_LOSS, "valid": VALID_LOSS}
"""What each evaluation measures, by the split."""

ACCURACIES = {TRAIN_LOSS: TRAIN_ACCURACY, VALID_LOSS: VALID_ACCURACY}
"""What is measured together with each loss, if the answers are labels: the share of right ones."""

UNIGRAM_LOSSES = {"train": UNIGRAM_TRAIN_LOSS, "valid": UNIGRAM_VALID_LOSS}
"""How hard the two texts are, whatever the network."""

NOISE_LOSSES = {"train": NOISE_TRAIN_LOSS, "valid": NOISE_VALID_LOSS}
"""How noisy the two parts of a wave are, whatever the network."""
