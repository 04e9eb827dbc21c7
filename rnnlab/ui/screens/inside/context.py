"""How much context a network uses: its perplexity when it reads only the last n words."""

from __future__ import annotations

import streamlit as st

from rnnlab.analyses.inside_text import ContextUsed
from rnnlab.sentences.inside_text import context_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.inside.figure import draw_figure
from rnnlab.ui.screens.inside.passage import noun_of
from rnnlab.ui.widgets.asking import asked

TEXTS = texts_beside(__file__)


def context_used(run: Run) -> None:
    """The curve, with the length of training's windows."""
    answer = asked(run, ContextUsed())
    if answer is None:
        return
    import pandas as pd

    from rnnlab.plots.context import context_figure

    noun, training = noun_of(run), run.experiment.training
    draw_figure(
        context_figure(answer.contexts, answer.perplexities, training.num_steps, noun),
        sentence=context_sentence(answer.contexts, answer.perplexities, answer.tokens, noun),
        source=TEXTS["source"],
        numbers=pd.DataFrame(
            {f"{noun}s_of_context": answer.contexts, "loss_nats": answer.losses, "perplexity": answer.perplexities}
        ),
        file="context",
        alt=f"A curve of the perplexity over the number of {noun}s of context, from 1 to {answer.contexts[-1]}.",
    )
    st.caption(TEXTS["carried" if training.carry_state else "reset"].format(steps=training.num_steps, noun=noun))
