"""Train: the run while it learns, and beside it the settings that the next run will have."""

from functools import partial

import streamlit as st

from rnnlab.ui.screens import train as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.widgets import fields, group_panel, layout
from rnnlab.ui.widgets.live_run import run_panel

screen.lower_again()
screen.start_asked_run()
run, group = address.chosen_run(), address.chosen_group()
form = session.form()
complaints = form.complaints(my_lab().vocabulary_of)
with st.container(horizontal=True, gap="medium", key="train-screen"):
    # The run comes first for the keyboard and on a phone; a wide screen shows it on the right.
    with st.container(key="stage"):
        layout.header("Train")
        screen.train_button(form, complaints, run)
        if group is not None:
            group_panel.group_panel(group)
        elif run is None:
            screen.nothing_yet(complaints)
            group_panel.undo_delete()
        else:
            run_panel(run, partial(screen.stale_notice, form, run))
            group_panel.link_to_group(run)
        screen.details(form, complaints, run)
    with st.container(width=320, gap="small", key="fold-settings"):
        screen.preset_field(form)
        fields.settings_form(form, complaints)
address.show(**form.link(), run=st.session_state["run"], group=st.session_state["group"])
