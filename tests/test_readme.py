"""The README's promises: its code runs, its commands parse, its variables and folders exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rnnlab import cli, presets

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.S)


@pytest.mark.slow
def test_the_notebook_lines_run_and_print_what_they_say(capsys):
    blocks = [code for language, code in BLOCKS if language == "python"]
    names = {}
    # The function that the first block uses is shown after it.
    for code in sorted(blocks, key=lambda code: not code.startswith("def ")):
        exec(code, names)
    printed = capsys.readouterr().out
    assert "1002 of 1002" in printed
    assert float(re.search(r"free-running RMSE ([\d.]+)", printed)[1]) < 0.5
    steps, losses = names["steps"], names["losses"]
    assert steps[0] == 0
    assert len(steps) == len(losses)
    assert losses[-1] < losses[0] / 100


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
