"""The page that a browser is sent before anything else, with the style of every screen in it.

What a screen draws comes in pieces, its style among them. On a slow laptop the rest stood for more than a second as
Streamlit arranges it, and then moved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from rnnlab.errors import LabError

STYLE = Path(__file__).parents[1] / "widgets" / "layout.css"

LEFT_OUT = (b"if-none-match", b"if-modified-since", b"accept-encoding")
"""What Streamlit is not told of a request for a page. It would compare its own page with what the browser has, although
our style may have changed; or pack it, so that it could not be recognised.
"""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


def streamlit_page() -> str:
    """The HTML into which Streamlit's program draws every screen."""
    import streamlit

    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")


def styled(page: str) -> str:
    """The page with our style: after Streamlit's own, which its program puts into the head, and before each screen's.

    Raises:
        LabError: the page has no `<body>` where the style could stand.
    """
    before, body, after = page.partition("<body>")
    if not body:
        raise LabError("Streamlit's page has no <body> for the style; use the version of requirements.txt.")
    return f"{before}{body}<style>{STYLE.read_text('utf-8')}</style>{after}"


class StyledPage:
    """ASGI middleware: wherever Streamlit answers with its page, the page has our style. All else passes as it is."""

    def __init__(self, app: AsgiApp):
        self._app = app
        page = streamlit_page()
        self._plain, self._styled = page.encode(), styled(page).encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks for it."""
        if scope["type"] != "http" or not _wants_a_page(scope):
            return await self._app(scope, receive, send)
        asked = {**scope, "headers": [one for one in scope["headers"] if one[0] not in LEFT_OUT]}
        held: list[Message] = []

        async def send_styled(message: Message) -> None:
            if message["type"] == "http.response.start" and is_html(message):
                held.append(message)
            elif not held:
                await send(message)
            else:
                held.append(message)
                if not message.get("more_body"):
                    for one in self._with_style(held):
                        await send(one)

        await self._app(asked, receive, send_styled)

    def _with_style(self, answer: list[Message]) -> list[Message]:
        start, *parts = answer
        if b"".join(part.get("body", b"") for part in parts) != self._plain:
            return answer
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(self._styled))
        del headers["etag"]
        return [start, {"type": "http.response.body", "body": self._styled}]


def _wants_a_page(scope: Message) -> bool:
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return scope["method"] == "GET" and b"text/html" in accepted


def is_html(start: Message) -> bool:
    """Whether an answer that begins so is a page."""
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
