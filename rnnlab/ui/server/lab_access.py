"""The lab of this server, and who is asking."""

from __future__ import annotations

import gc

import streamlit as st

from rnnlab.lab import Lab, VisitorsLab
from rnnlab.ui.server.security import OWNER_COOKIE, valid_owner
from rnnlab.visitor import HOST, VISITOR, Visitor

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@st.cache_resource(show_spinner=False)
def lab() -> Lab:
    """One lab for all visitors; its engine starts while the first of them reads the page. Pages ask `my_lab`."""
    opened = Lab.open()
    opened.prepare()
    # What is loaded by now stays: the collector need not walk through it at every pass.
    gc.freeze()
    return opened


def hear_clicks(_done: int, _total: int) -> None:
    """While a page waits for an answer: end it here if its visitor has clicked meanwhile.

    Whoever reads the session, Streamlit looks first for clicks.
    """
    st.session_state["visitor"]


def owner() -> str:
    """The visitor's anonymous id: from the cookie, or of this session where there is none."""
    return valid_owner(st.context.cookies.get(OWNER_COOKIE)) or st.session_state["visitor"]


def my_lab() -> VisitorsLab:
    """The lab for who is asking; on a laptop's own server the runs of the command line and notebooks are theirs too."""
    is_private = st.get_option("server.address") in LOOPBACK
    return lab().for_visitor(Visitor(owner(), HOST if is_private else VISITOR))
