"""A run survives the death of its worker, of the page's server and of the engine, as a person sees it."""

import os
import signal

import pytest

from tests.browser import screen
from tests.browser.server import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def training(server, page):
    """A page that shows a run which is far enough to have a checkpoint."""
    page.goto(f"{server.url}/train?epochs=200000&evaluate_every=100")
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    wait_for(lambda: server.checkpointed_step(run_id) > 0, "a checkpoint", 180)
    yield run_id
    server.stop_run(run_id)


def test_run_goes_on_after_its_worker_was_killed(server, page, training):
    reached = screen.step(page)
    for worker in server.workers():
        worker.kill()
    wait_for(lambda: server.attempts(training) >= 2, "another worker to take the run", 120)
    wait_for(lambda: screen.step(page) > reached, "more steps on the screen", 120)
    screen.badge(page, "Training").wait_for()


def test_run_goes_on_after_the_pages_server_was_killed(server, page, training):
    reached = screen.step(page)
    link = page.url
    server.kill()
    wait_for(lambda: server.stored_step(training) > reached, "training to go on without a page")
    server.start()
    page.goto(link)
    screen.badge(page, "Training").wait_for()
    assert screen.run_id(page) == training
    wait_for(lambda: screen.step(page) > reached, "more steps on the screen")
    assert server.attempts(training) == 1


def test_interrupted_run_goes_on_at_one_click_after_the_engine_was_killed(server, page, training):
    engine = server.engine
    os.kill(engine.pid, signal.SIGKILL)
    screen.badge(page, "Interrupted").wait_for()
    kept = server.checkpointed_step(training)
    screen.press(page, "Go on")
    screen.badge(page, "Training").wait_for(timeout=120_000)
    wait_for(lambda: screen.step(page) > kept, "more steps on the screen", 120)
    assert server.engine.pid != engine.pid
