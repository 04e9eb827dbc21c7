"""What every lesson declares, found in the table: a new lesson is tested without a word here."""

import dataclasses
import math
import re
import string
from pathlib import Path

import numpy as np
import pytest

from rnnlab import config
from rnnlab.config import ModelConfig, settings_of
from rnnlab.config.table import setting
from rnnlab.data import floor_perplexity, load_dataset
from rnnlab.data.bigram import unigram_loss
from rnnlab.formulas.forgetting import share_kept
from rnnlab.lessons import controls
from rnnlab.lessons import lesson as form
from rnnlab.lessons.floor.lesson import FLOOR, UNIGRAM
from rnnlab.lessons.lesson import DONT_KNOW, MOST_MINUTES, MOST_WORDS, Lesson, NotAPrediction
from rnnlab.lessons.recorded import recorded_result
from rnnlab.lessons.see_the_future import lesson as see_the_future
from rnnlab.lessons.steps import CHANGE, PREDICT, RUN, SEE, TAKE_AWAY, opened, steps_of
from rnnlab.lessons.table import LESSONS
from rnnlab.training import Trainer

FOLDER = Path(form.__file__).parent
ALL = pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
ASKS = [pytest.param(one, ask, id=f"{one.id}-{ask.step}") for one in LESSONS.values() for ask in one.asks]
ASKED = pytest.mark.parametrize(("lesson", "ask"), ASKS)


def words(text):
    return len(text.replace("**", " ").split())


def test_every_folder_is_a_lesson_of_the_table():
    folders = {path.name for path in FOLDER.iterdir() if (path / "lesson.py").is_file()}
    assert folders == {lesson.id.replace("-", "_") for lesson in LESSONS.values()}


@ALL
def test_its_texts_are_those_that_the_form_needs(lesson):
    assert sorted(lesson.texts) == sorted(lesson.text_names)
    assert all(lesson.texts.values())
    assert lesson.id in LESSONS
    assert re.fullmatch("[a-z-]+", lesson.id)


def test_small_numbers_are_told_as_people_write_them():
    numbers = {"simple": 7e-10, "bias0": 1e-5, "bias1": 0.009, "bias5": 1.6, "simple_glorot": 0.05}
    told = LESSONS["how-far-back"].told("order", numbers)
    assert "In the simple RNN, 7·10⁻¹⁰ of the gradient is left." in told
    assert "it is 1·10⁻⁵ with b\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0, 0.009 with" in told


@ALL
def test_no_step_has_more_than_ninety_words(lesson):
    """What stands on a step's page: its text, and the words of the buttons that are its answers."""
    for name, text in lesson.texts.items():
        if name in ("teacher", "claim"):
            continue
        buttons = ""
        if name.startswith("ask "):
            buttons = " ".join(choice.words for choice in lesson.ask(name.removeprefix("ask ")).choices)
        assert words(f"{text} {buttons}") <= MOST_WORDS, name


@ALL
def test_it_takes_at_most_eight_minutes_and_its_notes_add_up_to_them(lesson):
    minutes = re.search(r"\*\*Minutes\.\*\* (.*?)\.\s", lesson.texts["teacher"])[1]
    assert sum(map(int, re.findall(r"\d+", minutes))) == lesson.minutes <= MOST_MINUTES


@ALL
def test_the_notes_for_the_teacher_name_what_a_teacher_needs(lesson):
    for part in ("Minutes", "Usual misconceptions", "Ask next", "Figure"):
        assert f"**{part}.**" in lesson.texts["teacher"]
    assert lesson.source


@ALL
def test_its_settings_make_experiments(lesson):
    experiments = lesson.experiments()
    assert len(lesson.labels(experiments)) == len(experiments) >= 1
    assert len({config.to_json(one) for one in experiments}) == len(experiments)


@ALL
def test_its_controls_are_settings_that_change_its_experiment(lesson):
    assert lesson.controls
    assert {*lesson.controls} <= {*controls.possible(lesson)}


@ASKED
def test_the_texts_of_a_result_name_numbers_only_and_a_question_names_none(lesson, ask):
    fields = {name for _, name, _, _ in string.Formatter().parse(lesson.texts[f"see {ask.step}"]) if name}
    assert all(name.isidentifier() for name in fields)
    assert "{" not in lesson.texts[f"ask {ask.step}"]


@ASKED
def test_a_question_has_drawn_answers_or_a_number_to_place(lesson, ask):
    assert bool(ask.choices) != (ask.place is not None)
    for choice in ask.choices:
        assert len(choice.values) == len(ask.picture.places)
        assert ask.checked(choice.key) == choice.key
        assert ask.drawn(choice.key) == choice.values
    assert len({choice.key for choice in ask.choices}) == len(ask.choices) != 1
    assert ask.checked(DONT_KNOW) == DONT_KNOW
    assert ask.drawn(DONT_KNOW) is None
    with pytest.raises(NotAPrediction, match="choose again"):
        ask.checked("something else")
    if ask.place:
        assert ask.drawn(ask.checked(str(ask.place.high))) == ask.place.high
        for outside in (ask.place.high + 1, ask.place.low - 1, "inf", "nan"):
            with pytest.raises(NotAPrediction, match="a number from"):
                ask.checked(str(outside))


