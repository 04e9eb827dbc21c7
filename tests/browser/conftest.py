"""A real Chromium, and real servers of the app: one for tests that only look, another for tests that kill it."""

import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from rnnlab.worker.preload import REHEARSAL_VARIABLE
from tests.support import screen
from tests.support.events import events_of
from tests.support.evidence import evidence
from tests.support.server import LabServer
from tests.support.waiting import PATIENCE

sys.path.append(str(Path(__file__).parents[2] / "scripts"))
from find_chromium import chromium_path

expect.set_options(timeout=1000 * PATIENCE)

SHORT_VISITS = (
    "--no-script-streaming",
    "--invocation-count-for-maglev=4000",
    "--invocation-count-for-maglev-osr=1000",
    "--invocation-count-for-turbofan=30000",
)
"""Pages are open for seconds, and `kept_visitor` keeps their program. V8 does not compile it again in the background
for each, and optimises only what runs ten times as often as usual: a page takes a quarter less of the processor.
"""


# Not for the whole session: while Playwright is open, no other test could run an event loop of its own.
@pytest.fixture(scope="package")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--process-per-site",
                f"--js-flags={' '.join(SHORT_VISITS)}",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server():
    """A server whose worker is warm before the first test: a run that comes earlier would keep it from it."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv(REHEARSAL_VARIABLE, "yes")
        server = stack.enter_context(LabServer(workers=1))
        patch.undo()  # Servers of other tests rehearse nothing.
        server.wait_until_warm()
        yield server
        assert server.tracebacks() == ""


@pytest.fixture(scope="module")
def mortal_server():
    """A server that is killed, with its worker and its engine; the next engine is started by a page."""
    with LabServer(workers=1) as server:
        yield server


def kept_visitor(chromium, **options):
    """A visitor with one cookie. An empty page stays open, so that all pages have one process, which keeps the front
    end's program compiled."""
    context = screen.new_visitor(chromium, **options)
    keeper = context.new_page()
    keeper.route("**/*", lambda route: route.fulfill(body=""))
    keeper.goto("http://127.0.0.1/")
    return context


@pytest.fixture(scope="package")
def visitor(chromium):
    """The visitor of all tests that need no other one."""
    return kept_visitor(chromium, viewport={"width": 1440, "height": 1400})


@pytest.fixture(scope="package")
def runs(server, visitor):
    """The ids of a trained run of a wave, and of one of a text."""
    page, found = visitor.new_page(), {}
    for name, settings in (("wave", "epochs=30"), ("text", "preset=grammar&epochs=1&train_tokens=800")):
        page.goto(f"{server.url}/train?{settings}&units=4&evaluate_every=100")
        screen.press(page, "Train")
        screen.badge(page, "Finished").wait_for()
        found[name] = screen.run_id(page)
    page.close()
    return found


@contextmanager
def opened_page(context):
    """A page in which nothing may go wrong in the browser's own program: what does leaves the page white."""
    page, console, errors = context.new_page(), [], []
    page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: errors.append(f"{error}\n{error.stack}"))
    with (
        evidence("screen.png", lambda: page.screenshot(timeout=10_000)),
        evidence("address.txt", lambda: page.url),
        evidence("console.txt", lambda: "\n".join(errors + console)),
        evidence("events.txt", lambda: events_of(page)),
    ):
        yield page
        assert errors == []
    page.close()


@pytest.fixture
def page(visitor):
    with opened_page(visitor) as page:
        yield page


@pytest.fixture(scope="package")
def strangers(chromium):
    """Visitors by their kind of screen. A test that is given one has its cookie for itself."""
    kept = {}

    def stranger(options):
        kind = repr(options)
        if kind not in kept:
            kept[kind] = kept_visitor(chromium, **options)
        return kept[kind]

    return stranger


@pytest.fixture
def page_on(strangers):
    """Opens a page of a new visitor with that kind of screen; it stays open until the test is over."""
    with ExitStack() as stack:

        def open_page(options):
            viewport = options.get("viewport")
            context = strangers({name: option for name, option in options.items() if name != "viewport"})
            stack.callback(context.clear_cookies)
            page = stack.enter_context(opened_page(context))
            if viewport:
                page.set_viewport_size(viewport)
            return page

        yield open_page


@pytest.fixture
def strangers_page(page_on):
    """A page of another browser, with a cookie of its own."""
    return page_on({})
