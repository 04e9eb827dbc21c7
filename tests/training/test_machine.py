"""What the machine chooses is measured once, kept in the lab's folder, and read by every later process."""

import json
import os
import subprocess
import sys

import pytest

from rnnlab.training.machine import FILE, MARGIN, MachineChoices, machine_choices, machine_name
from rnnlab.training.precision import bfloat16_speed, step_choice, use_half, window_choice
from tests.support.waiting import HANGS

NOW, BEFORE = "TensorFlow 2, RNN Lab 2", "TensorFlow 1, RNN Lab 1"
BORDER = 1.3

CHOOSE = """
import sys
from rnnlab.training.precision import bfloat16_speed, window_choice
print("ready", flush=True)
sys.stdin.readline()
print(*window_choice(), bfloat16_speed.cache_info().misses)
"""
"""Chooses when a line comes; prints the speed, whether it is taken, and how many times that process measured."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def choices(folder, versions=NOW, machine="abacus, 2 cores"):
    return MachineChoices(folder, machine, versions)


def never():
    raise AssertionError("measured although it was known")


def chosen_here():
    """What this process chooses, in the words of the other one."""
    return [*map(str, window_choice()), str(bfloat16_speed.cache_info().misses)]


def test_two_processes_at_once_agree_and_one_of_them_measures_and_later_none(home):
    """One of the two is this one, which has loaded TensorFlow already."""
    command = [sys.executable, "-c", CHOOSE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        bfloat16_speed.cache_clear()
        process.stdin.write("\n")
        process.stdin.flush()
        here, there = chosen_here(), process.communicate(timeout=HANGS)[0].split()
    assert here[:2] == there[:2]
    assert sorted([here[2], there[2]]) == ["0", "1"]

    # Later one does not measure: that would give the first one's result.
    bfloat16_speed.cache_clear()
    content = (home / FILE).read_text()
    opposite = {"True": ('"taken": true', '"taken": false'), "False": ('"taken": false', '"taken": true')}[here[1]]
    (home / FILE).write_text(content.replace(*opposite))
    assert chosen_here() == [here[0], str(here[1] != "True"), "0"]


def test_training_asks_the_file_of_the_lab(home):
    for taken in (True, False):
        home.mkdir(exist_ok=True)
        mine = machine_choices()
        (home / FILE).unlink(missing_ok=True)
        mine.choose("large product 512 x 512 x 4096", BORDER, lambda taken=taken: 9.0 if taken else 0.5)
        mine.choose("single step 20 x 650 x 2600", BORDER, lambda taken=taken: 9.0 if taken else 0.0)
        assert window_choice().taken is use_half("auto", 10**12) is taken
        assert step_choice(20, 650, 2600) == ((9.0, True) if taken else (0.0, False))


def test_what_was_chosen_is_not_measured_again(tmp_path):
    assert choices(tmp_path).choose("product", BORDER, lambda: 2.0) == (2.0, True)
    assert choices(tmp_path).choose("product", BORDER, never) == (2.0, True)


@pytest.mark.parametrize(
    ("speed", "taken_before", "taken"),
    [
        (0.0, None, False),
        (BORDER, None, False),
        (BORDER * MARGIN * 0.999, None, False),
        (BORDER * MARGIN, None, True),
        (BORDER * MARGIN * 0.999, False, False),
        (BORDER * MARGIN, False, True),
        (BORDER, True, True),
        (BORDER / MARGIN, True, True),
        (BORDER / MARGIN * 0.999, True, False),
        (0.0, True, False),
    ],
)
def test_only_a_clear_advantage_changes_a_choice(tmp_path, speed, taken_before, taken):
    if taken_before is not None:
        choices(tmp_path, BEFORE).choose("product", BORDER, lambda: 9.0 if taken_before else 0.1)
    assert choices(tmp_path).choose("product", BORDER, lambda: speed).taken is taken


def test_what_was_measured_around_the_border_is_one_choice(tmp_path):
    """The step of `ptb-medium`, as one machine measured it in four processes and then under four later versions."""
    taken = [
        choices(tmp_path, f"version {i}").choose("single step", BORDER, lambda speed=speed: speed).taken
        for i, speed in enumerate((1.18, 1.21, 1.36, 1.19))
    ]
    assert len({*taken}) == 1


def test_another_machine_and_other_versions_choose_for_themselves(tmp_path):
    choices(tmp_path).choose("product", BORDER, lambda: 2.0)
    assert choices(tmp_path, machine="slide rule, 1 core").choose("product", BORDER, lambda: 1.0) == (1.0, False)
    assert choices(tmp_path, "TensorFlow 3").choose("product", BORDER, lambda: 4.0) == (4.0, True)
    assert choices(tmp_path).choose("product", BORDER, never) == (2.0, True)


DAMAGED = {
    "empty": "",
    "no text": b"\xff\x00\x9c",
    "half": '{"abacus, 2 cores": {"TensorFlow 2, RNN Lab 2": {"product": {"spe',
    "a list": "[1, 2]",
    "null": "null",
    "deep": "[" * 100_000,
    "no machine": '{"abacus, 2 cores": 3}',
    "no versions": '{"abacus, 2 cores": {"TensorFlow 2, RNN Lab 2": "yes"}}',
    "no choice": '{"abacus, 2 cores": {"TensorFlow 2, RNN Lab 2": {"product": true}}}',
    "other kinds": '{"abacus, 2 cores": {"TensorFlow 2, RNN Lab 2": {"product": {"speed": "2", "taken": 1}}}}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_measured_anew(tmp_path, content):
    (tmp_path / FILE).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert choices(tmp_path).choose("product", BORDER, lambda: 2.0) == (2.0, True)
    assert choices(tmp_path).choose("product", BORDER, never) == (2.0, True)
    assert json.loads((tmp_path / FILE).read_text())


def test_a_folder_that_cannot_be_written_costs_no_more_than_the_measurement(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "home" / FILE).mkdir(parents=True)
    for folder in (tmp_path / "file", tmp_path / "home"):
        assert choices(folder).choose("product", BORDER, lambda: 2.0) == (2.0, True)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_the_file_is_its_owners_alone(home):
    machine_choices().choose("product", BORDER, lambda: 2.0)
    assert {path.name for path in home.iterdir()} >= {FILE}
    assert {path.stat().st_mode & 0o077 for path in (home, *home.iterdir())} == {0}


def test_the_machine_is_its_processor_and_cores():
    assert machine_name() == machine_name()
    assert f"{os.cpu_count()} cores" in machine_name()
