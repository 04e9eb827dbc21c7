"""The lab of this server, and who is asking."""

from __future__ import annotations

import gc

import streamlit as st

from rnnlab.runs import LOCAL_OWNER, Lab, Run
from rnnlab.ui.security import OWNER_COOKIE, valid_owner

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@st.cache_resource(show_spinner=False)
def lab() -> Lab:
    """One lab for all visitors; its engine starts while the first of them reads the page."""
    opened = Lab.open()
    opened.prepare()
    # What is loaded by now stays: the collector need not walk through it at every pass.
    gc.freeze()
    return opened


def owner() -> str:
    """The visitor's anonymous id: from the cookie, or of this session where there is none."""
    return valid_owner(st.context.cookies.get(OWNER_COOKIE)) or st.session_state["visitor"]


def my_runs() -> list[Run]:
    """The visitor's runs, newest first; on a laptop's own server those of the command line and notebooks too."""
    is_private = st.get_option("server.address") in LOOPBACK
    return lab().runs(owner(), *([LOCAL_OWNER] if is_private else []))
