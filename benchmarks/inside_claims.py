"""The claims of Look inside, each put to the test with ten seeds.

    python -m benchmarks.inside_claims [--only NAME] [--seeds 10] [--first-seed 0]

A claim holds if it is true for at least nine tenths of the seeds. The command fails if one does not hold.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from benchmarks import grammar_checks
from benchmarks.gradient_claims import GRADIENT_CLAIMS
from rnnlab.analyses.nudge import GrowthRates, PushState, RatesAnswer
from rnnlab.analyses.oscillation import ClosedLoop, WavePhase
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.data import load_dataset
from rnnlab.formulas.drift import rmse_of_drift
from rnnlab.models import Network
from rnnlab.presets import preset
from rnnlab.sentences.nudge import FORGETS, KEEPS
from rnnlab.sentences.oscillation import CLOSE
from rnnlab.training import Trainer, WorkbenchPool

NEEDED = 0.9
"""Share of the seeds for which a claim must be true."""

Check = Callable[[int], tuple[bool, str]]
"""Of a seed: whether the claim is true for it, and the numbers that decide it."""


@dataclass(frozen=True)
class Claim:
    """What a figure of Look inside asserts.

    Attributes:
        name: for the command line.
        sentence: the claim.
        check: puts it to the test.
    """

    name: str
    sentence: str
    check: Check


@cache
def _pool() -> WorkbenchPool:
    return WorkbenchPool()


@lru_cache(maxsize=20)
def trained(name: str, seed: int) -> TrainedNetwork:
    """A preset, trained with a seed, as a worker has it for a question."""
    experiment = dataclasses.replace(preset(name).experiment, seed=seed)
    dataset = load_dataset(experiment.data, seed)
    vocabulary = len(dataset.vocabulary)
    trainer = Trainer(experiment, dataset, _pool().take(experiment, vocabulary))
    while not trainer.finished:
        trainer.advance()
    # A copy: the workbench, with its compiled code, is for the next seed.
    network = Network.for_experiment(experiment, vocabulary, seed)
    for mine, theirs in zip(network.weights, trainer.network.weights, strict=True):
        mine.assign(theirs.value)
    _pool().give_back(trainer.workbench)
    return TrainedNetwork(experiment, dataset, network, trainer.step)


@cache
def _rates(seed: int) -> RatesAnswer:
    return GrowthRates().answer(trained("sine", seed))


def _forgets_when_told(seed: int) -> tuple[bool, str]:
    rate = float(_rates(seed).teacher_forced[0])
    return rate < FORGETS, f"largest exponent {rate:.4f}"


def _keeps_when_alone(seed: int) -> tuple[bool, str]:
    first, second = _rates(seed).free_running[:2]
    return abs(first) < KEEPS, f"largest exponents {first:.4f} and {second:.4f}"


def _push(seed: int) -> tuple[bool, str]:
    answer = PushState(prime=50, steps=300, size=1e-4).answer(trained("sine", seed))
    forced, alone = (curve.values[-1] / 1e-4 for curve in (answer.teacher_forced, answer.free_running))
    return (
        forced < 1e-3 and alone > 1e-2,
        f"of the push, {forced:.1e} are left teacher-forced, {alone:.2g} free-running",
    )


def _amplitude(seed: int) -> tuple[bool, str]:
    answer = WavePhase(prime=50, steps=629).answer(trained("sine", seed))
    off = float(np.abs(answer.amplitudes - 1).max())
    formula = rmse_of_drift(answer.drift, answer.horizon)
    error = 100 * answer.drift / answer.frequency
    return (
        off < 0.05,
        f"off by {off:.1%}; frequency {error:+.3f} %, RMSE {answer.rmse:.4f}, by the formula {formula:.4f}",
    )


def _turns_as_the_wave(seed: int) -> tuple[bool, str]:
    answer = ClosedLoop().answer(trained("sine", seed))
    turning = answer.eigenvalues[answer.eigenvalues.imag > 0]
    pair = turning[np.argmax(np.abs(turning))] if len(turning) else np.nan
    angle, size = float(np.angle(pair)), float(np.abs(pair))
    is_true = abs(angle / answer.frequency - 1) < CLOSE and size > 1
    return is_true, f"angle {angle:.4f} (the wave {answer.frequency:.4f}), modulus {size:.4f}, q {answer.q:.0e}"


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "forgets-when-told",
        f"`sine`, teacher-forced: the largest exponent over 2,000 steps is below {FORGETS}.",
        _forgets_when_told,
    ),
    Claim(
        "keeps-when-alone",
        f"`sine`, free-running: the largest exponent over 2,000 steps is within {KEEPS} of 0.",
        _keeps_when_alone,
    ),
    Claim(
        "push",
        "`sine`: 300 steps after a push, less than 0.001 of it is left teacher-forced, and over 0.01 free-running.",
        _push,
    ),
    Claim(
        "amplitude",
        "`sine`: in each of the first ten periods of a free run, the amplitude is within 5 % of the true one.",
        _amplitude,
    ),
    Claim(
        "turns-as-the-wave",
        "`sine`: at the fixed point of the closed loop, the largest pair of eigenvalues turns as fast as the wave "
        "within 25 %, and lies outside the unit circle.",
        _turns_as_the_wave,
    ),
    Claim(
        "unit-that-knows",
        "The best unit of `grammar` tells singular from plural better than the best one of the untrained network, by "
        "10 points or more on validation text.",
        lambda seed: grammar_checks.has_a_unit_that_knows(trained("grammar", seed)),
    ),
    Claim(
        "subject-in-other-number",
        "Of several nouns before a verb of `grammar`, its own one makes it most surprising in the other number: in "
        "most sentences, and in most of those with a nearer noun.",
        lambda seed: grammar_checks.subject_matters_most(trained("grammar", seed)),
    ),
    Claim(
        "gradient-is-near",
        "Of several nouns before a verb of `grammar`, its own one has the largest connectivity in most sentences if it "
        "is the nearest, and in fewer than half of the others.",
        lambda seed: grammar_checks.gradient_finds_near_subjects(trained("grammar", seed)),
    ),
    *(Claim(*row) for row in GRADIENT_CLAIMS),
)


def holds(claim: Claim, seeds: range) -> bool:
    """Put a claim to the test and print what was found, seed by seed."""
    print(f"{claim.name}: {claim.sentence}", flush=True)
    true = 0
    for seed in seeds:
        is_true, numbers = claim.check(seed)
        true += is_true
        print(f"  seed {seed}: {'true' if is_true else 'FALSE'}, {numbers}", flush=True)
    enough = true >= NEEDED * len(seeds)
    print(f"  {true} of {len(seeds)} seeds: it {'holds' if enough else 'DOES NOT HOLD'}\n", flush=True)
    return enough


def main() -> None:
    """Parse the command line, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[claim.name for claim in CLAIMS], help="check this claim alone")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    arguments = parser.parse_args()
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    chosen = [claim for claim in CLAIMS if arguments.only in (None, claim.name)]
    results = [holds(claim, seeds) for claim in chosen]
    if not all(results):
        sys.exit(1)


if __name__ == "__main__":
    main()
