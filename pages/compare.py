"""Compare: runs, teacher-forced and free-running."""

import streamlit as st

from rnnlab.ui.screens import compare as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address
from rnnlab.ui.table import COMPARE, INSIDE
from rnnlab.ui.widgets import layout
from rnnlab.ui.widgets.asking import about, choose_run, link_to
from rnnlab.ui.widgets.controls import link

chosen = address.chosen_run()
layout.header("Compare", about(chosen))
runs = my_lab().runs()
run, line = choose_run(runs, chosen)
if run is None:
    st.info("There is no trained run yet.", icon=":material/model_training:")
    st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
    address.show()
else:
    st.session_state["run"] = run.id
    link_to(INSIDE, run, line)
    others, task = screen.choose_others(run, runs, line), run.experiment.task.name
    if others:
        screen.SEVERAL[task]([run, *others], line)
    else:
        screen.STUDIES[task](run, line)
    address.show(run=run.id, **link(COMPARE))
