"""The browser's own Back and Forward: they bring back what was on the screen, not only which screen it was."""

from functools import partial

import pytest

from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser


def wait_for_text(page, label, text):
    fields = page.get_by_role("textbox", name=label, exact=True)
    # While a field is begun anew, the one before is still there.
    values = partial(fields.evaluate_all, "all => all.map(field => field.value)")
    wait_for(lambda: values() == [text], f"{label} of {text}", there=values)


def test_back_and_forward_lead_through_the_steps_of_a_lesson(server, page):
    page.goto(f"{server.url}/lessons?lesson=own-voice")
    line = page.locator(".st-key-lesson-line")
    page.locator(".st-key-predict-unknown button").click()
    line.get_by_text("Run · step").wait_for()
    screen.wait_for_address(page, "step=run")
    page.go_back()
    line.get_by_text("Predict · step").wait_for()
    page.get_by_text("Your prediction: I don't know").wait_for()
    page.go_forward()
    line.get_by_text("Run · step").wait_for()


def test_back_undoes_a_change_of_a_setting_and_the_next_change_is_made_to_what_is_shown(server, page):
    page.goto(f"{server.url}/data")
    screen.fill(page, "Frequency", "2.5")
    first = screen.wait_for_address(page, "frequency=2.5").string
    screen.fill(page, "Frequency", "1.5")
    screen.wait_for_address(page, "frequency=1.5")
    page.go_back()
    wait_for_text(page, "Frequency", "2.5")
    assert page.evaluate("location.href") == first
    screen.fill(page, "Noise", "0.25")
    assert "frequency=2.5" in screen.wait_for_address(page, "noise=0.25").string
    wait_for_text(page, "Frequency", "2.5")


def test_back_to_another_screen_brings_its_settings_back(server, page):
    page.goto(f"{server.url}/data")
    screen.fill(page, "Frequency", "2.5")
    screen.wait_for_address(page, "frequency=2.5")
    screen.go_to(page, "Train")
    screen.fill(page, "Units", "7")
    screen.wait_for_address(page, "/train.*units=7")
    while "/data" not in page.evaluate("location.href"):
        page.go_back()
    screen.wait_for_address(page, "frequency=2.5")
    wait_for_text(page, "Frequency", "2.5")


def test_back_to_train_leaves_what_was_chosen_on_compare(server, page, runs):
    page.goto(f"{server.url}/train?run={runs['wave']}")
    screen.go_to(page, "Compare")
    screen.fill(page, "Horizon, exact", "333")
    screen.wait_for_address(page, "/compare.*horizon=333")
    # Not straight back: on the way, Compare would show again what it showed before the horizon was typed.
    screen.go_to(page, "Train")
    screen.go_to(page, "Data")
    while "/train" not in page.evaluate("location.href"):
        page.go_back()
    page.get_by_role("heading", name="Train", exact=True, level=1).wait_for()
    screen.go_to(page, "Compare")
    screen.wait_for_address(page, "/compare.*horizon=333")
