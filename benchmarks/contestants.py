"""Who takes part, and the process of each one.

Each contestant has a process of its own: TensorFlow 1 needs a variable set before TensorFlow loads, and PyTorch and
TensorFlow must not share threads. The parent starts it with a list of tasks, waits until it has said that it is ready
(data made, code compiled), and then writes `TASK STEPS` lines; the answer to each is the seconds that it took.
`benchmarks/peers/serve.py` is the other end.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.work import Product, Work

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Contestant:
    """One way to do the work.

    Attributes:
        name: for `--only`.
        label: as the table calls it.
        module: under `benchmarks.peers`.
        way: which of the module's ways, where it has several.
        package: what must be installed, beyond what RNN Lab itself needs.
        environment: variables that must be set before it starts, each with its value.
        threads: that it may use for one operation; 0 for as many as everybody.
    """

    name: str
    label: str
    module: str
    way: str = ""
    package: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    threads: int = 0

    @property
    def is_installed(self) -> bool:
        """Whether its package is there."""
        return not self.package or importlib.util.find_spec(self.package) is not None


LEGACY_KERAS = (("TF_USE_LEGACY_KERAS", "1"),)
"""Without it TensorFlow 1's cells raise."""

RNN_LAB = Contestant("rnnlab", "RNN Lab", "rnn_lab")
KERAS_FIT = Contestant("keras_fit", "Keras fit", "keras_fit")
KERAS_FUNCTION = Contestant("keras_function", "Keras layers, tf.function", "keras_function")
KERAS_PREDICT = Contestant("keras_predict", "Keras predict loop", "keras_predict")
KERAS_LOOP = Contestant("keras_loop", "Keras cells, tf.function loop", "keras_loop")
TF1_DYNAMIC = Contestant("tf1_dynamic", "TF1 graph, dynamic_rnn", "tf1", "dynamic", "tf_keras", LEGACY_KERAS)
TF1_STATIC = Contestant("tf1_static", "TF1 graph, static_rnn", "tf1", "static", "tf_keras", LEGACY_KERAS)
PYTORCH = Contestant("pytorch", "PyTorch nn.LSTM", "pytorch", package="torch")
# Its threads wait for each other in a loop, which costs a small network more than they bring, and a busy machine most.
PYTORCH_ONE_THREAD = Contestant("pytorch_one", "PyTorch nn.LSTM, 1 thread", "pytorch", package="torch", threads=1)
JAX = Contestant("jax", "JAX, jit and scan", "jax_scan", package="optax")
PRODUCTS = Contestant("products", "matrix products", "products")


@dataclass(frozen=True)
class Prepared:
    """What a contestant says of a task when it is ready.

    Attributes:
        granule: the fewest steps that it does at a time, such as a whole horizon.
        first: what came out of its first steps: the mean loss of the first updates, or the first values generated.
    """

    granule: int
    first: list[float]


class Peer:
    """The process of a contestant.

    Args:
        contestant: who.
        tasks: what it is to prepare.
        threads: that it may use for one operation, unless the contestant has a number of its own.
    """

    def __init__(self, contestant: Contestant, tasks: Sequence[Work | Product], threads: int):
        self.contestant = contestant
        tasks_json = json.dumps([dataclasses.asdict(task) for task in tasks])
        command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.peers.{contestant.module}"]
        threads = contestant.threads or threads
        command += [tasks_json, str(threads), contestant.way]
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  # Closed with the process.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            cwd=ROOT,
            env=_environment(contestant, threads),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
        for end in (self._process.stdin, self._process.stdout):
            if end is not None:
                end.close()
        self._process.wait()
        self._said.close()

    def ready(self) -> list[Prepared]:
        """Wait until everything is prepared; one answer for each task.

        Raises:
            RuntimeError: it ended instead; the message has what it said.
        """
        return [Prepared(**prepared) for prepared in self._answer()]

    def run(self, task: int, steps: int) -> float:
        """Let it do `steps` steps of one of its tasks and return the seconds that it measured."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{task} {steps}\n")
            self._process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            self._said.seek(0)
            raise RuntimeError(
                f"{self.contestant.label} ended before it answered; mend it or leave it out with --only. It said:\n"
                + self._said.read()[-4000:]
            )
        return json.loads(line)


def _environment(contestant: Contestant, threads: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "TF_USE_LEGACY_KERAS"}
    # JAX takes NPROC for the number of processors, and as many threads.
    threading = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")
    limits = {name: str(threads) for name in threading}
    return kept | limits | {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"} | dict(contestant.environment)
