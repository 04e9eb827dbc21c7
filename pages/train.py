"""Train: the settings, the network they make, and the run while it learns."""

import streamlit as st

from rnnlab.ui import address, fields, layout, session, train_panel
from rnnlab.ui.lab_access import my_lab
from rnnlab.ui.run_panel import run_panel

train_panel.start_asked_run()
run = address.chosen_run()
form = session.form()
complaints = form.complaints(my_lab().vocabulary_of)
layout.header("Train", "Set up a network, train it, and watch what it learns.")

settings_column, run_column = st.columns([0.36, 0.64], gap="large")
with settings_column:
    train_panel.preset_field(form)
    fields.settings_form(form, complaints)
with run_column:
    train_panel.network_summary(form, complaints)
    train_panel.train_button(form, complaints, run)
    if run is not None:
        run_panel(run)
    elif not complaints:
        train_panel.nothing_yet()
address.show(**form.link(), run=st.session_state["run"])
