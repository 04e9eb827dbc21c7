"""The whole job in a real browser: pick, train, watch, stop, compare, refresh, find the run again."""

import re
import socket
from collections import Counter

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from rnnlab.presets import SINE
from tests.support import screen
from tests.support.server import TREEBANK, mapped_files
from tests.support.waiting import wait_for

pytestmark = pytest.mark.browser

LONG_SINE = "train?epochs=200000&evaluate_every=100"
"""Longer than any test, so that it is the test that ends it; each stops its own."""


@pytest.fixture(autouse=True)
def _nothing_left_running(server):
    """A test that fails leaves a run without an end; the next one needs the worker."""
    yield
    server.stop_all()


def stop(page):
    screen.press(page, "Stop")
    screen.badge(page, "Stopped").wait_for()


def test_one_button_trains_and_compares(server, page):
    page.goto(server.url)
    page.get_by_role("button", name="Train a network").click()
    expect(page.locator(".st-key-comparison .legendtext")).to_have_text(
        ["target (broad, pale)", "teacher-forced (thin, dashed)", "free-running (solid)"]
    )
    error = screen.words_of(page.locator(".st-key-home-run"), r"500 steps, its error is ([\d.e-]+)")[1]
    assert float(error) < 0.25


def test_sine_from_data_to_runs(server, page):
    page.goto(f"{server.url}/data?epochs=200000&evaluate_every=100")
    page.locator(".st-key-wave .js-plotly-plot").wait_for()
    page.get_by_text("Train on this").click()
    screen.fill(page, "Units", "16")
    page.wait_for_url(re.compile("units=16"))
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    wait_for(lambda: screen.points(page) >= 4, "the curve")
    before = screen.points(page)
    wait_for(lambda: screen.points(page) > before + 2, "the curve to grow")
    server.slow_down(run_id)

    page.reload()
    screen.badge(page, "Training").wait_for()
    assert screen.run_id(page) == run_id
    stop(page)
    page.get_by_role("link", name="Compare").last.click()
    page.locator(".st-key-comparison .js-plotly-plot").wait_for()
    assert screen.run_id(page) == run_id
    page.get_by_text("running alone for 500 steps").wait_for()

    screen.go_to(page, "Runs")
    row = page.locator(f".st-key-run-{run_id}")
    row.get_by_text("Stopped").wait_for()
    row.get_by_role("button", name="Open").click()
    expect(page.get_by_role("textbox", name="Units", exact=True)).to_have_value("16")
    assert screen.run_id(page) == run_id


@pytest.mark.treebank
@pytest.mark.skipif(not TREEBANK.is_dir(), reason="needs the Penn Treebank in ../shared/data/ptb")
def test_treebank_part_from_data_to_runs(server, page):
    page.goto(f"{server.url}/data?preset=ptb-demo")
    page.locator(".st-key-drawing .box").first.wait_for()
    expect(page.locator(".st-key-words .ytick, .st-key-words .xtick").get_by_text("<unk>").first).to_be_visible()
    page.get_by_text("Train on this").click()
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    wait_for(lambda: screen.points(page) >= 4, "the curve")
    page.locator(".st-key-live-sample").get_by_text(re.compile(r"\w+ \w+")).first.wait_for()

    page.reload()
    screen.badge(page, "Training").wait_for()
    stop(page)
    page.get_by_role("link", name="Compare").last.click()
    page.locator(".st-key-passage [role='radio']").nth(10).wait_for()
    sample = page.locator(".st-key-free-sample")
    wait_for(lambda: len(sample.inner_text().split()) > 10, "a sample")
    first = sample.inner_text()
    screen.press(page, "Draw again")
    wait_for(lambda: sample.inner_text() not in ("", first), "another sample")
    assert screen.run_id(page) == run_id
    page.wait_for_url(re.compile("draw=1"))


