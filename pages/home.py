"""Home: what a recurrent network is, one button that does the main job, and the presets."""

import streamlit as st

from rnnlab.presets import grouped
from rnnlab.ui.screens import home as screen
from rnnlab.ui.state import address
from rnnlab.ui.widgets import layout

layout.header(
    "Home",
    "A recurrent network reads a sequence one step at a time and hands its **state** on from each step to the next.",
)
screen.picture()
screen.one_button()
with st.container(key="fold-presets"):
    screen.gallery(grouped())
address.show()
