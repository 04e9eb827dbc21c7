"""Every benchmark at a tiny size, so that none rots; what they measure is not judged here.

Each runs in this process, where TensorFlow is loaded already, with the commands that it would start, and reads the
beginning of a text's held-out parts only; `ptb_step` starts processes.
What they race against is left out: test_peers.py has it, and of three that race alike only one starts RNN Lab's own
process.
Those that need a browser are in tests/browser, whose server they share.
"""

import dataclasses
import importlib
import os
import re
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from benchmarks.growing.training import Job, memories
from rnnlab.data import load_dataset
from rnnlab.inspection import carrying
from tests.support.commands import run_here
from tests.support.texts import held_out_cut

ROOT = Path(__file__).parents[2]

ALONE = ["--only", "jax", "pytorch", "--rounds", "1", "--threads", "1", "--seconds", "0.001", "--square", "10"]
"""Without peers, but for JAX and PyTorch, which have rows that say so where they are not installed."""

RACE_ALIKE = ("generate", "sine_step")
"""As `ptb_step` does: starting the contestants and taking turns is tried there."""

STARTS_COMMANDS = {"growth": ("growing.worker",), "take_away": ("take_away",), "unrolling": ("unrolling",)}
"""Modules whose programs are run in this process; that a process is started for its memory is tested below."""

NUMBER = r"[+-]?[\d,.]+(e[+-]\d+)?"


class Tiny(NamedTuple):
    """How to call a benchmark, and what it must print; `#` stands for a number."""

    arguments: list[str]
    prints: tuple[str, ...]


TINY = {
    "first_steps": Tiny(
        ["grammar", "--steps", "2", "--stretch", "1", "--train-tokens", "2000"],
        ("grammar: # parameters", "| to 1 | # | # |", "| to 2 | # | # |", "# words/s (median), # MiB at most"),
    ),
    "carry_against_reset": Tiny(
        ["--preset", "grammar", "--epochs", "1", "--train-tokens", "2000", "--out", os.devnull],
        ("after 1 epoch", "trained with the state carried # #", "trained with it reset # #", "written to null"),
    ),
    "generation_cost": Tiny(
        ["--rounds", "1", "--units", "2", "--lengths", "5", "20"],
        ("LSTM, 1 x 2 units (medians of 1 alternations)", "| 5 | # | # | # |", "| 20 | # | # | # |"),
    ),
    "generate": Tiny(
        [*ALONE, "--horizon", "4", "--vocabulary", "20"],
        (
            "| sine, 1 stream | RNN Lab | # | # | 1.00 (1.00 to 1.00) | # | # % | # % |",
            "| ptb-small, 20 streams | RNN Lab | # | # | 1.00 (1.00 to 1.00) | # | # % | # % |",
            "| sine, 1 stream | JAX, jit and scan |",
            "| sine, 1 stream | PyTorch nn.LSTM |",
            "sine: throughput of 20 streams against 1 - RNN Lab: # times",
            "ptb-small: throughput of 20 streams against 1 - RNN Lab: # times",
        ),
    ),
    "growth": Tiny(
        [
            *("--rounds", "1", "--seconds", "0.01", "--units", "2", "--num-steps", "5", "--epochs", "1", "2"),
            *("--word-units", "2", "--vocabulary", "10", "--word-steps", "2", "--batches", "--word-batches"),
            *("--widths", "--memory-updates", "0", "--points", "50", "--points-a-run", "20", "--stored-runs", "2"),
            *("--reads", "2", "--runs", "2", "--shapes", "1", "--ticks", "2", "--warm-up", "1"),
            *("--updates-a-tick", "20"),
        ],
        (
            "2 units on waves, batch 1 | num_steps | an update, ms | memory, MiB | |---|---|---| | 5 | # | nan |",
            "Time: one size makes no line.",
            "2 x 2 units, 10 words, batch 20",
            "| epochs | all, s | memory, MiB | |---|---|---| | 1 | # | nan | | 2 | # | nan |",
            "Time: # ms + # ms * size, at most #% away from it.",
            "| 50 | # | # | # | # | # |",
            "| 2 | # | # | # |",
            "| after run | memory, MiB | |---|---| | 1 | # | | 2 | # |",
            "The page's process over 2 looks at a run, 20 new updates each",
            "| after look | memory, MiB | |---|---| | 1 | # | | 2 | # |",
        ),
    ),
    "inside_claims": Tiny(
        ["--only", "amplitude", "--seeds", "1"],
        ("seed 0: true, off by #%; frequency #", "1 of 1 seeds: it holds"),
    ),
    "memory_tasks": Tiny(
        ["--seeds", "1", "--updates", "2"],
        (
            "delayed recall, forget bias 4, seed 0: # in # s",
            "| delayed recall, forget bias 0 | valid_accuracy | # (# to #) | chance # | # |",
            "| adding problem | valid_loss | # (# to #) | always 1 # | # |",
            "| period text, state reset | valid_loss | # (# to #) | floor # | # |",
            "| period text, state carried | valid_loss | # (# to #) | floor # | # |",
        ),
    ),
    "own_series": Tiny(
        ["--seeds", "1", "--epochs", "2"],
        ("amplitude 1, seed 0: #", "amplitude 1e+06: 0 of 1 below 0.05, median #"),
    ),
    "ptb_step": Tiny(
        [*ALONE, "--presets", "ptb-medium", "--units", "4", "--num-steps", "3", "--vocabulary", "20"],
        (
            "| ptb-medium | RNN Lab | # | # | 1.00 (1.00 to 1.00) | # | # % | # % |",
            "| ptb-medium | JAX, jit and scan |",
            "| ptb-medium | PyTorch nn.LSTM |",
            "| product 60 x 4 x 20 | bfloat16 | # | # | | # | # % | # % |",
        ),
    ),
    "record_run": Tiny(
        ["grammar", "--epochs", "1", "--train-tokens", "2000", "--out", os.devnull],
        ("epoch 1: train #, valid #, test #, # words/s, # s", "test, word by word: #; written to null"),
    ),
    "run_list": Tiny(
        ["--runs", "3", "--rows", "4", "--rounds", "1", "--only", "server"],
        (
            "3 runs of 4 metric rows each",
            "| list, server | # ms | # to # | 100 ms, ",
            "| search, server | # ms |",
            "| filter, server | # ms |",
            "| sort by loss, server | # ms |",
            "| open one, server | # ms |",
            "| overlay 5, server | # ms |",
        ),
    ),
    "take_away": Tiny(["--cases", "sine", "--epochs", "2"], ("| sine | # | # | # | # |",)),
    "unrolling": Tiny(
        ["--rounds", "1", "--units", "2", "--num-steps", "5", "--ways", "bidirectional", "--out", os.devnull],
        (
            "2 units, 5 steps, batch 4 (medians of 1 processes)",
            "| bidirectional | # | # | # |",
        ),
    ),
    "ptb_time_to_115": Tiny(
        [
            *("--presets", "ptb-small-fast", "--corpus", "grammar", "--train-tokens", "2000"),
            *("--turns", "1", "--keras-steps", "1"),
        ],
        ("ptb-small-fast, epoch 2: test #, # s", "| ptb-small-fast | # | 1 | # | # | # | # |"),
    ),
    "seeds": Tiny(
        ["sine", "grammar", "--seeds", "1", "--train-tokens", "2000"],
        (
            "sine, 1 seed: median #, # to #; 1 below 0.05, 1 below 0.1",
            "grammar, seed 0: test perplexity #",
            "grammar, 1 seed: median #, # to #; 1 below 115.9",
        ),
    ),
    "sine_step": Tiny(
        [*ALONE, "--units", "2", "--num-steps", "4"],
        (
            "| 2 units, 4 steps | RNN Lab | # | # | 1.00 (1.00 to 1.00) | # | # % | # % |",
            "| 2 units, 4 steps | JAX, jit and scan |",
            "| 2 units, 4 steps | PyTorch nn.LSTM |",
            "| product 10 x 10 x 10 | float32 | # | # | | # | 100 % | # % |",
        ),
    ),
}
NOT_COMMANDS = {"__init__", "alternation", "contestants", "grammar_checks", "live_run", "table", "visitor", "watch"}
NOT_COMMANDS |= {"gradient_claims", "work"}
IN_A_BROWSER = {"app", "group_by_mouse", "long_looks"}
"""They are tried in tests/browser."""


