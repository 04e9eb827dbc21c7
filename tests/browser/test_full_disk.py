"""A disk that is filled while a run trains, as a person sees it."""

import os
import subprocess

import pytest

from rnnlab import fit
from rnnlab.config import from_flat
from rnnlab.presets import SINE
from tests.support import screen
from tests.support.server import LabServer
from tests.support.waiting import wait_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can mount a small disk"),
]
# At the pace of a slow run it lasts a minute, so that it is not over before its disk is full.
SETTINGS = {"epochs": 2000, "evaluate_every": 100, "seed": 3}


@pytest.fixture
def small_disk():
    """A server whose home is a disk of 8 MB."""
    server = LabServer(workers=1)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", server.home], check=True)
    try:
        with server:
            yield server
    finally:
        subprocess.run(["umount", "--lazy", server.home], check=True)


def fill(path):
    """Write until nothing more can be written."""
    with open(path, "wb", buffering=0) as file:
        for size in (65536, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def test_a_full_disk_is_named_and_one_click_goes_on_when_there_is_space_again(small_disk, page):
    server, experiment = small_disk, from_flat(SETTINGS, SINE.experiment)
    run_id = server.add_slow_run(experiment)  # It goes on at full speed.
    page.goto(f"{server.url}/train?run={run_id}")
    wait_for(lambda: server.checkpointed_step(run_id) > 0, "a checkpoint")
    fill(server.home / "other")
    page.get_by_text("The disk that holds").first.wait_for(timeout=15_000)
    assert str(server.home) in page.locator(".stAlert").first.inner_text()

    (server.home / "other").unlink()
    screen.press(page, "Go on")
    screen.badge(page, "Finished").wait_for()
    undisturbed = fit(experiment).curve("valid_loss")
    assert server.curve(run_id, "valid_loss") == [part.tolist() for part in undisturbed]
