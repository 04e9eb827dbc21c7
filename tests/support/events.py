"""What a page was given and what it sent: whether a click that was without effect reached the page, and the server."""

from __future__ import annotations

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg

LISTEN = """
window.rnnlabEvents = [];
const note = (...words) => window.rnnlabEvents.push([Math.round(performance.now()), ...words]);
for (const kind of ["pointerdown", "pointerup", "click", "keydown"])
    addEventListener(kind, event => {
        const control = event.target.closest?.("button, a, label, input, [role]");
        note(kind, (event.key ?? "") + " " + (control?.innerText || control?.ariaLabel || event.target.tagName));
    }, true);
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
    note("sent", Array.from(message));
    return send.call(this, message);
};
"""
"""For a browser's context; the list begins anew with each page that is opened."""


def events_of(page: Page) -> str:
    """The clicks, the keys and the messages of a page since it was opened, a line each, with their millisecond."""
    return "\n".join(f"{at:8d} {kind:11s} {_said(what)}" for at, kind, what in page.evaluate("window.rnnlabEvents"))


def _said(what: str | list[int]) -> str:
    if isinstance(what, str):
        return " ".join(what.split())
    message = BackMsg.FromString(bytes(what))
    if not message.HasField("rerun_script"):
        return str(message.WhichOneof("type"))
    state = message.rerun_script
    clicked = [one.id for one in state.widget_states.widgets if "trigger" in str(one.WhichOneof("value"))]
    return f"{state.fragment_id or 'whole page'} {state.query_string} clicked: {' '.join(clicked) or 'nothing'}"
