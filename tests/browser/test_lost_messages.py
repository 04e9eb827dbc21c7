"""What Streamlit takes back of a page that it is still sending, and what the visitor then sees."""

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support import screen

pytestmark = pytest.mark.browser


class LostParts:
    """Stands between browser and server, and loses what a server that is in a hurry takes back.

    When a tick begins while the page is still being sent, Streamlit takes back what it has not sent of the part that
    ticks (`ForwardMsgQueue.clear`), and sends the rest. Here this happens to the next drawing of the whole page.

    Attributes:
        lost: number of messages that did not reach the browser.
    """

    def __init__(self, page):
        self.lost = 0
        self._is_due = self._is_whole_page = False
        page.route_web_socket("**/*", self._connect)

    def lose_the_next(self):
        self._is_due = True

    def _connect(self, socket):
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(lambda message: socket.send(message) if self._arrives(message) else None)

    def _arrives(self, message: bytes) -> bool:
        read = ForwardMsg.FromString(message)
        kind = read.WhichOneof("type")
        if kind == "new_session":
            self._is_whole_page = self._is_due and not read.metadata.run.fragment_ids
            self._is_due = self._is_due and not self._is_whole_page
        is_lost = self._is_whole_page and kind == "delta" and bool(read.delta.fragment_id)
        self.lost += is_lost
        return not is_lost


def test_a_part_that_was_taken_back_is_drawn_by_the_next_tick(page, server):
    lost = LostParts(page)
    page.goto(f"{server.url}/train?preset=sine&epochs=50000")
    screen.press(page, "Train")
    screen.badge(page, "Training").wait_for()
    server.slow_down(screen.run_id(page))
    screen.press(page, "Pause")
    screen.badge(page, "Paused").wait_for()

    lost.lose_the_next()
    screen.press(page, "Go on")

    screen.badge(page, "Training").wait_for()
    assert lost.lost > 0
    expect(page.get_by_role("tab", name="Network")).to_be_visible()
    expect(page.get_by_text("steps/s")).to_be_visible()
    screen.press(page, "Stop")
    screen.badge(page, "Stopped").wait_for()
