"""Runs: everything that was trained."""

from rnnlab.ui import address, layout, runs_panel

layout.header("Runs", "Everything that you trained, newest first.")
runs_panel.runs_list()
address.show()
