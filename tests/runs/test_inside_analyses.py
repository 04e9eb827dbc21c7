"""The questions of Look inside, asked in this process: GrowthRates, PushState, WavePhase, WavePortrait, ClosedLoop."""

import numpy as np
import pytest

from rnnlab.analyses import nudge as nudge_analyses
from rnnlab.analyses.nudge import GrowthRates, PushState
from rnnlab.analyses.oscillation import ClosedLoop, WavePhase, WavePortrait
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.thinning import MOST_POINTS, drawn, extremes
from rnnlab.config import Experiment, ModelConfig, TextData, TrainingConfig
from rnnlab.errors import Cancelled, LabError
from rnnlab.worker.kept_answers import pack_answer, unpack_answer
from tests.runs.test_analyses import looked_at
from tests.support.labs import small_experiment


@pytest.fixture(scope="module")
def wave():
    return looked_at(small_experiment())


@pytest.fixture(scope="module")
def text():
    return looked_at(Experiment(TextData(corpus="grammar", train_tokens=2000), ModelConfig(units=4), TrainingConfig()))


def test_a_push_in_a_wave_has_both_regimes_and_its_outputs(wave):
    answer = PushState(prime=20, steps=60, at=10, size=0.5).answer(wave)
    assert answer.teacher_forced.values[0] == pytest.approx(0.5)
    assert answer.teacher_forced.steps[-1] == answer.length == 50
    free = CompareSeries(prime=20, horizon=60).answer(wave).free_running
    np.testing.assert_allclose(answer.outputs["free-running"].values[:-1], free[11:], atol=1e-5)
    ends = [answer.outputs[name].values for name in ("free-running", "free-running, pushed")]
    assert answer.apart[1] == pytest.approx(np.sqrt(np.mean(np.square(ends[0] - ends[1]))))


def test_a_push_of_a_text_gives_the_words_of_both(text):
    answer = PushState(prime=5, steps=20, at=100, size=1e-6).answer(text)
    assert answer.at == 19  # The last step there is.
    answer = PushState(prime=5, steps=20, size=1e-6).answer(text)
    assert answer.words == answer.pushed_words
    assert len(answer.words) == 20
    assert set(answer.words) <= set(text.dataset.vocabulary)
    with pytest.raises(LabError, match="start earlier"):
        PushState(start=10**6).answer(text)


def test_growth_rates_of_both_regimes_are_reported_in_parts_and_kept(wave):
    parts = []
    answer = GrowthRates(prime=20, steps=40).answer(wave, lambda done, total: parts.append(done / total))
    assert len(answer.teacher_forced) == len(answer.free_running) == answer.width == 8
    assert parts[-1] == 1
    assert parts == sorted(parts)
    np.testing.assert_array_equal(unpack_answer(pack_answer(answer), type(answer)).free_running, answer.free_running)

    def cancel(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        GrowthRates(prime=20, steps=40).answer(wave, cancel)


def test_growth_rates_of_a_text_are_those_of_its_given_and_of_its_drawn_words(text):
    answer = GrowthRates(prime=5, steps=30).answer(text)
    assert (answer.teacher_forced < 0).all()
    assert (answer.free_running < 0).all()
    assert answer.steps == 30


def test_too_much_work_gets_a_sentence(wave, monkeypatch):
    monkeypatch.setattr(nudge_analyses, "MOST_WORK", 1000)
    with pytest.raises(LabError, match="take fewer steps or a smaller network"):
        GrowthRates(prime=20, steps=40).answer(wave)


def test_phase_portrait_and_fixed_point_are_of_the_free_run_that_compare_shows(wave):
    free = CompareSeries(prime=20, horizon=200).answer(wave)
    phase = WavePhase(prime=20, steps=200).answer(wave)
    assert phase.rmse == pytest.approx(free.free_running_rmse, rel=1e-3)
    assert len(phase.amplitudes) == 3
    portrait = WavePortrait(prime=20, steps=200).answer(wave)
    np.testing.assert_allclose(portrait.free_running, free.free_running, atol=1e-5)
    np.testing.assert_allclose(portrait.teacher_forced, free.teacher_forced[20:], atol=1e-5)
    np.testing.assert_allclose(portrait.target, free.target[20:])
    assert portrait.delay == 16
    np.testing.assert_allclose(portrait.teacher_forced_path.mean(axis=0), 0, atol=1e-9)
    loop = ClosedLoop(prime=20, steps=200).answer(wave)
    assert loop.q < 1e-12
    assert len(loop.eigenvalues) == 8


def test_a_text_has_no_phase(text):
    with pytest.raises(LabError):
        WavePhase().answer(text)


def test_a_thinned_curve_keeps_its_ends_and_its_extremes():
    values = np.sin(np.arange(100_000) * 0.1)
    values[54_321] = 9
    positions = extremes(values)
    assert len(positions) <= MOST_POINTS
    assert (np.diff(positions) > 0).all()
    assert {0, 54_321, 99_999} <= {*positions}
    assert np.ptp(values[positions[values[positions] < 9]]) == pytest.approx(2, abs=0.01)
    np.testing.assert_array_equal(drawn(values[:50], first=3).steps, 3 + np.arange(50))