def test_live_chart_keeps_its_node_and_its_zoom(server, page):
    page.goto(f"{server.url}/{LONG_SINE}")
    screen.press(page, "Train")
    wait_for(lambda: screen.points(page) >= 10, "the curve")
    server.slow_down(screen.run_id(page))
    chart = page.locator(screen.LIVE_CHART)
    chart.evaluate("node => node.mark = 'same'")
    chart.locator("svg").last.hover()
    for _ in range(3):
        page.mouse.wheel(0, -300)
    steps = chart.locator(".role-axis-label").first.locator("text")

    def farthest():
        return max(int(label.replace(",", "") or 0) for label in steps.all_text_contents())

    # A chart that is not zoomed reaches the newest step.
    wait_for(lambda: farthest() < 0.8 * screen.step(page), "the zoom", there=steps.all_text_contents)
    labels = {*steps.all_text_contents()}  # In the order in which they were drawn, which a tick may change.
    screen.watch_ticks(page, 3)
    assert chart.evaluate("node => node.mark") == "same"
    assert {*steps.all_text_contents()} == labels
    stop(page)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (LONG_SINE, {"train", "validation", "gradient norm", "generated", "Step", "Time", "Loss", "Norm", "Value"}),
        pytest.param(
            "train?preset=ptb-small",
            {"recorded train", "train", "Perplexity", "Step"},
            marks=[pytest.mark.treebank, pytest.mark.skipif(not TREEBANK.is_dir(), reason="needs the Penn Treebank")],
        ),
    ],
)
def test_no_word_of_the_live_charts_is_cut_off(server, page, link, words):
    """Their margins are set beforehand and not measured."""
    page.goto(f"{server.url}/{link}")
    screen.press(page, "Train")
    wait_for(lambda: screen.points(page) >= 4, "the curve")
    server.slow_down(screen.run_id(page))
    cut_off = {}
    for width in (1440, 390):
        if width != page.viewport_size["width"]:
            page.set_viewport_size({"width": width, "height": 1400})
            page.reload()
        page.get_by_role("tab", name="Gradient").click()
        wait_for(lambda: words <= set(page.locator("svg.marks text").all_text_contents()), "all charts")
        screen.still_boxes(page, "svg.marks")
        cut_off[width] = page.evaluate("""() => [...document.querySelectorAll('svg.marks')].flatMap(chart => {
            const room = chart.getBoundingClientRect();
            return [...chart.querySelectorAll('text')].filter(text => {
                const {left, right, top, bottom} = text.getBoundingClientRect();
                return right > left && (left < room.left - 1 || right > room.right + 1 || top < room.top - 1
                    || bottom > room.bottom + 1);
            }).map(text => text.textContent);
        })""")
    assert cut_off == {1440: [], 390: []}
    stop(page)


def test_pause_and_go_on(server, page):
    """Also: nothing that the server sends refers to what the browser should have kept. Streamlit forgets to take such a
    message back with the part of the page that it belongs to."""
    kinds = Counter()
    page.on(
        "websocket",
        lambda line: line.on("framereceived", lambda m: kinds.update([ForwardMsg.FromString(m).WhichOneof("type")])),
    )
    page.goto(f"{server.url}/{LONG_SINE}")
    screen.press(page, "Train")
    wait_for(lambda: screen.step(page) > 100, "some steps")
    server.slow_down(screen.run_id(page))
    screen.press(page, "Pause")
    screen.badge(page, "Paused").wait_for()
    # What the screen shows may be of the tick before.
    paused = server.stored_step(screen.run_id(page))
    wait_for(lambda: screen.step(page) == paused, "the step at which it paused", there=lambda: screen.step(page))
    screen.press(page, "Go on")
    wait_for(lambda: screen.step(page) > paused, "more steps")
    stop(page)
    assert kinds["delta"] > 0
    assert kinds["ref_hash"] == 0


def test_what_is_typed_stays_and_gets_a_sentence(server, page):
    cases = [("Layers", "0", "0"), ("Units", "1e9", "1000000000"), ("Units", "many", "many")]
    sentences = ["whole number of at least 1", "of memory", "whole number"]
    page.goto(f"{server.url}/train")
    for (label, typed, as_number), sentence in zip(cases, sentences, strict=True):
        field = page.get_by_role("textbox", name=label, exact=True)
        screen.fill(page, label, typed)
        page.get_by_text(sentence).first.wait_for()
        expect(field).to_have_value(typed)
        screen.go_to(page, "Data")
        screen.go_to(page, "Train")
        page.get_by_text(sentence).first.wait_for()
        assert field.input_value() in (typed, as_number)
        # A field that both screens have.
        expect(page.get_by_role("textbox", name="Window", exact=True)).to_have_value("100")
        screen.fill(page, label, "1")
        expect(page.get_by_text(sentence)).to_have_count(0)


