"""Runs: everything that was trained."""

from rnnlab.ui.screens import runs as screen
from rnnlab.ui.state import address
from rnnlab.ui.widgets import layout

layout.header("Runs", "Everything that you trained. Tick runs to compare their curves.")
screen.runs_list()
address.show()
