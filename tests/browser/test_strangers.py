"""A person with a link may look at a run but not change it, neither by mouse nor by a message that no page sends."""

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.support import screen
from tests.support.waiting import HANGS, wait_for

pytestmark = pytest.mark.browser
LONG_SINE = "train?epochs=200000&evaluate_every=100&units=9"


@pytest.fixture
def sent(page):
    """What the owner's page sends to the server, message by message."""
    messages = []
    page.on("websocket", lambda line: line.on("framesent", lambda message: messages.append(message)))
    return messages


@pytest.fixture
def training(server, page, sent):
    """A run of the page's owner that trains until the test is over."""
    page.goto(f"{server.url}/{LONG_SINE}")
    screen.press(page, "Train")
    run_id = screen.run_id(page)
    screen.badge(page, "Training").wait_for()
    server.slow_down(run_id)
    yield run_id
    server.stop_run(run_id)


def test_a_stranger_with_the_link_sees_the_run_and_can_only_copy_it(server, training, strangers_page):
    strangers_page.goto(f"{server.url}/train?run={training}")
    screen.badge(strangers_page, "Training").wait_for()
    strangers_page.get_by_text("Somebody else's run").wait_for()
    for deed in ("Pause", "Stop", "Go on"):
        expect(strangers_page.get_by_role("button", name=deed, exact=True)).to_have_count(0)
    # The button has all of its words on a wide screen, its sign on a projector, and the name its room on both.
    name = strangers_page.locator(".run-name")
    words = strangers_page.get_by_role("button", name="Make a copy with these settings").locator("p")
    assert words.evaluate("words => words.scrollWidth <= words.clientWidth")
    assert name.evaluate("name => name.clientWidth") > 100
    strangers_page.set_viewport_size({"width": 853, "height": 480})
    wait_for(lambda: words.bounding_box()["width"] == 0, "the sign without words", there=words.bounding_box)
    assert name.evaluate("name => name.clientWidth") > 100
    screen.press(strangers_page, "Make a copy with these settings")
    expect(strangers_page.locator(".stMarkdownBadge")).to_have_count(0)
    expect(strangers_page.get_by_role("textbox", name="Units", exact=True)).to_have_value("9")
    wait_for(lambda: server.stored_step(training) > 0, "the run to go on")


def test_the_owners_own_message_does_nothing_when_a_stranger_sends_it(server, page, training, sent):
    clicks = {}
    for deed, state in (("Pause", "Paused"), ("Stop", "Stopped")):
        del sent[:]
        screen.press(page, deed)
        screen.badge(page, state).wait_for()
        requests = [BackMsg.FromString(message) for message in sent]
        # A tick at the same moment may carry the click, too.
        clicks[deed] = next(
            request for request in requests if any(w.trigger_value for w in request.rerun_script.widget_states.widgets)
        )
        screen.press(page, "Go on")
        screen.badge(page, "Training").wait_for()

    for deed, forged in clicks.items():
        opening = BackMsg(rerun_script=forged.rerun_script)
        opening.rerun_script.ClearField("widget_states")
        opening.rerun_script.ClearField("fragment_id")
        with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as line:
            for message in (opening, forged, opening):
                line.send(message.SerializeToString())
                answer_to(line)
        for _ in range(3):  # The first may have been made before a worker looks for commands.
            reached = server.stored_step(training)
            wait_for(
                lambda reached=reached: server.stored_step(training) > reached,
                f"more steps after the forged {deed}",
                there=lambda: server.run(training).state,
            )
        screen.badge(page, "Training").wait_for()


def answer_to(line):
    """Read until the server has run the page's script."""
    while ForwardMsg.FromString(line.recv(timeout=HANGS)).WhichOneof("type") != "script_finished":
        pass
