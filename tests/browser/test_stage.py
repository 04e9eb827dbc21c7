"""The stage on a projector, a laptop and a phone, and its marks when the form and the run differ."""

import re

import pytest
from playwright.sync_api import expect

from rnnlab.ui.table import SCREENS
from tests.support import screen
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser

LONG_SINE = "train?epochs=200000&evaluate_every=100"
LOSS, GENERATED, HEAD = ".st-key-live-chart", ".st-key-live-sample", ".st-key-run-head"

PROJECTOR = {"viewport": {"width": 853, "height": 480}, "device_scale_factor": 1.5}
LAPTOP = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}}
SIZES = {"projector": PROJECTOR, "laptop": LAPTOP, "phone": PHONE}


@pytest.fixture(autouse=True)
def _nothing_left_running(server):
    yield
    server.stop_all()


def share_in_view(page, box):
    """The share of a part's height that is inside the window, without scrolling."""
    height = page.viewport_size["height"]
    return max(0, min(box["y"] + box["height"], height) - max(box["y"], 0)) / box["height"]


def whole_numbers(page):
    """The names of the numbers in the head that are not cut off, in one look, because a tick replaces them."""
    whole = """selector => {
        const row = document.querySelector(selector);
        const edge = row?.getBoundingClientRect();
        return [...row?.children ?? []].filter(part => {
            const box = part.getBoundingClientRect();
            return box.top >= edge.top && box.bottom <= edge.bottom + 1 && box.right <= edge.right + 1;
        }).map(part => part.querySelector("span").innerText);
    }"""
    return wait_for(lambda: page.evaluate(whole, f"{HEAD} .numbers"), "the numbers")


