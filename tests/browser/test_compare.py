"""Compare in a real browser: the first screen, and what a person moves, picks and types there."""

import re

import pytest
from playwright.sync_api import expect

from rnnlab.engine.engine_file import log_path
from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser

CHART = ".st-key-comparison .js-plotly-plot"


def box(page, selector):
    """Where a part of the screen is, once it has stopped moving."""
    return screen.still_box(page, selector)


def test_most_of_the_chart_is_in_the_first_screen_of_a_projector(server, page_on, runs):
    page = page_on({"viewport": {"width": 853, "height": 480}, "device_scale_factor": 1.5})
    page.goto(f"{server.url}/compare?run={runs['wave']}")
    chart = box(page, CHART)
    assert (480 - chart["y"]) / chart["height"] >= 0.6
    assert chart["height"] >= 230


def test_on_a_phone_the_results_stand_above_their_settings(server, page, runs):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/compare?run={runs['wave']}")
    assert box(page, CHART)["y"] < box(page, ".st-key-dial-prime")["y"]
    page.goto(f"{server.url}/compare?run={runs['text']}")
    assert box(page, ".st-key-passage")["y"] < box(page, ".st-key-dial-start")["y"]
    assert box(page, ".st-key-free-sample")["y"] < box(page, ".st-key-dial-temperature")["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def times(page):
    """The labels of the time axis."""
    return " ".join(page.locator(f"{CHART} .xtick text").all_text_contents()).replace(",", "")


def test_a_long_horizon_is_dragged_to_its_later_steps_and_an_exact_number_shortens_it(server, page, runs):
    page.goto(f"{server.url}/compare?run={runs['wave']}&horizon=5000")
    chart = box(page, CHART)
    assert "1000" in times(page)
    y = chart["y"] + chart["height"] / 2
    page.mouse.move(chart["x"] + 0.8 * chart["width"], y)
    page.mouse.down()
    page.mouse.move(chart["x"] + 0.2 * chart["width"], y, steps=5)
    page.mouse.up()
    wait_for(lambda: "1400" in times(page), "later steps", there=lambda: times(page))
    screen.fill(page, "Horizon, exact", "333")
    page.wait_for_url(re.compile("horizon=333"))
    page.get_by_text("for 333 steps").wait_for()


def test_a_word_is_picked_with_the_keyboard(server, page, runs):
    page.goto(f"{server.url}/compare?run={runs['text']}&word=2")
    words = page.locator(".st-key-passage [role='radio']")
    expect(words.nth(2)).to_have_attribute("aria-checked", "true")
    page.locator(".st-key-distribution .js-plotly-plot").wait_for()
    words.nth(2).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(words.nth(3)).to_have_attribute("aria-checked", "true")
    page.wait_for_url(re.compile("word=3"))


def test_a_beginning_of_ones_own_is_continued_at_three_temperatures(server, page, runs):
    page.goto(f"{server.url}/compare?run={runs['text']}&temperature=0.8")
    sample = page.locator(".st-key-free-sample")
    sample.wait_for()
    screen.fill(page, "A beginning of your own", "the zebra")
    page.get_by_text("“zebra” is not in the vocabulary").wait_for()
    for name in ("0.4, half", "0.8, the", "1.6, twice"):
        expect(sample).to_contain_text(name)
    page.wait_for_url(re.compile("beginning=the"))


def test_a_measurement_shows_how_far_it_is_and_is_cancelled(server, page, runs):
    page.goto(f"{server.url}/compare?run={runs['wave']}")
    page.locator(CHART).wait_for()
    page.get_by_text("Why not re-read everything?").click()
    measure = page.get_by_role("button", name="Measure it with this network")
    screen.press(page, "Measure it with this network")
    page.get_by_text(re.compile(r"of 6 parts done")).wait_for()
    screen.press(page, "Cancel")
    page.get_by_role("button", name="Cancel").wait_for(state="detached")
    expect(measure).to_be_visible()
    cancelled = f"GenerationCost() of run {runs['wave']}: cancelled"
    wait_for(lambda: cancelled in log_path(server.location).read_text(), "the measurement to end")
