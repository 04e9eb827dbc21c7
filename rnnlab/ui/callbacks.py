"""What Streamlit calls before it draws: nothing that goes wrong there may take the page away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from rnnlab.errors import is_for_people, sentence_for
from rnnlab.runs.place import named_database
from rnnlab.ui import session

P = ParamSpec("P")

logger = logging.getLogger(__name__)


def callback(function: Callable[P, object]) -> Callable[P, None]:
    """Make of a function one that `on_click` and `on_change` may have.

    An error that left it would replace the whole page, and all that was typed there, by one sentence. Here it becomes a
    note at the top of the page, which is drawn as ever. tests/ui/test_callbacks.py refuses callbacks without this.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        session.prepare()  # A message may come before the page was ever drawn in this session.
        try:
            function(*args, **kwargs)
        except Exception as error:
            if not is_for_people(error):
                logger.error("a callback failed", exc_info=error)
            st.session_state["notes"].append(sentence_for(error, named_database()))

    return call
