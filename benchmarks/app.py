"""What a person waits for in the app, in a real browser, beside what is aimed at.

    python -m benchmarks.app [--rounds 10] [--only cold_start page_switch first_point slider inside tick memory]

Workers are warm, but for the cold start, whose lab is new each time. Times on the screen run from the event in the
browser to the frame that shows what it brings; see `benchmarks.watch`. A tick is one look of Train at a run that
trains, asked for as a browser does over the server's own WebSocket, without a browser; see `benchmarks.visitor`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.live_run import LiveRun
from benchmarks.visitor import Visitor
from benchmarks.watch import exists, headed, seconds_to_see, settle
from scripts.find_chromium import chromium_path
from tests.support import screen
from tests.support.server import PATIENCE, TREEBANK, LabServer, wait_for

PARTS = ("cold_start", "page_switch", "first_point", "slider", "inside", "tick", "memory")
OF_A_TRAINED_RUN = ("page_switch", "slider", "inside", "memory")
"""Parts whose page is given to them with a run of the sine preset that has finished."""

CURVE = ".st-key-live-chart path[aria-roledescription='line mark'][d*='L']"
"""A curve of two points at least: one alone is drawn as a line of no length, which nobody sees."""

PLOT = ".js-plotly-plot .main-svg"
SHOWN = {
    "Data": (f".st-key-wave {PLOT}", ".st-key-train-on-this button", ".st-key-drawing .box"),
    "Train": (".st-key-network .box", CURVE),
    "Compare": (f".st-key-comparison {PLOT} path.js-line",),
    "Runs": (".stDataFrame canvas", "[class*='st-key-run-'] .numbers"),
    "Home": (".st-key-main-job button", ".st-key-card-grammar-numbers button"),
}
"""What each screen must have drawn, in the order of a visit."""

SMALL_TREEBANK = "preset=ptb-small&train_tokens=4000&epochs=1"
"""A network of the size of `ptb-small` that is trained in moments."""

LINES = "[...document.querySelectorAll('.st-key-comparison path.js-line')].map(line => line.getAttribute('d')).join()"
"""The curves on Compare as they are drawn; empty while there are none."""

MAP = "document.querySelector('.heatmaplayer image').getAttribute('href')"
"""A heat map on Look inside as it is drawn; an error while there is none."""

RECORDED = 5_000
"""Updates that a run has left in the store when it is looked at; each has left three points."""

UPDATES_A_TICK = 350
"""What the sine preset makes in half a second."""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        label: what was measured.
        values: in turn; empty where it could not be measured.
        goal: that the median must not pass; None if there is none.
        unit: `ms`, `s` or `MB`.
        note: what to know about it.
    """

    label: str
    values: Sequence[float]
    goal: float | None
    unit: str
    note: str = ""

    def __str__(self) -> str:
        if not self.values:
            return f"| {self.label} | {self.note} | | |"
        median = statistics.median(self.values)
        goal = "" if self.goal is None else f"{self.goal:g} {self.unit}, {'held' if median <= self.goal else 'missed'}"
        extent = f"{self._written(min(self.values))} to {self._written(max(self.values))}"
        return f"| {self.label} | {self._written(median)} {self.unit} | {extent} | {goal} |"

    def _written(self, value: float) -> str:
        return f"{value:.2f}" if self.unit == "s" else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def cold_start(browser: Browser, rounds: int) -> list[Row]:
    """From starting the server to Home's button; a new lab each time, and a browser that is open already."""
    found = []
    for _ in range(rounds):
        server = LabServer()
        with new_page(browser) as page:
            began = time.perf_counter()
            server.start()
            page.goto(server.url)
            page.get_by_role("button", name="Train a network").click(trial=True)
            found.append(time.perf_counter() - began)
            wait_for(lambda server=server: server.engine, "the engine, which can be ended only when it is there")
        server.__exit__()
    return [Row("cold start to usable Home", found, 3.0, "s")]


