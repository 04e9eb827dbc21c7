"""A pushed state, and how fast pushes grow or fade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlab.analyses.series import series_of
from rnnlab.analyses.thinning import Curve, drawn
from rnnlab.analyses.trained import LongQuestion, Progress, Question, TrainedNetwork, unwatched
from rnnlab.data import Dataset, wave
from rnnlab.data.forecast import known_around
from rnnlab.errors import LabError

MOST_WORK = 4 * 10**10
"""Weights times steps times tangent vectors of the growth rates: some ten seconds."""

ENDING = 63
"""Steps over which the outputs are compared in the end: a period of most waves."""

FEW = 10
"""Exponents of a network whose state is too wide for all of them."""

WIDE = 128
"""Widest state of which all exponents are computed."""


class Read(NamedTuple):
    """What a network reads: a prime and true values after it.

    Attributes:
        values: (P + steps,), as the network reads them: float32 values, or int32 tokens.
        prime: P.
    """

    values: np.ndarray
    prime: int


def read_by(trained: TrainedNetwork, prime: int, steps: int, start: int = 0) -> Read:
    """True values for a network: of a wave from its start, of a series around the end of its training part, of a text
    from its validation part. Where there are fewer, there are fewer steps.

    Raises:
        ValueError: the network reads separate sequences, or there is no value after the prime.
    """
    if trained.experiment.task.reads_tokens and not trained.experiment.task.is_sequences:
        tokens = trained.dataset.valid[start : start + prime + steps]
        if len(tokens) <= prime:
            raise LabError(
                f"The validation text has {len(trained.dataset.valid):,} tokens, so nothing follows a prime of {prime} "
                f"from token {start} on; start earlier."
            )
        return Read(np.asarray(tokens), prime)
    data = series_of(trained)
    if isinstance(data, Dataset):
        known = known_around(data, steps)
        last = known.history[-prime:]
        return Read(data.scale.apply(np.concatenate([last, known.future])), len(last))
    values = wave(data, prime + steps)
    return Read(np.zeros_like(values) if data.inputs == "zeros" else values, prime)


@dataclass(frozen=True, eq=False)
class PushAnswer:
    """A push, followed in both regimes.

    Attributes:
        teacher_forced, free_running: the distance between the pushed and the unpushed state over the steps after the
            push, relative to the size of the state.
        outputs: of a series, what the networks predict in the units of the data, by name; of a text none.
        apart: of a series, how far the outputs of the pushed and the unpushed network are apart in each regime, over
            the last `ending` steps: root mean squared differences in the units of the data.
        ending: number of these steps.
        words, pushed_words: of a text, what the unpushed and the pushed network wrote after the push.
        at: steps after the prime at which the state was pushed.
        length: steps that were followed; the curves may have fewer points.
        step: updates that the weights have had.
    """

    teacher_forced: Curve
    free_running: Curve
    outputs: Mapping[str, Curve]
    apart: tuple[float, float]
    ending: int
    words: tuple[str, ...]
    pushed_words: tuple[str, ...]
    at: int
    length: int
    step: int


@dataclass(frozen=True)
class PushState(Question[PushAnswer]):
    """What becomes of a small push of the state, teacher-forced and free-running?

    Attributes:
        prime: true values or tokens that are read first.
        steps: steps after the prime.
        at: steps after the prime at which the state is pushed; where there are fewer steps, the last one.
        size: of the push, relative to the state.
        start: of a text, where the prime begins in the validation part.
        seed: decides the direction of the push, and the draws of a text.
    """

    prime: int = 50
    steps: int = 500
    at: int = 0
    size: float = 1e-4
    start: int = 0
    seed: int = 0

    def answer(self, trained: TrainedNetwork) -> PushAnswer:
        """See `rnnlab.inspection.nudge_series` and `nudge_text`."""
        from rnnlab import inspection
        from rnnlab.data.vocabulary import decode

        trained.network.check_generates()
        read = read_by(trained, self.prime, self.steps, self.start)
        at = min(self.at, len(read.values) - read.prime - 1)
        reads_tokens = trained.network.reads_tokens
        push = inspection.nudge_text if reads_tokens else inspection.nudge_series
        nudge = push(trained.network, read.values, read.prime, at, self.size, seed=self.seed)
        forced, alone = nudge.teacher_forced, nudge.free_running
        vocabulary, outputs = trained.dataset.vocabulary, {}
        if not reads_tokens:
            named = {
                "teacher-forced": forced.outputs,
                "teacher-forced, pushed": forced.pushed_outputs,
                "free-running": alone.outputs,
                "free-running, pushed": alone.pushed_outputs,
            }
            outputs = {name: drawn(trained.dataset.scale.undo(values), 1) for name, values in named.items()}
        ending = min(ENDING, len(alone.outputs))
        differences = [(one.pushed_outputs - one.outputs)[-ending:].astype("float64") for one in (forced, alone)]
        first, second = (float(trained.dataset.scale.std * np.sqrt(np.mean(np.square(d)))) for d in differences)
        return PushAnswer(
            teacher_forced=drawn(forced.distances),
            free_running=drawn(alone.distances),
            outputs=outputs,
            apart=(first, second),
            ending=ending,
            words=tuple(decode(alone.outputs, vocabulary)) if reads_tokens else (),
            pushed_words=tuple(decode(alone.pushed_outputs, vocabulary)) if reads_tokens else (),
            at=at,
            length=len(alone.outputs),
            step=trained.step,
        )


@dataclass(frozen=True, eq=False)
class RatesAnswer:
    """Lyapunov exponents, in nats a step, the largest first.

    Attributes:
        teacher_forced, free_running: float64 (K,).
        width: S, of the whole state.
        steps: of the orbit that they were measured along.
        step: updates that the weights have had.
    """

    teacher_forced: np.ndarray
    free_running: np.ndarray
    width: int
    steps: int
    step: int


@dataclass(frozen=True)
class GrowthRates(LongQuestion[RatesAnswer]):
    """How fast do small pushes grow or fade, teacher-forced and free-running?

    Attributes:
        prime: true values or tokens that are read first.
        steps: of the orbit after them.
        seed: decides the draws of a text.
    """

    kept_as: ClassVar[type[RatesAnswer]] = RatesAnswer

    prime: int = 50
    steps: int = 2000
    seed: int = 0

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> RatesAnswer:
        """See `rnnlab.inspection.exponents_of_regimes`."""
        from rnnlab import inspection
        from rnnlab.inspection.state_map import state_width

        trained.network.check_generates()
        width, read = state_width(trained.network), read_by(trained, self.prime, self.steps)
        count = None if width <= WIDE else FEW
        _check_work(trained, len(read.values) * (count or width))
        forced, alone = inspection.exponents_of_regimes(
            trained.network, read.values, read.prime, count, self.seed, progress
        )
        return RatesAnswer(forced, alone, width, len(read.values) - read.prime, trained.step)


def _check_work(trained: TrainedNetwork, vectors: int) -> None:
    # The output layer of a text is not differentiated, and its word vectors are looked up.
    weights = sum(int(np.prod(weight.shape)) for cell in trained.network.cells for weight in cell.weights)
    if weights * vectors > MOST_WORK:
        raise LabError(
            f"This network has {weights:,} weights in its cells. To carry pushes along so many steps would take "
            "minutes; take fewer steps or a smaller network."
        )
