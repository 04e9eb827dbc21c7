import asyncio
import base64
import hashlib
import re
from pathlib import Path

import pytest

from rnnlab.ui.server.security import OWNER_COOKIE, OwnerAndHeaders, content_security_policy, valid_owner

OWNER = "6f1c2f6e-7a53-4c0e-9d8e-0a4f0c1b2d3e"
ROOT = Path(__file__).parents[2]


def answer(headers=(), content_type=b"text/html", scheme="http"):
    """The headers of one answer, as name and value, through the middleware."""
    sent = []

    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type)]})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "scheme": scheme, "headers": list(headers)}
    asyncio.run(OwnerAndHeaders(page)(scope, None, send))
    return [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]]


def cookies(headers):
    return [value for name, value in headers if name == "set-cookie"]


def test_new_visitor_gets_a_cookie_that_scripts_cannot_read():
    (cookie,) = cookies(answer())
    name, _, value = cookie.partition(";")[0].partition("=")
    assert name == OWNER_COOKIE
    assert valid_owner(value) == value
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Secure" in cookies(answer(scheme="https"))[0]


def test_two_visitors_get_two_cookies():
    assert cookies(answer()) != cookies(answer())


def test_known_visitor_keeps_the_cookie():
    assert cookies(answer([(b"cookie", f"a=b; {OWNER_COOKIE}={OWNER}".encode())])) == []


@pytest.mark.parametrize("forged", ["x", OWNER.upper(), "6f1c2f6e-7a53-1c0e-9d8e-0a4f0c1b2d3e", "%00", ""])
def test_forged_cookie_is_replaced(forged):
    assert valid_owner(forged) is None
    assert len(cookies(answer([(b"cookie", f"{OWNER_COOKIE}={forged}".encode())]))) == 1


def test_only_pages_carry_the_cookie():
    assert cookies(answer(content_type=b"image/png")) == []


def test_every_answer_carries_the_headers():
    headers = dict(answer(content_type=b"image/png"))
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_policy_allows_the_pages_own_script_and_no_other():
    policy = content_security_policy("<script>flash()</script><script src='a.js'></script>")
    digest = base64.b64encode(hashlib.sha256(b"flash()").digest()).decode()
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert f"'sha256-{digest}'" in scripts
    ours = [page.read_text("utf-8") for page in (ROOT / "rnnlab" / "ui").rglob("*.html")]
    assert any("clipboard" in page for page in ours)
    own = [re.search("<script>(.*)</script>", page, re.DOTALL)[1] for page in ours]
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in own]
    assert sorted(re.findall("sha256-([^']+)", scripts)) == sorted([digest, *hashes])
    assert "unsafe-inline" not in scripts
    assert "'unsafe-eval'" not in scripts
