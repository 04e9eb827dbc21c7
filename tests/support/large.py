"""An experiment just large enough for the machine's choice to decide its bits, and a choice that a test decides."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rnnlab.config import Experiment, ModelConfig, TextData, TrainingConfig
from rnnlab.training.machine import FILE, machine_choices
from rnnlab.training.precision import ABOUT_AS_FAST, PAYS

# 80 % of them train: 20 streams of 20 windows.
WORDS = " ".join(f"w{number}" for number in np.random.default_rng(0).permutation(np.arange(10_000) % 2_200))
COLUMNS = 2_200
"""Tokens of its vocabulary."""

LARGE = Experiment(
    data=TextData(corpus="upload"),
    model=ModelConfig(units=64, init_scale=0.1),
    training=TrainingConfig(
        optimizer="sgd", learning_rate=1.0, clip_norm=5.0, epochs=1, batch_size=20, num_steps=20, evaluate_every=10**6
    ),
)
"""The output layer's product has 56 million multiplications."""

CLEARLY, HARDLY = 9.0, 0.1


def say(home: Path, taken: bool, logits: bool = False, speed: float = HARDLY) -> None:
    """Write the file of choices as if the machine had measured them.

    Args:
        home: the folder that RNNLAB_HOME names.
        taken: whether bfloat16 pays.
        logits: whether XLA is to make bfloat16 logits, which not every processor can.
        speed: of what does not pay.
    """
    (home / FILE).unlink(missing_ok=True)
    choices = machine_choices()
    for question in ("large product 512 x 512 x 4096", "single step 20 x 500 x 2000"):
        choices.choose(question, PAYS, lambda: CLEARLY if taken else speed)
    for inner in (64, 500):
        choices.choose(f"logits 400 x {inner} x {COLUMNS}", ABOUT_AS_FAST, lambda: CLEARLY if logits else speed)
