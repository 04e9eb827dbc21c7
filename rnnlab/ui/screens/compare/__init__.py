"""Compare: teacher-forced and free-running side by side, in one file for each kind of task."""

from rnnlab.ui.screens.compare.controls import link
from rnnlab.ui.screens.compare.run import choose_run
from rnnlab.ui.screens.compare.series import series_comparison, series_study
from rnnlab.ui.screens.compare.tags import tagging_study
from rnnlab.ui.screens.compare.text import text_study

__all__ = ["choose_run", "link", "series_comparison", "series_study", "tagging_study", "text_study"]
