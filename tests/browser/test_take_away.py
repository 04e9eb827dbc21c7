"""Every download button of a run is pressed on each screen that has them, and its file is opened."""

import io
import json
import zipfile

import numpy as np
import pytest

from rnnlab.take_away import WAYS
from tests.support import screen

pytestmark = pytest.mark.browser

INSIDE = {
    "script": {"script.py"},
    "weights": {"weights.npz", "settings.json"},
    "model": {"step.keras", "settings.json", "run_free.py"},
    "csv": {"measures.csv", "samples.csv", "predictions.csv"},
    "pictures": {"loss.svg", "comparison.svg"},
    "tensorboard": {"events.out.tfevents.0.rnnlab"},
}
"""What the archives hold."""


@pytest.fixture
def trained(server, page):
    """Trains a small network on Train."""
    page.goto(f"{server.url}/train?units=4&epochs=20")
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    screen.wait_until_finished(page)
    return run_id


def taken(page, kind):
    """The name and the content of the file that a button gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=WAYS[kind].label, exact=True).click()
    download = waiting.value
    with open(download.path(), "rb") as file:
        return download.suggested_filename, file.read()


def check(kind, name, content):
    assert name == f"sine-wave-units-4-epochs-20{WAYS[kind].ending}"
    if kind == "notebook":
        assert json.loads(content)["nbformat"] == 4
    elif kind == "page":
        assert content.startswith(b"<!doctype html>")
        assert content.count(b"<svg") == 2
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert set(archive.namelist()) == INSIDE[kind]
            files = {one: archive.read(one) for one in archive.namelist()}
        if kind == "weights":
            with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as weights:
                assert weights["layer_0/recurrent_kernel"].shape == (4, 16)
        if kind == "csv":
            assert files["predictions.csv"].startswith(b"time,target,teacher_forced,free_running\r\n")
            assert files["samples.csv"].count(b"\n") > 200


def test_every_file_is_taken_from_every_screen(server, page, trained):
    for name in ("Train", "Compare", "Runs"):
        if name != "Train":
            screen.go_to(page, name)
        screen.wait_until_drawn(page)
        page.get_by_role("button", name="Take away").click()
        page.get_by_role("button", name=WAYS["script"].label, exact=True).wait_for()
        for kind in WAYS:
            check(kind, *taken(page, kind))
        page.keyboard.press("Escape")
