"""Time contestants in one sitting: in turn, many times; `benchmarks/table.py` prints what came out.

Shared machines drift, so only what was measured side by side is compared. The rate of plain matrix products is measured
in the same rounds, as the limit that no network can pass.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.contestants import PRODUCTS, RNN_LAB, Contestant, Peer, Prepared
from benchmarks.work import Product, Work

SQUARE = 2000
"""Rows and columns of the products whose rate is the limit: large enough that memory does not count."""

MOST_STEPS = 2**20
TOLERANCE = 1e-3
"""Largest relative difference of first results that counts as the same work. Float32 in another order makes 2e-5 after
four updates, and products in bfloat16 more; a learning rate that is a tenth too low makes 1e-2 on a small wave."""


@dataclass(frozen=True)
class Case:
    """Something that contestants do.

    Attributes:
        label: as the table calls it.
        work: what it is.
        units_a_step: of what the table counts, in one step, such as words.
        contestants: who does it.
    """

    label: str
    work: Work
    units_a_step: int
    contestants: tuple[Contestant, ...]


Times = dict[tuple[str, str], list[float]]
"""Seconds of one step, round by round, of (case, contestant) by their labels; products stand as (product, dtype)."""


@dataclass(frozen=True)
class Turn:
    """One entry of a round: which process, which of its tasks, and how many steps."""

    key: tuple[str, str]
    peer: Peer
    task: int
    steps: int


def add_options(parser: argparse.ArgumentParser, contestants: Sequence[Contestant]) -> None:
    """The options that every benchmark with peers has."""
    names = [contestant.name for contestant in contestants if contestant is not RNN_LAB]
    parser.add_argument("--rounds", type=int, default=7, help="alternations")
    parser.add_argument("--seconds", type=float, default=1.0, help="about what a turn takes, at most")
    parser.add_argument("--threads", type=int, default=2, help="of every contestant")
    parser.add_argument(
        "--square", type=int, default=SQUARE, help="rows and columns of the products that are the limit"
    )
    parser.add_argument("--only", nargs="+", choices=names, metavar="PEER", help=f"beside RNN Lab: {', '.join(names)}")


def chosen(contestants: Sequence[Contestant], only: Sequence[str] | None) -> tuple[Contestant, ...]:
    """RNN Lab, and the peers that `--only` names; all of them without it."""
    return tuple(one for one in contestants if only is None or one is RNN_LAB or one.name in only)


def squares(size: int) -> list[Product]:
    """The two products whose rates are the limit."""
    return [Product(size, size, size, dtype) for dtype in ("float32", "bfloat16")]


def measure(cases: Sequence[Case], products: Sequence[Product], rounds: int, seconds: float, threads: int) -> Times:
    """Start everybody, wait until all are ready, and let them take turns.

    Args:
        cases: what is done; a contestant does all of its cases in one process.
        products: measured in the same rounds.
        rounds: alternations.
        seconds: about what a turn takes, at most; one step may take longer.
        threads: of every contestant.
    Raises:
        RuntimeError: a contestant failed.
        ValueError: one of them does other work than RNN Lab: its first results differ.
    """
    everybody = {one.name: one for case in cases for one in case.contestants if one.is_installed}
    with contextlib.ExitStack() as stack:
        peers = {}
        for one in everybody.values():
            tasks = [case.work for case in cases if one in case.contestants]
            peers[one.name] = stack.enter_context(Peer(one, tasks, threads))
        peers[PRODUCTS.name] = stack.enter_context(Peer(PRODUCTS, products, threads))
        prepared = {name: peer.ready() for name, peer in peers.items()}
        check_same_work(cases, prepared)
        turns = [_calibrated(turn, seconds) for turn in _turns(cases, products, peers, prepared)]
        times: Times = {turn.key: [] for turn in turns}
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for turn in turns:
                times[turn.key].append(turn.peer.run(turn.task, turn.steps) / turn.steps)
    return times


def _turns(
    cases: Sequence[Case],
    products: Sequence[Product],
    peers: Mapping[str, Peer],
    prepared: Mapping[str, list[Prepared]],
) -> list[Turn]:
    """One round: case by case, all contestants of each, then the products; with the fewest steps that each can do."""
    turns, next_task = [], dict.fromkeys(peers, 0)
    for case in cases:
        for one in case.contestants:
            if one.name in peers:
                task = next_task[one.name]
                next_task[one.name] += 1
                turns.append(Turn((case.label, one.label), peers[one.name], task, prepared[one.name][task].granule))
    for task, product in enumerate(products):
        turns.append(Turn((product.label, product.dtype), peers[PRODUCTS.name], task, 1))
    return turns


def _calibrated(turn: Turn, seconds: float) -> Turn:
    """The same with as many steps as fill between half of the time and all of it."""
    steps = turn.steps
    while turn.peer.run(turn.task, steps) < seconds / 2 and steps < MOST_STEPS:
        steps *= 2
    return Turn(turn.key, turn.peer, turn.task, steps)


def check_same_work(
    cases: Sequence[Case], prepared: Mapping[str, list[Prepared]], tolerance: float = TOLERANCE
) -> None:
    """Compare what the first steps gave; everybody starts from the same weights.

    Args:
        cases: those whose result depends on a draw are left out.
        prepared: each contestant's answers, by its name; the cases that it does, in their order.
        tolerance: largest relative difference that counts as equal.
    Raises:
        ValueError: somebody's first results are not RNN Lab's.
    """
    answers = {name: iter(each) for name, each in prepared.items()}
    for case in cases:
        first = {one: next(answers[one.name]).first for one in case.contestants if one.name in answers}
        for one, results in first.items():
            if case.work.is_repeatable and not _equal(results, first[RNN_LAB], tolerance):
                raise ValueError(
                    f"{case.label}: {one.label} began with {results}, but RNN Lab with {first[RNN_LAB]}: they do not "
                    "do the same work; make their networks, data and updates equal."
                )


def _equal(theirs: Sequence[float], ours: Sequence[float], tolerance: float) -> bool:
    pairs = zip(theirs, ours, strict=True)
    return all(math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-2 * tolerance) for a, b in pairs)