def test_a_run_that_trains_has_its_results_in_the_first_screen_of_every_size(server, page_on):
    """On a projector most of the loss and the numbers that matter, of which only the last one is cut off; on a laptop
    loss, generated and buttons, also under a long form; on a phone the result above the settings."""
    page = page_on(PROJECTOR)
    page.goto(f"{server.url}/{LONG_SINE}")
    screen.press(page, "Train")
    wait_for(lambda: screen.points(page) >= 4, "the curve")
    server.slow_down(screen.run_id(page))
    page.locator(GENERATED).first.wait_for()
    assert share_in_view(page, screen.still_box(page, LOSS)) >= 0.6
    assert whole_numbers(page)[:3] == ["Step", "Training", "Validation"]

    page.set_viewport_size(PHONE["viewport"])
    page.reload()
    page.locator(GENERATED).first.wait_for()
    settings, generated = screen.still_boxes(page, ".st-key-fold-settings", GENERATED)
    assert generated["y"] + generated["height"] <= settings["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.set_viewport_size(LAPTOP["viewport"])
    page.reload()
    page.locator(GENERATED).first.wait_for()
    for box in screen.still_boxes(page, LOSS, GENERATED):
        assert box["height"] >= 240
        assert share_in_view(page, box) == 1
    for words in ("Train", "Pause", "Stop"):
        box = page.get_by_role("button", name=words, exact=True).bounding_box()
        assert box["y"] + box["height"] <= 720
    page.get_by_text("More settings").click()
    page.get_by_text("Feedback while training").wait_for()
    form = page.locator(".st-key-fold-settings")
    form.evaluate("node => { node.scrollTop = node.scrollHeight }")
    wait_for(lambda: form.evaluate("node => node.scrollTop > 200"), "the form to scroll")
    assert share_in_view(page, screen.still_box(page, LOSS)) == 1
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_in_viewport(ratio=1)


def test_the_head_of_a_run_has_one_height_and_a_projectors_picture_one_place(server, page_on):
    """Names as long as they may be, many digits, hours to go, another state; on a projector a diagnosis, too."""
    page = page_on(PROJECTOR)
    page.goto(f"{server.url}/train?epochs=1000000&evaluate_every=100&units=33")
    screen.press(page, "Train")
    run_id, heights, tops, wide = screen.run_id(page), {name: {} for name in SIZES}, {}, []

    def look(name, what):
        loss, head = screen.still_boxes(page, LOSS, HEAD)
        heights[name][what] = head["height"]
        if name == "projector":
            tops[what] = loss["y"], share_in_view(page, loss)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append((name, what))

    screen.badge(page, "Training").wait_for()
    server.slow_down(run_id)
    for name, size in SIZES.items():
        page.set_viewport_size(size["viewport"])
        for run_name in ("A", "W" * 60, "波" * 60, "a run of mine " * 14):
            server.rename_run(run_id, run_name)
            page.locator(".run-name", has_text=run_name.strip()).wait_for()
            wait_for(lambda: "Time left" in page.locator(HEAD).inner_text(), "the time left")
            look(name, run_name)
    screen.press(page, "Pause")
    screen.badge(page, "Paused").wait_for()
    screen.wait_until_drawn(page)
    for name, size in reversed(SIZES.items()):
        page.set_viewport_size(size["viewport"])
        look(name, "paused")
    assert {name: len({*seen.values()}) for name, seen in heights.items()} == dict.fromkeys(SIZES, 1), heights
    assert len({*tops.values()}) == 1, tops
    assert tops["paused"][1] == 1
    assert wide == []


def test_in_a_tall_window_the_pictures_are_tall_and_keep_their_zoom(server, page_on):
    page = page_on({"viewport": {"width": 1440, "height": 900}})
    page.goto(f"{server.url}/train?epochs=20")
    screen.press(page, "Train")
    screen.wait_until_finished(page)
    for least, height in ((400, 900), (600, 1200)):
        page.set_viewport_size({"width": 1440, "height": height})
        page.reload()
        screen.wait_until_finished(page)
        for box in screen.still_boxes(page, LOSS, GENERATED):
            assert box["height"] >= least
            assert share_in_view(page, box) == 1
        labels = page.locator(f"{LOSS} .role-axis-label text")  # Those of the steps come first.
        whole = labels.all_text_contents()
        chart = screen.box(page, f"{LOSS} svg.marks")
        page.mouse.move(chart["x"] + chart["width"] / 2, chart["y"] + chart["height"] / 2)
        page.mouse.wheel(0, -300)
        wait_for(lambda labels=labels, whole=whole: labels.all_text_contents() != whole, "the zoom")
        zoomed = labels.all_text_contents()
        page.set_viewport_size({"width": 1440, "height": 720})
        wait_for(lambda: screen.box(page, LOSS)["height"] < 300, "a lower chart", there=lambda: screen.box(page, LOSS))
        screen.still_box(page, LOSS)
        assert labels.all_text_contents()[0] == zoomed[0]


def test_a_changed_setting_marks_the_run_is_taken_back_at_one_click_and_the_curve_stays_behind_the_next(server, page):
    page.goto(f"{server.url}/train?epochs=2&units=32")
    screen.press(page, "Train")
    screen.wait_until_finished(page)
    screen.fill(page, "Units", "8")
    notice = page.locator(".st-key-stale")
    notice.get_by_text("This is a run with units 32. Press Train for units 8.").wait_for()
    screen.wait_until_drawn(page)  # Until then Streamlit dims what it draws anew, and lets it appear after that.
    opacity = """async node => {
        await Promise.all(node.getAnimations().map(one => one.finished));
        return Number(getComputedStyle(node).opacity);
    }"""
    assert page.locator(".st-key-pictures").evaluate(opacity) < 0.7
    page.get_by_role("button", name="Take this run's settings").click()
    expect(page.get_by_role("textbox", name="Units", exact=True)).to_have_value("32")
    expect(notice).to_have_count(0)
    screen.fill(page, "Units", "8")
    notice.wait_for()
    first = screen.run_id(page)
    screen.press(page, "Train")
    wait_for(lambda: screen.run_id(page) != first, "another run")
    screen.wait_until_finished(page)
    expect(notice).to_have_count(0)
    names = page.locator(f"{LOSS} .role-legend text")
    wait_for(lambda: "validation before" in names.all_text_contents(), "the curve of the run before")
    assert "faint: the run before, with units 32" in names.all_text_contents()


def test_an_explosion_is_drawn_to_its_end_and_a_tenth_of_the_rate_leads_to_a_run_that_trains(server, page):
    page.goto(f"{server.url}/train?optimizer=sgd&learning_rate=100&clip_norm=0")
    screen.press(page, "Train")
    screen.badge(page, "Failed").wait_for()
    exploded = screen.run_id(page)
    page.locator(".st-key-diagnosis").get_by_text("exploded").wait_for()
    texts = page.locator(f"{LOSS} svg.marks text")
    wait_for(lambda: {"explosion", "each update"} <= set(texts.all_text_contents()), "the explosion to be marked")
    drawn = page.locator(f"{LOSS} path[aria-roledescription='line mark'][aria-label*='each update']")
    steps, _ = server.curve(exploded, "batch_loss")
    path = drawn.first.get_attribute("d")
    assert len(re.findall("[ML]", path)) == len(steps)
    page.get_by_role("button", name="Try learning rate 10").click()
    # It explodes at 10 and at 1, too: each is followed by the next.
    expect(page.get_by_role("textbox", name="Learning rate", exact=True)).to_have_value("0.1")
    screen.wait_until_finished(page)
    _, losses = server.curve(screen.run_id(page), "train_loss")
    assert losses[-1] < 0.01 * losses[0]


def test_the_slider_back_begins_untrained_has_the_steps_that_there_are_and_plays_them(server, page):
    page.goto(f"{server.url}/train?preset=sine")
    screen.press(page, "Train")
    screen.wait_until_finished(page)
    slider = page.get_by_role("slider", name="Look back to step")
    seen = []
    slider.focus()
    slider.press("Home")
    page.locator(".st-key-picture-generated").get_by_text("At step 0.").wait_for()
    for _ in range(40):
        seen.append(screen.words_of(page.locator(".st-key-picture-generated"), r"At step ([\d,]+)")[1])
        if slider.get_attribute("aria-valuetext") == "newest":
            break
        slider.press("ArrowRight")
        wait_for(
            lambda: screen.words_of(page.locator(".st-key-picture-generated"), r"At step ([\d,]+)")[1] != seen[-1],
            "the next sample",
        )
    first = ["0", "1", "2", "5", "10", "20", "50"]
    assert [step for step in seen if step in first] == first  # On a slow machine others come between, by time.
    assert seen[-1] == "1,002"
    assert len(seen) >= 10

    page.evaluate(
        """() => {
            window.played = [];
            new MutationObserver(() => {
                const shown = document.querySelector('.st-key-picture-generated')?.innerText.match(/At step ([\\d,]+)/);
                const begun = window.played.length || shown?.[1] === '0';
                if (begun && shown && shown[1] !== window.played.at(-1)) window.played.push(shown[1]);
            }).observe(document.body, {subtree: true, childList: true, characterData: true});
        }"""
    )
    screen.press(page, "Play")
    wait_for(lambda: page.evaluate("window.played.at(-1)") == "1,002", "the newest sample")
    page.get_by_role("slider", name="Look back to step").wait_for()
    played = [int(step.replace(",", "")) for step in page.evaluate("window.played")]
    assert played == sorted(played)
    assert len(played) >= 8


def test_a_slider_moves_its_number_and_the_number_its_slider(server, page):
    page.goto(f"{server.url}/train")
    slider = page.get_by_role("slider", name="Layers")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("textbox", name="Layers", exact=True)).to_have_value("2")
    page.wait_for_url(re.compile("num_layers=2"))
    screen.fill(page, "Layers", "4")
    expect(slider).to_have_attribute("aria-valuetext", "4")
    screen.fill(page, "Layers", "7")
    page.wait_for_url(re.compile("num_layers=7"))
    expect(slider).to_have_attribute("aria-valuetext", "4")


