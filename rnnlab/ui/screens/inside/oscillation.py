"""The free run of a sine wave as an oscillation: its phase, its portrait, and the point that it turns around."""

from __future__ import annotations

import math
from typing import cast

import streamlit as st

from rnnlab.analyses.oscillation import ClosedLoop, WavePhase, WavePortrait
from rnnlab.config import Play, SineData
from rnnlab.sentences.oscillation import (
    components_sentence,
    frequency_sentence,
    phase_sentence,
    portrait_sentence,
    spectrum_sentence,
)
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.inside.figure import draw_figure
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import dial

TEXTS = texts_beside(__file__)

PRIME = 50
PERIODS = Play(3, 100, 1)
MOST_STEPS = 100_000


def phase(run: Run) -> None:
    """Amplitude and phase of each period, the error of the frequency, and what it alone would do."""
    drawing = st.container()
    steps = _steps(run)
    with drawing:
        answer = asked(run, WavePhase(PRIME, steps))
        if answer is None:
            return
        import pandas as pd

        from rnnlab.plots.oscillation import phase_figure

        frequency = frequency_sentence(answer.drift, answer.frequency, answer.horizon, answer.rmse)
        draw_figure(
            phase_figure(answer.times, answer.amplitudes, answer.phases, answer.drift),
            sentence=f"{phase_sentence(answer.amplitudes, answer.phases)} {frequency}",
            source=TEXTS["phase source"],
            numbers=pd.DataFrame(
                {"time_step": answer.times, "amplitude": answer.amplitudes, "phase_in_radians": answer.phases}
            ),
            file="phase",
            alt="Amplitude and phase of each period of the free run, beside those of the true wave.",
        )


def portrait(run: Run) -> None:
    """Both regimes and the true ellipse, and the path of the states."""
    drawing = st.container()
    steps = _steps(run)
    with drawing:
        answer = asked(run, WavePortrait(PRIME, steps))
        if answer is None:
            return
        import pandas as pd

        from rnnlab.plots.oscillation import portrait_figure

        values = {
            "target": answer.target,
            "teacher_forced": answer.teacher_forced,
            "free_running": answer.free_running,
        }
        paths = {"teacher_forced": answer.teacher_forced_path, "free_running": answer.free_running_path}
        columns = {f"{name}_component_{i + 1}": path[:, i] for name, path in paths.items() for i in range(2)}
        shape = portrait_sentence(answer.target, answer.free_running, answer.delay)
        shown = len(answer.target)
        draw_figure(
            portrait_figure(answer.first, values, paths, answer.delay),
            sentence=f"{shape} {components_sentence(answer.shares)}",
            source=TEXTS["portrait source"],
            numbers=pd.DataFrame({"time_step": range(answer.first, answer.first + shown), **values, **columns}),
            file="portrait",
            alt="Values over time, against themselves a quarter of a period before, and the states in two components.",
            note=f"The last {shown:,} of {answer.length:,} steps are drawn." if shown < answer.length else "",
            height=620,
        )


def spectrum(run: Run) -> None:
    """The eigenvalues of the closed loop at its fixed point."""
    answer = asked(run, ClosedLoop(PRIME))
    if answer is None:
        return
    import pandas as pd

    from rnnlab.plots.oscillation import spectrum_figure

    eigenvalues = answer.eigenvalues
    draw_figure(
        spectrum_figure(eigenvalues, answer.frequency),
        sentence=spectrum_sentence(eigenvalues, answer.frequency),
        source=TEXTS["spectrum source"].format(q=answer.q, output=answer.output),
        numbers=pd.DataFrame({"real": eigenvalues.real, "imaginary": eigenvalues.imag, "modulus": abs(eigenvalues)}),
        file="spectrum",
        alt="Eigenvalues in the complex plane, with the unit circle and the angle that turns once in a period.",
        height=520,
    )


def _steps(run: Run) -> int:
    """Steps of the chosen number of periods."""
    periods = dial("periods", "Periods that it runs alone", PERIODS, 10)
    return min(MOST_STEPS, math.ceil(periods * 2 * math.pi / cast(SineData, run.experiment.data).frequency))
