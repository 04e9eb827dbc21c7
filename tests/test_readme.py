"""The README's promises: its code runs, its commands parse, its variables and folders exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rnnlab import cli, presets
from rnnlab.store.location import Location
from tests.support.labs import end_engine

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.S)


def test_the_notebook_part_runs_in_the_order_given(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    names = {}
    try:
        for code in (code for language, code in BLOCKS if language == "python"):
            exec(code, names)
    finally:
        end_engine(Location.from_environment())
    assert float(re.search(r"free-running RMSE ([\d.]+)", capsys.readouterr().out)[1]) < 0.5
    assert names["same_run"].curves().equals(names["run"].curves())
    assert names["group"].table()["state"].tolist() == ["finished"] * 6


def test_every_command_is_one_that_the_command_line_knows(capsys):
    lines = [line for _, code in BLOCKS for line in code.splitlines() if line.startswith("python -m rnnlab ")]
    assert len(lines) >= 3
    for line in lines:
        command, *options = shlex.split(line)[3:]
        with pytest.raises(SystemExit) as exit_:
            cli.main([command, "--help"])
        assert exit_.value.code == 0
        help_text = capsys.readouterr().out
        for option in options:
            if option.startswith("--"):
                assert option in help_text
            elif option in presets.PRESETS:
                assert presets.preset(option)


def test_every_variable_is_read_somewhere():
    code = "".join(path.read_text() for path in (ROOT / "rnnlab").rglob("*.py"))
    for variable in set(re.findall(r"RNNLAB_[A-Z_]+", README)):
        assert f'"{variable}"' in code, f"{variable} is in the README and nowhere in the code"


def test_the_map_names_what_is_there():
    table = README.split("## Map")[1].split("##")[0]
    for name in re.findall(r"`([\w./]+)`", table):
        found = (ROOT / name).exists() or (ROOT / "rnnlab" / name).exists()
        assert found, f"{name} is on the README's map and not in the project"


def test_the_check_commands_are_shell_that_parses():
    for script in ("scripts/test", ".ci/run"):
        subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def test_benchmarks_named_in_the_readme_exist():
    for module in set(re.findall(r"python -m (benchmarks\.\w+)", README)):
        code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
