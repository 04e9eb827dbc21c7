"""Which tests are slow: a table, and how it is measured.

`python -m pytest --measure-slow` measures the tests that it runs, here or in several processes, and corrects the table.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("slow.txt")
"""A line for each slow test function."""

SECONDS = 0.4
"""A function is slow if one of its tests takes longer, with the fixtures that it shares with a few others."""


class Measured:
    """What tests and their fixtures took in this process, in seconds."""

    def __init__(self) -> None:
        self.calls: dict[str, float] = {}
        self.fixtures: dict[tuple[str, str], float] = {}
        """By the fixture's name and the id of what it is made for: a test, a file or a folder."""
        self.used: dict[str, list[str]] = {}
        self.elsewhere: list[tuple[list[str], list[str]]] = []
        """Of each other process, the functions that it ran, and those of them that were slow."""

    def seconds(self, test: str) -> float:
        """Of the test and all fixtures that it needs, had it run alone."""
        return self.calls[test] + sum(
            taken
            for (name, node), taken in self.fixtures.items()
            if name in self.used[test] and (test == node or test.startswith((f"{node}::", f"{node}/")))
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> Iterator[None]:
        began = time.perf_counter()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "session":  # Its cost is shared by hundreds.
                key, taken = (fixturedef.argname, request.node.nodeid), time.perf_counter() - began
                if taken > self.fixtures.get(key, SECONDS / 10):
                    self.fixtures[key] = taken

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> None:
        if call.when == "call":
            self.calls[item.nodeid] = call.duration
            self.used[item.nodeid] = item.fixturenames

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node) -> None:
        if hasattr(node, "workeroutput"):  # One that crashed has left nothing.
            self.elsewhere.append(node.workeroutput["slow"])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        ran = {function_of(test) for test in self.calls}
        slow = {function_of(test) for test in self.calls if self.seconds(test) > SECONDS}
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["slow"] = (sorted(ran), sorted(slow))
            return
        for ran_there, slow_there in self.elsewhere:
            ran.update(ran_there)
            slow.update(slow_there)
        TABLE.write_text("".join(f"{function}\n" for function in sorted(slow | (slow_functions() - ran))))


def function_of(test: str) -> str:
    """The id of a test without its parameters."""
    return test.split("[")[0]


def slow_functions() -> set[str]:
    """What the table names."""
    return set(TABLE.read_text().splitlines())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--measure-slow", action="store_true", help="measure which tests are slow, and correct the table")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--measure-slow"):
        config.pluginmanager.register(Measured())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark what the table names, before marks decide what is run."""
    slow = slow_functions()
    for item in items:
        if function_of(item.nodeid) in slow:
            item.add_marker("slow")
