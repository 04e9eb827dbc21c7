"""Home and Data on a projector, on a phone and on a small laptop."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser

PROJECTOR, PHONE, LAPTOP = {"width": 853, "height": 480}, {"width": 390, "height": 844}, {"width": 1024, "height": 768}


@pytest.fixture
def sized(server, page):
    """Opens a link in a window of a size; the next test gets its window back."""
    before = page.viewport_size

    def opened(size, link, part):
        page.set_viewport_size(size)
        page.goto(f"{server.url}/{link}")
        page.locator(part).first.wait_for()
        return page

    yield opened
    page.set_viewport_size(before)


def box(page, selector):
    return screen.box(page, selector)


def test_picture_and_button_are_in_the_first_screen_of_a_projector_and_dots_move_unless_that_is_unwanted(sized):
    page = sized(PROJECTOR, "", ".st-key-main-job button")
    for selector in (".st-key-unrolled", ".st-key-main-job button"):
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    assert page.locator(".st-key-unrolled [role=img]").count() == 2
    page.emulate_media(reduced_motion="no-preference")

    def positions():
        return page.evaluate(
            "() => [...document.querySelectorAll('.moving')].map(dot => getComputedStyle(dot).transform).join()"
        )

    before = wait_for(positions, "a dot")
    wait_for(lambda: positions() != before, "a dot to move")
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator(".moving:visible")).to_have_count(0)
    expect(page.locator(".st-key-unrolled .head").first).to_be_visible()


def test_while_it_trains_the_free_run_is_larger_than_the_loss_and_in_the_end_both_are_there(sized):
    page = sized(PROJECTOR, "", ".st-key-main-job button")
    screen.press(page, "Train a network on a sine wave")
    page.locator(".st-key-home-run .st-key-comparison .js-plotly-plot").wait_for()
    free, loss = box(page, ".st-key-home-run .st-key-comparison"), box(page, ".st-key-home-run .st-key-live-chart")
    assert free["width"] * free["height"] > 2 * loss["width"] * loss["height"]
    assert loss["x"] >= free["x"] + free["width"]
    for name in ("train", "validation"):
        words = page.locator(".st-key-home-run .st-key-live-chart svg.marks text", has_text=name).first.bounding_box()
        assert words["x"] + words["width"] <= loss["x"] + loss["width"]


@pytest.mark.parametrize(
    ("link", "part"),
    [
        ("", ".st-key-main-job button"),
        ("data", ".st-key-wave .js-plotly-plot"),
        ("data?preset=grammar", ".st-key-words .js-plotly-plot"),
    ],
)
def test_nothing_is_cut_off_and_settings_are_at_the_left_or_at_the_end(sized, link, part):
    """On Data, a phone shows the figure and the button to train on it before the settings."""
    page, wide = sized(LAPTOP, link, part), {}
    for size in (LAPTOP, PROJECTOR, PHONE):
        page.set_viewport_size(size)
        screen.wait_until_drawn(page)
        figure = screen.still_box(page, part)
        wide[size["width"]] = page.evaluate(
            "() => { const main = document.querySelector('.stMain'); return main.scrollWidth - main.clientWidth; }"
        )
        if link and size == LAPTOP:
            settings = box(page, ".st-key-fold-data-settings")
            assert settings["x"] + settings["width"] <= figure["x"]
        if link and size == PHONE:
            tops = [
                figure["y"],
                *(box(page, part)["y"] for part in (".st-key-train-on-this", ".st-key-fold-data-settings")),
            ]
            assert tops == sorted(tops)
    assert {*wide.values()} == {0}, wide


def test_train_on_this_opens_train_with_the_settings(sized):
    page = sized(LAPTOP, "data?samples=200&num_steps=50", ".st-key-train-on-this button")
    screen.press(page, "Train on this")
    page.wait_for_url(re.compile(r"/train\?.*samples=200"))


def test_a_presented_figure_takes_the_room_of_the_settings(sized):
    page = sized(LAPTOP, "data", ".st-key-wave .js-plotly-plot")
    before = box(page, ".st-key-wave")
    screen.press(page, "Present")
    page.wait_for_url(re.compile("present=1"))
    expect(page.locator(".st-key-fold-data-settings")).to_be_hidden()
    wait_for(lambda: box(page, ".st-key-wave")["width"] > 1.3 * before["width"], "a wider figure")
