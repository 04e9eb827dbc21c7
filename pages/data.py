"""Data: choose what to learn from, and look at it."""

import streamlit as st

from rnnlab.ui.screens import data as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.widgets import fields, layout
from rnnlab.ui.widgets.unrolling import ways_to_unroll

layout.header("Data", "Choose what the network learns from, and look at it.")
screen.style()
form = session.form()
complaints = form.complaints(my_lab().vocabulary_of)
with st.container(key="data-screen"):
    stage, settings = st.columns([0.7, 0.3], gap="large")
with settings, st.container(key="fold-data-settings"):
    screen.task(form)
    if form.kind == "sine":
        screen.mistakes(form)
    st.markdown("##### Data")
    fields.dataset_field(form)
    if form.kind == "series" or form.values.get("corpus") == "upload":
        screen.upload_field(form)
    if form.kind == "series":
        screen.column_field(form)
    drawn = fields.fields(form, fields.in_use(form, screen.SETTINGS[form.kind], complaints), complaints)
    st.markdown("##### Minibatches")
    drawn |= fields.fields(form, ("batch_size", "num_steps", "carry_state", "seed"), complaints)
experiment = screen.experiment_or_none(form)
with stage:
    dataset = screen.dataset_of(experiment) if experiment else None
    if not experiment:
        screen.no_picture(complaints, drawn)
    if experiment and dataset:
        screen.overview(dataset, experiment)
if experiment and dataset:
    st.subheader(
        "From sequences to minibatches" if dataset.sequences else "From one long sequence to minibatches", anchor=False
    )
    screen.minibatches(dataset, experiment)
    ways_to_unroll()
address.show(**form.link())