def test_every_screen_comes_with_its_style(server, page):
    """A screen that is drawn before its style is there moves under the mouse."""
    for screen_ in SCREENS.values():
        path = screen_.page.removeprefix("pages/").removesuffix(".py")
        page_of_it = page.request.get(f"{server.url}/{path}", headers={"Accept": "text/html"}).text()
        assert "<body><style>" in page_of_it


def test_train_has_its_place_before_the_settings_come_and_is_reached_with_twelve_tabs(server, page):
    """A button that moves while somebody clicks on it is not pressed."""
    page.goto(f"{server.url}/train")
    page.get_by_role("button", name="Train", exact=True).wait_for()
    screen.wait_until_drawn(page)
    page.get_by_role("button", name="Present").wait_for()
    without = """() => {
        const settings = document.querySelector(".st-key-fold-settings").parentElement;
        const [row, button] = [settings.parentElement, document.querySelector(".st-key-train button")];
        const place = () => Math.round(button.getBoundingClientRect().x);
        const before = place();
        settings.remove();
        const alone = place();
        row.append(settings);
        return [before, alone];
    }"""
    for width in (1440, 1024, 853):
        page.set_viewport_size({"width": width, "height": 900})
        before, alone = page.evaluate(without)
        assert alone == before > 320
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText"))
    assert any("Train" in words and "play_arrow" in words for words in reached), reached


def test_presenting_hides_the_form_enlarges_the_picture_and_ends_with_escape(server, page):
    page.goto(f"{server.url}/train?epochs=2")
    screen.press(page, "Train")
    screen.wait_until_finished(page)
    before = screen.box(page, LOSS)["height"]
    page.get_by_role("button", name="Present").click()
    page.wait_for_url(re.compile("present=1"))
    expect(page.locator(".st-key-fold-settings")).to_be_hidden()
    wait_for(lambda: screen.box(page, LOSS)["height"] > 1.2 * before, "a larger picture")
    page.reload()
    expect(page.locator(".st-key-fold-settings")).to_be_hidden()
    page.get_by_role("button", name="Leave").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-fold-settings")).to_be_visible()
    page.wait_for_url(lambda address: "present" not in address)


def test_the_link_is_copied_and_says_so(server, chromium, page_on):
    page = page_on({"permissions": ["clipboard-read", "clipboard-write"]})
    page.goto(f"{server.url}/train?units=9")
    page.wait_for_url(re.compile("units=9"))
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
