"""Several contestants in one process: what each answers when it is ready, with few imports of TensorFlow.

    python -m tests.benchmarks.together < JSON

Each runs as the program that it is, with its arguments, its standard input and its standard output.
"""

from __future__ import annotations

import dataclasses
import io
import json
import runpy
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest import mock

from benchmarks.contestants import ROOT, Contestant, Prepared, _environment
from benchmarks.work import Work

Works = Mapping[Contestant, Sequence[Work]]


def prepared_here(works: Works) -> dict[str, list[Prepared]]:
    """The first results of contestants that can be in this process, by their names."""
    return {one.name: _answer_of(one, [dataclasses.asdict(work) for work in each]) for one, each in works.items()}


def prepared_elsewhere(works: Works) -> dict[str, list[Prepared]]:
    """The same in one process that has the environment of the first of them, which all must share."""
    first, *_ = works
    assert {one.environment for one in works} == {first.environment}
    asked = [
        [[one.name, one.label, one.module, one.way], [dataclasses.asdict(work) for work in each]]
        for one, each in works.items()
    ]
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.together"]
    environment = _environment(first, threads=1)
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout.splitlines()[-1])
    return {name: [Prepared(**one) for one in each] for name, each in answers.items()}


def _answer_of(contestant: Contestant, tasks: list[dict]) -> list[Prepared]:
    """What the program writes when all its tasks are prepared; nobody asks it for more."""
    program = ROOT / "benchmarks" / "peers" / f"{contestant.module}.py"
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # As `Peer` has it; a process that ends need not close its line either.
        answer = Path(folder) / "answer"
        with (
            answer.open("w") as out,
            (Path(folder) / "said").open("w") as said,
            mock.patch.object(sys, "argv", [str(program), json.dumps(tasks), "1", contestant.way]),
            mock.patch.object(sys, "stdin", io.StringIO()),
            mock.patch.object(sys, "stdout", out),
            mock.patch.object(sys, "stderr", said),
        ):
            try:
                runpy.run_path(str(program), run_name="__main__")
            except Exception as error:
                traceback.clear_frames(error.__traceback__)  # They hold that line open.
                raise
        (line,) = answer.read_text().splitlines()
    return [Prepared(**one) for one in json.loads(line)]


def main() -> None:
    """Answer what `prepared_elsewhere` asks."""
    asked = json.load(sys.stdin)
    works = {Contestant(*fields): [Work(**one) for one in each] for fields, each in asked}
    found = prepared_here(works)
    print(json.dumps({name: [dataclasses.asdict(one) for one in each] for name, each in found.items()}))


if __name__ == "__main__":
    main()