def page_switch(server: LabServer, page: Page, rounds: int) -> list[Row]:
    """From the click on a screen's name to its heading and all its pictures; the page has a trained run."""
    visit_all(page)  # The browser loads what draws the charts once.
    found: dict[str, list[float]] = {name: [] for name in SHOWN}
    for _ in range(rounds):
        for name, seconds in visit_all(page).items():
            found[name].append(1e3 * seconds)
    return [Row(f"page switch to {name}", found[name], 300, "ms") for name in SHOWN]


def first_point(server: LabServer, page: Page, rounds: int) -> list[Row]:
    """From the click on Train to the first stretch of a curve."""
    sine = Row("Train to first points, sine", click_to_points(server, page, "sine", rounds), 1.0, "s")
    demo, note = "Train to first points, treebank demo", "no treebank here"
    if not TREEBANK.is_dir():
        return [sine, Row(demo, [], 3.0, "s", note)]
    return [sine, Row(demo, click_to_points(server, page, "ptb-demo", rounds), 3.0, "s")]


def click_to_points(server: LabServer, page: Page, preset: str, rounds: int) -> list[float]:
    """The same for one preset; every run is stopped as soon as its curve is there."""
    found = []
    for _ in range(rounds):
        page.goto(f"{server.url}/train?preset={preset}")
        button = page.get_by_role("button", name="Train", exact=True)
        button.wait_for()
        found.append(seconds_to_see(page, "click", button.click, exists(CURVE)))
        server.stop_run(screen.run_id(page))
    return found


def slider(server: LabServer, page: Page, rounds: int) -> list[Row]:
    """From the key that moves Compare's prime by one to curves that are drawn anew: 500 steps of the page's run."""
    screen.go_to(page, "Compare")
    page.locator(SHOWN["Compare"][0]).first.wait_for()
    return [Row("slider on Compare to redrawn chart", moved_to_redrawn(page, "Prime", LINES, rounds), 400, "ms")]


def inside(server: LabServer, page: Page, rounds: int) -> list[Row]:
    """The same on Look inside: the gates of the page's run of 32 units, and of a network that has read 100 words."""
    found = {"a wave": redrawn_maps(server, page, "Prime", "steps=300", rounds)}
    if TREEBANK.is_dir():
        of_text = page.context.new_page()
        train(server, of_text, SMALL_TREEBANK)
        found["100 words"] = redrawn_maps(server, of_text, "Start", "prime=10&steps=90", rounds)
        of_text.close()
    goals = {"a wave": 400, "100 words": 800}
    return [Row(f"slider on Look inside to redrawn gates, {of}", found[of], goals[of], "ms") for of in found]


def redrawn_maps(server: LabServer, page: Page, name: str, settings: str, rounds: int) -> list[float]:
    """Milliseconds from a moved slider to the redrawn heat map of the gates of the run that the page shows."""
    page.goto(f"{server.url}/inside?run={screen.run_id(page)}&study=gates&{settings}")
    page.locator(".heatmaplayer image").first.wait_for(state="attached")
    return moved_to_redrawn(page, name, MAP, rounds)


def moved_to_redrawn(page: Page, name: str, drawn: str, rounds: int) -> list[float]:
    """Milliseconds from the key that moves a slider to what is drawn anew.

    Args:
        name: of the slider, or its beginning.
        drawn: what is drawn, as a JavaScript expression.
    """
    thumb, found = page.get_by_role("slider", name=name).first, []

    def is_at_hand() -> bool:
        thumb.focus()
        settle(page)
        return thumb.evaluate("thumb => thumb === document.activeElement")

    for _ in range(rounds + 1):
        # One that is begun anew meanwhile loses the focus, and would not hear the key.
        wait_for(is_at_hand, "a slider that stays")
        page.evaluate(f"() => {{ window.before = {drawn}; }}")
        moved = f"{drawn} && {drawn} !== window.before"
        found.append(1e3 * seconds_to_see(page, "keydown", lambda: page.keyboard.press("ArrowRight"), moved))
    return found[1:]  # The first one may compile.


