"""What every answer of the server carries: an anonymous owner's cookie, and headers that keep strangers out.

Plain ASGI, without Streamlit: it is loaded once by the server, not by each run of a page.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from starlette.datastructures import MutableHeaders

from rnnlab.ui.server.page import AsgiApp, Message, Receive, Send, is_html, streamlit_page

OWNER_COOKIE = "rnnlab_owner"
COOKIE_SECONDS = 400 * 24 * 3600
"""Browsers keep no cookie longer than 400 days."""

PAGES_OF_OURS = sorted(Path(__file__).parents[1].rglob("*.html"))
"""Whose scripts a browser may run."""


def inline_script_hashes(html: str) -> list[str]:
    """The policy's word for each script that stands in the page itself, such as `'sha256-...'`."""
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts]


def content_security_policy(html: str) -> str:
    """A policy that lets the page load from this server only; Vega compiles its expressions without `eval`."""
    pages = [html, *(page.read_text("utf-8") for page in PAGES_OF_OURS)]
    ours = [hash_ for page in pages for hash_ in inline_script_hashes(page)]
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *ours])
    rules = {
        "default-src": "'self'",
        "script-src": scripts,
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' blob: data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def valid_owner(text: str | None) -> str | None:
    """The owner's id in a cookie, if it is one that we could have given."""
    try:
        owner = uuid.UUID(text or "")
    except ValueError:
        return None
    return text if owner.version == 4 and str(owner) == text else None


class OwnerAndHeaders:
    """ASGI middleware: adds the security headers to every answer, and an owner's cookie to pages that lack one."""

    def __init__(self, app: AsgiApp):
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_security_policy(streamlit_page()),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks for it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if _owner_of(scope) is None and is_html(message):
                    headers.append("Set-Cookie", _new_cookie(scope.get("scheme") == "https"))
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _owner_of(scope: Message) -> str | None:
    text = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    try:
        morsel = SimpleCookie(text).get(OWNER_COOKIE)
    except CookieError:
        return None
    return valid_owner(morsel.value) if morsel else None


def _new_cookie(is_secure: bool) -> str:
    secure = "; Secure" if is_secure else ""
    return f"{OWNER_COOKIE}={uuid.uuid4()}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}"
