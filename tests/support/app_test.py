"""Streamlit's AppTest of the app, with app.py around every screen as in a server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.support.waiting import HANGS

W = TypeVar("W")

ROOT = Path(__file__).parents[2]


def screens_in_their_entry(patch: pytest.MonkeyPatch) -> None:
    """Let AppTest run app.py before each screen.

    AppTest takes a folder of the name `pages` for Streamlit's older kind of app and would run a screen's file alone.
    app.py tells the server that it is of the newer kind; AppTest forgets that before each run.
    """
    start = PagesManager.__init__

    def start_of_an_entry(self: PagesManager, *arguments, **options) -> None:
        start(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    patch.setattr(PagesManager, "__init__", start_of_an_entry)


def new_app() -> AppTest:
    """A visitor's new session."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=HANGS)
    app._bidi_component_manager = _components()
    return app


@cache
def _components() -> BidiComponentManager:
    """What all sessions of a server share. It is found by reading about every installed package: 0.2 s for each app."""
    components = BidiComponentManager()
    components.discover_and_register_components(start_file_watching=False)
    return components


def widget(kind: Iterable[W], name: str) -> W:
    """The widget of that name, of all of its kind: its key says, too, how often it was begun anew.

    Args:
        kind: such as `app.text_input`.
    """
    (found,) = [one for one in kind if (one.key or "").split("~")[0] == name]
    return found
