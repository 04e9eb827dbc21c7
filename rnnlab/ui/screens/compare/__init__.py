"""Compare: teacher-forced and free-running side by side, in one file for each kind of task."""

from collections.abc import Callable

from streamlit.delta_generator import DeltaGenerator

from rnnlab.config import ADDING, CONTINUE_SERIES, CONTINUE_TEXT, LABEL_NUMBERS, LABEL_PEAKS, RECALL
from rnnlab.store.run import Run
from rnnlab.ui.screens.compare.memory import adding_study, recall_study
from rnnlab.ui.screens.compare.series import series_comparison, series_study
from rnnlab.ui.screens.compare.several import SEVERAL, choose_others
from rnnlab.ui.screens.compare.tags import tagging_study
from rnnlab.ui.screens.compare.text import text_study

__all__ = ["SEVERAL", "STUDIES", "choose_others", "series_comparison"]

STUDIES: dict[str, Callable[[Run, DeltaGenerator], None]] = {
    CONTINUE_SERIES.name: series_study,
    LABEL_PEAKS.name: tagging_study,
    CONTINUE_TEXT.name: text_study,
    LABEL_NUMBERS.name: tagging_study,
    RECALL.name: recall_study,
    ADDING.name: adding_study,
}
"""What is shown of a run, by its task. The second argument is the line of the choice of runs."""
