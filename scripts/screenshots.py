"""Take the pictures in docs/: each screen, light and dark, on a desk and on a phone.

    python scripts/screenshots.py [folder]

Starts a server of its own in a temporary folder, trains the sine experiment and a text, and ends what it started.
The README's picture is docs/screenshot.png.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from find_chromium import chromium_path  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.support.server import LabServer  # noqa: E402

WIDTHS = {"desk": (1440, 1000), "phone": (390, 844)}
TALL = 3200
"""Streamlit scrolls inside the page, so a full picture needs a window that is as tall as the screen's content."""


def main(folder: Path) -> None:
    """Train what there is to show, then take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with LabServer() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        owner, series, text = _train(browser, server.url)
        screens = {
            "home": "",
            "data": "data",
            "data-text": "data?preset=grammar",
            "train": f"train?run={series}",
            "train-text": f"train?run={text}",
            "train-wrong": "train?preset=ptb-small&units=200000",
            "compare": f"compare?run={series}",
            "compare-text": f"compare?run={text}",
            "runs": "runs",
        }
        for theme in ("light", "dark"):
            for width in WIDTHS:
                _take(browser, server.url, owner, screens, theme, width, folder)
        _take_first_screen(browser, f"{server.url}/{screens['train']}", owner, folder.parent / "screenshot.png")
        browser.close()


def _take_first_screen(browser: Browser, address: str, owner: list, file: Path) -> None:
    """The README's picture: what a laptop shows without scrolling."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_cookies(owner)
    page = context.new_page()
    _open(page, address)
    page.screenshot(path=file)
    context.close()


def _train(browser: Browser, url: str) -> tuple[list, str, str]:
    """A finished run of the sine experiment and a stopped one of a text; with the cookies of their owner."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Train a network").click()
    page.locator(".st-key-comparison .js-plotly-plot").wait_for(timeout=600_000)
    page.get_by_text("See how it learned").click()
    series = _run_in_address(page)
    page.goto(f"{url}/train?preset=grammar&epochs=2")
    page.locator(".st-key-train button").click()
    text = _run_in_address(page)
    page.locator(".st-key-live-sample").wait_for(timeout=600_000)
    page.locator(".stMarkdownBadge", has_text="Finished").wait_for(timeout=300_000)
    cookies = context.cookies()
    context.close()
    return cookies, series, text


def _run_in_address(page: Page) -> str:
    page.wait_for_url("**run=*", timeout=60_000)
    return page.url.split("run=")[1].split("&")[0]


def _take(browser: Browser, url: str, owner: list, screens: dict, theme: str, width: str, folder: Path) -> None:
    size = {"width": WIDTHS[width][0], "height": WIDTHS[width][1]}
    context = browser.new_context(viewport=size, color_scheme=theme)  # type: ignore[arg-type]
    context.add_cookies(owner)
    page = context.new_page()
    for name, path in screens.items():
        page.set_viewport_size({"width": size["width"], "height": TALL})
        _open(page, f"{url}/{path}")
        height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
        page.screenshot(path=folder / f"{name}-{theme}-{width}.png", clip=_clip(size["width"], min(TALL, height + 20)))
    context.close()


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2500)  # until charts have faded in: there is no sign of it to wait for


def _clip(width: int, height: int) -> dict:
    return {"x": 0, "y": 0, "width": width, "height": height}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
