"""A run survives the death of its worker, of the page's server and of the engine, as a person sees it."""

import os
import re
import signal

import pytest

from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture
def training(mortal_server, page):
    """A page that shows a run which is far enough to have a checkpoint."""
    page.goto(f"{mortal_server.url}/train?epochs=200000&evaluate_every=100")
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    wait_for(lambda: mortal_server.checkpointed_step(run_id) > 0, "a checkpoint")
    mortal_server.slow_down(run_id)
    yield run_id
    mortal_server.stop_run(run_id)


def test_run_goes_on_after_its_worker_was_killed(mortal_server, page, training):
    reached = screen.step(page)
    for worker in mortal_server.workers():
        worker.kill()
    wait_for(lambda: mortal_server.executions(training) >= 2, "another worker to take the run")
    wait_for(lambda: screen.step(page) > reached, "more steps on the screen")
    screen.badge(page, "Training").wait_for()


def test_run_goes_on_after_the_pages_server_was_killed(mortal_server, page, training):
    reached = screen.step(page)
    link = page.url
    mortal_server.kill()
    wait_for(lambda: mortal_server.stored_step(training) > reached, "training to go on without a page")
    mortal_server.start()
    page.goto(link)
    screen.badge(page, "Training").wait_for()
    assert screen.run_id(page) == training
    wait_for(lambda: screen.step(page) > reached, "more steps on the screen")
    assert mortal_server.executions(training) == 1


def test_interrupted_run_goes_on_at_one_click_after_the_engine_was_killed(mortal_server, page, training):
    engine = mortal_server.engine
    os.kill(engine.pid, signal.SIGKILL)
    screen.badge(page, "Interrupted").wait_for()
    kept = mortal_server.checkpointed_step(training)
    screen.press(page, "Go on")
    screen.badge(page, "Training").wait_for()
    wait_for(lambda: screen.step(page) > kept, "more steps on the screen")
    assert mortal_server.engine.pid != engine.pid


def test_a_group_whose_pages_server_is_killed_ends_with_the_same_numbers(mortal_server, page):
    page.goto(f"{mortal_server.url}/train?units=8&epochs=400&full_rate_epochs=400&evaluate_every=100")
    page.get_by_role("button", name="Train", exact=True).wait_for()
    page.get_by_role("combobox", name="Seeds").click()
    page.get_by_role("option", name="3 seeds").click()
    screen.press(page, "Train")
    page.wait_for_url(re.compile("group="))
    link, group_id = page.url, re.search("group=([^&]+)", page.url)[1]
    runs = mortal_server.members(group_id)
    # The group must still be at work when the server is killed, with two workers too. This reaches the first run while
    # its network is compiled: no run before had one of this size.
    mortal_server.slow_down(runs[0])
    wait_for(lambda: mortal_server.stored_step(runs[0]) > 0, "the first run to begin")
    mortal_server.kill()
    assert mortal_server.run(runs[0]).is_live
    mortal_server.let_go(runs[0])
    wait_for(lambda: all(mortal_server.run(run).state == "finished" for run in runs), "the group to end without a page")
    mortal_server.start()
    page.goto(link)
    page.get_by_text("3 of 3 runs finished").wait_for()
    again = mortal_server.train_again(runs)
    for run, undisturbed in zip(runs, again, strict=True):
        assert mortal_server.curve(run, "valid_loss") == mortal_server.curve(undisturbed, "valid_loss")