def test_two_seeds_of_an_experiment_have_no_training_in_common():
    for lesson in LESSONS.values():
        first, second = ({config.to_json(one) for one in lesson.experiments(seed=seed)} for seed in (0, 1))
        assert not first & second, lesson.id


# --- an allow-list ---------------------------------------------------------------------------------------------------


@pytest.fixture
def with_a_new_setting(monkeypatch):
    """The lab a version later: a network with one more setting."""

    @dataclasses.dataclass(frozen=True)
    class Later(ModelConfig):
        sparkle: float = setting(0.5, "Sparkle", "Something that was added later.", low=0, high=1)

    rows = config.all_settings() | {name: (row, kind) for name, row, kind in settings_of(Later)}
    assert "sparkle" in rows
    monkeypatch.setattr(config, "all_settings", lambda: rows)
    flat = config.to_flat
    monkeypatch.setattr(config, "to_flat", lambda experiment: flat(experiment) | {"sparkle": 0.5})


@ALL
def test_a_setting_that_is_added_later_appears_in_no_lesson(lesson, with_a_new_setting):
    assert "sparkle" in controls.possible(lesson), "a teacher's link may name it"
    names, notes = controls.named(lesson, "")
    assert "sparkle" not in names
    assert notes == []
    assert controls.changed_settings(lesson, names, {"sparkle": 0.9}) == {}


@ALL
def test_a_setting_that_is_not_allowed_changes_nothing(lesson):
    others = {"clip_norm": 7.0, "init_scale": 0.7, "batch_size": 3}
    assert not others.keys() & {*lesson.controls}
    assert controls.changed_settings(lesson, lesson.controls, others) == {}
    changed = controls.changed_settings(lesson, lesson.controls, others | {lesson.controls[0]: "another"})
    assert changed == {lesson.controls[0]: "another"}


@pytest.mark.parametrize(
    ("link", "names", "sentence"),
    [
        ("units,cell", ["units", "cell"], ""),
        ("units,units", ["units"], ""),
        ("units,unitz", ["units"], "did you mean units"),
        ("corpus,units", ["units"], "names corpus, but"),
        ("batch_size", ["batch_size"], ""),
        ("unitz", ["shape", "units", "cell"], "did you mean units"),
        ("", ["shape", "units", "cell"], ""),
    ],
)
def test_a_link_gives_back_other_controls(link, names, sentence):
    found, notes = controls.named(LESSONS["own-voice"], link)
    assert found == names
    assert len(notes) == bool(sentence)
    assert sentence in " ".join(notes)


@ALL
def test_a_value_that_is_not_allowed_is_complained_of(lesson):
    base = config.to_flat(lesson.base)
    assert controls.complaints(lesson, lesson.controls, base) == {}
    numbers = [name for name in lesson.controls if config.all_settings()[name][1] in (int, float)]
    for name in numbers:
        assert {*controls.complaints(lesson, lesson.controls, base | {name: "-1e99x"})} == {name}


def test_a_prediction_that_a_lesson_does_not_offer_any_more_does_not_count():
    lesson = LESSONS["own-voice"]
    assert lesson.known({"voice": "still", "gone": "x"}) == {"voice": "still"}
    assert lesson.known({"voice": "sings"}) == {}


def test_a_verdict_names_the_prediction_and_what_came_true():
    (ask,) = LESSONS["own-voice"].asks
    assert "That is right." in ask.verdict("still", "still")
    both = ask.verdict("on", "still")
    assert "A: goes on" in both
    assert "C: stands still" in both
    assert "You did not know" in ask.verdict(DONT_KNOW, "still")


# --- steps -----------------------------------------------------------------------------------------------------------


def kinds(lesson: Lesson):
    return [step.kind for step in steps_of(lesson)]


@ALL
def test_all_predictions_come_before_the_experiment_and_all_results_after_it(lesson):
    asked = len(lesson.asks)
    assert kinds(lesson) == [PREDICT] * asked + [RUN] + [SEE] * asked + [CHANGE, TAKE_AWAY]


@ALL
def test_no_step_behind_a_missing_prediction_can_be_opened(lesson):
    steps = steps_of(lesson)
    for missing in lesson.asks:
        others = {ask.step for ask in lesson.asks} - {missing.step}
        for step in steps:
            shown = opened(lesson, step.key, others, has_result=True)
            assert shown == step if steps.index(step) <= steps.index(shown) else shown.asked == missing.step
            assert shown.kind == PREDICT


