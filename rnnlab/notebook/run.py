"""A trained run in a notebook: what `fit` and `open_run` give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.memory import AddNumbers, RecallSymbols
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.tags import TagsOfStretch
from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import ADDING, RECALL, Experiment
from rnnlab.data import Dataset
from rnnlab.data.levels import known_level
from rnnlab.data.vocabulary import join
from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.measures import VALID_LOSS
from rnnlab.notebook import data_figures
from rnnlab.notebook.card import best_values, card, differences, summary
from rnnlab.notebook.comparisons import with_figures
from rnnlab.notebook.figures import accuracy_figure, gradient_figure, loss_figure, measure_figure
from rnnlab.notebook.measured import History, as_table, best_of
from rnnlab.notebook.theme import for_notebook
from rnnlab.plots.drawing import Picture
from rnnlab.plots.generation_cost import generation_cost_figure
from rnnlab.plots.groups import Points
from rnnlab.plots.network import network_picture
from rnnlab.store.curves import Curve
from rnnlab.store.finished import FinishedRun

if TYPE_CHECKING:
    from rnnlab.models import Network
    from rnnlab.training import Trainer


@dataclass(eq=False, repr=False)
class TrainedRun:
    """A trained network with its data and everything that was measured.

    Attributes:
        experiment: all settings.
        preset: the name of the preset that they came from; None if they came from none.
        dataset: the data.
        network: with the weights of the newest step.
        history: steps (N,) and values (N,) by the name of their measure, see `rnnlab.measures`.
        step: updates that the weights have had.
        state: `finished`, or what the lab says of a run of its own.
        arithmetic: how the updates were computed; None if that was not stored.
        name: what a person calls it.
        id: of the run in the lab; None before it is saved.
    """

    experiment: Experiment
    preset: str | None
    dataset: Dataset
    network: Network
    history: History
    step: int
    state: str
    arithmetic: RunArithmetic | None
    name: str
    id: str | None = None
    own_text: str | None = field(default=None)
    trainer: Trainer | None = field(default=None)
    times: tuple[datetime, datetime] | None = field(default=None)

    # --- what was measured -------------------------------------------------------------------------------------------

    def curves(self) -> pd.DataFrame:
        """One row for each step and one column for each measure; NaN where a measure was not taken."""
        return as_table(self.history)

    def curve(self, measure: str) -> Points:
        """One measure: steps int64 (N,) and values float64 (N,). Both are empty if it was not measured."""
        return self.history.get(measure, (np.array([], "int64"), np.array([], "float64")))

    def loss_figure(self) -> go.Figure:
        """Training and validation loss over the updates; of a text as perplexity."""
        level = known_level(self.experiment)
        levels = {level.name: level.loss} if level else {}
        return for_notebook(loss_figure(self.history, levels, self.experiment.task.is_perplexity))

    def accuracy_figure(self) -> go.Figure:
        """The share of right labels over the updates. Raises `ValueError` if the task has no labels."""
        level = known_level(self.experiment)
        levels = {level.name: level.accuracy} if level and level.accuracy is not None else {}
        return for_notebook(accuracy_figure(self.history, levels))

    def gradient_figure(self) -> go.Figure:
        """The gradient's norm before each update, and where it is clipped."""
        return for_notebook(gradient_figure(self.history, self.experiment))

    def measure_figure(self, measure: str) -> go.Figure:
        """One measure over the updates, such as `learning_rate`. Raises `ValueError` if it was not measured."""
        return for_notebook(measure_figure(self.history, measure))

    # --- what the network answers ------------------------------------------------------------------------------------

    def ask(self, question: Question[Any]) -> Any:
        """Ask the network a question of `rnnlab.analyses`, as the app does. Raises `ValueError` if it does not suit."""
        trained = TrainedNetwork(self.experiment, self.dataset, self.network, self.step)
        return question.answer(trained)

    def compare(self, prime: int | None = None, horizon: int | None = None, **options: Any) -> Any:
        """Compare the network with its data, as the screen Compare does.

        A series is predicted one step ahead and continued freely. A passage of text is predicted token by token. A
        memory task is answered. The steps of a tagging task are labelled.

        Args:
            prime: true values, or tokens, that are read first: 50 values or 10 tokens if None.
            horizon: what follows them: 500 values or 40 tokens if None.
            options: `way`, how the output of a series is fed back; `start`, where a passage or a stretch begins; `top`,
                how many of the most probable tokens are kept.
        Returns:
            A comparison with `figure()`; see `rnnlab.notebook.comparisons`.
        Raises:
            ValueError: a number is out of its range.
        """
        task = self.experiment.task
        given = {"prime": prime, "horizon": horizon} | options
        given = {name: value for name, value in given.items() if value is not None}
        if task.name in MEMORY_QUESTIONS:
            question = _asked(MEMORY_QUESTIONS[task.name], given)
        elif task.tags:
            question = _asked(TagsOfStretch, given)
        else:
            question = _asked(CompareText if task.reads_tokens else CompareSeries, given)
        return with_figures(self.ask(question), self.experiment)

    def generate(
        self,
        horizon: int = 100,
        prime: int | str | None = None,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        ban: tuple[str, ...] = (),
        seed: int = 0,
    ) -> np.ndarray | str:
        """Let the network run on its own outputs.

        Args:
            horizon: steps.
            prime: what it reads first: of a series the number of true values, 50 if None; of a text its beginning.
            temperature, top_k, top_p, ban, seed: how words are drawn. A series does not use them.
        Returns:
            Of a series float (horizon,), in the units of the data. Of a text the beginning and what follows it.
        Raises:
            ValueError: the task has no next input that an output could be; or a value is not allowed.
        """
        task = self.experiment.task
        if not task.can_generate:
            raise LabError("The output of this network is no next input, so it cannot run alone; take run.compare().")
        if not task.reads_tokens:
            return self.ask(CompareSeries(50 if prime is None else _whole(prime), horizon)).free_running
        answer = self.ask(
            SampleText(
                prime=str(prime or ""),
                horizon=horizon,
                temperatures=(temperature,),
                top_k=top_k,
                top_p=top_p,
                banned=tuple(ban),
                seed=seed,
            )
        )
        return join([*answer.prime_words, *answer.samples[0].words], self.dataset.tokens)

    def cost_figure(self) -> go.Figure:
        """What re-reading everything costs beside carrying the state, measured now; it takes some seconds."""
        cost = self.ask(GenerationCost())
        return for_notebook(generation_cost_figure(cost.lengths, cost.carried, cost.reread))

    # --- what it learned from ----------------------------------------------------------------------------------------

    def network_picture(self) -> Picture:
        """The network with its layers and where its state goes, as a drawing."""
        task = self.experiment.task
        return network_picture(self.experiment.model, task.reads_tokens, bool(task.tags), task.noun)

    def data_figure(self) -> go.Figure:
        """The data: a wave or a series over time, the frequent tokens of a text, or one sequence of numbers."""
        return for_notebook(data_figures.data_figure(self.experiment, self.dataset))

    def inputs_figure(self, steps: int = 60) -> go.Figure:
        """What the network reads and what it should answer at the first steps. Raises `ValueError` for tokens."""
        return for_notebook(data_figures.inputs_figure(self.dataset, steps))

    def ranks_figure(self) -> go.Figure:
        """How often each token comes, from the most frequent to the rarest. Raises `ValueError` for numbers."""
        return for_notebook(data_figures.ranks_figure(self.dataset))

    # --- the lab -----------------------------------------------------------------------------------------------------

    def save(self, name: str | None = None) -> str:
        """Put the run into the lab, where the app's Runs shows it and Compare opens it.

        Args:
            name: what a person calls it; None keeps `run.name`.
        Returns:
            The id of the run, which `rnnlab.open_run` takes. A run that is in the lab already is only renamed.
        Raises:
            ValueError: the name is empty or too long.
        """
        lab = Lab.open()
        if self.id is not None:
            if name is not None:
                lab.rename(self.id, name)
                self.name = name
            return self.id
        if self.own_text is not None:
            lab.files.keep_text(self.own_text)
        trainer, (started, ended) = self._trained_here()
        finished = FinishedRun(
            experiment=self.experiment,
            preset=self.preset,
            curves={measure: Curve(*points) for measure, points in self.history.items()},
            sample=trainer.sample(),
            step=self.step,
            arithmetic=trainer.arithmetic,
            started=started,
            ended=ended,
        )
        self.name = name or self.name
        self.id = lab.keep(finished, trainer.state_dict(), name=self.name)
        return self.id

    def _trained_here(self) -> tuple[Trainer, tuple[datetime, datetime]]:
        if self.trainer is None or self.times is None:
            raise LabError("This run was not trained in this notebook; open it from the lab with rnnlab.open_run.")
        return self.trainer, self.times

    # --- how it shows itself -----------------------------------------------------------------------------------------

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings that differ from the preset's, or from the defaults, by their labels."""
        return differences(self.experiment, self.preset)

    def __repr__(self) -> str:
        best = best_of(self.history, VALID_LOSS.name)
        loss = f"best validation loss {best:.4g}" if best is not None else ""
        return summary([f"run {self.name!r}", f"{self.state} at step {self.step:,}", loss, self._place])

    def _repr_html_(self) -> str:
        parts = [f"{self.state} at step {self.step:,}", f"{self.network.count_params():,} weights", self._place]
        title, subtitle = self.name, ", ".join(filter(None, parts))
        return card(title, subtitle, self.settings, best_values(self.history), self.history)

    @property
    def _place(self) -> str:
        return f"in the lab as {self.id}" if self.id else ""


MEMORY_QUESTIONS: dict[str, type[Question[Any]]] = {RECALL.name: RecallSymbols, ADDING.name: AddNumbers}


def _asked(question: type[Question[Any]], given: Mapping[str, Any]) -> Question[Any]:
    """A question with those parameters. Raises `ValueError` if it has no such parameter."""
    known = list(getattr(question, "__dataclass_fields__", {}))
    unknown = [name for name in given if name not in known]
    if unknown:
        takes = f"takes {', '.join(known)}" if known else "takes no values"
        raise LabError(f"This comparison has no {unknown[0]!r}; it {takes}.")
    return question(**given)


def _whole(prime: int | str) -> int:
    if isinstance(prime, str):
        raise LabError(f"The prime was {prime!r}, but a series needs the number of values that are read first.")
    return prime
