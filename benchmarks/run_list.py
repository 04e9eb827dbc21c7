"""What the Runs screen costs where there are many runs: list, search, filter, sort, open, overlay five.

    python -m benchmarks.run_list [--runs 10000] [--rows 1000] [--rounds 20] [--only server screen]

Makes a store with that many runs of so many metric rows each in a temporary folder: with the defaults it needs about
3 GB there. `server` is what the server does for a list: the database's answer, the table of it, and the bytes for the
browser. `screen` is a real browser on a real server, from the event to the frame that shows what it brings.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Connection, insert, literal, select

from benchmarks.app import Row, new_page
from benchmarks.live_run import Point
from benchmarks.watch import exists, headed, seconds_to_see
from rnnlab import config
from rnnlab.measures import TRAIN_LOSS, VALID_LOSS
from rnnlab.plots.overlay import Overlaid, color_of, overlay_table
from rnnlab.presets import SINE
from rnnlab.store.claim import claim_run
from rnnlab.store.database import open_database, writing
from rnnlab.store.listing import BEST, PAGE, ListQuery
from rnnlab.store.location import Location
from rnnlab.store.schema import metrics, runs
from rnnlab.store.states import FINISHED, STOPPED
from rnnlab.store.store import RunStore
from rnnlab.visitor import LOCAL_OWNER
from rnnlab.watching.run_table import flat_settings, run_columns
from scripts.find_chromium import chromium_path
from tests.support.server import LabServer

PARTS = ("server", "screen")
OWNER = LOCAL_OWNER
"""Whose runs the browser on the server's own machine sees."""

SERVER_GOAL, SCREEN_GOAL = 100, 500
"""Milliseconds."""

CHUNK = 500
"""Runs that are written in one transaction."""

RARE = "rare"
"""A word in the name of one run of `CHUNK`."""

OVERLAID = 5
CELLS = ("lstm", "gru", "simple_rnn")
STATES = dict.fromkeys((FINISHED, STOPPED), "word")

DRAWN = ".stDataFrame canvas", "[class*='st-key-run-'] button"
"""What Runs has drawn when the list is there."""