@pytest.mark.parametrize(
    ("link", "sentence", "stays"),
    [
        ("train?units=inf", "Units (units) was 'inf', but must be a whole number", "textbox"),
        ("train?preset=sinus", "There is no preset called 'sinus'", "textbox"),
        ("train?run=gone", "There is no run 'gone'", "textbox"),
        ("compare?run=gone", "There is no run 'gone'", "link"),
    ],
)
def test_bad_link_gets_its_sentence_and_the_screen_stays(server, page, link, sentence, stays):
    """Not the apology for a crash, which is a sentence too."""
    page.goto(f"{server.url}/{link}")
    page.locator(".stAlert").get_by_text(sentence).wait_for()
    page.get_by_role("heading", name=link.split("?")[0].title(), exact=True, level=1).wait_for()
    page.get_by_role(stays).first.wait_for()
    expect(page.get_by_text("please report it")).to_have_count(0)


def test_settings_in_a_link_open_in_a_new_browser(server, strangers_page):
    page = strangers_page
    page.goto(f"{server.url}/train?preset=ptb-small&units=16&output_dropout=0.25")
    expect(page.get_by_role("textbox", name="Units", exact=True)).to_have_value("16")
    expect(page.get_by_role("textbox", name="Output dropout", exact=True)).to_have_value("0.25")


def test_one_visitors_runs_are_not_anothers(server, page, strangers_page):
    page.goto(f"{server.url}/{LONG_SINE}")
    screen.press(page, "Train")
    screen.badge(page, "Training").wait_for()
    stop(page)
    page.goto(f"{server.url}/runs")
    page.locator("[class*='st-key-run-']").first.wait_for()
    strangers_page.goto(f"{server.url}/runs")
    strangers_page.get_by_text("There are no runs yet.").wait_for()


def test_a_runs_name_is_no_link_and_no_picture(server, page):
    name = "![x](http://a.example/x.png) www.b.example c@d.example [e](https://f.example) <b>g</b>"
    run_id = server.add_paused_run(SINE.experiment, name)
    for link in (f"train?run={run_id}", "runs"):
        page.goto(f"{server.url}/{link}")
        page.get_by_text("b.example").filter(visible=True).first.wait_for()
        assert page.locator("a[href*='example'], img[src*='example']").count() == 0
    server.forget_run(run_id)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_a_page_that_gave_this_machine_a_name_of_its_own_gets_no_line(server, host):
    line = socket.create_connection(("127.0.0.1", server.port))
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://{host}:{server.port}/_stcore/stream", sock=line):
        pass
    assert refused.value.response.status_code in (400, 403)


def test_the_page_process_never_loads_tensorflow(server, page):
    for name in ("Home", "Data", "Train", "Compare", "Runs"):
        page.goto(server.url) if name == "Home" else screen.go_to(page, name)
        page.wait_for_load_state("networkidle")
    assert "tensorflow" not in mapped_files(server.process.pid)
    assert any("tensorflow" in mapped_files(worker.pid) for worker in server.workers())


def test_a_text_of_ones_own_is_shown_and_kept_and_an_empty_one_gets_a_sentence(server, page, tmp_path):
    empty, story = tmp_path / "empty.txt", tmp_path / "story.txt"
    empty.write_text(" \n")
    story.write_text("the cat sees a dog and runs away\nthe zebra sleeps\n" * 60)
    page.goto(f"{server.url}/data?data=text&corpus=upload")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(empty)
    page.get_by_text("nothing but blank space").wait_for()  # Not before: the next file would meet a page in the making.
    chooser.set_input_files(story)
    page.locator(".st-key-words").get_by_text("zebra").wait_for()
    page.wait_for_url(re.compile("upload="))

    page.get_by_text("Train on this").click()
    screen.fill(page, "Epochs", "2")
    screen.press(page, "Train")
    screen.badge(page, "Finished").wait_for()
