"""Look inside in a real browser: every figure that a run has is drawn, and follows what is moved."""

import pytest

from rnnlab.presets import GRAMMAR, SINE
from rnnlab.ui.screens.inside import STUDIES
from rnnlab.ui.table import PLAYED
from tests.support import screen

pytestmark = pytest.mark.browser

DRAWN = "[class*='st-key-drawn-'] .js-plotly-plot svg.main-svg, .stHtml [role='img']"
WRONG = "[data-testid='stMain'] [data-testid='stAlert']"
OUTPUTS = ".st-key-drawn-nudge-outputs .js-plotly-plot"
RUNS = {"wave": SINE, "text": GRAMMAR}


@pytest.mark.parametrize("name", RUNS)
def test_each_figure_is_drawn_when_it_is_chosen_and_nothing_is_said_to_be_wrong(server, page, runs, name):
    page.goto(f"{server.url}/inside?run={runs[name]}")
    offered = [study for study in STUDIES if not study.refusal(RUNS[name].experiment)]
    wrong = {}
    for study in offered:
        page.locator(".st-key-studies").get_by_role("radio", name=study.title, exact=True).click()
        screen.wait_for_address(page, f"study={study.name}")
        page.locator(".st-key-study-question").get_by_text(study.question, exact=True).wait_for()
        screen.wait_until_drawn(page)  # Until then the figure before may still be there.
        page.locator(DRAWN).first.wait_for()
        screen.wait_until_drawn(page)
        wrong[study.name] = page.locator(WRONG).all_inner_texts()
    assert wrong == {study.name: [] for study in offered}


def test_a_large_push_is_seen_in_the_outputs_and_the_link_says_its_size(server, page, runs):
    page.goto(f"{server.url}/inside?run={runs['wave']}&study=nudge")
    page.locator(DRAWN).first.wait_for()
    assert page.locator(OUTPUTS).count() == 0
    screen.fill(page, f"{PLAYED['push'][0].label}, exact", "0.5")
    page.locator(OUTPUTS).first.wait_for()
    screen.wait_for_address(page, "push=0.5")


def test_presenting_shows_one_figure_on_other_screens_too(server, page_on, runs):
    page = page_on({})
    page.goto(f"{server.url}/inside?run={runs['wave']}&study=nudge&present=1")
    page.locator(DRAWN).first.wait_for()
    screen.wait_until_drawn(page)
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert not page.locator(".st-key-studies").is_visible()
        assert screen.still_box(page, DRAWN.split(",")[0])["y"] < height


def test_presenting_on_a_projector_shows_one_figure_with_its_question_beside_the_button(server, page_on, runs):
    page = page_on({"viewport": {"width": 853, "height": 480}, "device_scale_factor": 1.5})
    page.goto(f"{server.url}/inside?run={runs['wave']}&study=nudge&present=1")
    page.locator(DRAWN).first.wait_for()
    screen.wait_until_drawn(page)
    assert not page.locator(".st-key-studies").is_visible()
    figure = screen.still_box(page, DRAWN.split(",")[0])
    assert figure["y"] + figure["height"] / 2 < 480
    leave = page.get_by_role("button", name="Leave").bounding_box()
    question = page.locator(".st-key-study-question p").bounding_box()
    assert question["y"] < leave["y"] + leave["height"]
    assert question["x"] + question["width"] <= leave["x"]
