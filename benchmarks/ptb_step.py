"""Words per second of training on the treebank: RNN Lab against what a user would take instead.

    python -m benchmarks.ptb_step [--presets ptb-small ptb-medium] [--rounds 7] [--only PEER ...]

Everybody has the preset's network, dropout, windows, loss scale, clipping and SGD, starts from the same weights, and
carries the state. The text is random words: the speed does not depend on them. Without dropout, a contestant whose
first losses are not RNN Lab's is refused. `--units`, `--num-steps` and `--vocabulary` make it smaller, for a test.
"""

from __future__ import annotations

import argparse

from benchmarks.alternation import Case, add_options, chosen, measure, squares
from benchmarks.contestants import (
    JAX,
    KERAS_FIT,
    KERAS_FUNCTION,
    PYTORCH,
    PYTORCH_ONE_THREAD,
    RNN_LAB,
    TF1_DYNAMIC,
    TF1_STATIC,
)
from benchmarks.table import print_table
from benchmarks.work import Product, Work
from rnnlab.presets import preset

CONTESTANTS = (RNN_LAB, KERAS_FIT, KERAS_FUNCTION, TF1_DYNAMIC, TF1_STATIC, JAX, PYTORCH, PYTORCH_ONE_THREAD)
VOCABULARY = 10_000
WORDS = 929_589
"""Of the treebank's training text, so that no sitting reaches the end of an epoch, where RNN Lab evaluates."""


def work_of(name: str, units: int | None, num_steps: int | None, vocabulary: int, words: int) -> Work:
    """What training with this preset is.

    Args:
        name: of a text preset with SGD.
        units, num_steps: instead of the preset's; None keeps it.
        vocabulary, words: of the text.
    """
    model, training = preset(name).experiment.model, preset(name).experiment.training
    return Work(
        task="train",
        units=units or model.units,
        num_layers=model.num_layers,
        num_steps=num_steps or training.num_steps,
        batch_size=training.batch_size,
        vocabulary=vocabulary,
        dropout=model.output_dropout,
        learning_rate=training.learning_rate,
        clip_norm=training.clip_norm,
        words=words,
    )


def output_layer(work: Work) -> list[Product]:
    """The product of the head over a whole minibatch, which is half of the work."""
    rows = work.batch_size * work.num_steps
    return [Product(rows, work.units, work.vocabulary, dtype) for dtype in ("float32", "bfloat16")]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=["ptb-small", "ptb-medium"])
    parser.add_argument("--units", type=int)
    parser.add_argument("--num-steps", type=int)
    parser.add_argument("--vocabulary", type=int, default=VOCABULARY)
    parser.add_argument("--words", type=int, default=WORDS)
    add_options(parser, CONTESTANTS)
    parser.set_defaults(seconds=3.0)
    arguments = parser.parse_args()

    contestants = chosen(CONTESTANTS, arguments.only)
    sizes = (arguments.units, arguments.num_steps, arguments.vocabulary, arguments.words)
    works = {name: work_of(name, *sizes) for name in arguments.presets}
    cases = [Case(name, work, work.batch_size * work.num_steps, contestants) for name, work in works.items()]
    heads = [product for work in works.values() for product in output_layer(work)]
    products = list(dict.fromkeys(squares(arguments.square) + heads))
    times = measure(cases, products, arguments.rounds, arguments.seconds, arguments.threads)
    print_table("Treebank, training", "words", cases, products, times)


if __name__ == "__main__":
    main()
