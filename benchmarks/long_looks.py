"""Look inside at 100,000 steps of a wave and at 2,000 words: time until it is drawn, memory, and what stands still.

    python -m benchmarks.long_looks

Each figure is opened by its link, in a page of its own. The memory is that of the page's server, and of the browser's
process for the page. What stands still is the longest time in which the page can answer nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks.app import Row, new_page, train, warm_server
from scripts.find_chromium import chromium_path
from tests.support import screen
from tests.support.server import LabServer
from tests.support.waiting import wait_for

PLOT = ".js-plotly-plot .main-svg"
LOOKS = {
    "": {
        "nudge": "steps=100000",
        "phase": "periods=1590",
        "portrait": "periods=1590",
        "gates": "prime=50&steps=100000",
        "microscope": "prime=50&steps=100000",
    },
    "preset=grammar&epochs=1": {
        "nudge": "steps=2000",
        "gates": "prime=50&steps=1950",
        "words": "words=2000",
        "unit": "words=2000",
    },
}
"""The figures with their settings in a link, by the settings of a training."""

WATCH = """
  window.blocked = [0];
  new PerformanceObserver(list => list.getEntries().forEach(entry => window.blocked.push(entry.duration)))
    .observe({type: "longtask", buffered: true});
"""


def watch(page: Page) -> None:
    """Let each screen that the page opens note how long it answers nobody."""
    page.add_init_script(WATCH)


def look(server: LabServer, page: Page, run_id: str, study: str, settings: str) -> Iterator[Row]:
    """The rows of one figure."""
    page.goto(f"{server.url}/inside?run={run_id}&study={study}&{settings}")
    screen.wait_until_drawn(page)
    seconds = page.evaluate("() => performance.now()") / 1000
    blocked = page.evaluate("() => Math.max(...window.blocked)")
    pictures = page.locator(PLOT).count()
    note = f"{pictures} pictures" if pictures else "no picture"
    name = f"{study}, {settings}"
    of_server = resident(server.process.pid if server.process else 0)
    yield Row(f"{name}: drawn ({note})", [seconds], None, "s")
    yield Row(f"{name}: stands still", [blocked], None, "ms")
    yield Row(f"{name}: memory of the page's server", [of_server], 300, "MB")
    yield Row(f"{name}: memory of the browser's page", [max(renderers())], 300, "MB")


def resident(pid: int) -> float:
    """Megabytes of a process."""
    return psutil.Process(pid).memory_info().rss / 1e6


def renderers() -> list[float]:
    """Megabytes of each process of the browser that draws pages."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # One that has ended meanwhile.
            if "--type=renderer" in " ".join(one.cmdline()):
                found.append(resident(one.pid))
    return found


def main() -> None:
    """Measure and print."""
    print("| what | value | | goal |\n|---|---|---|---|", flush=True)
    with sync_playwright() as playwright, warm_server() as (server, _):
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for training, looks in LOOKS.items():
            with new_page(browser) as page:
                train(server, page, training)
                run_id = screen.run_id(page)
            for study, settings in looks.items():
                # One page at a time: then the browser has one process for pages.
                wait_for(lambda: not renderers(), "the page before to be gone")
                with new_page(browser) as page:
                    watch(page)
                    for row in look(server, page, run_id, study, settings):
                        print(row, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
