"""Lessons in a real browser: a whole one with its training, and the beginning of each.

`RNNLAB_LESSONS=all` tries every lesson as a whole; their trainings take minutes.
"""

import html
import os

import pytest
from playwright.sync_api import expect

from rnnlab.lessons.lesson import DONT_KNOW
from rnnlab.lessons.recorded import recorded_result
from rnnlab.lessons.steps import PREDICT
from rnnlab.lessons.table import LESSONS
from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser

WHOLE = [*LESSONS] if os.environ.get("RNNLAB_LESSONS") == "all" else ["own-voice"]

LONGEST = 300.0
"""Seconds that a lesson's experiment may take here, beside other tests: ten times that of the longest one alone."""

PROJECTOR = {"viewport": {"width": 853, "height": 480}, "device_scale_factor": 1.5}
PICTURE = ".st-key-lesson-picture .stPlotlyChart svg.main-svg, .st-key-lesson-picture .stVegaLiteChart svg"


def answer(page, key):
    page.locator(f".st-key-predict-{key} button").click()


def title(page, step):
    page.locator(".st-key-lesson-line").get_by_text(f"{step} · step").wait_for()


def go_on(page, label="Next"):
    page.locator(".st-key-lesson-ways").get_by_role("button", name=label).click()


def is_in_the_first_screen(page):
    """Whether the picture is on the screen before anybody scrolls, but for a tenth of its height."""
    page.locator(PICTURE).first.wait_for()
    screen.wait_until_drawn(page)
    picture = wait_for(lambda: screen.box(page, PICTURE), "the picture")
    return picture["y"] >= 0 and picture["y"] + 0.9 * picture["height"] < page.viewport_size["height"]


def hidden_parts(lesson, ask):
    """What a result is told with, as far as it is the same whatever comes out."""
    return [part for part in lesson.texts[f"see {ask.step}"].split("**")[1::2] if "{" not in part]


def predict(page, lesson, ask):
    """Answer with a choice, or with the highest number; returns the answer as it is written."""
    title(page, "Predict")
    assert is_in_the_first_screen(page)
    for one in lesson.asks:
        assert not any(part in page.content() for part in hidden_parts(lesson, one))
    if ask.place is None:
        # The second one: of the first lesson it is wrong.
        answer(page, ask.choices[1].key)
        return ask.words(ask.choices[1].key)
    page.locator(".st-key-predict").get_by_role("slider").press("End")
    screen.wait_until_drawn(page)
    answer(page, "place")
    return ask.words(f"{ask.place.high:.6g}")


def run(page):
    title(page, "Run")
    assert is_in_the_first_screen(page)
    page.locator(".st-key-run-trained button").click()
    see = page.get_by_role("button", name="See what happened")
    see.wait_for(timeout=1000 * LONGEST)
    assert is_in_the_first_screen(page)
    see.click()


def see(page, lesson, ask, predicted):
    for open_it in (lambda: None, page.reload):
        open_it()
        title(page, "See")
        page.locator(PICTURE).get_by_text("your prediction").first.wait_for()
        assert is_in_the_first_screen(page)
        words = page.locator(".st-key-lesson-words").inner_text()
        assert f"You predicted {predicted}" in words
        assert all(part in words for part in hidden_parts(lesson, ask))
    for words, picture in recorded_result(lesson.id).seen.closer.get(ask.step, {}).items():
        page.locator(".st-key-lesson-words").get_by_role("radio", name=words).click()
        page.locator(PICTURE).get_by_text(picture.x_title).first.wait_for()
        assert is_in_the_first_screen(page)
    go_on(page)


def change_and_take_away(page, lesson, predicted):
    title(page, "Now change one thing")
    assert is_in_the_first_screen(page)
    names = "all => all.map(one => one.className.match(/st-key-field-(\\w+)/)[1])"
    assert {*page.locator("[class*='st-key-field-']").evaluate_all(names)} == {*lesson.controls}
    run_again = page.get_by_role("button", name="Run it again")
    expect(run_again).to_be_in_viewport(ratio=1)
    assert run_again.is_disabled()
    go_on(page)
    title(page, "Take away")
    assert is_in_the_first_screen(page)
    words = page.locator(".st-key-lesson-words").inner_text()
    assert all(part in words for ask in lesson.asks for part in hidden_parts(lesson, ask))
    with page.expect_download() as waited:
        page.get_by_role("button", name="Sheet to print").click()
    with open(waited.value.path(), encoding="utf-8") as file:
        sheet = file.read()
    assert all(html.escape(words) in sheet for words in predicted.values())


def test_homes_second_button_leads_to_the_first_lesson(server, page_on):
    page = page_on(PROJECTOR)
    page.goto(server.url)
    screen.press(page, "Start the first lesson")
    title(page, "Predict")
    screen.wait_for_address(page, "lesson=own-voice")


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_lesson_on_a_projector(server, page_on, name):
    """In the document there is nothing of the result before the prediction, and each picture is in the first screen."""
    lesson = LESSONS[name]
    page = page_on(PROJECTOR)
    page.goto(f"{server.url}/lessons?lesson={name}")
    predicted = {ask.step: predict(page, lesson, ask) for ask in lesson.asks}
    run(page)
    for ask in lesson.asks:
        see(page, lesson, ask, predicted[ask.step])
    change_and_take_away(page, lesson, predicted)


def test_an_experiment_that_ends_beside_a_recorded_result_is_gone_on_from(server, page):
    page.goto(f"{server.url}/lessons?lesson=how-far-back")
    answer(page, DONT_KNOW)
    page.get_by_text("Show a recorded result while I wait").click()
    page.get_by_text("Recorded on").wait_for()
    page.locator(".st-key-run-trained button").click()
    go_on(page, "See what happened")
    title(page, "See")


def test_a_link_opens_at_the_start_for_somebody_else_and_leads_to_the_same_experiment(server, page_on):
    """Somebody's link to the result shows nothing of it to a person who has not predicted."""
    page = page_on({})
    page.goto(f"{server.url}/lessons?lesson=own-voice&step=see-voice")
    title(page, "Predict")
    assert "hand back both" not in page.content()
    answer(page, DONT_KNOW)
    title(page, "Run")
    assert "lesson=own-voice" in page.url


@pytest.mark.parametrize("name", LESSONS)
def test_each_lesson_begins_with_its_question_and_keeps_the_answer(server, page, name):
    lesson = LESSONS[name]
    page.goto(f"{server.url}/lessons?lesson={name}")
    for ask in lesson.asks:
        page.locator(f".st-key-predict-{DONT_KNOW} button").wait_for()
        title(page, "Predict")
        shown = page.locator(".st-key-lesson-words").inner_text()
        assert not any(part in shown for part in lesson.texts[f"see {ask.step}"].split("**")[1::2])
        before = page.url
        answer(page, DONT_KNOW)
        wait_for(lambda before=before: page.evaluate("location.href") != before, "the next step")
    title(page, "Run")
    go_on(page, "Back")
    page.get_by_text("Your prediction: I don't know").wait_for()
    screen.wait_for_address(page, f"step={PREDICT}-{lesson.asks[-1].step}")
