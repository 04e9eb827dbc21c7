"""Runs: everything that was trained."""

from rnnlab.ui.screens import runs as screen
from rnnlab.ui.state import address
from rnnlab.ui.widgets import layout

layout.header("Runs", "Everything that you trained, newest first.")
screen.runs_list()
address.show()
