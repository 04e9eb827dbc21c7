"""What Streamlit calls before it draws: nothing that goes wrong there may take the page away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.safe_session_state import SafeSessionState

from rnnlab.errors import is_for_people, sentence_for
from rnnlab.store.location import named_database
from rnnlab.ui.state import session

P = ParamSpec("P")

logger = logging.getLogger(__name__)

LOOK = "on_scriptrunner_yield"
"""The method by which Streamlit looks for a newer message."""


def callback(function: Callable[P, object]) -> Callable[P, None]:
    """Make of a function one that `on_click` and `on_change` may have.

    An error that left it would replace the whole page, and all that was typed there, by one sentence. Here it becomes a
    note at the top of the page, which is drawn as ever. tests/ui/test_callbacks.py refuses callbacks without this.

    A newer click waits until the callback is over. The choice of a moment before would otherwise be lost with the
    rest of the callback.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        with _uninterrupted():
            session.prepare()  # A message may come before the page was ever drawn in this session.
            try:
                function(*args, **kwargs)
            except Exception as error:
                if not is_for_people(error):
                    logger.error("a callback failed", exc_info=error)
                st.session_state["notes"].append(sentence_for(error, named_database()))

    return call


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let no newer message end what is done here.

    Streamlit 1.67 looks for one wherever the session is read or a part is drawn, in callbacks too. If there is one, it
    leaves the callback there, and does not call it again.
    """
    context = get_script_run_ctx()
    looks = vars(context.script_requests) if context and context.script_requests else {}
    before = looks.get(LOOK)
    looks[LOOK] = lambda: None
    try:
        yield
    finally:
        if before is None:
            del looks[LOOK]  # The class's own method is seen again.


_take_up = SafeSessionState.on_script_will_rerun


@wraps(_take_up)
def _take_up_whole(self: SafeSessionState, *args: Any, **kwargs: Any) -> None:
    """Apply one message of the browser and call its callbacks, whatever comes meanwhile.

    Streamlit 1.67 looks for a newer message before it applies this one. Where there is one, the clicks of this one are
    lost: no later message repeats them.
    """
    with _uninterrupted():
        _take_up(self, *args, **kwargs)


SafeSessionState.on_script_will_rerun = _take_up_whole  # type: ignore[method-assign]
