"""A real Chromium, and a real server of the app for the tests of one file."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.server import PATIENCE, LabServer

sys.path.append(str(Path(__file__).parents[2] / "scripts"))
from find_chromium import chromium_path


# Not for the whole session: while Playwright is open, no other test could run an event loop of its own.
@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server():
    with LabServer() as server:
        yield server


@pytest.fixture(scope="module")
def visitor(chromium):
    """One visitor with one cookie."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1400})
    context.set_default_timeout(1000 * PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(visitor):
    page = visitor.new_page()
    yield page
    page.close()
