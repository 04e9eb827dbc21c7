"""Every screen can be read and used by everybody: axe's rules, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rnnlab.ui.table import SCREENS
from tests.support import screen

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")


def test_axe_finds_nothing_grave_on_any_screen(server, page_on):
    page = page_on({"viewport": {"width": 1440, "height": 900}})
    page.goto(f"{server.url}/train?epochs=2")
    screen.press(page, "Train")
    screen.badge(page, "Finished").wait_for()
    run_id, found = screen.run_id(page), []
    for name in SCREENS:
        page.emulate_media(color_scheme="light")
        page.goto(f"{server.url}/{name if name != 'home' else ''}?run={run_id}")
        page.get_by_role("heading", level=1).first.wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("[data-testid='stApp']")).to_have_css("color-scheme", scheme)
            screen.wait_until_drawn(page)
            found += [
                (scheme, name, violation["id"], node["html"][:120])
                for violation in Axe().run(page).response["violations"]
                if violation["impact"] in GRAVE
                for node in violation["nodes"]
            ]
    assert found == []
