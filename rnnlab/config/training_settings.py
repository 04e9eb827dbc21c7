"""Every setting of training, declared once."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.config.live_changes import CHANGEABLE, EXAMPLE, PATTERN, Change, read_changes
from rnnlab.config.table import InvalidSetting, Play, Section, check, setting, settings_of, shown


@dataclass(frozen=True)
class TrainingConfig(Section):
    """How the network is fitted."""

    optimizer: str = setting(
        "adam",
        "Optimizer",
        "How a gradient becomes an update. Adam's epsilon is 1e-7, as in Keras.",
        tf1="an epsilon of 1e-8, as in PyTorch",
        source="Kingma 2014",
        choices=("sgd", "adam"),
    )
    learning_rate: float = setting(
        0.01,
        "Learning rate",
        "Size of an update in the first epochs.",
        tf1="assign_lr, once an epoch (ptb_word_lm)",
        source="Robbins and Monro 1951",
        above=0.0,
        high=100.0,
        play=Play(0.0001, 10.0),
    )
    lr_decay: float = setting(
        1.0,
        "Rate decay",
        "Factor on the learning rate at each epoch past the full-rate epochs.",
        tf1="lr_decay (ptb_word_lm)",
        source="Zaremba 2014",
        above=0.0,
        high=1.0,
    )
    lr_schedule: str = setting(
        "epochs",
        "Rate schedule",
        "How the learning rate falls after the full-rate epochs: by the rate decay at each epoch, or linearly at each "
        "update, to 0 at the end.",
        source="Zaremba 2014; linear: Goyal 2017",
        choices=("epochs", "linear"),
    )
    full_rate_epochs: int = setting(
        1,
        "Full-rate epochs",
        "Epochs before the learning rate starts to fall.",
        tf1="max_epoch (ptb_word_lm)",
        source="Zaremba 2014",
        low=0,
        high=1_000_000,
    )
    epochs: int = setting(
        10,
        "Epochs",
        "Passes over the training data.",
        tf1="max_max_epoch (ptb_word_lm)",
        low=1,
        high=1_000_000,
    )
    batch_size: int = setting(
        1,
        "Batch size",
        "Number of parallel streams that the data are cut into. They are not shuffled samples.",
        low=1,
        high=100_000,
    )
    num_steps: int = setting(
        300,
        "Window",
        "Number of time steps that the gradient reaches back (truncated backpropagation through time).",
        tf1="num_steps (ptb_word_lm)",
        source="Williams and Peng 1990",
        low=1,
        high=100_000,
    )
    carry_state: bool = setting(
        True,
        "Carry state",
        "Start each minibatch from the final state of the previous one, otherwise from zeros.",
        tf1="pass final_state as initial_state (ptb_word_lm), otherwise zero_state",
        source="Mikolov 2010",
    )
    clip_norm: float = setting(
        0.0,
        "Clip norm",
        "Gradients with a larger global norm are scaled down to this norm; 0 never clips. A word that occurs twice "
        "counts twice in the norm, unless embeddings are tied.",
        tf1="clip_by_global_norm, max_grad_norm",
        source="Pascanu 2013",
        low=0.0,
        high=1e12,
    )
    feedback: float = setting(
        0.0,
        "Feedback",
        "Probability that a training input is the network's own previous output: 0 is teacher forcing, 1 is "
        "free-running. With a feedback schedule, this is its final value.",
        source="Williams and Zipser 1989; Bengio 2015",
        low=0.0,
        high=1.0,
        play=Play(0.0, 1.0, 0.05),
    )
    feedback_schedule: str = setting(
        "constant",
        "Feedback schedule",
        "How the share of true inputs falls from 1: linearly, exponentially, or as an inverse sigmoid. Constant: the "
        "feedback does not change.",
        source="Bengio 2015, scheduled sampling",
        choices=("constant", "linear", "exponential", "inverse_sigmoid"),
    )
    feedback_half: int = setting(
        500,
        "Feedback reaches half after",
        "Number of updates after which the schedule replaces half of the true inputs.",
        source="sets k and c of Bengio 2015",
        low=2,
        high=10**9,
    )
    feedback_gradient: bool = setting(
        False,
        "Gradient through feedback",
        "The gradient also passes through the fed-back value. Series only, because a drawn word has no gradient.",
    )
    loss_scale: str = setting(
        "mean",
        "Loss scale",
        "The loss whose gradient is taken: the mean over all tokens, or the sum over time and the mean over the "
        "batch. The curves always show the mean.",
        tf1="sequence_loss_by_example, summed over time (ptb_word_lm)",
        source="Zaremba 2014",
        choices=("mean", "sum_over_time"),
    )
    precision: str = setting(
        "auto",
        "Precision",
        "How the large matrix products are computed during training: in float32, or from bfloat16 copies with float32 "
        "sums and weights. Auto measures once which products are clearly faster in bfloat16 on this machine. A run "
        "keeps the choice. Evaluation is always in float32.",
        source="Kalamkar 2019; Micikevicius 2018",
        choices=("auto", "float32", "bfloat16"),
    )
    evaluate_every: int = setting(
        0,
        "Evaluate every",
        "Steps between two measurements of train and validation loss, both on the same weights. 0 measures about 100 "
        "times a run.",
        low=0,
        high=10**12,
    )
    changes: str = setting(
        "",
        "Changes",
        "What was moved while a run trained, and after how many updates. A run with the same changes makes them again "
        "at the same steps. From its step on, a changed learning rate no longer follows its schedule.",
        pattern=PATTERN,
        example=EXAMPLE,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        steps = dict.fromkeys(CHANGEABLE, -1)
        for change in read_changes(self.changes):
            self._check_change(change, steps.get(change.name))
            steps[change.name] = change.step

    def _check_change(self, change: Change, last_step: int | None) -> None:
        told = f"Changes (changes) was {shown(self.changes)}, but"
        if last_step is None:
            raise InvalidSetting(
                "changes", f"{told} only {' and '.join(CHANGEABLE)} can be changed; please leave out the others."
            )
        if change.step <= last_step:
            raise InvalidSetting("changes", f"{told} the steps of {change.name} must ascend; please sort them.")
        row, kind = {name: (row, kind) for name, row, kind in settings_of(TrainingConfig)}[change.name]
        try:
            check(change.name, row, kind, change.value)
        except InvalidSetting as error:
            raise InvalidSetting("changes", str(error)) from error
        if change.name == "feedback" and not self.feedback:
            raise InvalidSetting(
                "changes",
                f"{told} feedback can be changed only in a run that begins with some; please set feedback above 0.",
            )
