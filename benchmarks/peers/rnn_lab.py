"""RNN Lab as its users get it: the trainer, and the functions that generate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, first_weights, prime, sequence
from rnnlab.config import Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import Dataset
from rnnlab.generation import generate_series, generate_tokens
from rnnlab.measures import BATCH_LOSS
from rnnlab.models import Network
from rnnlab.training import Trainer

MANY = 1_000_000
"""Epochs: more than anybody waits for."""

HELD_OUT = 2_000
"""Values or words of validation and test; what evaluations cost is not measured here."""


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One task, with the first weights that everybody has."""
    work = Work(**task)
    return _training(work) if work.task == "train" else _generation(work)


def _training(work: Work) -> Job:
    trainer = Trainer(_experiment(work), _dataset(work))
    while not trainer.advance(1):  # The evaluation before the first update.
        pass
    _load(trainer.network, work)

    def run(steps: int) -> list[float]:
        losses, goal = [], trainer.step + steps
        if goal > trainer.total_steps:
            raise ValueError(
                f"{goal:,} updates were asked for, but a run has {trainer.total_steps:,}; take fewer rounds."
            )
        while trainer.step < goal:
            measurements = trainer.advance(goal - trainer.step)
            losses += [one.value for one in measurements if one.name == BATCH_LOSS.name]
        return losses

    return Job(run)


def _generation(work: Work) -> Job:
    network = Network(_model(work), work.vocabulary)
    _load(network, work)
    generate: Callable = generate_series
    if work.reads_tokens:

        def generate(network: Network, prime: Any, horizon: int) -> Any:
            return generate_tokens(network, prime, horizon, work.temperature)

    def run(steps: int) -> list[float]:
        values: list[float] = []
        for _ in range(0, steps, work.num_steps):
            values = generate(network, prime(work), work.num_steps)[0].ravel().tolist()
        return values

    return Job(run, granule=work.num_steps)


def _load(network: Network, work: Work) -> None:
    weights = first_weights(work)
    for variable in network.weights:
        variable.assign(weights[variable.path])


def _model(work: Work) -> ModelConfig:
    return ModelConfig(
        units=work.units, num_layers=work.num_layers, input_dropout=work.dropout, output_dropout=work.dropout
    )


def _experiment(work: Work) -> Experiment:
    return Experiment(
        data=TextData() if work.reads_tokens else SineData(),
        model=_model(work),
        training=TrainingConfig(
            optimizer="sgd" if work.reads_tokens else "adam",
            learning_rate=work.learning_rate,
            full_rate_epochs=MANY,
            epochs=MANY,
            batch_size=work.batch_size,
            num_steps=work.num_steps,
            clip_norm=work.clip_norm,
            loss_scale="sum_over_time" if work.reads_tokens else "mean",
            evaluate_every=10**12,
        ),
    )


def _dataset(work: Work) -> Dataset:
    train = sequence(work)
    held_out = train[:HELD_OUT].copy()
    vocabulary = tuple(f"word{i}" for i in range(work.vocabulary))
    return Dataset(train, held_out, held_out, vocabulary, "words" if work.reads_tokens else "wave")


if __name__ == "__main__":
    serve(prepare)
