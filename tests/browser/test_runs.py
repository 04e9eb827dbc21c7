"""The table of runs in a real browser: ticks, curves over each other, undo."""

import pytest
from playwright.sync_api import expect

from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def trained(server, visitor):
    """The ids of a run of a network of 4 units and of one of 5, trained once for this file."""
    page, ids = visitor.new_page(), []
    for units in (4, 5):
        page.goto(f"{server.url}/train?units={units}&epochs=20")
        screen.press(page, "Train")
        ids.append(screen.run_id(page))
        screen.wait_until_finished(page)
    page.close()
    return ids


@pytest.fixture
def two_runs(server, page, trained):
    """Runs, where these two are the newest."""
    page.goto(f"{server.url}/runs?run={trained[1]}")
    page.locator(f".st-key-run-{trained[1]}").wait_for()
    return trained


def line_colors(page):
    """The colour of each curve that is drawn, by its words."""
    lines = page.evaluate(
        """() => [...document.querySelectorAll(".st-key-overlay path[aria-roledescription='line mark']")]
            .map(line => [line.getAttribute("aria-label"), line.getAttribute("stroke")])"""
    )
    return dict(lines)


def colors_once(page, *words):
    """The colours, once curves with these words and no others are drawn."""
    wait_for(lambda: line_colors(page).keys() == {*words}, f"curves of {words}", there=lambda: line_colors(page))
    return line_colors(page)


def test_ticked_runs_are_drawn_over_each_other_and_keep_their_colours(server, page, two_runs):
    narrow = server.run(two_runs[0]).name
    screen.tick_row(page, 1)
    both = colors_once(page, "units 4", "units 5")
    assert both["units 4"] != both["units 5"]
    screen.tick_row(page, 0)
    assert colors_once(page, narrow)[narrow] == both["units 4"]
    expect(page.locator("[class*='st-key-run-']")).to_have_count(1)


def test_a_deleted_run_is_brought_back(server, page, two_runs):
    row = page.locator(f".st-key-run-{two_runs[1]}")
    row.get_by_role("button", name="More").click()
    screen.press(page, "Delete")
    page.get_by_text("1 deleted run.").wait_for()
    expect(row).to_have_count(0)
    screen.press(page, "Undo")
    expect(page.get_by_text("1 deleted run.")).to_have_count(0)
    screen.tick_row(page, 0)
    row.wait_for()
    assert server.run(two_runs[1]).state == "finished"
