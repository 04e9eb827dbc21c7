"""How long until the treebank's test perplexity is 115.9: our presets, the reference recipe at plain Keras speed.

    python -m benchmarks.ptb_time_to_115 [--presets ptb-small-fast ptb-small-best]

The reference is ptb_word_lm's small recipe, whose recorded run says after how many epochs it is there; what an epoch of
it takes with Keras's layers under `tf.function` is measured in turns with our training, every some hundred updates, so
that a slow minute of the machine slows both. Only updates are timed, of both; perplexities are of the whole test text.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass

from benchmarks.contestants import KERAS_FUNCTION, Peer
from benchmarks.ptb_step import VOCABULARY, WORDS, work_of
from rnnlab.config import from_flat
from rnnlab.data import load_dataset
from rnnlab.presets import preset
from rnnlab.recorded import recorded_runs
from rnnlab.training import Trainer

GOAL = 115.9
"""Test perplexity that ptb_word_lm published for its small recipe, rounded."""

REFERENCE = "ptb-small"


@dataclass
class Race:
    """One preset's training beside Keras.

    Attributes:
        perplexities: of the test text, after each epoch.
        seconds: of all updates, epoch by epoch.
        speeds: turn by turn, how many times as many words a second as Keras it trained.
    """

    perplexities: list[float]
    seconds: list[float]
    speeds: list[float]


def race(name: str, changes: dict, keras: Peer, turns: int, keras_steps: int, keras_words: int) -> Race:
    """Train a preset, and let Keras do some updates of the reference `turns` times an epoch."""
    experiment = from_flat(changes, preset(name).experiment)
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    words_a_step = experiment.training.batch_size * experiment.training.num_steps
    result = Race([], [], [])
    _until(trainer, 1)  # Compiling is not counted, for Keras neither.
    for epoch in range(experiment.training.epochs):
        first, end = trainer.step, (epoch + 1) * trainer.steps_per_epoch
        spent = 0.0
        for turn in range(1, turns + 1):
            start = trainer.step
            taken = _until(trainer, first + (end - first) * turn // turns)
            theirs = keras.run(0, keras_steps) / (keras_steps * keras_words)
            result.speeds.append(theirs / (taken / ((trainer.step - start) * words_a_step)))
            spent += taken
        result.seconds.append(spent)
        result.perplexities.append(trainer.split_perplexity("test"))
        print(f"{name}, epoch {epoch + 1}: test {result.perplexities[-1]:.2f}, {spent:.0f} s", flush=True)
    return result


def _until(trainer: Trainer, step: int) -> float:
    """Train to this number of updates; the seconds that the updates took, without the evaluations between them."""
    taken = 0.0
    while trainer.step < step:
        before, began = trainer.step, time.perf_counter()
        trainer.advance(step - trainer.step)
        if trainer.step > before:
            taken += time.perf_counter() - began
    return taken


def reference_epochs() -> int:
    """Epochs until the recorded run of the reference had the perplexity; all that it has if it never had."""
    tests = [epoch.test for epoch in recorded_runs()[REFERENCE].epochs]
    return next((number for number, test in enumerate(tests, start=1) if test <= GOAL), len(tests))


def print_race(name: str, result: Race) -> None:
    """The table of one preset; an epoch has as many words for it as for the reference."""
    titles = ["preset", "times Keras's words/s", "epochs to 115.9", "share of the reference's time"]
    titles += ["best test perplexity", "seconds in all", "share of the reference's whole time"]
    print(f"\n| {' | '.join(titles)} |\n{'|---' * len(titles)}|")
    speed = statistics.median(result.speeds)
    there = next((n for n, test in enumerate(result.perplexities, start=1) if test <= GOAL), None)
    best = min(result.perplexities)
    share = "never" if there is None else f"{there / speed / reference_epochs():.2f}"
    whole = len(result.seconds) / speed / len(recorded_runs()[REFERENCE].epochs)
    columns = [name, f"{speed:.2f}", str(there), share, f"{best:.2f}", f"{sum(result.seconds):.0f}", f"{whole:.2f}"]
    print(f"| {' | '.join(columns)} |\n", flush=True)


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=["ptb-small-fast", "ptb-small-best"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", type=int, default=6, help="of Keras in each of our epochs")
    parser.add_argument("--keras-steps", type=int, default=50, help="updates of a turn")
    parser.add_argument("--train-tokens", type=int, help="of a text cut short, for a test")
    parser.add_argument("--corpus", default="ptb", help="another text, for a test")
    arguments = parser.parse_args()
    changes: dict = {"seed": arguments.seed, "corpus": arguments.corpus}
    if arguments.train_tokens is not None:
        changes["train_tokens"] = arguments.train_tokens
    work = work_of(REFERENCE, None, None, VOCABULARY, WORDS)
    words = work.batch_size * work.num_steps
    with Peer(KERAS_FUNCTION, [work], 2) as keras:
        keras.ready()
        for name in arguments.presets:
            # Each with its own table, at once: a race takes long, and the next one may be stopped.
            print_race(name, race(name, changes, keras, arguments.turns, arguments.keras_steps, words))


if __name__ == "__main__":
    main()
