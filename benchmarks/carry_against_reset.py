"""What feeding `initial_state` is worth: a preset trained twice, with the state carried and with it reset.

    python -m benchmarks.carry_against_reset [--preset ptb-small] [--epochs N] [--train-tokens N] [--out FILE]

The two trainings share the first weights and the minibatches; each is then measured on the whole validation text in
both ways. `--out rnnlab/recorded/carry-against-reset.json` records it for the Train screen.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from benchmarks.record_run import machine
from rnnlab.config import Experiment, counted, from_flat
from rnnlab.inspection import CarriedAgainstReset, TrainedOnce, carry_against_reset
from rnnlab.measures import EPOCH_VALID_PERPLEXITY
from rnnlab.presets import preset
from rnnlab.recorded.carrying import ReadBothWays, RecordedCarry, carry_to_json
from rnnlab.training import Measurement


def print_progress(step: int, total: int, measurements: list[Measurement]) -> None:
    """One line for each epoch that ends, so that somebody who waits sees how far it is."""
    for one in measurements:
        if one.name == EPOCH_VALID_PERPLEXITY.name:
            measured = f"validation perplexity {one.value:.2f}, read with the state carried"
            print(f"step {step:,} of {total:,}: {measured}", file=sys.stderr, flush=True)


def table(result: CarriedAgainstReset) -> str:
    """The four perplexities."""
    rows = [("", "read with the state carried", "every window read from an empty state")]
    for name, once in (("trained with the state carried", result.carried), ("trained with it reset", result.reset)):
        rows.append((name, f"{once.perplexity_carried:.2f}", f"{once.perplexity_reset:.2f}"))
    return "\n".join(f"{name:<32}{carried:>28}{reset:>40}" for name, carried, reset in rows)


def recorded(name: str, experiment: Experiment, command: str, result: CarriedAgainstReset) -> RecordedCarry:
    """What was measured, with where and when."""

    def both_ways(once: TrainedOnce) -> ReadBothWays:
        return ReadBothWays(once.perplexity_carried, once.perplexity_reset)

    return RecordedCarry(
        preset=name,
        experiment=experiment,
        command=command,
        machine=machine(),
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        trained_carried=both_ways(result.carried),
        trained_reset=both_ways(result.reset),
    )


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="ptb-small", help="of a text")
    parser.add_argument("--epochs")
    parser.add_argument("--train-tokens")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()

    shorter = {"epochs": arguments.epochs, "train_tokens": arguments.train_tokens}
    changed = {name: value for name, value in shorter.items() if value is not None}
    experiment = from_flat(changed, preset(arguments.preset).experiment)
    if not experiment.task.reads_tokens:
        parser.error(f"{arguments.preset} is a series, but perplexities are of texts; take a text preset.")
    result = carry_against_reset(experiment, progress=print_progress)
    print(f"Validation perplexity of {arguments.preset} after {counted(experiment.training.epochs, 'epoch')}")
    print(table(result))
    if arguments.out:
        options = [f" --{name.replace('_', '-')} {value}" for name, value in changed.items()]
        command = f"python -m benchmarks.carry_against_reset --preset {arguments.preset}{''.join(options)}"
        arguments.out.write_text(carry_to_json(recorded(arguments.preset, experiment, command, result)), "utf-8")
        print(f"written to {arguments.out.name}")


if __name__ == "__main__":
    main()
