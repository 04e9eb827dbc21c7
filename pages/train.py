"""Train: the settings, the network they make, and the run while it learns."""

import streamlit as st

from rnnlab.ui.screens import train as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.widgets import fields, layout
from rnnlab.ui.widgets.live_run import run_panel

screen.start_asked_run()
run = address.chosen_run()
form = session.form()
complaints = form.complaints(my_lab().vocabulary_of)
layout.header("Train", "Set up a network, train it, and watch what it learns.")

settings_column, run_column = st.columns([0.36, 0.64], gap="large")
with settings_column:
    screen.preset_field(form)
    fields.settings_form(form, complaints)
with run_column:
    screen.network_summary(form, complaints)
    screen.train_button(form, complaints, run)
    if run is not None:
        run_panel(run)
    elif not complaints:
        screen.nothing_yet()
address.show(**form.link(), run=st.session_state["run"])