def memory(server: LabServer, page: Page, _rounds: int) -> list[Row]:
    """What the page's process holds after a visit of every screen; the page has a trained run."""
    visit_all(page)
    megabytes = psutil.Process(server.process.pid if server.process else None).memory_info().rss / 1e6
    return [Row("memory of the page's process", [megabytes], 300, "MB")]


def tick(server: LabServer, run: LiveRun, rounds: int, ticks: int) -> list[Row]:
    """One look of Train at a run with many recorded points: what the server computes, and how long the answer takes.

    Args:
        ticks: looks of a round, whose mean is one value.
    """
    rows = []
    with Visitor(server.port, "train", f"run={run.id}") as visitor:
        visitor.open()
        process = psutil.Process(server.process.pid if server.process else None)
        for updates in (0, UPDATES_A_TICK):
            worked, waited = [], []
            for _ in range(rounds + 1):
                before, times = process.cpu_times(), []
                for _ in range(ticks):
                    run.train(updates)
                    times.append(1e3 * visitor.tick())
                after = process.cpu_times()
                worked.append(1e3 * (after.user + after.system - before.user - before.system) / ticks)
                waited.append(statistics.median(times))
            label = f"one live tick, {updates} new points a curve"
            rows.append(Row(f"{label}: processor time of the server", worked[1:], 15, "ms"))
            rows.append(Row(f"{label}: request to last message", waited[1:], None, "ms"))
    return rows


def train(server: LabServer, page: Page, settings: str = "") -> None:
    """Train the sine preset, or what a link's settings say, to its end, on the screen."""
    page.goto(f"{server.url}/train?{settings}")
    screen.press(page, "Train")
    screen.badge(page, "Finished").wait_for()


def visit_all(page: Page) -> dict[str, float]:
    """Go through every screen by the bar at the top; the seconds until each was drawn."""
    found = {}
    for name, parts in SHOWN.items():
        link = page.locator("[data-testid='stTopNavLink']", has_text=name)
        drawn = f"{headed(name)} && {exists(*parts)}"
        found[name] = seconds_to_see(page, "click", link.click, drawn)
    return found


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 1400})
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()


@contextmanager
def warm_server() -> Iterator[tuple[LabServer, LiveRun]]:
    """A server whose workers have loaded all they need, and a run in its store that looks alive."""
    server = LabServer()
    # Before there is an engine, which would give the run to a worker.
    with LiveRun(server.location, RECORDED, samples=20) as run, server:
        with Visitor(server.port, "") as visitor:
            visitor.open()
        log = server.location.engine_folder / "engine.log"
        wait_for(lambda: log.exists() and log.read_text().count("worker warm") >= 2, "warm workers", 180)
        yield server, run


def measure(parts: Sequence[str], rounds: int, ticks: int) -> Iterator[Row]:
    """The rows of the chosen parts, as they come."""
    on_screen = {
        "page_switch": page_switch,
        "first_point": first_point,
        "slider": slider,
        "inside": inside,
        "memory": memory,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        if "cold_start" in parts:
            yield from cold_start(browser, rounds)
        if set(parts) - {"cold_start"}:
            with warm_server() as (server, run):
                for name in on_screen:
                    if name in parts:
                        with new_page(browser) as page:
                            if name in OF_A_TRAINED_RUN:
                                train(server, page)
                            yield from on_screen[name](server, page, rounds)
                if "tick" in parts:
                    yield from tick(server, run, rounds, ticks)
        browser.close()


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--ticks", type=int, default=50, help="looks of a round, whose mean is one value")
    arguments = parser.parse_args()
    print(f"The app in a real browser (medians of {arguments.rounds})\n")
    print("| what | median | smallest to largest | goal |\n|---|---|---|---|", flush=True)
    for row in measure(arguments.only, arguments.rounds, arguments.ticks):
        print(row, flush=True)


if __name__ == "__main__":
    main()
