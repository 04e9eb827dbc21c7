import asyncio

import pytest

from rnnlab.errors import LabError
from rnnlab.ui.server.page import StyledPage, streamlit_page, styled

PLAIN = streamlit_page().encode()
A_BROWSER = [(b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")]


def answer(parts, headers=A_BROWSER, method="GET", content_type=b"text/html; charset=utf-8"):
    """The headers and the body of one answer through the middleware, and the request's headers as the app has them."""
    asked, sent = [], []

    async def app(scope, receive, send):
        asked.extend(scope["headers"])
        length = str(sum(map(len, parts))).encode()
        given = [(b"content-type", content_type), (b"content-length", length), (b"etag", b'"as it was"')]
        await send({"type": "http.response.start", "status": 200, "headers": given})
        for number, part in enumerate(parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": number < len(parts)})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "headers": list(headers)}
    asyncio.run(StyledPage(app)(scope, None, send))
    assert [message["type"] for message in sent].count("http.response.start") == 1
    return dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:]), asked


@pytest.mark.parametrize("parts", [[PLAIN], [PLAIN[:700], PLAIN[700:]], [PLAIN, b""]])
def test_a_browser_gets_streamlits_page_with_the_style_of_every_screen_first_in_its_body(parts):
    headers, body, _ = answer(parts)
    before, after = PLAIN.split(b"<body>")
    assert body.startswith(before + b"<body><style>")
    assert body.endswith(b"</style>" + after)
    assert b".st-key-train-screen {flex-wrap: nowrap !important;}" in body
    assert headers[b"content-length"] == str(len(body)).encode()
    assert b"etag" not in headers


def test_a_browser_that_has_an_older_page_gets_the_new_one():
    """Its style may be another one although Streamlit's part is the same. Packed, it would not be found again."""
    old = [
        (b"accept-encoding", b"gzip"),
        (b"if-none-match", b'"as it was"'),
        (b"if-modified-since", b"Fri, 27 Nov 2026 08:00:00 GMT"),
    ]
    assert answer([PLAIN], A_BROWSER + old)[2] == A_BROWSER


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html><body>a saved notebook</body></html>", b"text/html"),
        (b"\x89PNG<body>", b"image/png"),
        (b"", b"text/html"),
    ],
)
def test_all_else_passes_as_it_is(body, content_type):
    headers, sent, _ = answer([body], content_type=content_type)
    assert sent == body
    assert headers[b"etag"] == b'"as it was"'
    assert headers[b"content-length"] == str(len(body)).encode()


@pytest.mark.parametrize(("method", "headers"), [("HEAD", A_BROWSER), ("GET", [(b"accept", b"*/*")]), ("GET", [])])
def test_what_asks_for_no_page_is_answered_by_streamlit_alone(method, headers):
    assert answer([PLAIN], headers, method)[1] == PLAIN


def test_a_page_without_a_body_is_refused():
    with pytest.raises(LabError, match="no <body>"):
        styled("<html></html>")
