"""Every benchmark at a tiny size, so that none rots; what they measure is not judged here."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PEERS = ["--rounds", "1", "--threads", "1", "--seconds", "0.001", "--square", "10"]
"""For those that start their peers as well; a peer whose package is missing has a row that says so."""

TINY = {
    "first_steps": ["grammar", "--steps", "2", "--stretch", "1", "--train-tokens", "2000"],
    "carry_against_reset": ["--preset", "grammar", "--epochs", "1", "--train-tokens", "2000", "--out", os.devnull],
    "app": ["--rounds", "1", "--ticks", "2"],
    "generation_cost": ["--rounds", "1", "--units", "2", "--lengths", "5", "20"],
    "generate": [*PEERS, "--horizon", "4", "--vocabulary", "20"],
    "growth": [
        *("--rounds", "1", "--seconds", "0.01", "--units", "2", "--num-steps", "5", "10", "--epochs", "1"),
        *("--word-units", "2", "--vocabulary", "10", "--word-steps", "2", "--batches", "--word-batches", "--widths"),
        *("--memory-updates", "4", "--points", "50", "--points-a-run", "20", "--stored-runs", "2", "--reads", "2"),
        *("--runs", "2", "--shapes", "1", "--ticks", "2", "--warm-up", "1", "--updates-a-tick", "20"),
    ],
    "ptb_step": [*PEERS, "--presets", "ptb-medium", "--units", "4", "--num-steps", "3", "--vocabulary", "20"],
    "record_run": ["grammar", "--epochs", "1", "--train-tokens", "2000", "--out", os.devnull],
    "unrolling": ["--rounds", "1", "--units", "2", "--num-steps", "5", "--out", os.devnull],
    "ptb_time_to_115": [
        "--presets",
        "ptb-small-fast",
        "--corpus",
        "grammar",
        "--train-tokens",
        "2000",
        "--turns",
        "1",
        "--keras-steps",
        "1",
    ],
    "sine_seeds": ["--seeds", "1"],
    "sine_step": [*PEERS, "--units", "2", "--num-steps", "4"],
}
NOT_COMMANDS = {"__init__", "alternation", "contestants", "live_run", "table", "visitor", "watch", "work"}


def test_every_benchmark_has_a_tiny_size():
    assert {file.stem for file in (ROOT / "benchmarks").glob("*.py")} == TINY.keys() | NOT_COMMANDS


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.browser) if n == "app" else n for n in TINY])
def test_the_benchmark_runs_and_prints_figures(name):
    command = [sys.executable, "-m", f"benchmarks.{name}", *TINY[name]]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    assert re.search(r"\d", result.stdout)
