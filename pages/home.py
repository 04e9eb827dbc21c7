"""Home: one button that does the main job, and the presets."""

import streamlit as st

from rnnlab.presets import PRESETS
from rnnlab.ui.screens import home as screen
from rnnlab.ui.state import address
from rnnlab.ui.widgets import layout

layout.header(
    "RNN Lab",
    "See how a recurrent network learns to continue a wave or a text, one step at a time. While it trains, every input "
    "is the truth (**teacher-forced**); afterwards it can go on alone, each output being its next input "
    "(**free-running**). The lab shows both on the same axes, so that you see where they part.",
)
screen.one_button()
st.space("small")
st.subheader("Experiments to start from", anchor=False)
screen.gallery(list(PRESETS.values()))
address.show()
