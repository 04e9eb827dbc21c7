"""Look inside: what goes on in a network while it reads and while it runs alone, one figure at a time."""

import streamlit as st

from rnnlab.ui.screens import inside as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address
from rnnlab.ui.table import COMPARE, INSIDE
from rnnlab.ui.widgets import layout
from rnnlab.ui.widgets.asking import choose_run, link_to
from rnnlab.ui.widgets.controls import link

chosen = address.chosen_run()
layout.header(INSIDE.title)
run, line = choose_run(my_lab().runs(), chosen)
if run is None:
    st.info("There is no trained run yet, so there is nothing to look into.", icon=":material/model_training:")
    st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
    address.show()
else:
    st.session_state["run"] = run.id
    link_to(COMPARE, run, line)
    screen.study_of(run)
    address.show(run=run.id, **link(INSIDE))
