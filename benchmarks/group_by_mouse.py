"""A comparison as a teacher makes it: by mouse, from the form to the figure of all final values.

    python -m benchmarks.group_by_mouse [--values 0 1 4] [--seeds 10] [--blanks 50] [--epochs 12] [--workers 2]

Opens Train on delayed recall, gives the forget bias several values and each of them several seeds, presses Train, and
waits until all runs have finished. Prints the seconds from the click on Train, and of each run the share of right
answers, as the store has it. The aim: at most 240 s; about 0.125 (chance) for forget bias 0 and 1; at least 0.9 for 4
in nine of ten seeds. `--epochs` ends the training earlier.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Mapping, Sequence

from playwright.sync_api import Page, sync_playwright

from rnnlab.lab import Lab
from rnnlab.measures import VALID_ACCURACY
from rnnlab.store.states import FINISHED
from scripts.find_chromium import chromium_path
from tests.support import screen
from tests.support.server import LabServer
from tests.support.waiting import wait_for

PATIENCE = 1_800.0
"""Seconds for the whole group on a slow machine."""

GOAL_SECONDS = 240

Outcomes = Mapping[float, Sequence[float]]
"""The share of right answers of each seed, by the value of the forget bias."""


def ask_by_mouse(page: Page, values: Sequence[float], seeds: int) -> float:
    """Fill in the values to try, click on Train, and return the moment of that click.

    Args:
        page: that shows Train.
        values: of the forget bias.
        seeds: of each value; one of the numbers that the form offers.
    """
    screen.wait_until_drawn(page)
    page.get_by_role("button", name="Try several values").click()
    page.locator("[class*='st-key-train-tried'] button").wait_for()
    screen.wait_until_drawn(page)
    # With the keyboard: where the list is drawn anew under the pointer, its click counts as one outside the fold.
    setting = page.get_by_role("combobox", name="Setting", exact=True)
    setting.focus()
    setting.press_sequentially("Forget bias")
    page.get_by_role("option", name="Forget bias", exact=True).wait_for()
    setting.press("Enter")
    screen.fill(page, "Values of forget bias", ", ".join(f"{value:g}" for value in values))
    page.locator("[class*='st-key-w_seeds-tried']").get_by_text(str(seeds), exact=True).click()
    button = page.get_by_role("button", name=f"Train {len(values) * seeds} runs", exact=True)
    button.wait_for()
    clicked = time.perf_counter()
    button.click()
    return clicked


def wait_until_finished(page: Page, server: LabServer, runs: int) -> str:
    """Wait until the screen says that all runs have finished; returns the id of their group."""
    page.wait_for_url(re.compile("group="))
    group_id = re.search("group=([^&]+)", page.url)[1]  # type: ignore[index]
    lab = Lab(server.location)
    wait_for(
        lambda: not any(run.is_waiting_or_live for run in lab.members(group_id)),
        "all runs to end",
        PATIENCE,
        there=lambda: [run.state for run in lab.members(group_id)],
    )
    page.get_by_text(f"{runs} of {runs} runs finished").first.wait_for()
    return group_id


def outcomes(server: LabServer, group_id: str) -> Outcomes:
    """What the store has of each run. A run that did not finish counts as 0."""
    found: dict[float, list[float]] = {}
    for run in Lab(server.location).members(group_id):
        measured = run.measured.get(VALID_ACCURACY.name)
        accuracy = measured.last if measured and run.state == FINISHED else 0.0
        found.setdefault(run.experiment.model.forget_bias, []).append(accuracy)
    return found


def lines(found: Outcomes, seconds: float) -> list[str]:
    """The table, and the time with its goal."""
    rows = ["| forget bias | median accuracy | of each seed |", "| --- | --- | --- |"]
    for value, accuracies in found.items():
        listed = " ".join(f"{accuracy:.3f}" for accuracy in accuracies)
        rows.append(f"| {value:g} | {statistics.median(accuracies):.3f} | {listed} |")
    judged = "held" if seconds <= GOAL_SECONDS else "missed"
    return [*rows, f"{seconds:.1f} s from the click on Train to the last run (goal {GOAL_SECONDS} s, {judged})"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Start a server, do it by mouse, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=float, nargs="+", default=[0.0, 1.0, 4.0])
    parser.add_argument("--seeds", type=int, choices=(3, 5, 10), default=10)
    parser.add_argument("--blanks", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    with LabServer(workers=options.workers) as server, sync_playwright() as playwright:
        server.wait_until_warm()
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        screen.be_patient(context)
        page = context.new_page()
        changed = f"time_lag={options.blanks}&epochs={options.epochs}&full_rate_epochs={options.epochs}"
        page.goto(f"{server.url}/train?preset=delayed-recall&{changed}")
        clicked = ask_by_mouse(page, options.values, options.seeds)
        group_id = wait_until_finished(page, server, len(options.values) * options.seeds)
        seconds = time.perf_counter() - clicked
        browser.close()
        print("\n".join(lines(outcomes(server, group_id), seconds)))


if __name__ == "__main__":
    main()
