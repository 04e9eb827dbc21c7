"""Commands that this process runs itself, where TensorFlow is loaded already."""

from __future__ import annotations

import io
import os
import runpy
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import chdir, nullcontext, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock


def run_here(command: Sequence[str], cwd: Path | None = None, env: dict | None = None, **options: Any) -> Any:
    """In place of `subprocess.run`, for a Python program that is asked for its output or for none.

    Args:
        command: the interpreter and its options, then `-m` and a module or the file of a script, then its arguments.
        cwd, env: of the program; None for those of this process.
        options: others that `subprocess.run` has; `check` must be among them.
    """
    interpreter, *rest = command
    assert interpreter == sys.executable
    assert options.pop("check"), "nobody would notice a failure"
    assert options.keys() <= {"stdout", "stderr", "text"}
    while rest[0] in ("-I", "-W"):
        del rest[: 2 if rest[0] == "-W" else 1]
    written = io.StringIO()
    with (
        warnings.catch_warnings(),
        mock.patch.object(sys, "argv", rest[1:] if rest[0] == "-m" else rest),
        mock.patch.dict(os.environ, env or {}),
        chdir(cwd) if cwd else nullcontext(),
        redirect_stdout(written),
    ):
        warnings.simplefilter("ignore")
        if rest[0] == "-m":
            runpy.run_module(rest[1], run_name="__main__", alter_sys=False)
        else:
            runpy.run_path(rest[0], run_name="__main__")
    return subprocess.CompletedProcess(command, 0, written.getvalue())
