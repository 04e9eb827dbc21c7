"""A worker's memory over many short runs, each trained as a worker does it.

    python -m benchmarks.growing.worker RUNS SHAPES

prints the MiB of the process after each run; `memory_after_runs` calls it. The runs take `SHAPES` widths in turn: with
one, compiled training is kept from run to run; with more than a worker keeps, most runs compile.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

import dask.config
import distributed  # noqa: F401  # Brings its defaults with it.

from rnnlab.config import Experiment, ModelConfig, SineData, TrainingConfig

FIRST_UNITS = 4


def memory_after_runs(runs: int, shapes: int) -> list[float]:
    """The MiB that a new worker process has after each run: (runs,)."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.growing.worker", str(runs), str(shapes)]
    # What Dask sets for each worker, such as how soon freed memory goes back to the system.
    worker = {name: str(value) for name, value in dask.config.get("distributed.nanny.pre-spawn-environ").items()}
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | worker)
    return json.loads(result.stdout.splitlines()[-1])


def short_experiment(units: int) -> Experiment:
    """Two hundred updates on a wave: a second or less, with curves, samples and checkpoints."""
    return Experiment(
        data=SineData(samples=200),
        model=ModelConfig(units=units),
        training=TrainingConfig(optimizer="adam", learning_rate=0.01, epochs=50, full_rate_epochs=50, num_steps=50),
    )


def main() -> None:
    """The runs, one after the other, in this process."""
    import psutil

    from rnnlab.store.location import Location
    from rnnlab.store.store import RunStore
    from rnnlab.worker.execution import train_run

    runs, shapes = int(sys.argv[1]), int(sys.argv[2])
    process, found = psutil.Process(), []
    with tempfile.TemporaryDirectory() as folder:
        location = Location.from_environment({"RNNLAB_HOME": folder})
        store = RunStore(location.database)
        for number in range(runs):
            run_id = store.create(short_experiment(FIRST_UNITS + number % shapes), "local", "A short run")
            state = train_run(run_id, 1, location.database, location.artifacts, "benchmark")
            if state != "finished":
                raise RuntimeError(f"Run {number} of {runs} was {state}: {store.get(run_id).error}")
            found.append(process.memory_info().rss / 2**20)
            print(f"run {number + 1} of {runs}: {found[-1]:.0f} MiB", file=sys.stderr, flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
