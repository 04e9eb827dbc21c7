"""How far back the error reaches: in this network before training and now, and in untrained cells."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnlab.analyses.gradients import GLOROT, GradientsAnswer, GradientsBackInTime, UntrainedGradients
from rnnlab.config import Play
from rnnlab.measures import GRAD_NORM
from rnnlab.sentences.gradients import clip_sentence, cut_sentence, reach_sentence, untrained_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.inside.figure import draw_figure
from rnnlab.ui.screens.inside.picked import picked_layer
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import dial

TEXTS = texts_beside(__file__)

REACH = Play(5, 200, 5)
BIAS = Play(-2.0, 8.0, 0.5)


def reach(run: Run) -> None:
    """The norms before training and now."""
    drawing = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        farthest = _picked_reach(run)
    with right:
        layer = picked_layer(run.experiment)
    with drawing:
        answer = asked(run, GradientsBackInTime(farthest))
        if answer is not None:
            _draw_reach(run, answer, layer)


def _picked_reach(run: Run) -> int:
    """How far the figure goes back; in a separate sequence, always to its start."""
    if run.experiment.task.is_sequences:
        return int(REACH.high)
    return dial("back", "Steps back", REACH, 50)


def _draw_reach(run: Run, answer: GradientsAnswer, layer: int) -> None:
    import pandas as pd

    from rnnlab.plots.gradients import reach_figure

    model, training, task = run.experiment.model, run.experiment.training, run.experiment.task
    now, before = (_of_layer(answer, norms, layer) for norms in (answer.now, answer.before))
    bias = model.forget_bias if "c" in now else None
    measured = run.measured.get(GRAD_NORM.name)
    sentences = (
        reach_sentence(now["h"], before["h"], answer.step),
        cut_sentence(now["h"], answer.window, task.is_sequences),
        clip_sentence(training.clip_norm, measured.last if measured else None),
    )
    named = {f"{part}_{name}": norms[part] for name, norms in (("before", before), ("now", now)) for part in norms}
    draw_figure(
        reach_figure(now, before, answer.window, bias),
        sentence=" ".join(sentences),
        source=f"{TEXTS['reach source']} The norms are means over {answer.rows} windows.",
        numbers=pd.DataFrame({"k": np.arange(len(now["h"])), **named}),
        file="gradients-back-in-time",
        alt=TEXTS["reach alt"],
    )


def _of_layer(answer: GradientsAnswer, norms: np.ndarray, layer: int) -> dict[str, np.ndarray]:
    """The norms of one layer by the letter of the part of its state."""
    places = (name.split("/") for name in answer.names)
    return {part: row for (of, part), row in zip(places, norms, strict=True) if of == f"layer_{layer}"}


def untrained(run: Run) -> None:
    """Cells that have learned nothing, on this run's data."""
    drawing = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        farthest = _picked_reach(run)
    with right:
        bias = dial("bias", "Forget bias of one more LSTM", BIAS, 2.0)
    with drawing:
        answer = asked(run, UntrainedGradients(farthest, bias))
        if answer is None:
            return
        import pandas as pd

        from rnnlab.plots.gradients import untrained_figure

        labels = [start.label for start in answer.starts]
        titles = [TEXTS["glorot"] if scale == GLOROT else f"Weights within {scale:g}" for scale in answer.init_scales]
        shares = answer.norms / answer.norms[:, :, 1:2]
        columns = {
            f"{label}; {title}": row
            for title, by_cell in zip(titles, shares, strict=True)
            for label, row in zip(labels, by_cell, strict=True)
        }
        draw_figure(
            untrained_figure(labels, [start.forget_bias for start in answer.starts], titles, shares),
            sentence=untrained_sentence(labels, titles, shares),
            source=f"{TEXTS['untrained source']} One layer of {answer.units} units reads this run's data.",
            numbers=pd.DataFrame({"k": np.arange(shares.shape[2]), **columns}),
            file="untrained-gradients",
            alt=TEXTS["untrained alt"],
            height=640,
        )
