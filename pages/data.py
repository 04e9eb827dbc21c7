"""Data: choose what to learn from, and look at it."""

import streamlit as st

from rnnlab.ui.screens import data as screen
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.widgets import fields, layout
from rnnlab.ui.widgets.unrolling import ways_to_unroll

layout.header("Data", "Choose what the network learns from, and see what it will be shown.")

form = session.form()
complaints = form.complaints(my_lab().vocabulary_of)
settings_column, data_column = st.columns([0.3, 0.7], gap="large")
with settings_column:
    fields.dataset_field(form)
    if form.kind == "sine":
        drawn = fields.fields(form, ("shape", "samples", "frequency", "noise"), complaints)
        screen.mistakes(form)
    else:
        if form.values["corpus"] == "upload":
            screen.upload_field(form)
        drawn = fields.fields(form, ("tokens", "vocabulary_size", "train_tokens"), complaints)
    screen.tagging(form)
    st.markdown("##### Minibatches")
    drawn |= fields.fields(form, ("batch_size", "num_steps", "carry_state", "seed"), complaints)
    st.page_link("pages/train.py", label="Train on this", icon=":material/arrow_forward:")

experiment = screen.experiment_or_none(form)
with data_column:
    dataset = screen.dataset_of(experiment) if experiment else None
    if not experiment:
        screen.no_picture(complaints, drawn)
    if dataset:
        (screen.text_overview if dataset.has_tokens else screen.series_overview)(dataset)
if experiment and dataset:
    st.subheader("From one long sequence to minibatches", anchor=False)
    screen.minibatches(dataset, experiment)
    ways_to_unroll()
address.show(**form.link())