def a_millisecond_each(cases, products, rounds, seconds, threads):
    """In place of `benchmarks.alternation.measure`."""
    times = {
        (case.label, one.label): [0.001] * rounds for case in cases for one in case.contestants if one.is_installed
    }
    return times | {(product.label, product.dtype): [0.001] * rounds for product in products}


class PeerHere:
    """In place of `benchmarks.contestants.Peer`, without a process: it prepares the same tasks, and does them."""

    def __init__(self, contestant, tasks, threads):
        module = importlib.import_module(f"benchmarks.peers.{contestant.module}")
        self._jobs = [module.prepare(dataclasses.asdict(task), threads, contestant.way) for task in tasks]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ready(self):
        for job in self._jobs:
            job.run(job.granule)

    def run(self, task, steps):
        began = time.perf_counter()
        self._jobs[task].run(steps)
        return time.perf_counter() - began


def load_cut(data, seed):
    """In place of `load_dataset`."""
    return held_out_cut(data, seed) if data.kind == "text" else load_dataset(data, seed)


def test_the_memory_of_a_training_is_that_of_a_process_of_its_own():
    (mebibytes,) = memories([Job(2, num_layers=1, num_steps=2, batch_size=2, vocabulary=10)], updates=4)
    assert 1 < mebibytes < 5000


def test_every_benchmark_has_a_tiny_size():
    assert {file.stem for file in (ROOT / "benchmarks").glob("*.py")} == TINY.keys() | NOT_COMMANDS | IN_A_BROWSER


@pytest.mark.parametrize("name", TINY)
def test_the_benchmark_runs_and_prints_its_table(name, monkeypatch, capsys):
    arguments, prints = TINY[name]
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    benchmark = importlib.import_module(f"benchmarks.{name}")
    for module in STARTS_COMMANDS.get(name, ()):
        monkeypatch.setattr(f"benchmarks.{module}.subprocess", SimpleNamespace(run=run_here, PIPE=None, DEVNULL=None))
    if name == "ptb_time_to_115":
        monkeypatch.setattr(benchmark, "Peer", PeerHere)
        monkeypatch.setattr(benchmark, "VOCABULARY", 20)
    if name in RACE_ALIKE:
        monkeypatch.setattr(benchmark, "measure", a_millisecond_each)
    for module in (benchmark, carrying):
        if hasattr(module, "load_dataset"):
            monkeypatch.setattr(module, "load_dataset", load_cut)
    benchmark.main()
    printed = " ".join(capsys.readouterr().out.split())
    for row in prints:
        assert re.search(re.escape(row).replace(r"\#", NUMBER), printed), f"no {row!r} in {printed}"
