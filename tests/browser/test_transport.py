"""The controls of a run that trains, as a teacher uses them."""

import re

import pytest

from tests.support import screen
from tests.support.waiting import wait_for

LONG = "epochs=200000&evaluate_every=100&lr_decay=1"

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _nothing_left_running(server):
    yield
    server.stop_all()


def train(page, server, link):
    page.goto(f"{server.url}/train?{link}")
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    wait_for(lambda: screen.points(page) >= 4, "the curve")
    server.slow_down(run_id)
    page.get_by_role("tab", name="Control").click()
    return run_id


def to_the_left(page, label):
    """Move a slider to its first position."""
    slider = page.get_by_role("slider", name=re.compile(label))
    slider.focus()
    slider.press("Home")


def test_one_update_is_one_and_paused_means_that_none_passes(server, page):
    run_id = train(page, server, LONG)
    screen.press(page, "Pause")
    screen.badge(page, "Paused").wait_for()
    reached = server.stored_step(run_id)
    for step in (reached + 1, reached + 2):
        screen.press(page, "One update")
        wait_for(lambda step=step: server.stored_step(run_id) >= step, "one more update")
        screen.badge(page, "Paused").wait_for()
        wait_for(lambda step=step: screen.step(page) == step, "the step on the screen")
        assert server.stored_step(run_id) == step


def test_a_moved_rate_is_on_the_curve_and_kept_with_the_run(server, page):
    run_id = train(page, server, LONG)
    to_the_left(page, "Learning rate from now on")
    texts = page.locator(".st-key-live-chart svg.marks text")
    wait_for(lambda: "learning rate 0.0001" in texts.all_text_contents(), "the mark", there=texts.all_text_contents)
    screen.press(page, "Stop")
    screen.badge(page, "Stopped").wait_for()
    changes = server.run(run_id).experiment.training.changes
    step = int(re.fullmatch(r"learning_rate@(\d+)=0\.0001", changes)[1])
    steps, rates = server.curve(run_id, "learning_rate")
    assert rates[steps.index(step) - 1] == pytest.approx(0.01)
    assert rates[steps.index(step)] == pytest.approx(0.0001)


def test_a_fork_goes_on_from_the_weights_and_again_begins_anew(server, page):
    parent = train(page, server, LONG)
    screen.press(page, "Stop")
    screen.badge(page, "Stopped").wait_for()
    reached = server.stored_step(parent)
    screen.press(page, "Fork")
    wait_for(lambda: screen.run_id(page) != parent, "the fork")
    fork = screen.run_id(page)
    wait_for(lambda: server.stored_step(fork) > reached, "updates of the fork")
    wait_for(lambda: server.has_curve(fork, "valid_loss"), "the loss of its first weights")
    first, losses = server.curve(fork, "valid_loss")
    assert first[0] == reached
    assert losses[0] < 0.1 * server.curve(parent, "valid_loss")[1][0]
    server.stop_run(fork)  # There is one worker.
    screen.press(page, "Again")
    wait_for(lambda: screen.run_id(page) not in (parent, fork), "another run")
    again = screen.run_id(page)
    wait_for(lambda: server.stored_step(again) >= 50, "its first updates")
    assert server.curve(again, "batch_loss")[1][:50] == server.curve(parent, "batch_loss")[1][:50]


def test_at_a_slow_pace_every_update_can_be_seen(server, page):
    run_id = train(page, server, LONG)

    def passes_slowly():
        before = server.stored_step(run_id)
        screen.watch_ticks(page, 2)
        return server.stored_step(run_id) - before < 10  # a hundred before

    assert not passes_slowly()
    to_the_left(page, "Pace in updates")
    wait_for(passes_slowly, "the pace")