def fill(location: Location, count: int, rows: int) -> None:
    """Make runs with that many rows of metrics each; the rows are copies of those of the first run."""
    store = RunStore(location.database)
    first = store.create(_experiment(0), OWNER, "Run 0", SINE.name)
    claim = claim_run(location.database, first, submission=1, engine=OWNER, checkpoint=None)
    claim.start(0, rows)
    random = np.random.default_rng(0)
    for step in range(rows // 2):  # a row for each measure
        values = np.exp(-step / rows) + 0.01 * random.random(2)
        claim.append([Point(step, TRAIN_LOSS.name, values[0]), Point(step, VALID_LOSS.name, values[1])], step + 1)
    claim.end(FINISHED)
    database = open_database(location.database)
    for begin in range(1, count, CHUNK):
        with writing(database) as connection:
            _copy(connection, first, range(begin, min(begin + CHUNK, count)))


def _copy(connection: Connection, first: str, numbers: range) -> None:
    row = dict(connection.execute(select(runs).where(runs.c.id == first)).one()._mapping)
    random = np.random.default_rng(numbers.start)
    copies = [
        row
        | {
            "id": f"run{number:09d}",
            "name": f"Run {number}{f' {RARE}' if number % CHUNK == 1 else ''}",
            "experiment": config.to_json(_experiment(number)),
            "state": FINISHED if number % 3 else STOPPED,
            "best_loss": float(random.random()),
            "created": datetime.now(UTC) + timedelta(microseconds=number),
        }
        for number in numbers
    ]
    connection.execute(insert(runs), copies)
    columns = [column for column in metrics.c if column.name not in ("id", "run_id")]
    for copy in copies:
        template = select(literal(copy["id"]), *columns).where(metrics.c.run_id == first).order_by(metrics.c.id)
        connection.execute(insert(metrics).from_select(["run_id", *(column.name for column in columns)], template))


def _experiment(number: int) -> config.Experiment:
    model = replace(SINE.experiment.model, units=8 + number % 50, cell=CELLS[number % len(CELLS)])
    return replace(SINE.experiment, model=model, seed=number)


def on_server(location: Location, count: int, rounds: int) -> Iterator[Row]:
    """What the server does for each act on the screen."""
    store = RunStore(location.database)
    last = max(0, (count - 1) // PAGE * PAGE)
    queries = {
        "list": ListQuery(),
        "list, last page": ListQuery(first=last),
        "search": ListQuery(search=RARE),
        "filter": ListQuery(states=(STOPPED,)),
        "sort by loss": ListQuery(order=BEST),
    }
    for name, query in queries.items():
        yield Row(f"{name}, server", _times(rounds, lambda query=query: _listed(store, query)), SERVER_GOAL, "ms")
    ids = [run.id for run in store.page([OWNER], ListQuery()).runs]
    yield Row("open one, server", _times(rounds, lambda: _opened(store, ids[-1])), SERVER_GOAL, "ms")
    label = f"overlay {OVERLAID}, server"
    yield Row(label, _times(rounds, lambda: _overlaid(store, ids[:OVERLAID])), SERVER_GOAL, "ms")


def _listed(store: RunStore, query: ListQuery) -> None:
    flat_settings.cache_clear()  # As for somebody who looks for the first time.
    columns, _ = run_columns(store.page([OWNER], query), STATES, {})
    table = pa.table({title: pa.array(values) for title, values in columns.items()})
    with pa.ipc.new_stream(pa.BufferOutputStream(), table.schema) as stream:
        stream.write_table(table)


def _opened(store: RunStore, run_id: str) -> None:
    assert store.get(run_id).experiment
    store.curves(run_id)


def _overlaid(store: RunStore, ids: Sequence[str]) -> None:
    curves = [store.curve(run_id, VALID_LOSS.name) for run_id in ids]
    overlay_table([Overlaid(str(i), color_of(i), curve.steps, curve.values) for i, curve in enumerate(curves)])


def _times(rounds: int, act: Callable[[], object]) -> list[float]:
    """Milliseconds of each round, after one that is not counted."""
    found = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        act()
        found.append(1e3 * (time.perf_counter() - began))
    return found[1:]


def on_screen(server: LabServer, rounds: int) -> Iterator[Row]:
    """What a person sees, in a real browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        with new_page(browser) as page:
            page.goto(f"{server.url}/runs")
            page.locator(DRAWN[1]).first.wait_for()
            listed, searched = [], []
            for _ in range(rounds):
                _go(page, "Data", ".st-key-train-on-this button")
                listed.append(1e3 * _go(page, "Runs", *DRAWN))
                searched.append(1e3 * _search(page))
        browser.close()
    yield Row("list, on the screen", listed, SCREEN_GOAL, "ms")
    yield Row("search, on the screen", searched, SCREEN_GOAL, "ms")


def _go(page: Page, name: str, *parts: str) -> float:
    link = page.locator("[data-testid='stTopNavLink']", has_text=name)
    return seconds_to_see(page, "click", link.click, f"{headed(name)} && {exists(*parts)}")


def _search(page: Page) -> float:
    """From the key that sends a search for a rare word to the words below its table; it must find less than a page."""
    words = "(document.querySelector('.st-key-runs-below')?.innerText ?? '')"
    page.get_by_role("textbox", name="Search").fill(RARE)
    page.evaluate(f"() => {{ window.before = {words}; }}")
    return seconds_to_see(page, "keydown", lambda: page.keyboard.press("Enter"), f"{words} !== window.before")


def main() -> None:
    """Parse the command line, fill a store, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1_000, help="metric rows of each run")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    arguments = parser.parse_args()
    print(f"{arguments.runs:,} runs of {arguments.rows:,} metric rows each (medians of {arguments.rounds})\n")
    print("| what | median | smallest to largest | goal |\n|---|---|---|---|", flush=True)
    for row in measure(arguments):
        print(row, flush=True)


def measure(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows of the chosen parts, as they come."""
    if "screen" not in arguments.only:
        with tempfile.TemporaryDirectory() as folder:
            location = Location.from_environment({"RNNLAB_HOME": folder})
            fill(location, arguments.runs, arguments.rows)
            yield from on_server(location, arguments.runs, arguments.rounds)
        return
    server = LabServer()
    fill(server.location, arguments.runs, arguments.rows)
    with server:
        if "server" in arguments.only:
            yield from on_server(server.location, arguments.runs, arguments.rounds)
        yield from on_screen(server, arguments.rounds)


if __name__ == "__main__":
    main()
