"""A person's actions on the screens, and what the person sees, as functions of a Playwright page."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from rnnlab.ui.screens.runs import HEAD_HEIGHT, ROW_HEIGHT
from tests.support.events import LISTEN
from tests.support.waiting import PATIENCE, wait_for

STILL_LOOKS = 40
"""Looks at a part that stands still. With the pauses between them they take more than the half second of a tick."""

STILL = """([selectors, looks, seconds]) => new Promise(resolve => {
    const until = performance.now() + 1000 * seconds;
    let before = "", still = 0;
    const look = () => {
        const found = selectors.map(selector => document.querySelector(selector)?.getBoundingClientRect());
        const boxes = found.map(box => box?.height ? {x: box.x, y: box.y, width: box.width, height: box.height} : null);
        if (boxes.every(box => box)) {
            still = JSON.stringify(boxes) === before ? still + 1 : 1;
            before = JSON.stringify(boxes);
        }
        if (still >= looks || performance.now() > until) resolve({boxes, isStill: still >= looks});
        else setTimeout(look, 20);
    };
    look();
})"""
"""Looks in the page itself: asked from here, each look would cost three processes as much as the browser."""

LIVE_CHART = ".st-key-live-chart .stVegaLiteChart"


def badge(page: Page, word: str) -> Locator:
    """The run's state, where it is that word."""
    return page.locator(".stMarkdownBadge", has_text=word)


def step(page: Page) -> int:
    """The optimiser step that the run panel shows; 0 before it shows any."""
    numbers = page.evaluate("() => document.querySelector('.numbers')?.innerText ?? ''")
    found = re.search(r"Step\s*([\d,]+)", numbers)
    return int(found[1].replace(",", "")) if found else 0


def points(page: Page) -> int:
    """Points that the live chart draws, both curves together."""
    # In one look: between two, a tick can replace the lines.
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .reduce((sum, line) => sum + (line.getAttribute("d") ?? "").split("L").length - 1, 0)""",
        f"{LIVE_CHART} path[aria-roledescription='line mark']",
    )


def words_of(part: Locator, pattern: str) -> re.Match[str]:
    """The match of a pattern in the words of a part of the screen, as soon as there is one."""
    part.first.wait_for()
    return wait_for(
        lambda: re.search(pattern, part.first.inner_text()), f"words like {pattern!r}", there=part.first.inner_text
    )


def wait_for_address(page: Page, pattern: str) -> re.Match[str]:
    """The match of a pattern in the browser's address, as soon as there is one."""
    # Asked of the browser: `page.url` is what Playwright heard last, and it hears nothing while a test polls it.
    address = partial(page.evaluate, "location.href")
    return wait_for(lambda: re.search(pattern, address()), f"{pattern!r} in the address", there=address)


def run_id(page: Page) -> str:
    """The run in the address."""
    return wait_for_address(page, "run=([^&]+)")[1]


def watch_ticks(page: Page, count: int) -> None:
    """Wait until the panel has shown that many new steps."""
    for _ in range(count):
        before = step(page)
        wait_for(lambda before=before: step(page) > before, "the next step on the screen")


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it."""
    field = page.get_by_role("textbox", name=label, exact=True)
    field.focus()
    field.press("Control+a")
    field.press_sequentially(text)
    field.press("Enter")


def be_patient(context) -> None:
    """Wait as long as the tests wait for anything."""
    context.set_default_timeout(1000 * PATIENCE)


def new_visitor(browser: Browser, **options: Any) -> BrowserContext:
    """A visitor with a cookie of its own, who asked for less motion.

    What glides is painted again and again, also while a test only waits, and moves what a test wants to click on.
    """
    context = browser.new_context(reduced_motion="reduce", **options)
    be_patient(context)
    context.add_init_script(LISTEN)
    return context


def wait_until_drawn(page: Page) -> None:
    """Wait until the server has answered, and no part is dimmed as one of an older answer."""
    skeletons = page.locator("[data-testid='stSkeleton'], [data-testid='stAppSkeleton']")
    # A page that has just been opened says that nothing runs, too: it has not asked the server yet.
    page.locator("[data-testid='stElementContainer']").first.wait_for(state="attached")
    skeletons.first.wait_for(state="detached")
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    skeletons.first.wait_for(state="detached")


def wait_until_finished(page: Page) -> None:
    """Wait until the run is over and its page is complete. The parts of a page are replaced one after the other."""
    badge(page, "Finished").wait_for()
    wait_until_drawn(page)


def box(page: Page, selector: str) -> dict[str, float]:
    """Where the first such part of the screen is, in CSS pixels; asked again while a tick replaces it."""
    look = """selector => {
        const part = document.querySelector(selector)?.getBoundingClientRect();
        return part?.height ? {x: part.x, y: part.y, width: part.width, height: part.height} : null;
    }"""
    return wait_for(lambda: page.evaluate(look, selector), f"{selector} on the screen")


def still_boxes(page: Page, *selectors: str) -> list[dict[str, float]]:
    """The same of several, once none has moved for longer than a tick, which replaces the parts one after the other."""
    seen = page.evaluate(STILL, [selectors, STILL_LOOKS, PATIENCE])
    assert seen["isStill"], f"{selectors} did not stand still; last seen at {seen['boxes']}"
    return seen["boxes"]


def still_box(page: Page, selector: str) -> dict[str, float]:
    """The same of one."""
    return still_boxes(page, selector)[0]


def tick_row(page: Page, row: int) -> None:
    """Click on the box of a row of the first table. It is drawn, so that only its place is known."""
    wait_until_drawn(page)
    page.locator(".stDataFrame canvas").first.scroll_into_view_if_needed()
    table = box(page, ".stDataFrame canvas")
    page.mouse.click(table["x"] + 18, table["y"] + HEAD_HEIGHT + ROW_HEIGHT * (row + 0.5))


def press(page: Page, label: str) -> None:
    """Press a button by its words."""
    page.get_by_role("button", name=label, exact=True).click()


def go_to(page: Page, screen: str) -> None:
    """Change the screen by the bar at the top."""
    page.locator("[data-testid='stTopNavLink']", has_text=screen).click()
    page.get_by_role("heading", name=screen, exact=True, level=1).wait_for()
