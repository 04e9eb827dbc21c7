"""Which settings can matter beside the others, as one table: what screens leave out or say why it is not used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnlab.config.cells import CELL_KINDS

Values = Mapping[str, Any]
"""Every setting by its flat name, as a person typed it: also what is not allowed."""


@dataclass(frozen=True)
class Relevance:
    """When some settings have an effect.

    Attributes:
        names: of the settings.
        matters: whether they have one, given all the others.
        reason: a sentence for when they have none.
    """

    names: tuple[str, ...]
    matters: Callable[[Values], bool]
    reason: str


def _reads_tokens(values: Values) -> bool:
    return values["data"] == "text" or (values["data"] == "memory" and values.get("problem") == "recall")


def _has_own(cell: str) -> Callable[[Values], bool]:
    return lambda values: values["cell"] == cell


WINDOW = ("num_steps", "carry_state")
"""What data of whole sequences decide."""

RULES = (
    *(Relevance(kind.settings, _has_own(name), f"Only the {kind.label} uses it.") for name, kind in CELL_KINDS.items()),
    Relevance(("proj_clip",), lambda values: values["num_proj"] != 0, "There is no projection to clip."),
    Relevance(("units",), lambda values: not str(values["layer_units"]).strip(), "Each layer has a width of its own."),
    Relevance(
        ("embedding_dim", "tie_embeddings"),
        _reads_tokens,
        "Only tokens have embeddings. The network reads numbers as they are.",
    ),
    Relevance(("motif",), lambda values: values.get("corpus") == "period", "Only the period text repeats a motif."),
    Relevance(("symbols",), lambda values: values.get("problem") == "recall", "Only delayed recall has symbols."),
    Relevance(
        WINDOW,
        lambda values: values["data"] != "memory",
        "A window is one whole sequence, and its state starts from zeros.",
    ),
    Relevance(("lr_decay",), lambda values: values["lr_schedule"] == "epochs", "The linear schedule has no decay."),
    Relevance(
        ("full_rate_epochs",),
        lambda values: values["lr_schedule"] == "linear" or values["lr_decay"] != 1,
        "The learning rate never falls: its decay is 1.",
    ),
    Relevance(
        ("feedback_schedule", "feedback_half", "feedback_gradient"),
        lambda values: values["feedback"] != 0,
        "Feedback is 0: every training input is the true value.",
    ),
    Relevance(
        ("feedback_half",), lambda values: values["feedback_schedule"] != "constant", "The feedback is constant."
    ),
    Relevance(
        ("feedback_gradient",), lambda values: values["data"] != "text", "No gradient passes through a drawn word."
    ),
    Relevance(
        ("dropout_masks",),
        lambda values: any(values[name] != 0 for name in ("input_dropout", "output_dropout", "state_dropout")),
        "Nothing is dropped: all three rates are 0.",
    ),
)


def why_unused(name: str, values: Values) -> str:
    """Why a setting has no effect, in a sentence; empty when it has one."""
    reasons = (rule.reason for rule in RULES if name in rule.names and not rule.matters(values))
    return next(reasons, "")
