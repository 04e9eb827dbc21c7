"""Compare: one run, teacher-forced and free-running."""

import streamlit as st

from rnnlab.ui.screens import compare as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address
from rnnlab.ui.widgets import layout

chosen = address.chosen_run()
layout.header(
    "Compare",
    "**Teacher-forced**: every input is the true value. **Free-running**: every input is its own last output.",
)
run, line = screen.choose_run(my_lab().runs(), chosen)
if run is None:
    st.info("There is no trained run yet.", icon=":material/model_training:")
    st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
    address.show()
else:
    st.session_state["run"] = run.id
    screen.STUDIES[run.experiment.task.name](run, line)
    address.show(run=run.id, **screen.link())