@ALL
def test_no_result_can_be_opened_before_the_experiment_is_over(lesson):
    predicted = [ask.step for ask in lesson.asks]
    for step in steps_of(lesson):
        wanted = step.kind if step.kind in (PREDICT, RUN) else RUN
        assert opened(lesson, step.key, predicted, has_result=False).kind == wanted
        assert opened(lesson, step.key, predicted, has_result=True) == step


def test_an_unknown_step_opens_the_start():
    lesson = LESSONS["own-voice"]
    assert opened(lesson, "nonsense", [], has_result=False) == steps_of(lesson)[0]


# --- what a picture knows beforehand ---------------------------------------------------------------------------------


def test_the_floor_lesson_draws_the_perplexity_of_word_frequencies():
    experiment = FLOOR.experiments()[0]
    dataset = load_dataset(experiment.data, 0)
    known = unigram_loss(dataset.train, dataset.valid, len(dataset.vocabulary))
    assert 2.718281828**known == pytest.approx(UNIGRAM, rel=0.01)
    assert floor_perplexity(experiment) < FLOOR.asks[0].place.high
    assert str(round(UNIGRAM)) in FLOOR.texts["ask line"]


def test_what_is_told_of_a_forget_gate_over_fifty_blanks_is_its_closed_form():
    lesson = LESSONS["keep-symbol"]
    text, blanks = lesson.texts["see bias"], lesson.base.data.time_lag
    assert share_kept(1, blanks) < 1e-6
    assert f"bias 4 keeps {share_kept(4, blanks):.0%}" in text.replace(" %", "%")
    kept = f"after T steps a bias of ln T has kept some {share_kept(math.log(blanks), blanks):.0%}."
    assert kept in " ".join(text.replace(" %", "%").split())
    assert f"for {blanks} steps, {math.log(blanks):.1f}" in text


@pytest.mark.parametrize(
    ("name", "told", "updates"),
    [("good-loss", "one update", 1), ("keep-symbol", "50 updates", 50), ("one-curve", "3 updates", 3)],
)
def test_what_is_told_of_the_updates_in_an_epoch_is_what_training_does(name, told, updates):
    lesson = LESSONS[name]
    text = " ".join(lesson.texts["change"].split())
    assert re.search(rf"more epochs \(passes through (its|the) data, {told} each\)", text)
    experiment = lesson.experiments()[0]  # Of networks that differ, the first one is changed.
    assert Trainer(experiment, load_dataset(experiment.data, experiment.seed)).steps_per_epoch == updates


def test_a_guess_of_the_labels_lies_within_the_points_that_are_said_to_be_chance():
    lesson = LESSONS["see-the-future"]
    assert "A result from 45 to 55 % may be chance." in " ".join(lesson.texts["change"].split())
    dataset = load_dataset(lesson.base.data, lesson.base.seed)
    stretch = [dataset.vocabulary[token] for token in dataset.valid[: see_the_future.STRETCH]]
    deviation = 100 * math.sqrt(0.25 / stretch.count(see_the_future.WORD))  # Of a binomial share, in points.
    assert 4 < 1.96 * deviation < 5


@ALL
def test_a_change_is_told_in_a_few_numbers_with_words_of_their_own(lesson):
    seen = recorded_result(lesson.id).seen
    assert {*lesson.compared} <= {*seen.numbers}
    assert 1 <= len({*lesson.compared.values()}) == len(lesson.compared) <= 4
    assert not {*lesson.compared} & {*lesson.compared.values()}
    assert len(lesson.changes(seen.numbers, seen.numbers)) == len(lesson.compared)


def test_a_change_is_told_as_people_write_numbers():
    numbers, now = {"simple": 7.04e-10, "bias0": 1, "bias1": 0.0123, "bias5": 1.6}, {"simple": 2e-9}
    told = LESSONS["how-far-back"].changes(numbers, numbers | now)
    assert told[0] == "simple RNN: 7·10⁻¹⁰ → **2·10⁻⁹**"
    assert told[2] == "LSTM, b = 1: 0.012 → **0.012**"
    told = LESSONS["nudge"].changes({"forced": 7e-11, "alone": 58.2}, {"forced": 0.6, "alone": 100.0})
    assert told == ["Push left, given true values (%): 0 → **1**", "Push left, alone (%): 58 → **100**"]


@ALL
def test_each_of_several_questions_is_repeated_above_its_result(lesson):
    questions = [ask.question for ask in lesson.asks]
    assert len(questions) == 1 or (all(questions) and len({*questions}) == len(questions))


def test_a_network_that_is_said_to_follow_the_wave_is_drawn_on_it():
    result = recorded_result("good-loss").seen
    lines = {line.name: line for line in result.pictures["alone"].lines}
    follows = lines["large, alone"]
    error = np.array(follows.values) - np.array(lines["true wave"].values)[np.array(follows.places)]
    assert np.sqrt(np.mean(np.square(error))) < 2 * result.numbers["large"] < 0.1
