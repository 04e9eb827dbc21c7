"""Several runs at once: from the form to one chart with a line for each."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser

CHART = "[class*='st-key-group-chart'] .stVegaLiteChart"
SHORT = "train?epochs=20&full_rate_epochs=20"


@pytest.fixture(autouse=True)
def _nothing_left_running(server):
    yield
    server.stop_all()


def lines(page):
    """The runs that the chart draws a line of, by their words."""
    labels = page.evaluate(
        """selector => [...document.querySelectorAll(selector)].map(line => line.getAttribute("aria-label"))""",
        f"{CHART} path[aria-roledescription='line mark']",
    )
    return {
        found[0] for found in (re.search(r"(Simple RNN|LSTM|GRU), seed \d", str(label)) for label in labels) if found
    }


def test_three_cells_with_three_seeds_take_two_clicks_and_are_on_one_chart(server, page):
    page.goto(f"{server.url}/{SHORT}")
    page.get_by_role("button", name="Try several values").click()
    page.get_by_role("button", name="All 3 cells, 3 seeds").click()
    page.wait_for_url(re.compile("group="))
    page.get_by_text("9 of 9 runs finished").wait_for()
    every = {f"{cell}, seed {seed}" for cell in ("Simple RNN", "LSTM", "GRU") for seed in range(3)}
    wait_for(lambda: lines(page) == every, "a line of each run", there=lambda: lines(page))
    legend = page.locator(f"{CHART} .role-legend text")
    assert set(legend.all_text_contents()) >= {
        "Simple RNN",
        "LSTM",
        "GRU",
        "median of 3 seeds; band: smallest to largest",
    }
    table = page.get_by_role("table")
    expect(table.get_by_text("3 of 3")).to_have_count(3)
    # The link alone shows the same again.
    page.goto(page.url)
    page.get_by_text("9 of 9 runs finished").wait_for()


def test_the_zoom_of_a_group_stays_while_its_curves_grow(server, page):
    page.goto(f"{server.url}/train?epochs=200000&evaluate_every=200")
    page.get_by_role("button", name="Train", exact=True).wait_for()
    page.get_by_role("combobox", name="Seeds").click()
    page.get_by_role("option", name="3 seeds").click()
    screen.press(page, "Train")
    page.wait_for_url(re.compile("group="))
    ticks = f"{CHART} .role-axis-label text"
    wait_for(lambda: page.locator(f"{CHART} path[aria-roledescription='line mark']").count() >= 1, "a line")

    def last_tick():
        words = page.evaluate(
            "selector => [...document.querySelectorAll(selector)].map(text => text.textContent)", ticks
        )
        steps = [int(word.replace(",", "")) for word in words if re.fullmatch(r"[\d,]+", word)]
        return max(steps, default=0)

    wait_for(lambda: last_tick() >= 400, "more of the curve", there=last_tick)
    where = screen.box(page, CHART)
    page.mouse.move(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    page.mouse.wheel(0, -600)
    wait_for(lambda: last_tick() > 0, "the axis")
    zoomed = last_tick()
    run = server.members(re.search("group=([^&]+)", page.url)[1])[0]
    before = server.stored_step(run)
    wait_for(lambda: server.stored_step(run) > 3 * before, "the run to go on")
    assert last_tick() <= 1.2 * zoomed
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Go on", exact=True).wait_for()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("3 stopped").wait_for()
